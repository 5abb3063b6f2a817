"""Dropped tables."""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.finding import Problem, Severity
from migrate_guard.operations import DropTable
from migrate_guard.rule import Step, operation_rule
from migrate_guard.rules._deploy import deploy_order
from migrate_guard.rules._facts import listed, where_created
from migrate_guard.rules._renames import table_rename


@operation_rule(on=DropTable, severity=Severity.WARNING)
def drop_table(step: Step[DropTable]) -> Iterator[Problem]:
    """A dropped table takes its rows along, and every release that still uses it fails."""
    table = step.operation.table
    if step.is_new(table) or table_rename(step) is not None:
        return
    order = deploy_order(step, table)
    if order is None:
        return
    yield Problem(
        f"dropping {table} deletes all of its rows, and {order.who} fails",
        label="rows are gone for good",
        help=(
            "take it out of the code in one release, drop it in the next, and say so above this line:\n"
            "    # migrate-guard: ignore[drop-table] -- no release uses it any more; copied to the archive"
        ),
        notes=(*_notes(step), *order.notes),
        severity=order.severity,
        confidence=order.confidence,
        related=where_created(step, table),
        subject=str(table),
    )


def _notes(step: Step[DropTable]) -> tuple[str, ...]:
    table = step.operation.table
    others = sorted({str(child.name) for child, _ in step.before.referring(table) if child.name != table})
    if not others:
        return ()
    keys = "foreign keys" if len(others) > 1 else "a foreign key"
    return (f"{listed(tuple(others))} still {'have' if len(others) > 1 else 'has'} {keys} to it",)
