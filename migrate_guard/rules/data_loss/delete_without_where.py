"""Deletes of every row of a table."""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.finding import Problem, Severity
from migrate_guard.operations import Delete
from migrate_guard.rule import Step, operation_rule
from migrate_guard.rules._facts import where_created


@operation_rule(on=Delete, severity=Severity.WARNING)
def delete_without_where(step: Step[Delete]) -> Iterator[Problem]:
    """A DELETE without WHERE empties the table."""
    table = step.operation.table
    if step.operation.where is not None or step.is_new(table):
        return
    yield Problem(
        f"this deletes every row of {table}",
        label="no WHERE",
        help="say which rows are meant with WHERE; if it is all of them, ignore this with the reason",
        related=where_created(step, table),
        subject=str(table),
    )
