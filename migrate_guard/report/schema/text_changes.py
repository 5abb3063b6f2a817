"""What changed between two revisions as a person reads it: `+`, `-` and `~`, table by table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from migrate_guard.operations import TableName
from migrate_guard.report.schema import parts
from migrate_guard.report.schema.doubts import numbered, unread_line
from migrate_guard.report.schema.lines import (
    UNKNOWN_MARK,
    aligned,
    column_cells,
    constraint_cells,
    default_clause,
    element_rows,
    index_cells,
)
from migrate_guard.report.summary import plural
from migrate_guard.report.terminal import Style, visible_line
from migrate_guard.schema import Table
from migrate_guard.schema.compare import Difference
from migrate_guard.snapshot import Change, Snapshot

_PLAIN = Style()
_COLOURS = {"+": "cyan", "-": "red", "~": "yellow"}
Row = tuple[str, ...]


def changes_text(changes: Sequence[Change], style: Style = _PLAIN) -> str:
    """Return what changed, environment by environment, ending in a newline."""
    return "\n".join("\n\n".join(_blocks(one, style)) + "\n" for one in changes)


def _blocks(change: Change, style: Style) -> Iterator[str]:
    yield style.paint(visible_line(_headline(change)), "bold")
    by_table: dict[TableName | None, list[Difference]] = {}
    for difference in _shown(change):
        by_table.setdefault(difference.table, []).append(difference)
    for table, found in by_table.items():
        yield "\n".join(_painted(_block(table, found, change), style))
    yield "\n".join(_summary(change, style))


def _shown(change: Change) -> list[Difference]:
    """Return the differences without the sequences of columns, which come and go with these."""
    return [one for one in change.differences if one.kind != parts.SEQUENCE or one.table is None]


def _headline(change: Change) -> str:
    after = change.after
    where = " · ".join(parts.headline(after).split(" · ")[:-1])
    return f"{where} · from {_named(change.before)} to {_named(after)}"


def _named(snapshot: Snapshot) -> str:
    return ", ".join(snapshot.revisions) or "base"


def _block(table: TableName | None, found: Sequence[Difference], change: Change) -> list[str]:
    if table is None:
        return aligned([_row(one, change) for one in found], "")
    whole = next((one for one in found if one.kind == "table" and not one.aspect), None)
    if whole is not None:
        return _whole(whole, change)
    return [f"~ {table}", *aligned([_row(one, change) for one in found], "    ")]


def _whole(difference: Difference, change: Change) -> list[str]:
    """Return the block of a table that is only on one side."""
    sign = _sign(difference)
    side = change.after if sign == "+" else change.before
    title = f"{sign} table {difference.name}{_doubt(difference)}"
    table = None if difference.table is None else side.schema.table(difference.table)
    if table is None or sign == "-":
        return [title]
    rows: list[Row] = [
        (sign, "column", column.name, _column(table, column.name, side)) for column in table.columns.values()
    ]
    rows += [(sign, *row[1:]) for row in element_rows(table)]
    return [title, *aligned(rows, "    ")]


def _row(difference: Difference, change: Change) -> Row:
    sign = _sign(difference)
    kind = "enum" if difference.kind == "enum" else difference.kind
    if sign == "~":
        before, after = difference.left, difference.right
        text = f"{difference.aspect}: {_value(before)} → {_value(after)}"
    else:
        text = _described(difference, change.after if sign == "+" else change.before)
    return sign, kind, difference.name, text + _doubt(difference)


def _sign(difference: Difference) -> str:
    if difference.aspect:
        return "~"
    return "+" if difference.left is None else "-"


def _value(text: str | None) -> str:
    return "none" if text is None else text


def _doubt(difference: Difference) -> str:
    return "" if difference.certain else f" {UNKNOWN_MARK}"


def _described(difference: Difference, side: Snapshot) -> str:
    """Return what is known of something that is only on one side, from that side's schema."""
    table = None if difference.table is None else side.schema.table(difference.table)
    if difference.kind == "enum":
        enum = next((one for one in side.schema.enums.values() if str(one.name) == difference.name), None)
        labels = None if enum is None else enum.labels
        return ", ".join(map(repr, labels)) if isinstance(labels, tuple) else ""
    if table is None:
        return ""
    if difference.kind == "column":
        return _column(table, difference.name, side)
    rows = [constraint_cells(one) for one in table.constraints] + [index_cells(one) for one in table.indexes]
    found = (text for kind, name, text in rows if name == difference.name and difference.kind in kind)
    return next(found, "")


def _column(table: Table, name: str, side: Snapshot) -> str:
    column = table.columns.get(name)
    if column is None:
        return ""
    kind, null, _ = column_cells(column, table, side)
    clause = default_clause(column, table, side)
    words = [kind, {"no": "not null", "?": "null?"}.get(null, ""), clause]
    return " ".join(word for word in words if word)


def _painted(lines: Sequence[str], style: Style) -> Iterator[str]:
    for line in lines:
        sign = line.strip()[:1]
        yield style.paint(visible_line(line), _COLOURS[sign]) if sign in _COLOURS else visible_line(line)


def _summary(change: Change, style: Style) -> list[str]:
    unread = [one for one in change.after.unread if one not in change.before.unread]
    shown = _shown(change)
    count = plural(len(shown), "difference") if shown else "No differences"
    doubtful = sum(not one.certain for one in shown)
    rest = f", {doubtful} of them not certain ({UNKNOWN_MARK})" if doubtful else ""
    lines = [style.paint(f"{count}{rest}.", "bold")]
    if unread:
        lines.append("Not analysed in between:")
        lines += [visible_line(f"  {line}") for line in numbered(unread_line(one) for one in unread)]
    return lines
