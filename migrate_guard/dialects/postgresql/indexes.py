"""Claims about PostgreSQL: indexes."""

from __future__ import annotations

from migrate_guard.dialect import Dialect
from migrate_guard.dialects.effect import NOT_KNOWN, Effect
from migrate_guard.dialects.groups import IndexOperation
from migrate_guard.dialects.postgresql.locks import (
    ACCESS_EXCLUSIVE,
    ALTER_INDEX,
    CREATE_INDEX,
    DROP_INDEX,
    SHARE,
    SHARE_UPDATE_EXCLUSIVE,
    locked,
    scanned,
)
from migrate_guard.operations import CreateIndex, DropIndex, Index, RenameIndex, TableName, assert_never
from migrate_guard.record import replace
from migrate_guard.schema import Schema


def effect_of(operation: IndexOperation, before: Schema, dialect: Dialect) -> Effect:
    """Return what PostgreSQL does for an operation on indexes."""
    match operation:
        case CreateIndex():
            return _created(operation)
        case DropIndex():
            return _dropped(operation, before)
        case RenameIndex():
            return _renamed(operation, before, dialect)
        case _:
            assert_never(operation)


def _created(operation: CreateIndex) -> Effect:
    """Claim what CREATE INDEX does (CREATE INDEX, "Building Indexes Concurrently")."""
    if not operation.concurrently:
        return built_index(operation.index)
    effect = scanned(operation.table, SHARE_UPDATE_EXCLUSIVE, CREATE_INDEX)
    return replace(effect, transactional=False)


def built_index(index: Index) -> Effect:
    """Claim what building an index in the plain way does: nobody writes until it is done."""
    return scanned(index.table, SHARE, CREATE_INDEX)


def _dropped(operation: DropIndex, before: Schema) -> Effect:
    """Claim what DROP INDEX does, on the table too (DROP INDEX, CONCURRENTLY)."""
    table = _table_of_index(operation, before)
    if table is None:
        return replace(NOT_KNOWN, transactional=not operation.concurrently, sources=(DROP_INDEX,))
    if operation.concurrently:
        return replace(locked(table, SHARE_UPDATE_EXCLUSIVE, DROP_INDEX), transactional=False)
    return locked(table, ACCESS_EXCLUSIVE, DROP_INDEX)


def _renamed(operation: RenameIndex, before: Schema, dialect: Dialect) -> Effect:
    """Claim what renaming an index does: only the index is locked, its table is not.

    Before PostgreSQL 12 the lock on the index was ACCESS EXCLUSIVE (ALTER INDEX, RENAME), for which every
    query on the table waits, since planning one locks all indexes of the table.
    """
    if dialect.at_least(12):
        return Effect(sources=(ALTER_INDEX,))
    table = _table_of_index(operation, before)
    return NOT_KNOWN if table is None else locked(table, ACCESS_EXCLUSIVE, ALTER_INDEX)


def _table_of_index(operation: DropIndex | RenameIndex, before: Schema) -> TableName | None:
    if operation.table is not None:
        return operation.table
    if not isinstance(operation.name, str):
        return None
    found = before.table_of_index(operation.name, operation.schema)
    return None if found is None else found.name
