"""Enum types, views, sequences, triggers and other named objects; part of the replay."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from migrate_guard.operations import (
    UNKNOWN,
    AddEnumValue,
    AlterObject,
    AnyOperation,
    Column,
    CreateEnum,
    CreateObject,
    Default,
    DropEnum,
    DropObject,
    RenameEnumValue,
    SqlType,
    TableName,
    Unknown,
)
from migrate_guard.record import replace
from migrate_guard.schema.links import uses_enum
from migrate_guard.schema.model import EnumType, NamedObject, ObjectKey, Schema, Table
from migrate_guard.schema.replay.known import fitted, place
from migrate_guard.schema.text import canonical

_SCHEMAS = "schema"
_MAY_CARRY_COLUMNS = frozenset({"type", "domain", "extension", "function", "sequence", "collation"})


def create_enum(schema: Schema, operation: CreateEnum, revision: str | None) -> Schema:
    """Return the schema with the enum type; `checkfirst` leaves one that is there alone."""
    if operation.if_not_exists and schema.enum(operation.name) is not None:
        return schema
    return _with_enum(
        schema, EnumType(fitted(operation.name, schema), operation.labels, operation.span, revision)
    )


def _with_enum(schema: Schema, enum: EnumType) -> Schema:
    return replace(schema, enums=schema.enums.with_item(schema.key(enum.name), enum))


def with_enums_of(
    schema: Schema, operation: AnyOperation, columns: Iterable[Column], revision: str | None
) -> Schema:
    """Return the schema with the enum types that SQLAlchemy creates along with a table (PostgreSQL)."""
    if schema.dialect != "postgresql" or operation.sql is not None:
        return schema
    for column in columns:
        kind = column.type
        while isinstance(kind, SqlType) and kind.item is not None:
            kind = kind.item
        if not isinstance(kind, SqlType) or kind.enum is None or not (kind.native and kind.create):
            continue
        if schema.enum(kind.enum) is None:
            labels = UNKNOWN if kind.labels is None else kind.labels
            schema = _with_enum(schema, EnumType(fitted(kind.enum, schema), labels, operation.span, revision))
    return schema


def drop_enum(schema: Schema, operation: DropEnum, revision: str | None) -> Schema:
    """Return the schema without the enum type."""
    del revision
    return replace(schema, enums=schema.enums.without(schema.key(operation.name)))


def _relabelled(
    schema: Schema,
    name: TableName,
    change: Callable[[tuple[str, ...]], tuple[str, ...]],
    to: TableName | None = None,
) -> Schema:
    """Change an enum type's labels or name, in the type and in the columns that are of it."""
    enum = schema.enum(name)
    if enum is None:
        return schema
    labels = enum.labels if isinstance(enum.labels, Unknown) else change(enum.labels)
    if to is not None:
        schema = replace(schema, enums=schema.enums.without(schema.key(name)))
    schema = _with_enum(schema, replace(enum, name=to or enum.name, labels=labels))
    for user in schema.linked("enum", name):
        table = schema.tables[user]
        columns = {
            column.name: _of_changed_enum(schema, column, name, to or name, labels)
            for column in table.columns.values()
        }
        schema = schema.with_table(replace(table, columns=columns))
    return schema


def _of_changed_enum(
    schema: Schema, column: Column, name: TableName, to: TableName, labels: tuple[str, ...] | Unknown
) -> Column:
    if not uses_enum(column, name, schema.key) or not isinstance(column.type, SqlType):
        return column
    return replace(column, type=_changed_type(column.type, to, labels))


def _changed_type(kind: SqlType, to: TableName, labels: tuple[str, ...] | Unknown) -> SqlType:
    if kind.enum is None and kind.item is not None:
        return replace(kind, item=_changed_type(kind.item, to, labels))
    return replace(kind, enum=to, labels=labels)


def add_enum_value(schema: Schema, operation: AddEnumValue, revision: str | None) -> Schema:
    """Return the schema with one more label, last or where the statement says."""
    del revision

    def change(labels: tuple[str, ...]) -> tuple[str, ...]:
        if operation.value in labels:
            return labels
        position = len(labels)
        if operation.before in labels:
            position = labels.index(operation.before)
        elif operation.after in labels:
            position = labels.index(operation.after) + 1
        return (*labels[:position], operation.value, *labels[position:])

    return _relabelled(schema, operation.name, change)


def rename_enum_value(schema: Schema, operation: RenameEnumValue, revision: str | None) -> Schema:
    """Return the schema with a label under its new name, in the defaults of its columns too."""
    del revision
    schema = _relabelled(
        schema,
        operation.name,
        lambda labels: tuple(operation.to if label == operation.value else label for label in labels),
    )
    for user in schema.linked("enum", operation.name):
        table = schema.tables[user]
        columns = {
            column.name: _with_default_label(schema, column, operation) for column in table.columns.values()
        }
        schema = schema.with_table(replace(table, columns=columns))
    return schema


