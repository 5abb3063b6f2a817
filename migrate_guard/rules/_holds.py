"""Locks that earlier operations of a revision still hold."""

from __future__ import annotations

from migrate_guard.operations import Operation, TableName
from migrate_guard.record import dataclass
from migrate_guard.rule import Step
from migrate_guard.rules._facts import same_transaction
from migrate_guard.span import Span


@dataclass(frozen=True, slots=True)
class HeldLock:
    """A lock in the server's words and the operation that took it."""

    lock: str
    span: Span


def table_lock(step: Step[Operation], table: TableName) -> HeldLock | None:
    """Return a lock on the table that keeps even readers out and is held since an earlier operation.

    Only PostgreSQL keeps locks until the end of the transaction; elsewhere DDL commits.
    """
    if step.dialect.family != "postgresql":
        return None
    for earlier in step.earlier():
        hold = earlier.effect.hold_on(table)
        if hold is not None and hold.blocks == "reads and writes" and same_transaction(earlier, step):
            return HeldLock(hold.lock, earlier.operation.span)
    return None
