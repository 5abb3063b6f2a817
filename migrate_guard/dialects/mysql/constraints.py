"""Claims about MySQL and MariaDB: constraints and indexes."""

from __future__ import annotations

from migrate_guard.dialect import Dialect
from migrate_guard.dialects.effect import NOT_KNOWN, Effect, combined
from migrate_guard.dialects.groups import ConstraintOperation, IndexOperation
from migrate_guard.dialects.mysql.online import (
    MYSQL_CHECK,
    copied,
    has_fulltext,
    in_dictionary,
    index_built,
    instant,
    is_mariadb,
    known_table,
    metadata_locked,
    rebuilt,
    rebuilt_with_indexes,
)
from migrate_guard.operations import (
    AddConstraint,
    AlterConstraint,
    Check,
    Constraint,
    CreateIndex,
    DropConstraint,
    DropIndex,
    Exclude,
    ForeignKey,
    Index,
    PrimaryKey,
    RenameConstraint,
    RenameIndex,
    TableName,
    Unique,
    Unknown,
    ValidateConstraint,
    assert_never,
)
from migrate_guard.record import replace
from migrate_guard.schema import Schema, Table

_NOT_ONLINE = {"FULLTEXT", "SPATIAL"}


def of_constraint(operation: ConstraintOperation, before: Schema, dialect: Dialect) -> Effect:
    """Return what the server does for an operation on constraints."""
    match operation:
        case AddConstraint():
            return added_constraint(operation.table, operation.constraint, before, dialect)
        case DropConstraint():
            return _dropped_constraint(operation, before, dialect)
        case RenameConstraint() | ValidateConstraint() | AlterConstraint():
            return NOT_KNOWN
        case _:
            assert_never(operation)


def added_constraint(table: TableName, constraint: Constraint, before: Schema, dialect: Dialect) -> Effect:
    """Claim what adding a constraint to a table that holds rows does."""
    match constraint:
        case ForeignKey():
            return _added_foreign_key(table, constraint, dialect)
        case Check():
            effect = copied(table, dialect)
            return effect if is_mariadb(dialect) else replace(effect, sources=(MYSQL_CHECK,))
        case Unique():
            return index_built(table, dialect)
        case PrimaryKey():
            return _added_primary_key(table, constraint, before, dialect)
        case Exclude():
            return NOT_KNOWN
        case _:
            assert_never(constraint)


def _added_foreign_key(table: TableName, key: ForeignKey, dialect: Dialect) -> Effect:
    """Claim a foreign key: copied while `foreign_key_checks` is on, which it is unless switched off.

    MySQL 8 locks the table that it refers to for a moment as well (metadata locking).
    """
    own = copied(table, dialect)
    if isinstance(key.target, Unknown):
        return own.in_doubt()
    if is_mariadb(dialect) or not dialect.at_least(8):
        return own
    return combined([own, metadata_locked(key.target, dialect)], held=False)


def _added_primary_key(table: TableName, key: PrimaryKey, before: Schema, dialect: Dialect) -> Effect:
    """Claim a primary key: rebuilt in place where its columns are NOT NULL already."""
    found = known_table(before, table)
    if found is None or isinstance(key.columns, Unknown):
        return rebuilt(table, dialect).in_doubt()
    columns = [found.columns.get(name) for name in key.columns]
    required = all(column is not None and column.nullable is False for column in columns)
    effect = rebuilt_with_indexes(table, before, dialect)
    return effect if required else effect.in_doubt()


def _dropped_constraint(operation: DropConstraint, before: Schema, dialect: Dialect) -> Effect:
    kind = operation.kind or _kind_of(operation, before)
    short = (instant if is_mariadb(dialect) else in_dictionary)(operation.table, dialect)
    if kind == "foreignkey":
        return short
    if kind == "unique":
        return in_dictionary(operation.table, dialect)
    if kind == "primary":
        return copied(operation.table, dialect)
    return short if kind == "check" and is_mariadb(dialect) else short.in_doubt()


def _kind_of(operation: DropConstraint, before: Schema) -> str | None:
    table = known_table(before, operation.table)
    if table is None or not isinstance(operation.name, str):
        return None
    found = table.constraint(operation.name)
    kinds = {ForeignKey: "foreignkey", Unique: "unique", PrimaryKey: "primary", Check: "check"}
    return None if found is None else kinds.get(type(found))


def of_index(operation: IndexOperation, before: Schema, dialect: Dialect) -> Effect:
    """Return what the server does for an operation on indexes."""
    match operation:
        case CreateIndex():
            return _created_index(operation, before, dialect)
        case DropIndex():
            table = _table_of(operation, before)
            return NOT_KNOWN if table is None else in_dictionary(table, dialect)
        case RenameIndex():
            table = _table_of(operation, before)
            instantly = is_mariadb(dialect) and dialect.at_least(10, 5, 2)
            return NOT_KNOWN if table is None else (instant if instantly else in_dictionary)(table, dialect)
        case _:
            assert_never(operation)


def _created_index(operation: CreateIndex, before: Schema, dialect: Dialect) -> Effect:
    """Claim CREATE INDEX, its clauses ALGORITHM and LOCK considered."""
    if operation.algorithm == "COPY":
        return copied(operation.table, dialect)
    if operation.lock in {"SHARED", "EXCLUSIVE"}:
        return index_built(operation.table, dialect, "SHARED")
    effect = built_index(operation.index, dialect)
    if (operation.index.method or "").upper() != "FULLTEXT":
        return effect
    table = known_table(before, operation.table)
    if table is None:
        return effect.in_doubt()
    # The first FULLTEXT index adds a hidden column, for which the table is rebuilt.
    return effect if has_fulltext(table) else rebuilt(operation.table, dialect, "SHARED")


def built_index(index: Index, dialect: Dialect) -> Effect:
    """Claim what building an index does: others write meanwhile, unless it is FULLTEXT or SPATIAL."""
    special = (index.method or "").upper() in _NOT_ONLINE
    return index_built(index.table, dialect, "SHARED" if special else "NONE")


def _table_of(operation: DropIndex | RenameIndex, before: Schema) -> TableName | None:
    if operation.table is not None:
        return operation.table
    if not isinstance(operation.name, str):
        return None
    found: Table | None = before.table_of_index(operation.name, operation.schema)
    return None if found is None else found.name
