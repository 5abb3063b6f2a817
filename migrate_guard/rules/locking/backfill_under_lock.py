"""Row changes that prolong a lock which an earlier operation took."""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.finding import Confidence, Problem, Related, Severity
from migrate_guard.operations import Delete, Insert, Update
from migrate_guard.rule import Step, operation_rule
from migrate_guard.rules._holds import table_lock


@operation_rule(on=(Update, Delete, Insert), severity=Severity.WARNING, dialects={"postgresql"})
def backfill_under_lock(step: Step[Update | Delete | Insert]) -> Iterator[Problem]:
    """Changing rows after ALTER TABLE keeps the table locked until the last row is written."""
    operation = step.operation
    table = operation.table
    if isinstance(operation, Insert) and not operation.from_select:
        return
    lock = None if step.is_new(table) else table_lock(step, table)
    if lock is None:
        return
    all_rows = not isinstance(operation, Insert) and operation.where is None
    verb = {Update: "updating", Delete: "deleting from", Insert: "inserting into"}[type(operation)]
    yield Problem(
        f"{verb} {table} here keeps nearly everybody out of {table} until the migration commits",
        label=f"under the {lock.lock} lock on {table}",
        help="change the rows in a later revision, when the one that changes the schema has committed",
        notes=("without transaction_per_migration=True in env.py, both revisions share one transaction",),
        related=(Related(f"the {lock.lock} lock is taken here", lock.span),),
        confidence=None if all_rows else Confidence.POSSIBLE,
        subject=str(table),
    )
