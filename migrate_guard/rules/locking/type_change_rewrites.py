"""Type changes that write a whole table anew."""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.dialects import Hold, type_change
from migrate_guard.finding import Confidence, Problem, Severity
from migrate_guard.operations import AlterColumn, SqlType
from migrate_guard.rule import Step, operation_rule
from migrate_guard.rules._calls import ONLINE_TOOLS, advice, call, schema_option
from migrate_guard.rules._facts import column_type, long_hold, where_created
from migrate_guard.rules._types import literal, type_code


@operation_rule(on=AlterColumn, severity=Severity.ERROR, dialects={"postgresql", "mysql"})
def type_change_rewrites(step: Step[AlterColumn]) -> Iterator[Problem]:
    """Most type changes write the whole table anew while nothing else can use it."""
    operation = step.operation
    if operation.type is None or step.is_new(operation.table):
        return
    hold = long_hold(step, operation.table)
    if operation.table in step.effect.rewrites or step.effect.algorithm == "COPY":
        if hold is not None:
            yield _long_work(step, hold, f"writes all of {operation.table} anew", "the rewrite")
    elif hold is not None and operation.nullable is None:
        yield _long_work(step, hold, "rebuilds the indexes on it, or checks every row,", "that")
    elif not step.effect.known:
        change = type_change(_old_type(step), operation.type, step.dialect)
        if change.work == "unknown":
            yield _cannot_tell(step, change.reason)


def _long_work(step: Step[AlterColumn], hold: Hold, work: str, name: str) -> Problem:
    table, column = step.operation.table, step.operation.column
    return Problem(
        f"changing {table}.{column}{_from(step)} to {_new_type(step)} {work} while {hold.blocks} wait",
        label=f"{hold.lock} lock on {table} during {name}",
        help=_help(step),
        related=where_created(step, table),
        subject=f"{table}.{column}",
    )


def _cannot_tell(step: Step[AlterColumn], reason: str) -> Problem:
    table, column = step.operation.table, step.operation.column
    return Problem(
        f"whether changing {table}.{column}{_from(step)} to {_new_type(step)} writes all of {table} anew "
        "cannot be told",
        label="a rewrite, or none",
        help="state the present type with existing_type=" if _old_type(step) is None else None,
        notes=(reason, *step.operation.unknowns),
        severity=Severity.INFO,
        confidence=Confidence.POSSIBLE,
        subject=f"{table}.{column}",
    )


def _old_type(step: Step[AlterColumn]) -> SqlType | None:
    known = column_type(step, step.operation.table, step.operation.column)
    if known is None and isinstance(step.operation.existing_type, SqlType):
        return step.operation.existing_type
    return known


def _from(step: Step[AlterColumn]) -> str:
    old = _old_type(step)
    return f" from {old}" if old is not None else ""


def _new_type(step: Step[AlterColumn]) -> str:
    return (
        str(step.operation.type) if isinstance(step.operation.type, SqlType) else "a type that is not known"
    )


def _help(step: Step[AlterColumn]) -> str:
    if step.dialect.family != "postgresql":
        return ONLINE_TOOLS
    table, column = step.operation.table, step.operation.column
    new = f"sa.Column({literal(column + '_new')}, {type_code(step.operation.type)})"
    return advice(
        "add a second column, write both from the code, fill it in batches, read it, drop the old one; "
        "the first revision",
        call("op.add_column", literal(table.name), new, schema=schema_option(table)),
    )
