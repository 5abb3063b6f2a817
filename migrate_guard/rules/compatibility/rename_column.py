"""Renamed columns."""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.finding import Problem, Severity
from migrate_guard.operations import RenameColumn
from migrate_guard.rule import Step, operation_rule
from migrate_guard.rules._calls import advice
from migrate_guard.rules._deploy import deploy_order
from migrate_guard.rules._facts import column_type, where_created
from migrate_guard.rules._types import literal, type_code


@operation_rule(on=RenameColumn, severity=Severity.WARNING)
def rename_column(step: Step[RenameColumn]) -> Iterator[Problem]:
    """A renamed column breaks the release that is running: it asks for the old name."""
    operation = step.operation
    table, old, new = operation.table, operation.column, operation.to
    if step.is_new_column(table, old) or _comes_back(step):
        return
    order = deploy_order(step, table, old)
    if order is None:
        return
    kind = column_type(step, table, old)
    yield Problem(
        f"renaming {table}.{old} to {new} breaks {order.whom}: it asks for {old}",
        label=f"{old} is gone at once",
        help=advice(
            "rename it in the model alone, where the database keeps the name",
            f"{new} = sa.Column({literal(old)}, {type_code(kind)})",
        ),
        notes=order.notes,
        related=where_created(step, table),
        severity=order.severity,
        confidence=order.confidence,
        subject=f"{table}.{old}",
    )


def _comes_back(step: Step[RenameColumn]) -> bool:
    # A swap: the old name is there again when the revision ends.
    steps = step.revision.steps(step.direction)
    table = steps[-1].after.table(step.operation.table)
    return table is not None and step.operation.column in table.columns
