"""Columns that become required before the running release writes them."""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.evidence.running import Use
from migrate_guard.finding import Confidence, Problem, Severity
from migrate_guard.operations import UNKNOWN, AddColumn, AlterColumn, Column, TableName
from migrate_guard.rule import Step, operation_rule
from migrate_guard.rules._deploy import used
from migrate_guard.rules._facts import where_created
from migrate_guard.schema import Schema


@operation_rule(on=(AddColumn, AlterColumn), severity=Severity.ERROR)
def not_null_breaks_writes(step: Step[AddColumn | AlterColumn]) -> Iterator[Problem]:
    """A column that becomes required makes the rows fail that the running release writes without it."""
    running = step.revision.running if _may_require(step) else None
    if running is None:
        return
    table, name = step.operation.table, _name(step)
    use = used(step, running, table, name)
    before, after = _column(step.before, table, name), _column(step.after, table, name)
    if use.mapped is False and used(step, running, table).mapped is True:
        if not _is_required(after) or _is_required(before):
            return
        writes = f"does not know {table}.{name}, and the rows that it inserts have no value for it"
        confidence = None if use.certain else Confidence.POSSIBLE
    elif use.column is not None and use.column.nullable is not False:
        if before is not None and before.nullable is False:
            return
        writes = f"lets {table}.{name} be NULL, and the rows that it writes without a value fail"
        confidence = None if _is_surely_null(use) else Confidence.POSSIBLE
    else:
        return
    yield Problem(
        f"{running.base}, which is running, {writes}",
        label="required from now on",
        help=(
            "give it a server default until no running release writes rows without it, or make it NOT NULL "
            "one release after the code that always gives a value"
        ),
        notes=(f"{running.base} maps it in {use.span}",) if use.span is not None else (),
        related=where_created(step, table),
        confidence=confidence,
        subject=f"{table}.{name}",
    )


def _may_require(step: Step[AddColumn | AlterColumn]) -> bool:
    """Tell whether there is a reason to ask what the running release does."""
    if step.is_new(step.operation.table):
        return False
    after = _column(step.after, step.operation.table, _name(step))
    return after is not None and after.nullable is False and after.certain


def _name(step: Step[AddColumn | AlterColumn]) -> str:
    operation = step.operation
    return operation.column.name if isinstance(operation, AddColumn) else operation.column


def _column(schema: Schema, table: TableName, name: str) -> Column | None:
    found = schema.table(table)
    return None if found is None else found.columns.get(name)


def _is_required(column: Column | None) -> bool:
    """Tell whether a row without a value for a column is refused for sure."""
    if column is None or column.nullable is not False or column.serial:
        return False
    return not any(part is not None for part in (column.default, column.identity, column.computed))


def _is_surely_null(use: Use) -> bool:
    """Tell whether nothing in the model gives the column a value by itself."""
    column = use.column
    if column is None or not use.certain or column.nullable is UNKNOWN:
        return False
    return not column.python_default and column.default is None
