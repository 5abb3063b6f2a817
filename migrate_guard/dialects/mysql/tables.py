"""Claims about MySQL and MariaDB: whole tables, named objects, rows and the session."""

from __future__ import annotations

from migrate_guard.dialect import Dialect
from migrate_guard.dialects.effect import NOT_KNOWN, NOTHING, Effect, Hold, combined
from migrate_guard.dialects.groups import ObjectOperation, RowOperation, SessionOperation, TableOperation
from migrate_guard.dialects.mysql.online import (
    copied,
    instant,
    is_mariadb,
    known_table,
    metadata_locked,
    rebuilt_with_indexes,
)
from migrate_guard.operations import (
    AlterTable,
    AttachPartition,
    CommentTable,
    ControlTransaction,
    CreateObject,
    CreateTable,
    DetachPartition,
    DropObject,
    DropTable,
    ForeignKey,
    Insert,
    LockTable,
    Maintain,
    Query,
    RenameTable,
    SetParameter,
    TableName,
    Truncate,
    Unknown,
    assert_never,
)
from migrate_guard.schema import Schema

_INNODB_LOCKS = "https://dev.mysql.com/doc/refman/8.4/en/innodb-locks-set.html"


def of_table(operation: TableOperation, before: Schema, dialect: Dialect) -> Effect:
    """Return what the server does for an operation on whole tables."""
    match operation:
        case CreateTable():
            return _created(operation, before, dialect)
        case DropTable() | Truncate():
            return metadata_locked(operation.table, dialect)
        case RenameTable():
            return metadata_locked(operation.table, dialect)
        case CommentTable():
            effect = instant(operation.table, dialect)
            return effect if is_mariadb(dialect) else effect.in_doubt()
        case AlterTable():
            return _altered(operation, before, dialect)
        case LockTable() | AttachPartition() | DetachPartition():
            return NOT_KNOWN
        case _:
            assert_never(operation)


def _created(operation: CreateTable, before: Schema, dialect: Dialect) -> Effect:
    """Claim what CREATE TABLE does to the tables that it refers to.

    MySQL 8 locks them for a moment (metadata locking); what MariaDB does is not claimed.
    """
    keys = [c for c in operation.constraints if isinstance(c, ForeignKey)]
    others = [
        key.target
        for key in keys
        if isinstance(key.target, Unknown) or before.key(key.target) != before.key(operation.table)
    ]
    targets = [target for target in others if isinstance(target, TableName)]
    if is_mariadb(dialect) or not dialect.at_least(8):
        return NOT_KNOWN if others else NOTHING
    effect = combined([metadata_locked(target, dialect) for target in targets], held=False)
    return effect if len(targets) == len(others) else effect.in_doubt()


def _altered(operation: AlterTable, before: Schema, dialect: Dialect) -> Effect:
    """Claim table options: another character set copies the rows, the same engine rebuilds in place."""
    if operation.action == "convert-charset":
        return copied(operation.table, dialect)
    if operation.action == "engine":
        effect = rebuilt_with_indexes(operation.table, before, dialect)
        return effect if "INNODB" in operation.detail.upper() else effect.in_doubt()
    if operation.action == "default-charset" and is_mariadb(dialect):
        return instant(operation.table, dialect)
    return NOT_KNOWN


def of_object(operation: ObjectOperation, dialect: Dialect) -> Effect:
    """Return what the server does for an operation on named objects: a trigger locks its table."""
    if isinstance(operation, (CreateObject, DropObject)):
        if operation.kind == "trigger" and operation.table is not None:
            return metadata_locked(operation.table, dialect)
        if operation.kind in {"view", "function", "procedure", "role", "event trigger"}:
            return NOTHING
    return NOT_KNOWN


def of_rows(operation: RowOperation) -> Effect:
    """Return what the server does for a statement on rows.

    Without a WHERE an UPDATE or DELETE reads the whole table and locks every row and the gaps between
    them, so others can neither change nor insert rows until it commits (locks set by InnoDB).
    """
    if isinstance(operation, Query):
        return NOTHING
    table = operation.table
    if isinstance(operation, Insert) or operation.where is not None:
        long = operation.from_select if isinstance(operation, Insert) else True
        return Effect((Hold(table, "row locks", "nothing", long),), sources=(_INNODB_LOCKS,))
    hold = Hold(table, "row locks", "writes", long=True)
    return Effect((hold,), scans=(table,), sources=(_INNODB_LOCKS,))


def of_session(operation: SessionOperation, before: Schema, dialect: Dialect) -> Effect:
    """Return what the server does for maintenance and for statements that steer the session."""
    if isinstance(operation, (SetParameter, ControlTransaction)):
        return NOTHING
    if not isinstance(operation, Maintain) or operation.target is None:
        return NOT_KNOWN
    if not operation.command.upper().startswith("OPTIMIZE"):
        return NOT_KNOWN
    effect = rebuilt_with_indexes(operation.target, before, dialect)
    return effect if known_table(before, operation.target) is not None else effect.in_doubt()
