"""Dropped columns: their values, and the code that still asks for them."""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.finding import Problem, Severity
from migrate_guard.operations import DropColumn, Unknown
from migrate_guard.rule import Step, operation_rule
from migrate_guard.rules._deploy import deploy_order
from migrate_guard.rules._facts import listed, where_created
from migrate_guard.rules._renames import column_rename
from migrate_guard.schema import Table


@operation_rule(on=DropColumn, severity=Severity.WARNING)
def drop_column(step: Step[DropColumn]) -> Iterator[Problem]:
    """A dropped column takes its values along, and every release that still maps it fails."""
    table, column = step.operation.table, step.operation.column
    if step.is_new_column(table, column) or column_rename(step) is not None:
        return
    order = deploy_order(step, table, column)
    if order is None:
        return
    yield Problem(
        f"dropping {table}.{column} deletes its values, and {order.who} fails",
        label="values are gone for good",
        help=(
            "take it out of the models in one release, drop it in the next, and say so above this line:\n"
            "    # migrate-guard: ignore[drop-column] -- no release maps it any more"
        ),
        notes=(*_notes(step.before.table(table), column), *order.notes),
        severity=order.severity,
        confidence=order.confidence,
        related=where_created(step, table),
        subject=f"{table}.{column}",
    )


def _notes(table: Table | None, column: str) -> tuple[str, ...]:
    if table is None:
        return ()
    parts = [index.name for index in table.indexes if column in index.columns]
    parts += [key.name for key in table.uniques if _covers(key.columns, column)]
    parts += [key.name for key in table.foreign_keys if _covers(key.columns, column)]
    gone = tuple(name for name in parts if isinstance(name, str))
    return (f"{listed(gone)} on that column {'goes' if len(gone) == 1 else 'go'} too",) if gone else ()


def _covers(columns: tuple[str, ...] | Unknown, column: str) -> bool:
    return not isinstance(columns, Unknown) and column in columns
