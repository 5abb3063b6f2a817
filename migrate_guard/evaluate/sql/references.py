"""Parts that column and table constraints of raw SQL share: references, key columns, options."""

from __future__ import annotations

from migrate_guard.evaluate.sql.cursor import Cursor
from migrate_guard.operations import (
    UNKNOWN,
    Check,
    Constraint,
    ConstraintName,
    ForeignKey,
    TableName,
    Unknown,
)
from migrate_guard.record import replace

_ACTIONS = ("CASCADE", "RESTRICT")


def read_reference(cursor: Cursor, name: ConstraintName, columns: tuple[str, ...] | Unknown) -> ForeignKey:
    """Read what follows `REFERENCES`: target, columns, MATCH, ON DELETE and ON UPDATE in any order."""
    target = _in_same_database(cursor, cursor.table_name())
    target_columns = read_key_columns(cursor.group()) if cursor.word == "(" else ()
    actions: dict[str, str] = {}
    while True:
        if cursor.accept("MATCH"):
            cursor.index += 1
        elif cursor.at("ON", "DELETE") or cursor.at("ON", "UPDATE"):
            event = cursor.ahead()
            cursor.index += 2
            actions[event] = _action(cursor)
        else:
            break
    ondelete, onupdate = actions.get("DELETE"), actions.get("UPDATE")
    return ForeignKey(name, columns, target, target_columns, ondelete, onupdate)


def _in_same_database(cursor: Cursor, target: TableName) -> TableName:
    """Return the target of a key; SQLite looks for it where the table is (manual, Foreign Key Support)."""
    subjects = cursor.statement.subjects
    if cursor.family != "sqlite" or target.schema or not subjects:
        return target
    return TableName(target.name, subjects[0].schema)


def _action(cursor: Cursor) -> str:
    if word := cursor.accept_one(_ACTIONS):
        return word
    if cursor.accept("NO", "ACTION"):
        return "NO ACTION"
    cursor.expect("SET")
    word = cursor.accept_one(("NULL", "DEFAULT"))
    if not word:
        raise cursor.failure()
    if cursor.word == "(":  # PostgreSQL 15: only some of the columns.
        cursor.group()
    return f"SET {word}"


def read_key_columns(group: Cursor) -> tuple[str, ...] | Unknown:
    """Read the columns of a key, without lengths and sort orders; an expression makes them unknown."""
    columns: list[str] = []
    for item in group.items():
        item.accept("PERIOD")
        if not item.at_name():
            return UNKNOWN
        columns.append(item.name())
        prefix = item.word == "(" and item.tokens[item.index + 1].kind == "number"
        if not (item.at_end or prefix or item.word in _BEHIND_COLUMN):
            return UNKNOWN
    return tuple(columns)


_BEHIND_COLUMN = frozenset("ASC DESC COLLATE WITHOUT".split())


def skip_index_options(cursor: Cursor) -> None:
    """Step over what says how the index behind a key is kept."""
    while not cursor.at_end:
        if (
            (
                cursor.accept("USING", "INDEX", "TABLESPACE")
                or cursor.accept("USING")
                or cursor.accept("COMMENT")
            )
            or cursor.accept("WITH", "PARSER")
            or cursor.accept("ON", "CONFLICT")
        ):
            cursor.index += 1
        elif cursor.accept("INCLUDE") or cursor.at("WITH", "("):
            cursor.accept("WITH")
            cursor.group()
        elif cursor.accept("KEY_BLOCK_SIZE"):
            cursor.accept("=")
            cursor.index += 1
        elif not cursor.accept_one(("CLUSTERED", "NONCLUSTERED", "VISIBLE")):
            return


def last_validated(constraints: list[Constraint], validated: bool) -> None:
    """Note on the last constraint whether it holds for the rows that are there."""
    if constraints and isinstance(constraints[-1], ForeignKey | Check):
        constraints[-1] = replace(constraints[-1], validated=validated)
