"""Claims about PostgreSQL: maintenance, and statements that steer the session."""

from __future__ import annotations

from migrate_guard.dialects.effect import NOT_KNOWN, NOTHING, Effect
from migrate_guard.dialects.groups import SessionOperation
from migrate_guard.dialects.postgresql.locks import (
    ACCESS_EXCLUSIVE,
    EXCLUSIVE,
    REINDEX,
    SHARE_UPDATE_EXCLUSIVE,
    locked,
    rewritten,
    scanned,
)
from migrate_guard.operations import (
    Administer,
    ControlTransaction,
    Maintain,
    Opaque,
    SetParameter,
    TableName,
    assert_never,
)
from migrate_guard.record import replace
from migrate_guard.schema import Schema

_MANUAL = "https://www.postgresql.org/docs/18/"


def effect_of(operation: SessionOperation, before: Schema) -> Effect:
    """Return what PostgreSQL does for a statement that changes neither schema nor rows."""
    match operation:
        case Maintain():
            return _maintained(operation, before)
        case SetParameter() | ControlTransaction():
            return NOTHING
        case Administer():
            return _administered(operation)
        case Opaque():
            return NOT_KNOWN
        case _:
            assert_never(operation)


_HARMLESS = ("GRANT", "REVOKE", "COMMENT", "NOTIFY", "LISTEN", "UNLISTEN", "DISCARD", "SECURITY LABEL")


def _administered(operation: Administer) -> Effect:
    """Claim what administrative statements do."""
    command = operation.command.upper()
    if command.startswith("ALTER SYSTEM"):
        return Effect(transactional=False, sources=(f"{_MANUAL}sql-altersystem.html",))
    return NOTHING if command.startswith(_HARMLESS) else NOT_KNOWN


def _maintained(operation: Maintain, before: Schema) -> Effect:
    """Claim what VACUUM, ANALYZE, REINDEX, CLUSTER and REFRESH do."""
    command = operation.command.upper()
    if command.startswith("VACUUM"):
        return replace(_vacuumed(command, operation.target), transactional=False)
    if operation.target is None:
        return _whole_database(command)
    if command.startswith("ANALYZE"):
        return locked(operation.target, SHARE_UPDATE_EXCLUSIVE, f"{_MANUAL}sql-analyze.html")
    if command.startswith("CLUSTER"):
        return rewritten(operation.target, f"{_MANUAL}sql-cluster.html")
    if command.startswith("REFRESH"):
        return _refreshed(operation.target, concurrently=operation.concurrently)
    if command.startswith("REINDEX"):
        return _reindexed(operation, before)
    return NOT_KNOWN


def _whole_database(command: str) -> Effect:
    """Claim that CLUSTER and REINDEX of everything work in transactions of their own."""
    if command.startswith("CLUSTER"):
        return replace(NOT_KNOWN, transactional=False, sources=(f"{_MANUAL}sql-cluster.html",))
    if command.startswith("REINDEX"):
        return replace(NOT_KNOWN, transactional=False, sources=(REINDEX,))
    return NOT_KNOWN


def _vacuumed(command: str, table: TableName | None) -> Effect:
    page = f"{_MANUAL}sql-vacuum.html"
    if table is None:
        return replace(NOT_KNOWN, sources=(page,))
    if "FULL" in command:
        return rewritten(table, page)
    return locked(table, SHARE_UPDATE_EXCLUSIVE, page, long=True)


def _refreshed(view: TableName, *, concurrently: bool) -> Effect:
    page = f"{_MANUAL}sql-refreshmaterializedview.html"
    if concurrently:
        return locked(view, EXCLUSIVE, page, long=True)
    effect = rewritten(view, page)
    return replace(effect, scans=())  # the query reads other tables, not the view itself


def _reindexed(operation: Maintain, before: Schema) -> Effect:
    """Claim REINDEX: the index is locked ACCESS EXCLUSIVE, for which nearly every query on its table waits.

    REINDEX, Notes: planning a query locks every index of the table, so it blocks as a lock on the table.
    """
    target = operation.target
    if target is None or operation.kind not in {"table", "index"}:
        return replace(NOT_KNOWN, transactional=False, sources=(REINDEX,))
    table = target
    if operation.kind == "index":
        found = before.table_of_index(target.name, target.schema)
        if found is None:
            return replace(NOT_KNOWN, transactional=not operation.concurrently, sources=(REINDEX,))
        table = found.name
    if operation.concurrently:
        return replace(scanned(table, SHARE_UPDATE_EXCLUSIVE, REINDEX), transactional=False)
    return scanned(table, ACCESS_EXCLUSIVE, REINDEX)
