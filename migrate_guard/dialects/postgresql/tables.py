"""Claims about PostgreSQL: whole tables and partitions."""

from __future__ import annotations

from typing import TypeAlias

from migrate_guard.dialect import Dialect
from migrate_guard.dialects.effect import Effect, combined
from migrate_guard.dialects.groups import TableOperation
from migrate_guard.dialects.postgresql.locks import (
    ACCESS_EXCLUSIVE,
    ALTER_TABLE,
    BLOCKS,
    CREATE_TABLE,
    DROP_TABLE,
    PARTITIONING,
    SHARE_ROW_EXCLUSIVE,
    SHARE_UPDATE_EXCLUSIVE,
    known_table,
    locked,
    rewritten,
    scanned,
)
from migrate_guard.operations import (
    AlterTable,
    AttachPartition,
    CommentTable,
    CreateTable,
    DetachPartition,
    DropTable,
    ForeignKey,
    LockTable,
    RenameTable,
    TableName,
    Truncate,
    Unknown,
    assert_never,
)
from migrate_guard.schema import Schema, Table

_MANUAL = "https://www.postgresql.org/docs/18/"


def effect_of(operation: TableOperation, before: Schema, dialect: Dialect) -> Effect:
    """Return what PostgreSQL does for an operation on whole tables."""
    match operation:
        case AlterTable():
            return _altered(operation)
        case RenameTable():
            return locked(operation.table, ACCESS_EXCLUSIVE, ALTER_TABLE)
        case CommentTable():
            return locked(operation.table, SHARE_UPDATE_EXCLUSIVE, f"{_MANUAL}sql-comment.html")
        case LockTable():
            return _explicitly_locked(operation)
        case _:
            return _of_several(operation, before, dialect)


_Several: TypeAlias = CreateTable | DropTable | Truncate | AttachPartition | DetachPartition


def _of_several(operation: _Several, before: Schema, dialect: Dialect) -> Effect:
    """Claim what operations do that reach more tables than the one they name."""
    match operation:
        case CreateTable():
            return _created(operation, before)
        case DropTable():
            return _dropped(operation, before)
        case Truncate():
            return _truncated(operation, before)
        case AttachPartition():
            return _attached(operation, before, dialect)
        case DetachPartition():
            return _detached(operation, before, dialect)
        case _:
            assert_never(operation)


def _created(operation: CreateTable, before: Schema) -> Effect:
    """Claim what CREATE TABLE does to the tables that it refers to; its own is still invisible."""
    keys = [c for c in operation.constraints if isinstance(c, ForeignKey)]
    targets = [key.target for key in keys if not isinstance(key.target, Unknown)]
    parts = [locked(name, SHARE_ROW_EXCLUSIVE, CREATE_TABLE) for name in targets]
    parts += [locked(parent, SHARE_UPDATE_EXCLUSIVE, CREATE_TABLE) for parent in operation.inherits]
    if operation.partition_of is not None:
        parts.append(_new_partition(operation.partition_of, before))
    own = before.key(operation.table)
    effect = combined(parts, held=True)
    holds = tuple(hold for hold in effect.holds if before.key(hold.table) != own)
    complete = effect.known and len(targets) == len(keys)
    return Effect(holds, effect.rewrites, effect.scans, sources=effect.sources, known=complete)


def _new_partition(parent: TableName, before: Schema) -> Effect:
    """Claim PARTITION OF: ACCESS EXCLUSIVE on the parent (CREATE TABLE), its foreign keys come along.

    A default partition is read from end to end, and none is known to be absent unless the parent is.
    """
    own = locked(parent, ACCESS_EXCLUSIVE, CREATE_TABLE)
    table = known_table(before, parent)
    if table is None or _has_partitions(table, before):
        return own.in_doubt()
    targets = [key.target for key in table.foreign_keys if not isinstance(key.target, Unknown)]
    return combined([own, *(locked(name, SHARE_ROW_EXCLUSIVE, CREATE_TABLE) for name in targets)], held=True)


def _has_partitions(table: Table, before: Schema) -> bool:
    return any(other.partition_of == table.name for other in before.tables.values())


def _dropped(operation: DropTable, before: Schema) -> Effect:
    """Claim what DROP TABLE does: the tables that its foreign keys refer to are locked just as much."""
    own = locked(operation.table, ACCESS_EXCLUSIVE, DROP_TABLE)
    table = known_table(before, operation.table)
    if table is None:
        return own.in_doubt()
    others = [key.target for key in table.foreign_keys if not isinstance(key.target, Unknown)]
    if operation.cascade:
        others += [other.name for other, _ in before.referring(operation.table)]
    if table.partition_of is not None:
        others.append(table.partition_of)
    others += [other.name for other in before.tables.values() if other.partition_of == table.name]
    names = [name for name in others if before.key(name) != before.key(operation.table)]
    return combined([own, *(locked(name, ACCESS_EXCLUSIVE, DROP_TABLE) for name in names)], held=True)


