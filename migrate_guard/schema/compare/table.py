"""Compare the columns of two tables; part of the comparison."""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.dialect import DialectName
from migrate_guard.operations import UNKNOWN, Column, Unknown
from migrate_guard.schema.compare.defaults import defaults_of
from migrate_guard.schema.compare.difference import Difference
from migrate_guard.schema.model import Table
from migrate_guard.schema.spelling import spelled
from migrate_guard.schema.text import canonical


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
    if not (_fills_itself(left) or _fills_itself(right)):
        mine["default"], theirs["default"] = defaults_of(left, right, dialect)
    for aspect, value in mine.items():
        other = theirs[aspect]
        if value != other:
            unknown = isinstance(value, Unknown) or isinstance(other, Unknown)
            sides = (text_of(value), text_of(other))
            yield Difference("column", table.name, left.name, aspect, *sides, certain, unknown)


def text_of(fact: str | Unknown | None) -> str | None:
    """Return a fact as a difference shows it."""
    return fact.value if isinstance(fact, Unknown) else fact


def _facts(column: Column, dialect: DialectName) -> dict[str, str | Unknown | None]:
    kind = spelled(column.type, dialect)
    return {
        "type": UNKNOWN if kind is None else kind,
        "nullable": _text(column.nullable),
        "autoincrement": _text(column.serial),
        "identity": UNKNOWN if column.identity is UNKNOWN else _given(column.identity),
        "computed": _computed(column),
        "comment": column.comment or None,
    }


def _text(value: bool | Unknown) -> str | Unknown:
    return value if isinstance(value, Unknown) else str(value).lower()


def _given(value: object) -> str | None:
    return None if value is None else "given"


def _fills_itself(column: Column) -> bool:
    """Tell whether a column has something in the place of a default."""
    return column.serial or _is_given(column.identity) or _is_given(column.computed)


def _is_given(attribute: object) -> bool:
    return attribute is not None and attribute is not UNKNOWN


def _computed(column: Column) -> str | Unknown | None:
    computed = column.computed
    if computed is None or isinstance(computed, Unknown):
        return computed
    return UNKNOWN if isinstance(computed.sql, Unknown) else canonical(computed.sql)
