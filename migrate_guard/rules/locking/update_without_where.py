"""Updates of every row of a table in one statement."""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.finding import Problem, Severity
from migrate_guard.operations import Update
from migrate_guard.rule import Step, operation_rule
from migrate_guard.rules._facts import where_created
from migrate_guard.rules._holds import table_lock


@operation_rule(on=Update, severity=Severity.WARNING, dialects={"postgresql", "mysql"})
def update_without_where(step: Step[Update]) -> Iterator[Problem]:
    """An UPDATE without WHERE locks every row of the table until the migration commits."""
    table = step.operation.table
    if step.operation.where is not None or step.is_new(table) or table_lock(step, table) is not None:
        return
    yield Problem(
        f"updating every row of {table} in one statement locks each of them until the migration commits",
        label=f"all rows of {table}",
        help="do it in batches of some thousand rows that each commit, in a revision of its own or a script",
        related=where_created(step, table),
        subject=str(table),
    )
