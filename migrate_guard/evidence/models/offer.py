"""The replayed schema as the probe reads it: what SQLAlchemy's inspector would say of a real database.

Only what is known goes out. A table that is not wholly known is left out and named; of a column that is
known in part, `unknown` lists the rest.
"""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.dialect import Dialect
from migrate_guard.dialects.spelling import default_text, type_text
from migrate_guard.evidence.left_out import doubt_of
from migrate_guard.operations import (
    UNKNOWN,
    Check,
    Column,
    ForeignKey,
    Index,
    SqlType,
    TableName,
    Unique,
    Unknown,
)
from migrate_guard.record import dataclass
from migrate_guard.schema import Schema, Table
from migrate_guard.schema.names import fit

Object = dict[str, object]


@dataclass(frozen=True, slots=True)
class Offer:
    """The tables that can be compared, as JSON; `left_out` are the others, each with the reason."""

    tables: tuple[Object, ...]
    left_out: dict[TableName, str]


def offer(schema: Schema, dialect: Dialect) -> Offer:
    """Return what of a schema can be compared with models."""
    tables: list[Object] = []
    left_out: dict[TableName, str] = {}
    for table in sorted(schema.all_tables(), key=lambda one: one.name):
        reason = doubt_of(table)
        if reason is not None:
            left_out[table.name] = reason
        elif not table.temporary and table.partition_of is None:
            tables.append(_table(table, schema, dialect))
    return Offer(tuple(tables), left_out)


def _table(table: Table, schema: Schema, dialect: Dialect) -> Object:
    key = table.primary_key
    columns = () if key is None or isinstance(key.columns, Unknown) else key.columns
    uniques = [one for one in table.uniques if not isinstance(one.columns, Unknown)]
    indexes = [one for one in table.indexes if not isinstance(one.parts, Unknown)]
    return {
        **_named(schema.key(table.name)),
        "columns": [_column(column, schema, dialect) for column in table.columns.values()],
        "pk_constraint": {
            "name": _text(key.name) if key else None,
            "constrained_columns": [fit(column, dialect.name) for column in columns],
        },
        "foreign_keys": list(_foreign_keys(table.foreign_keys, schema)),
        "indexes": [*_indexes(indexes, dialect), *_unique_indexes(uniques, dialect)],
        "unique_constraints": [_unique(one, dialect) for one in uniques],
        "table_comment": {"text": table.comment},
        "check_constraints": [_check(one) for one in table.checks if isinstance(one.name, str)],
        "table_options": {},
    }


def _named(name: TableName) -> Object:
    return {"schema": name.schema or None, "name": name.name}


def _text(value: str | Unknown | None) -> str | None:
    return value if isinstance(value, str) else None


def _column(column: Column, schema: Schema, dialect: Dialect) -> Object:
    default = default_text(column.default)
    known = {
        "type": column.certain and type_text(column.type, dialect) is not None,
        "nullable": isinstance(column.nullable, bool),
        "default": not isinstance(default, Unknown),
        "comment": column.comment is not UNKNOWN,
    }
    return {
        "name": column.name,
        "type": type_text(column.type, dialect) if known["type"] else None,
        "enum": _enum(column.type, schema) if known["type"] else None,
        "nullable": column.nullable if known["nullable"] else None,
        "default": None if column.serial else _text(default),
        "comment": _text(column.comment),
        "autoincrement": column.serial,
        "unknown": [name for name, is_known in known.items() if not is_known],
    }


def _enum(kind: SqlType | Unknown | None, schema: Schema) -> Object | None:
    if not isinstance(kind, SqlType) or kind.name != "ENUM" or not kind.native or schema.dialect == "sqlite":
        return None
    labels = kind.labels
    if kind.enum is not None and schema.dialect == "postgresql":
        found = schema.enum(kind.enum)
        labels = labels if found is None else found.labels
    name = TableName("") if kind.enum is None else kind.enum
    return {**_named(name), "labels": list(labels) if isinstance(labels, tuple) else None}


def _foreign_keys(keys: tuple[ForeignKey, ...], schema: Schema) -> Iterator[Object]:
    for key in keys:
        target, columns, targets = key.target, key.columns, key.target_columns
        if isinstance(target, Unknown) or isinstance(columns, Unknown) or isinstance(targets, Unknown):
            continue
        actions = {"ondelete": key.ondelete, "onupdate": key.onupdate}
        options: Object = {name: action for name, action in actions.items() if action}
        if key.deferrable:
            options["deferrable"] = True
        yield {
            "name": _text(key.name),
            "constrained_columns": [fit(column, schema.dialect) for column in columns],
            "referred_schema": schema.key(target).schema or None,
            "referred_table": schema.key(target).name,
            "referred_columns": [fit(column, schema.dialect) for column in targets or columns],
            "options": options,
        }


def _indexes(indexes: list[Index], dialect: Dialect) -> Iterator[Object]:
    for index in indexes:
        parts = () if isinstance(index.parts, Unknown) else index.parts
        has_expressions = any(part.column is None for part in parts)
        # SQLAlchemy cannot reflect an expression index on SQLite, so that Alembic never compares one.
        if not isinstance(index.name, str) or (has_expressions and dialect.family == "sqlite"):
            continue
        found: Object = {
            "name": index.name,
            "column_names": [part.column and fit(part.column, dialect.name) for part in parts],
            "unique": index.unique is True,
            "dialect_options": _index_options(index),
        }
        if dialect.family == "postgresql":
            # SQLite reflects no order, and Alembic expects none there.
            found["column_sorting"] = {
                part.column or part.expression: _sorting(part.sort) for part in parts if part.sort
            }
        if has_expressions:
            found["expressions"] = [part.column or part.expression for part in parts]
        yield found


def _index_options(index: Index) -> Object:
    found: Object = {"postgresql_include": list(index.include)} if index.include else {}
    return {**found, **({"postgresql_nulls_not_distinct": True} if index.nulls_not_distinct else {})}


def _sorting(text: str) -> list[str]:
    """Return an order as SQLAlchemy reflects it: only what is not the default of its direction."""
    words = text.upper().split()
    descending = "DESC" in words
    nulls_first = words[words.index("NULLS") + 1] == "FIRST" if "NULLS" in words[:-1] else descending
    found = ["desc"] if descending else []
    return found if nulls_first == descending else [*found, "nulls_first" if nulls_first else "nulls_last"]


def _unique_indexes(uniques: list[Unique], dialect: Dialect) -> Iterator[Object]:
    """Go through the indexes that MySQL lists for unique constraints, which are one thing there."""
    if dialect.family == "mysql":
        for one in uniques:
            columns = () if isinstance(one.columns, Unknown) else one.columns
            yield {"name": _text(one.name), "column_names": list(columns), "unique": True}


def _unique(unique: Unique, dialect: Dialect) -> Object:
    columns = () if isinstance(unique.columns, Unknown) else unique.columns
    found: Object = {
        "name": _text(unique.name),
        "column_names": [fit(column, dialect.name) for column in columns],
    }
    if dialect.family == "mysql":
        found["duplicates_index"] = found["name"]
    if unique.nulls_not_distinct:
        found["dialect_options"] = {"postgresql_nulls_not_distinct": True}
    return found


def _check(check: Check) -> Object:
    return {"name": check.name, "sqltext": _text(check.sql) or ""}
