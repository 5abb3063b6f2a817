"""A schema as a person reads it: a block for each table, and at the end what is not certain and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from migrate_guard.operations import Unknown
from migrate_guard.report.schema import parts
from migrate_guard.report.schema.doubts import general, numbered, reasons, unread_line
from migrate_guard.report.schema.lines import UNKNOWN_MARK, aligned, column_rows, element_rows
from migrate_guard.report.summary import listed, plural
from migrate_guard.report.terminal import Style, visible_line
from migrate_guard.schema import EnumType, NamedObject, Table
from migrate_guard.snapshot import Snapshot

MOST_REASONS = 20
_PLAIN = Style()


def schema_text(snapshots: Sequence[Snapshot], style: Style = _PLAIN) -> str:
    """Return the schemas one after another, ending in a newline; a verbose style lists all reasons."""
    return "\n".join("\n\n".join(_blocks(one, style)) + "\n" for one in snapshots)


def _blocks(snapshot: Snapshot, style: Style) -> Iterator[str]:
    schema = snapshot.schema
    yield style.paint(visible_line(parts.headline(snapshot)), "bold")
    for table in parts.tables(schema):
        yield "\n".join(table_lines(table, snapshot, style))
    groups: tuple[tuple[str, list[tuple[str, ...]]], ...] = (
        ("enums", [_enum(enum, snapshot) for enum in parts.enums(schema)]),
        ("views", [_object(view, snapshot) for view in parts.views(schema)]),
        ("sequences", [_object(sequence, snapshot) for sequence in _free_sequences(snapshot)]),
        ("other objects", [_object(one, snapshot) for one in parts.others(schema)]),
    )
    for title, rows in groups:
        if rows:
            yield "\n".join([style.paint(title, "bold"), *aligned(rows)])
    yield "\n".join(summary_lines(snapshot, style))


def _free_sequences(snapshot: Snapshot) -> list[NamedObject]:
    """Return the sequences that belong to no column; the others are part of their tables."""
    return [one for one in parts.sequences(snapshot.schema) if one.table is None]


def table_lines(table: Table, snapshot: Snapshot, style: Style = _PLAIN) -> list[str]:
    """Return the block of a table: its name, columns, keys, constraints and indexes, and its doubts."""
    lines = [style.paint(visible_line(_title(table)), "bold")]
    if table.comment:
        lines.append(visible_line(f"  {table.comment}"))
    if table.columns:
        header, *rows = aligned(column_rows(table, snapshot))
        lines += [style.paint(header, "dim"), *rows]
    comments = [(column.name, column.comment) for column in table.columns.values()]
    noted: list[tuple[str, ...]] = [
        ("", "comment", name, text) for name, text in comments if isinstance(text, str) and text
    ]
    lines += aligned(element_rows(table) + noted)
    own = [reason for reason in reasons(table) if reason not in snapshot.schema.doubts]
    lines += [style.paint(visible_line(f"  {UNKNOWN_MARK} {reason}"), "yellow") for reason in own]
    return lines


def _title(table: Table) -> str:
    marks = []
    if table.temporary:
        marks.append("temporary")
    if table.partitioned:
        marks.append("partitioned")
    if table.partition_of is not None:
        marks.append(f"partition of {table.partition_of}")
    if table.inherits:
        marks.append(f"inherits {', '.join(map(str, table.inherits))}")
    if table.assumed:
        marks.append("assumed")
    if not table.certain:
        marks.append("not certain")
    return f"{table.name}{UNKNOWN_MARK if not table.known else ''}" + (
        f" ({', '.join(marks)})" if marks else ""
    )


def _enum(enum: EnumType, snapshot: Snapshot) -> tuple[str, ...]:
    labels = UNKNOWN_MARK if isinstance(enum.labels, Unknown) else ", ".join(map(repr, enum.labels))
    return (_mark(parts.is_there(enum, snapshot.schema) and labels != UNKNOWN_MARK), str(enum.name), labels)


def _object(found: NamedObject, snapshot: Snapshot) -> tuple[str, ...]:
    owner = "" if found.table is None else str(found.table)
    kind = "" if found.kind in ("view", parts.SEQUENCE) else found.kind
    return (
        _mark(parts.is_there(found, snapshot.schema)),
        kind,
        str(found.name),
        f"on {owner}" if owner else "",
    )


def _mark(certain: bool) -> str:
    return "" if certain else UNKNOWN_MARK


def summary_lines(snapshot: Snapshot, style: Style = _PLAIN) -> list[str]:
    """Return how much there is, then what is not certain of it and why."""
    unread = list(numbered(unread_line(one) for one in snapshot.unread))
    whole = [reason for reason in general(snapshot) if not _is_told(reason, snapshot)]
    lines = [style.paint(visible_line(_totals(snapshot)), "bold")]
    notes = list(snapshot.notes)
    for title, found in (("Notes:", notes), ("Not certain as a whole:", whole), ("Not analysed:", unread)):
        if found:
            lines += [title, *(visible_line(f"  {line}") for line in _most(found, style))]
    return lines


def _is_told(reason: str, snapshot: Snapshot) -> bool:
    """Tell whether a doubt is one of those that are listed as not analysed."""
    return any(reason == f"{one.reason} ({one.span.path}:{one.span.line})" for one in snapshot.unread)


def _most(found: Sequence[str], style: Style) -> Iterable[str]:
    if style.verbose or len(found) <= MOST_REASONS:
        return found
    return [*found[:MOST_REASONS], f"and {len(found) - MOST_REASONS} more, listed with --verbose"]


def _totals(snapshot: Snapshot) -> str:
    schema = snapshot.schema
    counts = (
        (len(schema.tables), "table"),
        (len(schema.enums), "enum"),
        (len(parts.views(schema)), "view"),
        (len(_free_sequences(snapshot)), "sequence"),
        (len(parts.others(schema)), "other object"),
    )
    there = [plural(number, noun) for number, noun in counts if number]
    sentence = listed(there) if there else "No tables"
    found = parts.tables(schema)
    doubtful = [
        (sum(not table.certain for table in found), "not certain"),
        (sum(table.assumed for table in found), "assumed"),
    ]
    rest = [f"{plural(number, 'table')} {word}" for number, word in doubtful if number]
    if snapshot.unread:
        rest.append(f"{plural(len(snapshot.unread), 'operation')} not analysed")
    return f"{sentence}; {', '.join(rest)}." if rest else f"{sentence}, all of it certain."