def _truncated(operation: Truncate, before: Schema) -> Effect:
    """Claim what TRUNCATE does: short, since no row is looked at; CASCADE takes referring tables along."""
    source = f"{_MANUAL}sql-truncate.html"
    names = [operation.table]
    if operation.cascade:
        names = _referring_closure(operation.table, before)
    effect = combined([locked(name, ACCESS_EXCLUSIVE, source) for name in names], held=True)
    return effect if not operation.cascade or known_table(before, operation.table) else effect.in_doubt()


def _referring_closure(name: TableName, before: Schema) -> list[TableName]:
    found = [name]
    for current in found:
        found += [table.name for table, _ in before.referring(current) if table.name not in found]
    return found


def _attached(operation: AttachPartition, before: Schema, dialect: Dialect) -> Effect:
    """Claim what ATTACH PARTITION does (ALTER TABLE, ATTACH PARTITION).

    The partition is read from end to end, unless a CHECK on it proves its bounds. A default partition of
    the parent is locked and read too, and whether there is one is not recorded.
    """
    lock = SHARE_UPDATE_EXCLUSIVE if dialect.at_least(12) else ACCESS_EXCLUSIVE
    parent = locked(operation.table, lock, ALTER_TABLE)
    partition = known_table(before, operation.partition)
    if partition is None or partition.checks:
        own = locked(operation.partition, ACCESS_EXCLUSIVE, ALTER_TABLE).in_doubt()
    else:
        own = scanned(operation.partition, ACCESS_EXCLUSIVE, ALTER_TABLE)
    table = known_table(before, operation.table)
    effect = combined([parent, own], held=True)
    simple = table is not None and not table.foreign_keys and not _has_partitions(table, before)
    return effect if simple else effect.in_doubt()


def _detached(operation: DetachPartition, before: Schema, dialect: Dialect) -> Effect:
    """Claim what DETACH PARTITION does (ALTER TABLE); CONCURRENTLY exists from PostgreSQL 14 on."""
    if operation.concurrently:
        parent = locked(operation.table, SHARE_UPDATE_EXCLUSIVE, ALTER_TABLE)
        own = locked(operation.partition, ACCESS_EXCLUSIVE, ALTER_TABLE)
        both = combined([parent, own], held=True)
        return Effect(both.holds, transactional=False, sources=both.sources)
    lock = ACCESS_EXCLUSIVE if dialect.at_least(14) else SHARE_UPDATE_EXCLUSIVE
    parts = [
        locked(operation.table, ACCESS_EXCLUSIVE, PARTITIONING),
        locked(operation.partition, lock, PARTITIONING),
    ]
    table = known_table(before, operation.table)
    effect = combined(parts, held=True)
    return effect if table is not None and not table.foreign_keys else effect.in_doubt()


_SHORT = {
    "set-options": SHARE_UPDATE_EXCLUSIVE,
    "set-statistics": SHARE_UPDATE_EXCLUSIVE,
    "cluster-on": SHARE_UPDATE_EXCLUSIVE,
    "enable-trigger": SHARE_ROW_EXCLUSIVE,
    "disable-trigger": SHARE_ROW_EXCLUSIVE,
    "owner": ACCESS_EXCLUSIVE,
    "replica-identity": ACCESS_EXCLUSIVE,
    "row-security": ACCESS_EXCLUSIVE,
    "no-inherit": ACCESS_EXCLUSIVE,
    "enable-rule": ACCESS_EXCLUSIVE,
    "disable-rule": ACCESS_EXCLUSIVE,
    "set-storage": ACCESS_EXCLUSIVE,
}
_REWRITING = {"set-logged", "set-unlogged", "set-access-method", "set-tablespace"}


def _altered(operation: AlterTable) -> Effect:
    """Claim what the other forms of ALTER TABLE do; one that is not listed takes ACCESS EXCLUSIVE."""
    if operation.action in _REWRITING:
        return rewritten(operation.table, ALTER_TABLE)
    if operation.action in _SHORT:
        return locked(operation.table, _SHORT[operation.action], ALTER_TABLE)
    # `inherit` locks the parent too, which the operation does not name.
    return locked(operation.table, ACCESS_EXCLUSIVE, ALTER_TABLE).in_doubt()


def _explicitly_locked(operation: LockTable) -> Effect:
    """Claim what LOCK TABLE does."""
    if operation.mode not in BLOCKS:
        return Effect(known=False)
    return locked(operation.table, operation.mode, f"{_MANUAL}sql-lock.html")
