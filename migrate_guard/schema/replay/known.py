"""What an operation tells about a table that the history has not shown so far.

Part of the replay. A table that is used but never created comes into being as an *assumed* one, with
exactly what the operation says of it.
"""

from __future__ import annotations

from collections.abc import Iterable

from migrate_guard.operations import (
    UNKNOWN,
    AnyOperation,
    Column,
    Constraint,
    ForeignKey,
    Index,
    SqlType,
    TableName,
    Unknown,
)
from migrate_guard.record import replace
from migrate_guard.schema.model import Schema, Table
from migrate_guard.schema.names import fit

_SYSTEM_SCHEMAS = frozenset({"information_schema", "pg_catalog", "mysql", "performance_schema", "sys"})
_SYSTEM_PREFIXES = ("sqlite_", "pg_")
_OF_ALEMBIC = "alembic_version"


def place(operation: AnyOperation) -> str:
    """Return where an operation stands, for a doubt."""
    return f"{operation.span.path}:{operation.span.line}"


def fitted(name: TableName, schema: Schema) -> TableName:
    """Return the name as the server keeps it."""
    short = fit(name.name, schema.dialect)
    return name if short == name.name else TableName(short, name.schema)


def _belongs_elsewhere(schema: Schema, name: TableName) -> bool:
    if name.schema.lower() in _SYSTEM_SCHEMAS or name.name.lower().startswith(_SYSTEM_PREFIXES):
        return True
    if name.name == _OF_ALEMBIC:
        return True
    return any(
        schema.object(kind, name) is not None for kind in ("view", "materialized view", "foreign table")
    )


def with_used(schema: Schema, name: TableName, revision: str | None) -> tuple[Schema, Table | None]:
    """Return the table that an operation uses, and the schema with it.

    There is none where the history dropped it (the server will refuse the operation), where the name is
    that of a view, and for the tables of the server and of Alembic.
    """
    key = schema.key(name)
    table = schema.tables.get(key)
    if table is not None:
        return schema, table
    if key in schema.dropped or _belongs_elsewhere(schema, name):
        return schema, None
    made = Table(fitted(name, schema), revision=revision, assumed=True, doubts_before=schema.doubt_count)
    return replace(schema, complete=False).with_table(made), made


def assumed_column(
    name: str, kind: SqlType | Unknown | None = None, nullable: bool | Unknown | None = None
) -> Column:
    """Return a column of which no more is known than an operation says."""
    return Column(
        name,
        kind,
        nullable=UNKNOWN if nullable is None else nullable,
        default=UNKNOWN,
        identity=UNKNOWN,
        computed=UNKNOWN,
        comment=UNKNOWN,
    )


def with_columns(schema: Schema, table: Table, names: Iterable[str]) -> Table:
    """Return the table with columns that it must have, because an operation uses them.

    Where all columns are known already, one more is a mistake of the script and not a column.
    """
    if schema.certain(table.name):
        return table
    missing = [name for name in (fit(n, schema.dialect) for n in names) if name not in table.columns]
    if not missing:
        return table
    return replace(table, columns={**table.columns, **{name: assumed_column(name) for name in missing}})


def columns_of(element: Constraint | Index) -> tuple[str, ...]:
    """Return the columns of the table itself that a constraint or an index lists."""
    if isinstance(element, Index):
        return (*element.columns, *element.include)
    columns = getattr(element, "columns", ())
    return () if isinstance(columns, Unknown) else tuple(columns)


def with_target(schema: Schema, constraint: Constraint, revision: str | None) -> Schema:
    """Return the schema with the table that a foreign key points to, where it must exist."""
    if not isinstance(constraint, ForeignKey) or isinstance(constraint.target, Unknown):
        return schema
    schema, target = with_used(schema, constraint.target, revision)
    if target is None or isinstance(constraint.target_columns, Unknown):
        return schema
    grown = with_columns(schema, target, constraint.target_columns)
    return schema if grown is target else schema.with_table(grown)


def doubted(table: Table, reason: str) -> Table:
    """Return the table after something unread or undecided that concerns it."""
    if reason in table.doubts:
        return replace(table, certain=False)
    return replace(table, certain=False, doubts=(*table.doubts, reason))


def descendants(schema: Schema, name: TableName) -> tuple[TableName, ...]:
    """Return the partitions and inheriting tables below a table, at every depth, parents first."""
    found: dict[TableName, None] = {}
    waiting = [schema.key(name)]
    while waiting:
        parent = waiting.pop()
        for child in schema.linked("child", parent):
            if child not in found and child != schema.key(name):
                found[child] = None
                waiting.append(child)
    return tuple(found)
