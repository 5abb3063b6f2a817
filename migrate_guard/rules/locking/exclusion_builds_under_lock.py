"""EXCLUDE constraints, whose index can only be built under a lock."""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.finding import Problem, Severity
from migrate_guard.operations import AddConstraint, Exclude
from migrate_guard.rule import Step, operation_rule
from migrate_guard.rules._facts import long_hold, where_created


@operation_rule(on=AddConstraint, severity=Severity.ERROR, dialects={"postgresql"})
def exclusion_builds_under_lock(step: Step[AddConstraint]) -> Iterator[Problem]:
    """A new EXCLUDE constraint builds its index while nothing else can use the table."""
    table, constraint = step.operation.table, step.operation.constraint
    if not isinstance(constraint, Exclude):
        return
    hold = long_hold(step, table)
    if hold is None:
        return
    name = constraint.name if isinstance(constraint.name, str) else "an EXCLUDE constraint"
    yield Problem(
        f"adding {name} builds its index on {table} while {hold.blocks} wait",
        label=f"{hold.lock} lock on {table}",
        help="there is no concurrent way: run it when the table can be unavailable, with a lock_timeout",
        related=where_created(step, table),
        subject=f"{table}.{name}",
    )
