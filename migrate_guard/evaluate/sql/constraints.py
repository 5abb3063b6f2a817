"""Table constraints in raw SQL, as CREATE TABLE and ALTER TABLE … ADD write them."""

from __future__ import annotations

from migrate_guard.evaluate.sql.cursor import Cursor
from migrate_guard.evaluate.sql.expressions import read_group_text
from migrate_guard.evaluate.sql.references import (
    last_validated,
    read_key_columns,
    read_reference,
    skip_index_options,
)
from migrate_guard.operations import (
    UNKNOWN,
    Check,
    Constraint,
    ConstraintName,
    Exclude,
    PrimaryKey,
    Unique,
    Unknown,
)
from migrate_guard.record import replace

_STARTS = frozenset("CONSTRAINT PRIMARY UNIQUE FOREIGN CHECK".split())


def at_constraint(cursor: Cursor) -> bool:
    """Tell whether a table constraint comes next, rather than a column."""
    word = cursor.word
    if word in _STARTS:
        return True
    if word == "EXCLUDE":
        return cursor.ahead() in ("USING", "(")
    return cursor.at("NOT", "NULL")


def read_constraint(cursor: Cursor) -> Constraint:
    """Read a table constraint with its attributes, up to the first word that belongs to neither."""
    name: ConstraintName = None
    if cursor.accept("CONSTRAINT") and cursor.word not in _STARTS:
        name = cursor.name()
    word = cursor.word
    reader = _READERS.get(word)
    if reader is None:
        raise cursor.failure()
    cursor.index += 1
    constraints = [reader(cursor, name)]
    while _attribute(cursor, constraints):
        pass
    return constraints[0]


def _attribute(cursor: Cursor, constraints: list[Constraint]) -> bool:
    """Read one attribute behind a constraint; return whether there was one."""
    if cursor.at("NOT", "VALID") or cursor.at("NOT", "ENFORCED"):
        last_validated(constraints, False)
        cursor.index += 2
    elif cursor.accept("DEFERRABLE"):
        _note_deferrable(constraints)
    elif cursor.accept("INITIALLY"):
        if cursor.word == "DEFERRED":  # Implies DEFERRABLE (PostgreSQL 18, CREATE TABLE).
            _note_deferrable(constraints)
        cursor.index += 1
    elif cursor.accept("COMMENT") or cursor.accept("ON", "CONFLICT"):
        cursor.index += 1
    else:
        pairs = (("NOT", "DEFERRABLE"), ("NO", "INHERIT"), ("ENFORCED",))
        return any(cursor.accept(*pair) for pair in pairs)
    return True


def _note_deferrable(constraints: list[Constraint]) -> None:
    constraint = constraints[0]
    if not isinstance(constraint, PrimaryKey | Check | Exclude):
        constraints[0] = replace(constraint, deferrable=True)


def _primary_key(cursor: Cursor, name: ConstraintName) -> Constraint:
    cursor.expect("KEY")
    if cursor.accept("USING", "INDEX"):
        return PrimaryKey(name, UNKNOWN, using_index=cursor.name())
    skip_index_options(cursor)
    if cursor.at_name():  # MySQL takes a name and ignores it.
        cursor.name()
        skip_index_options(cursor)
    columns = read_key_columns(cursor.group())
    skip_index_options(cursor)
    return PrimaryKey(name, columns)


def _unique(cursor: Cursor, name: ConstraintName) -> Constraint:
    cursor.accept_one(("KEY", "INDEX"))
    if cursor.accept("USING", "INDEX"):
        return Unique(name, UNKNOWN, using_index=cursor.name())
    distinct = cursor.accept("NULLS", "NOT", "DISTINCT")
    if not distinct:
        cursor.accept("NULLS", "DISTINCT")
    cursor.accept("IF", "NOT", "EXISTS")
    skip_index_options(cursor)
    if cursor.word != "(":
        index = cursor.name()
        name = index if name is None else name
        skip_index_options(cursor)
    columns = read_key_columns(cursor.group())
    skip_index_options(cursor)
    return Unique(name, columns, nulls_not_distinct=distinct)


def _foreign_key(cursor: Cursor, name: ConstraintName) -> Constraint:
    cursor.expect("KEY")
    cursor.accept("IF", "NOT", "EXISTS")
    if cursor.word != "(":
        index = cursor.name()
        # MySQL 9.5 manual, 15.1.24.5: the index name counts where no constraint name is given.
        name = index if name is None else name
    columns: tuple[str, ...] | Unknown = read_key_columns(cursor.group())
    cursor.expect("REFERENCES")
    return read_reference(cursor, name, columns)


def _check(cursor: Cursor, name: ConstraintName) -> Constraint:
    cursor.accept("IF", "NOT", "EXISTS")
    return Check(name, read_group_text(cursor))


def _exclude(cursor: Cursor, name: ConstraintName) -> Constraint:
    first = cursor.index
    if cursor.accept("USING"):
        cursor.name()
    cursor.group()
    skip_index_options(cursor)
    if cursor.accept("WHERE"):
        cursor.group()
    return Exclude(name, UNKNOWN if cursor.holes(first) else cursor.text(first))


def _not_null(cursor: Cursor, name: ConstraintName) -> Constraint:
    """Read PostgreSQL 18's named NOT NULL constraint: `CONSTRAINT n NOT NULL c`."""
    cursor.expect("NULL")
    first = cursor.index
    column = cursor.name()
    return Check(name, f"{cursor.text(first)} IS NOT NULL", not_null=column)


_READERS = {
    "PRIMARY": _primary_key,
    "UNIQUE": _unique,
    "FOREIGN": _foreign_key,
    "CHECK": _check,
    "EXCLUDE": _exclude,
    "NOT": _not_null,
}
