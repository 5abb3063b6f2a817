"""Compare the columns of two tables; part of the comparison."""

from __future__ import annotations

import re
from collections.abc import Iterator

from migrate_guard.dialect import DialectName
from migrate_guard.operations import UNKNOWN, Column, Default, Unknown
from migrate_guard.pattern import pattern
from migrate_guard.schema.compare.difference import Difference
from migrate_guard.schema.model import Table
from migrate_guard.schema.spelling import spelled
from migrate_guard.schema.text import canonical

# MySQL's further part of a default, which raw SQL is read without.
_ON_UPDATE = pattern(r"\s+ON\s+UPDATE\s.*", re.IGNORECASE | re.DOTALL)


def column_differences(left: Table, right: Table, dialect: DialectName) -> Iterator[Difference]:
    """Go through the columns that only one table has, and the attributes in which the others differ."""
    names = (*left.columns, *(name for name in right.columns if name not in left.columns))
    for name in names:
        mine, theirs = left.columns.get(name), right.columns.get(name)
        if mine is None:
            certain = left.known and right.certain and theirs is not None and theirs.certain
            yield Difference("column", left.name, name, "", None, name, certain)
        elif theirs is None:
            certain = right.known and left.certain and mine.certain
            yield Difference("column", left.name, name, "", name, None, certain)
        else:
            certain = left.certain and right.certain and mine.certain and theirs.certain
            yield from _attributes(left, mine, theirs, dialect, certain)


def _attributes(
    table: Table, left: Column, right: Column, dialect: DialectName, certain: bool
) -> Iterator[Difference]:
    mine, theirs = _facts(left, dialect), _facts(right, dialect)
    for aspect, value in mine.items():
        other = theirs[aspect]
        if isinstance(value, Unknown) or isinstance(other, Unknown) or value == other:
            continue
        yield Difference("column", table.name, left.name, aspect, value, other, certain)


def _facts(column: Column, dialect: DialectName) -> dict[str, str | Unknown | None]:
    kind = spelled(column.type, dialect)
    return {
        "type": UNKNOWN if kind is None else kind,
        "nullable": _text(column.nullable),
        "default": _default(column),
        "autoincrement": _text(column.serial),
        "identity": UNKNOWN if column.identity is UNKNOWN else _given(column.identity),
        "computed": _computed(column),
        "comment": column.comment or None,
    }


def _text(value: bool | Unknown) -> str | Unknown:
    return value if isinstance(value, Unknown) else str(value).lower()


def _given(value: object) -> str | None:
    return None if value is None else "given"


def _default(column: Column) -> str | Unknown | None:
    if column.serial or column.identity is not None or column.computed is not None:
        return UNKNOWN
    return default_text(column.default)


def default_text(default: Default | Unknown | None) -> str | Unknown | None:
    """Return a default in the form in which two spellings of it are equal; NULL is no default."""
    if not isinstance(default, Default):
        return default
    if isinstance(default.sql, Unknown):
        return UNKNOWN
    text = canonical(_ON_UPDATE.sub("", default.sql))
    return None if text == "null" else text


def _computed(column: Column) -> str | Unknown | None:
    computed = column.computed
    if computed is None or isinstance(computed, Unknown):
        return computed
    return UNKNOWN if isinstance(computed.sql, Unknown) else canonical(computed.sql)
