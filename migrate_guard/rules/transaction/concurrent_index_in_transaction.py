"""Concurrent index builds where a transaction is open."""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.finding import Confidence, Problem, Severity
from migrate_guard.operations import CreateIndex, DropIndex, Maintain, Operation
from migrate_guard.rule import Step, operation_rule
from migrate_guard.rules._calls import advice, autocommit, call, create_index, execute, schema_option
from migrate_guard.rules._facts import in_transaction
from migrate_guard.rules._types import PLACEHOLDER, literal


@operation_rule(
    on=(CreateIndex, DropIndex, Maintain),
    severity=Severity.ERROR,
    dialects={"postgresql"},
    directions={"upgrade", "downgrade"},
)
def concurrent_index_in_transaction(step: Step[CreateIndex | DropIndex | Maintain]) -> Iterator[Problem]:
    """`CONCURRENTLY` and `VACUUM` fail inside the transaction that Alembic opens."""
    inside = in_transaction(step)
    if step.effect.transactional or inside is None:
        return
    operation = step.operation
    yield Problem(
        f"{_what(operation)} fails: Alembic runs a revision in a transaction",
        label="cannot run inside a transaction block",
        help=advice(
            "leave the transaction for this call, alone in its revision", autocommit(_call(operation))
        ),
        confidence=Confidence.POSSIBLE if inside is Confidence.POSSIBLE else None,
        subject=_what(operation),
    )


def _what(operation: Operation) -> str:
    if isinstance(operation, CreateIndex):
        name = operation.index.name
        return f"building {name if isinstance(name, str) else 'an index'} concurrently"
    if isinstance(operation, DropIndex):
        name = operation.name
        return f"dropping {name if isinstance(name, str) else 'an index'} concurrently"
    return operation.command if isinstance(operation, Maintain) else "this"


def _call(operation: CreateIndex | DropIndex | Maintain) -> str:
    if operation.sql is not None:
        return execute(" ".join(operation.sql.text.split()))
    if isinstance(operation, CreateIndex):
        return create_index(operation.index, postgresql_concurrently="True")
    if isinstance(operation, DropIndex):
        name = literal(operation.name) if isinstance(operation.name, str) else PLACEHOLDER
        table = operation.table
        return call(
            "op.drop_index",
            name,
            table_name=literal(table.name) if table is not None else None,
            schema=schema_option(table) if table is not None else None,
            postgresql_concurrently="True",
        )
    return execute(operation.command)
