"""Renamed tables."""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.finding import Problem, Severity
from migrate_guard.operations import CreateObject, RenameTable, TableName
from migrate_guard.rule import Step, operation_rule
from migrate_guard.rules._calls import advice, call, execute, schema_option, sql_table
from migrate_guard.rules._deploy import deploy_order
from migrate_guard.rules._facts import where_created
from migrate_guard.rules._types import literal


@operation_rule(on=RenameTable, severity=Severity.WARNING)
def rename_table(step: Step[RenameTable]) -> Iterator[Problem]:
    """A renamed table breaks the release that is running: it asks for the old name."""
    old, new = step.operation.table, step.operation.to
    if step.is_new(old) or _comes_back(step):
        return
    order = deploy_order(step, old)
    if order is None:
        return
    yield Problem(
        f"renaming {old} to {new} breaks {order.whom}: it asks for {old}",
        label=f"{old} is gone at once",
        help=advice("leave a view under the old name until no running code uses it", _with_view(old, new)),
        notes=order.notes,
        related=where_created(step, old),
        severity=order.severity,
        confidence=order.confidence,
        subject=str(old),
    )


def _with_view(old: TableName, new: TableName) -> str:
    rename = call("op.rename_table", literal(old.name), literal(new.name), schema=schema_option(old))
    view = " ".join(("CREATE VIEW", sql_table(old), "AS SELECT * FROM", sql_table(new)))
    return f"{rename}\n{execute(view)}"


def _comes_back(step: Step[RenameTable]) -> bool:
    old = step.operation.table
    for later in step.later():
        operation = later.operation
        if isinstance(operation, CreateObject) and operation.kind == "view" and operation.name == old:
            return True
    return step.revision.steps(step.direction)[-1].after.table(old) is not None
