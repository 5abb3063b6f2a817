"""Add, drop, alter and rename columns; part of the replay."""

from __future__ import annotations

from typing import TypeVar

from migrate_guard.operations import (
    AddColumn,
    AlterColumn,
    Column,
    Drop,
    DropColumn,
    Identity,
    PrimaryKey,
    RenameColumn,
    TableName,
    Unknown,
)
from migrate_guard.record import replace
from migrate_guard.schema.model import Schema, Table
from migrate_guard.schema.names import fit
from migrate_guard.schema.replay.batch import copied_indexes, rebuilt_by
from migrate_guard.schema.replay.drops import without_column, without_references_to
from migrate_guard.schema.replay.elements import (
    by_convention,
    indexes_by_convention,
    is_mysql,
    with_constraint,
    with_index,
)
from migrate_guard.schema.replay.known import (
    assumed_column,
    descendants,
    with_columns,
    with_target,
    with_used,
)
from migrate_guard.schema.replay.moves import with_column_renamed_by_copy, with_renamed_column
from migrate_guard.schema.replay.sequences import as_stored, with_sequences, without_sequences

T = TypeVar("T")


def add_column(schema: Schema, operation: AddColumn, revision: str | None) -> Schema:
    """Return the schema with the column and what it brings along, in the table's partitions too."""
    schema, table = with_used(schema, operation.table, revision)
    if table is None:
        return schema
    name = fit(operation.column.name, schema.dialect)
    if operation.if_not_exists and name in table.columns:
        return schema
    for constraint in operation.constraints:
        schema = with_target(schema, constraint, revision)
    schema = _with_column(schema, schema.key(table.name), operation, revision)
    for child in descendants(schema, table.name):
        if name not in schema.tables[child].columns:
            plain = replace(operation, column=replace(operation.column, serial=False), constraints=())
            schema = _with_column(schema, child, plain, revision)
    return schema


def _with_column(schema: Schema, key: TableName, operation: AddColumn, revision: str | None) -> Schema:
    table = schema.tables[key]
    name = fit(operation.column.name, schema.dialect)
    column = as_stored(replace(operation.column, name=name), schema)
    table = replace(table, columns={**table.columns, name: column})
    for constraint in by_convention(schema, operation, table.name, operation.constraints):
        table = with_constraint(schema, table, constraint)
    made = indexes_by_convention(schema, operation, operation.indexes)
    copied = copied_indexes(table, operation.indexes) if rebuilt_by(schema, operation) else ()
    for index in (*made, *copied):
        table = with_index(schema, table, index)
    return with_sequences(schema.with_table(table), table, (column,), revision)


def drop_column(schema: Schema, operation: DropColumn, revision: str | None) -> Schema:
    """Return the schema without the column, its indexes and constraints, in the partitions too."""
    schema, table = with_used(schema, operation.table, revision)
    if table is None:
        return schema
    name = fit(operation.column, schema.dialect)
    for key in (schema.key(table.name), *descendants(schema, table.name)):
        schema = without_sequences(schema, key, name)
        schema = schema.with_table(
            without_column(schema.tables[key], name, schema, copied(schema, operation))
        )
    if schema.dialect == "postgresql":
        schema = without_references_to(schema, table.name, name)
    return schema


def copied(schema: Schema, operation: DropColumn | RenameColumn) -> bool:
    """Tell whether Alembic does it by a copy of the table, as a batch on SQLite does."""
    batch = operation.batch
    return schema.dialect == "sqlite" and batch is not None and batch.recreate != "never"


def rename_column(schema: Schema, operation: RenameColumn, revision: str | None) -> Schema:
    """Return the schema with the column under its new name, wherever it is named."""
    schema, table = with_used(schema, operation.table, revision)
    if table is None:
        return schema
    old, new = fit(operation.column, schema.dialect), fit(operation.to, schema.dialect)
    grown = with_columns(schema, table, (old,))
    if old not in grown.columns or old == new:
        return schema
    schema = schema.with_table(grown)
    if copied(schema, operation):
        return with_column_renamed_by_copy(schema, grown, old, new)
    for key in (schema.key(table.name), *descendants(schema, table.name)):
        if old in schema.tables[key].columns:
            schema = with_renamed_column(schema, schema.tables[key], old, new)
    return schema


