"""Index drops that queue the traffic of a table behind them."""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.finding import Problem, Severity
from migrate_guard.operations import DropIndex, TableName
from migrate_guard.rule import Step, operation_rule
from migrate_guard.rules._calls import advice, autocommit, call, schema_option
from migrate_guard.rules._facts import where_created
from migrate_guard.rules._types import literal


@operation_rule(on=DropIndex, severity=Severity.INFO, dialects={"postgresql"})
def drop_index_blocks(step: Step[DropIndex]) -> Iterator[Problem]:
    """`DROP INDEX` without `CONCURRENTLY` waits for running queries and makes all later ones wait."""
    operation = step.operation
    name, table = operation.name, _table(step)
    if operation.concurrently or not isinstance(name, str) or table is None or step.is_new(table):
        return
    found = step.before.table(table)
    if found is not None and (found.partitioned or _built_here(step, name)):
        return
    yield Problem(
        f"dropping {name} waits for the queries that use {table} and makes all later ones wait",
        label=f"ACCESS EXCLUSIVE lock on {table}",
        help=advice(
            "drop it concurrently, alone in its revision",
            autocommit(
                call(
                    "op.drop_index",
                    literal(name),
                    table_name=literal(table.name),
                    schema=schema_option(table),
                    postgresql_concurrently="True",
                )
            ),
        ),
        related=where_created(step, table),
        subject=f"{table}.{name}",
    )


def _table(step: Step[DropIndex]) -> TableName | None:
    operation = step.operation
    if operation.table is not None or not isinstance(operation.name, str):
        return operation.table
    found = step.before.table_of_index(operation.name, operation.schema)
    return found.name if found is not None else None


def _built_here(step: Step[DropIndex], name: str) -> bool:
    # An index of this very deploy is used by no query yet, and its table is locked already.
    return step.deployed.table_of_index(name, step.operation.schema) is None and (
        step.before.table_of_index(name, step.operation.schema) is not None
    )
