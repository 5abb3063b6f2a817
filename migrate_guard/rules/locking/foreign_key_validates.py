"""Foreign keys that check every row under a lock."""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.finding import Problem, Severity
from migrate_guard.operations import AddColumn, AddConstraint, ForeignKey, Unknown
from migrate_guard.rule import Step, operation_rule
from migrate_guard.rules._calls import (
    ONLINE_TOOLS,
    create_foreign_key,
    execute,
    foreign_key_name,
    in_steps,
    quoted,
    sql_table,
)
from migrate_guard.rules._facts import constraint_steps, long_hold, where_created


@operation_rule(on=(AddConstraint, AddColumn), severity=Severity.WARNING, dialects={"postgresql", "mysql"})
def foreign_key_validates(step: Step[AddConstraint | AddColumn]) -> Iterator[Problem]:
    """A new foreign key checks every row of its table while writes to both tables wait."""
    operation = step.operation
    if isinstance(operation, AddColumn) and operation.inline and operation.column.default is None:
        return  # written in the same statement, PostgreSQL knows that every value is NULL
    for added in constraint_steps(step):
        if isinstance(added.operation.constraint, ForeignKey):
            yield from _check(added, added.operation.constraint)


def _check(step: Step[AddConstraint], key: ForeignKey) -> Iterator[Problem]:
    table = step.operation.table
    hold = long_hold(step, table)
    if not key.validated or hold is None:
        return
    name = key.name if isinstance(key.name, str) else foreign_key_name(table, key)
    both = table if isinstance(key.target, Unknown) or key.target == table else f"{table} and {key.target}"
    yield Problem(
        f"adding {name} checks every row of {table} while {hold.blocks} to {both} wait",
        label=f"{hold.lock} lock on {both}",
        help=_help(step, key, name),
        related=where_created(step, table),
        subject=f"{table}.{name}",
    )


def _help(step: Step[AddConstraint], key: ForeignKey, name: str) -> str:
    if step.dialect.family != "postgresql":
        return ONLINE_TOOLS
    table = step.operation.table
    return in_steps(
        ("let it hold for new rows first", create_foreign_key(table, key, postgresql_not_valid="True")),
        (
            "then check the old rows in the next revision, in a transaction of its own",
            execute(f"ALTER TABLE {sql_table(table)} VALIDATE CONSTRAINT {quoted(name)}"),
        ),
    )
