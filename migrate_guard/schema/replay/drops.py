"""What goes when a column goes; part of the replay.

PostgreSQL 18 manual, ALTER TABLE, DROP COLUMN: indexes and table constraints that involve the column go
too. MySQL 8.4 manual, ALTER TABLE: the column leaves every index, and an index without columns goes.
SQLite refuses to drop a column that anything uses (lang_altertable.html, 5); Alembic's copy of the table
leaves out the keys that use it, while its checks, of which only the text is known, stay as they are.
"""

from __future__ import annotations

from migrate_guard.operations import (
    Check,
    Constraint,
    Exclude,
    ForeignKey,
    Index,
    PrimaryKey,
    TableName,
    Unique,
    Unknown,
)
from migrate_guard.record import replace
from migrate_guard.schema.model import Schema, Table
from migrate_guard.schema.replay.elements import is_mysql
from migrate_guard.schema.text import mentions


def without_column(table: Table, name: str, schema: Schema, copied: bool = False) -> Table:
    """Return the table without the column and what the server, or a copy by Alembic, drops with it."""
    constraints = (
        c if copied and isinstance(c, Check) else _constraint_without(c, name, schema)
        for c in table.constraints
    )
    indexes = (_index_without(i, name, schema) for i in table.indexes)
    return replace(
        table,
        columns={key: column for key, column in table.columns.items() if key != name},
        constraints=tuple(c for c in constraints if c is not None),
        indexes=tuple(i for i in indexes if i is not None),
    )


def _in_text(sql: str | Unknown | None, name: str) -> bool:
    return isinstance(sql, str) and mentions(sql, name)


def _constraint_without(constraint: Constraint, name: str, schema: Schema) -> Constraint | None:
    if isinstance(constraint, (Check, Exclude)):
        of_column = isinstance(constraint, Check) and constraint.not_null == name
        return None if of_column or _in_text(constraint.sql, name) else constraint
    if isinstance(constraint.columns, Unknown) or name not in constraint.columns:
        return constraint
    rest = tuple(column for column in constraint.columns if column != name)
    shrinks = is_mysql(schema) and isinstance(constraint, (PrimaryKey, Unique))
    # Alembic takes the column out of the primary key that it read from SQLite (batch.py, drop_column).
    shrinks = shrinks or (schema.dialect == "sqlite" and isinstance(constraint, PrimaryKey))
    if not shrinks or not rest or isinstance(constraint, ForeignKey):
        return None
    return replace(constraint, columns=rest)


def _index_without(index: Index, name: str, schema: Schema) -> Index | None:
    if isinstance(index.parts, Unknown):
        return index
    used = [part.column == name or _in_text(part.expression, name) for part in index.parts]
    outside = name in index.include or _in_text(index.where, name)
    if not any(used) and not outside:
        return index
    rest = tuple(part for part, gone in zip(index.parts, used, strict=True) if not gone)
    if not is_mysql(schema) or not rest:
        return None
    return replace(index, parts=rest)


def without_references_to(schema: Schema, target: TableName, column: str) -> Schema:
    """Return the schema without the foreign keys of other tables that point to a column.

    PostgreSQL drops them with CASCADE and refuses without it.
    """
    wanted = schema.key(target)
    for name in schema.linked("foreign key", target):
        table = schema.tables[name]
        kept = tuple(c for c in table.constraints if not _points_to(schema, c, wanted, column))
        if len(kept) != len(table.constraints):
            schema = schema.with_table(replace(table, constraints=kept))
    return schema


def _points_to(schema: Schema, constraint: Constraint, target: TableName, column: str) -> bool:
    if not isinstance(constraint, ForeignKey):
        return False
    if isinstance(constraint.target, Unknown) or isinstance(constraint.target_columns, Unknown):
        return False
    return schema.key(constraint.target) == target and column in constraint.target_columns