def _with_default_label(schema: Schema, column: Column, operation: RenameEnumValue) -> Column:
    default = column.default
    if not isinstance(default, Default) or not isinstance(default.sql, str):
        return column
    if not uses_enum(column, operation.name, schema.key):
        return column
    old, new = (text.replace("'", "''") for text in (operation.value, operation.to))
    if canonical(default.sql) == f"'{old}'":
        return replace(column, default=replace(default, sql=f"'{new}'"))
    return column


def create_object(schema: Schema, operation: CreateObject, revision: str | None) -> Schema:
    """Return the schema with the object; `IF NOT EXISTS` leaves one that is there alone."""
    if operation.if_not_exists and schema.object(operation.kind, operation.name, operation.table) is not None:
        return schema
    return schema.with_object(
        NamedObject(
            operation.kind,
            fitted(operation.name, schema),
            table=operation.table,
            uses=operation.uses,
            detail=operation.detail,
            created=operation.span,
            revision=revision,
        )
    )


def alter_object(schema: Schema, operation: AlterObject, revision: str | None) -> Schema:
    """Return the schema with the object renamed or moved; other changes leave its outside as it is."""
    del revision
    if operation.to is None:
        return schema
    to = fitted(operation.to, schema)
    if operation.kind == "type" and schema.enum(operation.name) is not None:
        return _relabelled(schema, operation.name, lambda labels: labels, to)
    if operation.kind == _SCHEMAS:
        return schema.with_doubt(f"schema {operation.name} is renamed to {to} ({place(operation)})")
    found = schema.object(operation.kind, operation.name, operation.table)
    if found is None:
        return schema
    key = schema.object_key(found.kind, found.name, found.table)
    schema = schema.without_object(key).with_object(replace(found, name=to))
    return _with_renamed_use(schema, operation.name, to)


def _with_renamed_use(schema: Schema, old: TableName, to: TableName) -> Schema:
    for key in sorted(schema.dependents.get(schema.key(old), frozenset())):
        found = schema.objects[key]
        uses = tuple(to if schema.key(name) == schema.key(old) else name for name in found.uses)
        schema = schema.without_object(key).with_object(replace(found, uses=uses))
    return schema


def drop_object(schema: Schema, operation: DropObject, revision: str | None) -> Schema:
    """Return the schema without the object; with CASCADE also without the views that read it.

    What else a CASCADE takes along (the columns of a dropped domain, the tables of a dropped schema) is
    a doubt about the whole schema, since the object's users are not recorded.
    """
    del revision
    name = operation.name
    if operation.kind == "type" and schema.enum(name) is not None:
        if operation.cascade:
            schema = _without_enum_columns(schema, name)
        return replace(schema, enums=schema.enums.without(schema.key(name)))
    key = schema.object_key(operation.kind, name, operation.table)
    if operation.cascade and operation.kind in ("view", "materialized view"):
        schema = without_dependents(schema, name, cascade=True)
    schema = schema.without_object(key)
    carries = operation.kind in _MAY_CARRY_COLUMNS or operation.kind == _SCHEMAS
    if operation.cascade and carries:
        return schema.with_doubt(f"DROP {operation.kind.upper()} {name} CASCADE ({place(operation)})")
    return schema


def _without_enum_columns(schema: Schema, name: TableName) -> Schema:
    for user in schema.linked("enum", name):
        table = schema.tables[user]
        schema = schema.with_table(_without_columns_of(schema, table, name))
    return schema


def _without_columns_of(schema: Schema, table: Table, name: TableName) -> Table:
    from migrate_guard.schema.replay.drops import without_column

    for column in tuple(table.columns.values()):
        if uses_enum(column, name, schema.key):
            table = without_column(table, column.name, schema)
    return table


def without_dependents(schema: Schema, name: TableName, *, cascade: bool) -> Schema:
    """Return the schema without what hangs on a table, and with CASCADE without the views that read it.

    Only PostgreSQL ties views to tables; MySQL ignores CASCADE and SQLite knows none.
    """
    waiting = [schema.key(name)]
    while waiting:
        owner = waiting.pop()
        for key in sorted(schema.dependents.get(owner, frozenset())):
            found = schema.objects[key]
            if _goes_along(schema, found, owner, cascade):
                schema = schema.without_object(key)
                waiting.append(_as_owner(key))
    return schema


def _as_owner(key: ObjectKey) -> TableName:
    return key[1]


def _goes_along(schema: Schema, found: NamedObject, owner: TableName, cascade: bool) -> bool:
    if found.table is not None and schema.key(found.table) == owner:
        return True
    return cascade and schema.dialect == "postgresql"
