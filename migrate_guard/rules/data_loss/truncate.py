"""Tables that are emptied by TRUNCATE."""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.finding import Problem, Severity
from migrate_guard.operations import Truncate
from migrate_guard.rule import Step, operation_rule
from migrate_guard.rules._facts import listed, where_created


@operation_rule(on=Truncate, severity=Severity.WARNING)
def truncate(step: Step[Truncate]) -> Iterator[Problem]:
    """TRUNCATE empties the table, and with CASCADE every table that refers to it."""
    table = step.operation.table
    if step.is_new(table):
        return
    others: tuple[str, ...] = ()
    if step.operation.cascade:
        names = {str(child.name) for child, _ in step.before.referring(table) if child.name != table}
        others = tuple(sorted(names))
    emptied = " and ".join(filter(None, (str(table), listed(others))))
    yield Problem(
        f"this deletes every row of {emptied}",
        label="empties the table" if not others else "empties what refers to it too",
        help="delete the rows that are meant, with WHERE; if it is all of them, ignore this with the reason",
        related=where_created(step, table),
        subject=str(table),
    )
