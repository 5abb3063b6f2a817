"""Transactions that a revision ends by itself."""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.finding import Problem, Severity
from migrate_guard.operations import ControlTransaction
from migrate_guard.rule import Step, operation_rule


@operation_rule(
    on=ControlTransaction,
    severity=Severity.WARNING,
    dialects={"postgresql"},
    directions={"upgrade", "downgrade"},
)
def commit_inside_revision(step: Step[ControlTransaction]) -> Iterator[Problem]:
    """A COMMIT or ROLLBACK inside a revision ends the transaction that Alembic relies on."""
    command = step.operation.command
    if command not in ("commit", "rollback") or step.operation.autocommit or _own_transaction(step):
        return
    if command == "rollback" and step.operation.conditional:
        return  # in an except clause, where the revision is about to fail anyway
    yield Problem(
        f"{command.upper()} ends the transaction of the upgrade: what fails later leaves half a revision",
        label="ends Alembic's transaction",
        help=(
            "leave the transaction the way Alembic knows of:\n"
            "    with op.get_context().autocommit_block():\n"
            "        ..."
        ),
        subject=command,
    )


def _own_transaction(step: Step[ControlTransaction]) -> bool:
    # A transaction or savepoint that the revision began itself is its own to end.
    depth = 0
    for earlier in step.earlier():
        if isinstance(earlier.operation, ControlTransaction):
            depth += 1 if earlier.operation.command in ("begin", "savepoint") else -1
    return depth > 0
