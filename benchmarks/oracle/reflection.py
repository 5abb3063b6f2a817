"""A schema told as SQLAlchemy's inspector tells it, so that a script can ask without a database."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import NoSuchTableError

from migrate_guard.operations import (
    Check,
    Column,
    Default,
    ForeignKey,
    Index,
    PrimaryKey,
    SqlType,
    TableName,
    Unique,
)
from migrate_guard.schema import Schema, Table

Row = dict[str, Any]
Types = Mapping[str, Callable[..., Any]]


def columns(table: Table, types: Types) -> list[Row]:
    """Return what `get_columns` gives; `types` are the dialect's `ischema_names`."""
    return [_column(column, types) for column in table.columns.values()]


def _column(column: Column, types: Types) -> Row:
    default = column.default
    return {
        "name": column.name,
        "type": _type(column, types),
        "nullable": column.nullable is not False,
        "default": default.sql if isinstance(default, Default) and isinstance(default.sql, str) else None,
        "autoincrement": column.serial,
        "comment": column.comment if isinstance(column.comment, str) else None,
    }


def _type(column: Column, types: Types) -> Any:
    found = column.type
    if not isinstance(found, SqlType):
        return sa.types.NullType()
    make = types.get(found.name.lower()) or types.get(found.name) or getattr(sa.types, found.name, None)
    if make is None:
        return sa.types.NullType()
    try:
        return make(*found.arguments)
    except TypeError:
        return sa.types.NullType()


def primary_key(table: Table) -> Row:
    """Return what `get_pk_constraint` gives."""
    key = table.primary_key
    if not isinstance(key, PrimaryKey):
        return {"name": None, "constrained_columns": []}
    return {"name": _name(key.name), "constrained_columns": _list(key.columns)}


def foreign_keys(table: Table) -> list[Row]:
    """Return what `get_foreign_keys` gives."""
    return [_foreign_key(key) for key in table.foreign_keys if isinstance(key.target, TableName)]


def _foreign_key(key: ForeignKey) -> Row:
    target = key.target if isinstance(key.target, TableName) else TableName("")
    options = {"ondelete": key.ondelete, "onupdate": key.onupdate}
    return {
        "name": _name(key.name),
        "constrained_columns": _list(key.columns),
        "referred_schema": target.schema or None,
        "referred_table": target.name,
        "referred_columns": _list(key.target_columns),
        "options": {name: value for name, value in options.items() if value},
    }


def indexes(table: Table, dialect: str) -> list[Row]:
    """Return what `get_indexes` gives; servers list the indexes of unique constraints too."""
    found = [_index(index) for index in table.indexes]
    if dialect != "sqlite":
        found += [
            {**_unique(one), "unique": True, "duplicates_constraint": _name(one.name)}
            for one in table.uniques
        ]
    return found


def _index(index: Index) -> Row:
    return {"name": _name(index.name), "column_names": list(index.columns), "unique": index.unique is True}


def uniques(table: Table) -> list[Row]:
    """Return what `get_unique_constraints` gives."""
    return [_unique(one) for one in table.uniques]


def _unique(unique: Unique) -> Row:
    return {"name": _name(unique.name), "column_names": _list(unique.columns)}


def checks(table: Table) -> list[Row]:
    """Return what `get_check_constraints` gives."""
    return [_check(one) for one in table.checks]


def _check(check: Check) -> Row:
    return {"name": _name(check.name), "sqltext": str(check.sql)}


def _name(name: object) -> str | None:
    return name if isinstance(name, str) else None


def _list(names: object) -> list[str]:
    return list(names) if isinstance(names, tuple) else []


def table_of(schema: Schema, name: str, schema_name: str | None) -> Table:
    """Return a table; raise `NoSuchTableError` as SQLAlchemy does."""
    found = schema.table(TableName(name, schema_name or ""))
    if found is None:
        raise NoSuchTableError(name)
    return found


def table_names(schema: Schema, schema_name: str | None) -> list[str]:
    """Return the names of the tables in one schema of the database."""
    wanted = schema.key(TableName("", schema_name or "")).schema
    return sorted(key.name for key in schema.tables if key.schema == wanted)
