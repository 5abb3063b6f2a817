"""CHECK constraints that check every row under a lock."""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.finding import Problem, Severity
from migrate_guard.operations import AddColumn, AddConstraint, Check
from migrate_guard.rule import Step, operation_rule
from migrate_guard.rules._calls import (
    ONLINE_TOOLS,
    check_name,
    create_check,
    execute,
    in_steps,
    quoted,
    sql_table,
)
from migrate_guard.rules._facts import constraint_steps, long_hold, where_created


@operation_rule(on=(AddConstraint, AddColumn), severity=Severity.WARNING, dialects={"postgresql", "mysql"})
def check_validates(step: Step[AddConstraint | AddColumn]) -> Iterator[Problem]:
    """A new CHECK constraint reads the whole table while nothing else can use it."""
    for added in constraint_steps(step):
        if isinstance(added.operation.constraint, Check):
            yield from _check(added, added.operation.constraint)


def _check(step: Step[AddConstraint], check: Check) -> Iterator[Problem]:
    table = step.operation.table
    hold = long_hold(step, table)
    if not check.validated or hold is None:
        return
    name = check.name if isinstance(check.name, str) else check_name(table)
    yield Problem(
        f"adding {name} checks every row of {table} while {hold.blocks} wait",
        label=f"{hold.lock} lock on {table}",
        help=_help(step, check, name),
        related=where_created(step, table),
        subject=f"{table}.{name}",
    )


def _help(step: Step[AddConstraint], check: Check, name: str) -> str:
    if step.dialect.family != "postgresql":
        return ONLINE_TOOLS
    table = step.operation.table
    return in_steps(
        ("let it hold for new rows first", create_check(table, check, postgresql_not_valid="True")),
        (
            "then check the old rows in the next revision, in a transaction of its own",
            execute(f"ALTER TABLE {sql_table(table)} VALIDATE CONSTRAINT {quoted(name)}"),
        ),
    )
