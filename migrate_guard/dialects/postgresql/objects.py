"""Claims about PostgreSQL: enums, views, triggers and the other named objects."""

from __future__ import annotations

from migrate_guard.dialect import Dialect
from migrate_guard.dialects.effect import NOT_KNOWN, NOTHING, Effect
from migrate_guard.dialects.groups import ObjectOperation
from migrate_guard.dialects.postgresql.locks import (
    ACCESS_EXCLUSIVE,
    ALTER_TYPE,
    SHARE_ROW_EXCLUSIVE,
    SHARE_UPDATE_EXCLUSIVE,
    locked,
)
from migrate_guard.operations import (
    AddEnumValue,
    AlterObject,
    CreateEnum,
    CreateObject,
    DropEnum,
    DropObject,
    ObjectKind,
    RenameEnumValue,
    assert_never,
)

_MANUAL = "https://www.postgresql.org/docs/18/"

# Locks on the table that a trigger, rule, policy or statistics object hangs on.
_CREATE_ON_TABLE: dict[ObjectKind, tuple[str, str]] = {
    "trigger": (SHARE_ROW_EXCLUSIVE, "sql-createtrigger.html"),
    "rule": (ACCESS_EXCLUSIVE, "sql-createrule.html"),
    "policy": (ACCESS_EXCLUSIVE, "sql-createpolicy.html"),
    "statistics": (SHARE_UPDATE_EXCLUSIVE, "sql-createstatistics.html"),
}
_CHANGE_ON_TABLE: dict[ObjectKind, tuple[str, str]] = {
    "trigger": (ACCESS_EXCLUSIVE, "sql-droptrigger.html"),
    "rule": (ACCESS_EXCLUSIVE, "sql-droprule.html"),
    "policy": (ACCESS_EXCLUSIVE, "sql-droppolicy.html"),
}
_RELATIONS: frozenset[ObjectKind] = frozenset({"view", "materialized view", "foreign table"})
# Creating or dropping one of these touches no table that exists.
_APART: frozenset[ObjectKind] = frozenset(
    {
        "function", "procedure", "aggregate", "domain", "type", "schema", "operator", "cast", "collation",
        "role", "event trigger", "server", "sequence", "extension",
    }
)  # fmt: skip


def effect_of(operation: ObjectOperation, dialect: Dialect) -> Effect:
    """Return what PostgreSQL does for an operation on named objects."""
    match operation:
        case CreateEnum() | DropEnum() | RenameEnumValue():
            return Effect(sources=(ALTER_TYPE,))
        case AddEnumValue():
            # No table is locked; inside a transaction block from PostgreSQL 12 on (ALTER TYPE, Notes).
            return Effect(transactional=dialect.at_least(12), sources=(ALTER_TYPE,))
        case CreateObject():
            return _created(operation)
        case AlterObject():
            return _altered(operation)
        case DropObject():
            return _dropped(operation)
        case _:
            assert_never(operation)


def _created(operation: CreateObject) -> Effect:
    """Claim what creating another object does to tables and views that exist."""
    if operation.kind == "database":
        return Effect(transactional=False, sources=(f"{_MANUAL}sql-createdatabase.html",))
    if operation.kind in _CREATE_ON_TABLE:
        lock, page = _CREATE_ON_TABLE[operation.kind]
        return NOT_KNOWN if operation.table is None else locked(operation.table, lock, _MANUAL + page)
    if operation.kind == "view" and operation.replace:
        return locked(operation.name, ACCESS_EXCLUSIVE, f"{_MANUAL}sql-createview.html")
    if operation.kind in _APART or operation.kind in _RELATIONS:
        return NOTHING
    return NOT_KNOWN


def _altered(operation: AlterObject) -> Effect:
    """Claim what altering another object does; only renaming is claimed for most of them."""
    if operation.kind in _CHANGE_ON_TABLE:
        lock, page = _CHANGE_ON_TABLE[operation.kind]
        return NOT_KNOWN if operation.table is None else locked(operation.table, lock, _MANUAL + page)
    if operation.kind in _RELATIONS:
        return locked(operation.name, ACCESS_EXCLUSIVE, f"{_MANUAL}sql-alterview.html")
    if operation.kind == "sequence" and operation.to is None:
        return locked(operation.name, SHARE_ROW_EXCLUSIVE, f"{_MANUAL}sql-altersequence.html")
    if operation.kind in _APART and operation.to is not None and operation.kind != "sequence":
        return NOTHING
    return NOT_KNOWN


def _dropped(operation: DropObject) -> Effect:
    """Claim what dropping another object does; CASCADE may reach anything."""
    if operation.kind == "database":
        return Effect(transactional=False, sources=(f"{_MANUAL}sql-dropdatabase.html",))
    effect = _dropped_alone(operation)
    return effect.in_doubt() if operation.cascade else effect


def _dropped_alone(operation: DropObject) -> Effect:
    if operation.kind in _CHANGE_ON_TABLE:
        lock, page = _CHANGE_ON_TABLE[operation.kind]
        return NOT_KNOWN if operation.table is None else locked(operation.table, lock, _MANUAL + page)
    if operation.kind in _RELATIONS or operation.kind == "sequence":
        return locked(operation.name, ACCESS_EXCLUSIVE, f"{_MANUAL}sql-dropview.html")
    return NOTHING if operation.kind in _APART else NOT_KNOWN
