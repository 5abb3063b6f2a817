"""MySQL's MODIFY, which forgets whatever the call does not repeat."""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.finding import Problem, Severity
from migrate_guard.operations import AlterColumn, Column, Default, SqlType, Unknown
from migrate_guard.rule import Step, operation_rule
from migrate_guard.rules._calls import advice, on_table
from migrate_guard.rules._facts import listed, where_created
from migrate_guard.rules._types import default_code, literal, type_code

_INTEGERS = frozenset({"TINYINT", "SMALLINT", "MEDIUMINT", "INTEGER", "BIGINT"})


@operation_rule(on=AlterColumn, severity=Severity.ERROR, dialects={"mysql"})
def alter_column_loses_attributes(step: Step[AlterColumn]) -> Iterator[Problem]:
    """On MySQL and MariaDB an ALTER that does not restate NOT NULL, the default or the comment drops it."""
    table, name = step.operation.table, step.operation.column
    before, after = step.before.table(table), step.after.table(table)
    if before is None or after is None:
        return
    old, new = before.columns.get(name), after.columns.get(name)
    if old is None or new is None:
        return
    lost = _lost(step.operation, old, new)
    if not lost:
        return
    yield Problem(
        f"{table}.{name} loses {listed(tuple(lost))}: MySQL writes the whole column anew",
        label="not restated",
        help=advice("restate what the column has", _restated(step, old, lost)),
        related=where_created(step, table),
        subject=f"{table}.{name}",
    )


def _lost(operation: AlterColumn, old: Column, new: Column) -> dict[str, str]:
    """Return what goes away without having been asked for, in words and with the argument that keeps it."""
    lost: dict[str, str] = {}
    if operation.nullable is None and old.nullable is False and new.nullable is True:
        lost["NOT NULL"] = "existing_nullable"
    if operation.default is None and isinstance(old.default, Default) and new.default is None:
        lost["its default"] = "existing_server_default"
    if operation.comment is None and isinstance(old.comment, str) and new.comment is None:
        lost["its comment"] = "existing_comment"
    counts = not isinstance(operation.type, SqlType) or operation.type.name in _INTEGERS
    if operation.autoincrement is None and old.serial and not new.serial and counts:
        lost["AUTO_INCREMENT"] = "existing_autoincrement"
    return lost


def _restated(step: Step[AlterColumn], old: Column, lost: dict[str, str]) -> str:
    operation = step.operation
    kept = {
        "existing_nullable": "False",
        "existing_server_default": default_code(old.default),
        "existing_comment": literal(old.comment) if isinstance(old.comment, str) else None,
        "existing_autoincrement": "True",
    }
    given = {
        "type_": None if operation.type is None else type_code(operation.type),
        "nullable": None if isinstance(operation.nullable, Unknown) else _flag(operation.nullable),
        "existing_type": type_code(old.type) if operation.type is None else None,
    }
    options = {**given, **{argument: kept[argument] for argument in lost.values()}}
    return on_table(step, "alter_column", operation.table, literal(operation.column), **options)


def _flag(value: bool | None) -> str | None:
    return None if value is None else str(value)
