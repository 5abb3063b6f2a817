"""Columns that the server fills by itself, and the sequences that PostgreSQL makes for them.

Part of the replay.
"""

from __future__ import annotations

from collections.abc import Iterable

from migrate_guard.operations import (
    UNKNOWN,
    Column,
    Constraint,
    ForeignKey,
    PrimaryKey,
    SqlType,
    TableName,
    Unknown,
)
from migrate_guard.pattern import pattern
from migrate_guard.record import replace
from migrate_guard.schema.model import NamedObject, Schema, Table
from migrate_guard.schema.names import choose_name
from migrate_guard.schema.replay.elements import relation_taken

_NAME = pattern(r'"((?:[^"]|"")+)"|([^\W\d][\w$]*)')
_INTEGERS = frozenset({"INTEGER", "BIGINT", "SMALLINT", "MEDIUMINT", "TINYINT"})


def numbered_by_sqlalchemy(column: Column, constraints: Iterable[Constraint]) -> bool:
    """Tell whether SQLAlchemy writes the column as SERIAL or AUTO_INCREMENT.

    It does so for the integer that alone makes up the primary key, refers to nothing and has no default,
    and for a primary-key column with `autoincrement=True` (SQLAlchemy, `Column.autoincrement`).
    """
    found = list(constraints)
    key = next((c for c in found if isinstance(c, PrimaryKey)), None)
    if key is None or isinstance(key.columns, Unknown) or column.name not in key.columns:
        return False
    if column.autoincrement is False or not _is_plain_integer(column):
        return False
    if column.autoincrement is True:
        return True
    refers = any(
        isinstance(c, ForeignKey) and not isinstance(c.columns, Unknown) and column.name in c.columns
        for c in found
    )
    return len(key.columns) == 1 and not refers


def _is_plain_integer(column: Column) -> bool:
    if not isinstance(column.type, SqlType) or column.type.name not in _INTEGERS:
        return False
    given = (column.default, column.identity, column.computed)
    return not column.python_default and all(value is None for value in given)


def with_serials(
    columns: dict[str, Column], constraints: Iterable[Constraint], schema: Schema
) -> dict[str, Column]:
    """Return the columns of a table created through Alembic, the numbered one marked as `serial`."""
    if schema.dialect == "sqlite":
        return columns
    found = tuple(constraints)
    return {
        name: replace(column, serial=True) if numbered_by_sqlalchemy(column, found) else column
        for name, column in columns.items()
    }


def _named(written: str) -> TableName:
    """Return the name that a type has in raw SQL: PostgreSQL folds what stands in no quotes."""
    parts = [quoted.replace('""', '"') if quoted else bare.lower() for quoted, bare in _NAME.findall(written)]
    return TableName(parts[-1], parts[-2] if len(parts) > 1 else "") if parts else TableName(written)


def resolved(kind: SqlType | Unknown | None, schema: Schema) -> SqlType | Unknown | None:
    """Return the type with a bare name in raw SQL read as the enum type that it is the name of."""
    if not isinstance(kind, SqlType) or schema.dialect != "postgresql":
        return kind
    if kind.item is not None:
        item = resolved(kind.item, schema)
        return replace(kind, item=item) if isinstance(item, SqlType) else kind
    if kind.custom is None or kind.name == "CUSTOM":
        return kind
    enum = schema.enum(_named(kind.custom))
    if enum is None:
        return kind
    return SqlType("ENUM", enum=enum.name, labels=enum.labels, create=False)


def as_stored(column: Column, schema: Schema, made: bool = True) -> Column:
    """Return the column as the server makes it: SERIAL and IDENTITY are NOT NULL (PostgreSQL manual).

    One that is only altered, `made` being false, may be NULL there although a sequence fills it.
    """
    kind = resolved(column.type, schema)
    column = column if kind is column.type else replace(column, type=kind)
    serial = column.serial and (made or schema.dialect != "postgresql")
    filled = serial or column.identity not in (None, UNKNOWN)
    if filled and column.nullable is not False and schema.dialect != "sqlite":
        return replace(column, nullable=False)
    return column


def with_sequences(
    schema: Schema, table: Table, columns: Iterable[Column], revision: str | None, certain: bool = True
) -> Schema:
    """Return the schema with the sequences that belong to these columns of a table (PostgreSQL)."""
    if schema.dialect != "postgresql":
        return schema
    for column in columns:
        if not column.serial and column.identity in (None, UNKNOWN):
            continue
        name = _sequence_name(schema, table, column.name)
        schema = schema.with_object(
            NamedObject(
                "sequence",
                TableName(name, table.name.schema),
                table=table.name,
                column=column.name,
                created=table.created,
                revision=revision,
                certain=certain,
            )
        )
    return schema


def _sequence_name(schema: Schema, table: Table, column: str) -> str:
    return choose_name(table.name.name, (column,), "seq", lambda name: relation_taken(schema, table, name))


def without_sequences(schema: Schema, table: TableName, column: str) -> Schema:
    """Return the schema without the sequences that belong to a column."""
    for key in schema.dependents.get(schema.key(table), frozenset()):
        found = schema.objects[key]
        if found.kind == "sequence" and found.column == column:
            schema = schema.without_object(key)
    return schema
