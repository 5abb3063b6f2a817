"""A schema as a Mermaid entity diagram.

The grammar is that of Mermaid 11 and 12 (`erDiagram.jison`), of which only what older versions know too is
used: names of attributes are plain words, names of entities stand in quotes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from migrate_guard.dialects.spelling import type_text
from migrate_guard.operations import Column, ForeignKey, PrimaryKey, Unknown
from migrate_guard.pattern import pattern
from migrate_guard.report.schema import parts
from migrate_guard.report.schema.doubts import general, numbered, reasons, unread_line
from migrate_guard.report.terminal import visible_line
from migrate_guard.schema import Table
from migrate_guard.snapshot import Snapshot

_NOT_IN_ENTITY = pattern(r'["%\\\x00-\x1f\x7f\u2028\u2029]')
_NOT_IN_TEXT = pattern(r'["\\%\x00-\x1f\x7f\u2028\u2029]')
_NOT_IN_WORD = pattern(r"[^A-Za-z0-9_]")
_NOT_IN_TYPE = pattern(r"[^A-Za-z0-9_()\[\]]")
# The lexer takes any line with these words for a statement, whatever stands around them.
_DIRECTION = pattern(r"(direction)\s+(?=TB|BT|RL|LR)", re.IGNORECASE)
_KEYWORDS = frozenset({"pk", "fk", "uk"})
_UNKNOWN_TYPE = "unknown"


def mermaid(snapshots: Sequence[Snapshot]) -> str:
    """Return one diagram, ending in a newline; several become a Markdown document of diagrams."""
    if len(snapshots) == 1:
        return _diagram(snapshots[0])
    blocks = (f"## {_text(parts.headline(one))}\n\n```mermaid\n{_diagram(one)}```\n" for one in snapshots)
    return "\n".join(blocks)


def _diagram(snapshot: Snapshot) -> str:
    lines = [f"%% {_text(line)}" for line in _remarks(snapshot)]
    lines.append("erDiagram")
    for table in parts.tables(snapshot.schema):
        lines += _entity(table, snapshot)
    for table in parts.tables(snapshot.schema):
        lines += _relationships(table)
    return "\n".join(lines) + "\n"


def _remarks(snapshot: Snapshot) -> Iterator[str]:
    yield parts.headline(snapshot)
    yield from (f"note: {note}" for note in snapshot.notes)
    yield from (f"not certain: {reason}" for reason in general(snapshot))
    yield from (f"not analysed: {line}" for line in numbered(unread_line(one) for one in snapshot.unread))


def _entity(table: Table, snapshot: Snapshot) -> list[str]:
    name = _entity_name(str(table.name))
    lines = [f"    %% {_text(f'{table.name}: {reason}')}" for reason in reasons(table)]
    mark = "" if table.known else f"[{_entity_name(f'{table.name} ({_certainty(table)})')}]"
    if not table.columns:
        return [*lines, f"    {name}{mark}"]
    attributes = [f"        {_attribute(column, table, snapshot)}" for column in table.columns.values()]
    return [*lines, f"    {name}{mark} {{", *attributes, "    }"]


def _certainty(table: Table) -> str:
    return "assumed" if table.assumed else "not certain"


def _attribute(column: Column, table: Table, snapshot: Snapshot) -> str:
    kind = type_text(column.type, snapshot.dialect)
    word = _word(column.name, _NOT_IN_WORD)
    shown = _word(kind.replace(", ", ",").replace(",", "_"), _NOT_IN_TYPE) if kind else _UNKNOWN_TYPE
    notes = list(_notes(column, word, snapshot))
    keys = _keys(column, table)
    note = f' "{_text("; ".join(notes))}"' if notes else ""
    return f"{shown} {word}{' ' + ', '.join(keys) if keys else ''}{note}"


def _notes(column: Column, word: str, snapshot: Snapshot) -> Iterator[str]:
    if word != column.name:
        yield f"named {column.name}"
    if not column.certain:
        yield "not certain"
    unknown = parts.unknown_of(column, snapshot.dialect)
    if unknown:
        yield f"unknown: {', '.join(unknown)}"
    if column.nullable is False:
        yield "not null"
    if isinstance(column.comment, str) and column.comment:
        yield column.comment


def _keys(column: Column, table: Table) -> list[str]:
    found = []
    for mark, keys in (("PK", [table.primary_key]), ("FK", table.foreign_keys), ("UK", table.uniques)):
        for key in keys:
            if key is not None and not isinstance(key.columns, Unknown) and column.name in key.columns:
                found.append(mark)
    return list(dict.fromkeys(found))


def _relationships(table: Table) -> Iterator[str]:
    for key in table.foreign_keys:
        if isinstance(key.target, Unknown):
            yield f"    %% {_text(f'{table.name}: a foreign key to a table that is not known')}"
            continue
        parent, child = _entity_name(str(key.target)), _entity_name(str(table.name))
        label = key.name if isinstance(key.name, str) else ""
        doubt = "" if table.certain else "?"
        shown = _DIRECTION.sub(r"\1_", _text(label))
        yield f'    {parent} {_ends(key, table)} {child} : "{shown}{doubt}"'


def _ends(key: ForeignKey, table: Table) -> str:
    """Return the line between two entities: whether a parent must be there, and how many children it has."""
    columns = () if isinstance(key.columns, Unknown) else key.columns
    must = columns and all(
        name in table.columns and table.columns[name].nullable is False for name in columns
    )
    primary = table.primary_key
    identifying = bool(columns) and primary is not None and set(columns) <= set(_columns(primary))
    keys = [_columns(primary)] if primary is not None else []
    keys += [() if isinstance(unique.columns, Unknown) else unique.columns for unique in table.uniques]
    single = any(own and set(own) <= set(columns) for own in keys)
    return f"{'||' if must else '|o'}{'--' if identifying else '..'}{'o|' if single else 'o{'}"


def _columns(key: PrimaryKey) -> tuple[str, ...]:
    return () if isinstance(key.columns, Unknown) else key.columns


def _entity_name(name: str) -> str:
    plain = _DIRECTION.sub(r"\1_", _NOT_IN_ENTITY.sub("_", name))
    return f'"{plain or "_"}"'


def _word(text: str, forbidden: re.Pattern[str]) -> str:
    word = forbidden.sub("_", text) or "_"
    if word.lower() in _KEYWORDS or not (word[0].isalpha() or word[0] == "_"):
        return f"_{word}"
    return word


def _text(text: str) -> str:
    return _NOT_IN_TEXT.sub("'", visible_line(text))