def alter_column(schema: Schema, operation: AlterColumn, revision: str | None) -> Schema:
    """Return the schema with the column's attributes changed, in the partitions too."""
    schema, table = with_used(schema, operation.table, revision)
    if table is None:
        return schema
    name = fit(operation.column, schema.dialect)
    if name not in table.columns and schema.certain(table.name):
        return schema
    had_identity = name in table.columns and isinstance(table.columns[name].identity, Identity)
    for key in (schema.key(table.name), *descendants(schema, table.name)):
        schema = _with_altered(schema, schema.tables[key], name, operation)
    if isinstance(operation.identity, Drop):
        return without_sequences(schema, table.name, name)
    if isinstance(operation.identity, Identity) and not had_identity:
        changed = schema.tables[schema.key(table.name)]
        return with_sequences(schema, changed, (changed.columns[name],), revision)
    return schema


def _with_altered(schema: Schema, table: Table, name: str, operation: AlterColumn) -> Schema:
    old = table.columns.get(name)
    if old is None:
        old = assumed_column(name, operation.existing_type, operation.existing_nullable)
    restated = _restates(operation) and is_mysql(schema)
    new = _restated(old, operation) if restated else _altered(old, operation)
    if schema.dialect != "sqlite" and _is_key(table, name):
        new = replace(new, nullable=False)
    new = as_stored(new, schema, made=False)
    return schema.with_table(replace(table, columns={**table.columns, name: new}))


def _is_key(table: Table, name: str) -> bool:
    key = table.primary_key
    return isinstance(key, PrimaryKey) and not isinstance(key.columns, Unknown) and name in key.columns


def _restates(operation: AlterColumn) -> bool:
    """Tell whether MySQL gets a MODIFY or CHANGE, which restates the whole column.

    Alembic writes one for every change but that of the default alone (`ddl/mysql.py`, `alter_column`).
    """
    if operation.restates:
        return True
    changes = (operation.type, operation.nullable, operation.autoincrement, operation.comment)
    return operation.sql is None and any(value is not None for value in changes)


def _restated(old: Column, operation: AlterColumn) -> Column:
    """Return the column after MySQL's MODIFY: what is not restated is lost (MySQL manual, ALTER TABLE)."""
    nullable = operation.existing_nullable if operation.nullable is None else operation.nullable
    default = operation.existing_default if operation.default is None else operation.default
    comment = operation.existing_comment if operation.comment is None else operation.comment
    number = operation.existing_autoincrement if operation.autoincrement is None else operation.autoincrement
    kind = operation.existing_type if operation.type is None else operation.type
    return replace(
        old,
        type=old.type if kind is None else kind,
        nullable=True if nullable is None else nullable,
        default=None if isinstance(default, Drop) else default,
        comment=None if isinstance(comment, Drop) else comment,
        computed=None if isinstance(operation.computed, Drop) else operation.computed,
        identity=None,
        serial=bool(number),
    )


def _altered(old: Column, operation: AlterColumn) -> Column:
    return replace(
        old,
        type=old.type if operation.type is None else operation.type,
        nullable=old.nullable if operation.nullable is None else operation.nullable,
        default=_changed(old.default, operation.default),
        identity=_changed(old.identity, operation.identity),
        computed=_changed(old.computed, operation.computed),
        comment=_changed(old.comment, operation.comment),
        serial=_serial_after(old, operation),
    )


def _serial_after(old: Column, operation: AlterColumn) -> bool:
    if operation.autoincrement is not None:
        return operation.autoincrement
    return old.serial and operation.default is None and operation.identity is None


def _changed(old: T | Unknown | None, new: T | Unknown | Drop | None) -> T | Unknown | None:
    if new is None:
        return old
    return None if isinstance(new, Drop) else new
