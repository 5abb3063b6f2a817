"""Other statements that a server runs outside transactions only."""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.finding import Confidence, Problem, Severity
from migrate_guard.operations import CreateObject, DetachPartition, DropObject
from migrate_guard.rule import Step, operation_rule
from migrate_guard.rules._calls import advice, autocommit, execute
from migrate_guard.rules._facts import in_transaction


@operation_rule(
    on=(DetachPartition, CreateObject, DropObject),
    severity=Severity.ERROR,
    dialects={"postgresql"},
    directions={"upgrade", "downgrade"},
)
def statement_refuses_transaction(
    step: Step[DetachPartition | CreateObject | DropObject],
) -> Iterator[Problem]:
    """Some statements fail inside the transaction that Alembic opens."""
    operation = step.operation
    inside = in_transaction(step)
    if operation.sql is None or step.effect.transactional or inside is None:
        return
    text = " ".join(operation.sql.text.split())
    words = " ".join(text.split()[:2]).upper()
    yield Problem(
        f"{words} fails: Alembic runs a revision in a transaction",
        label="cannot run inside a transaction block",
        help=advice("leave the transaction for this statement", autocommit(execute(text))),
        confidence=Confidence.POSSIBLE if inside is Confidence.POSSIBLE else None,
        subject=text[:80],
    )
