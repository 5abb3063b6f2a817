"""Create, drop and rename indexes; part of the replay."""

from __future__ import annotations

from migrate_guard.operations import (
    Constraint,
    CreateIndex,
    DropIndex,
    Exclude,
    Index,
    PrimaryKey,
    RenameIndex,
    TableName,
    Unique,
    Unknown,
)
from migrate_guard.record import replace
from migrate_guard.schema.model import Schema, Table
from migrate_guard.schema.names import fit
from migrate_guard.schema.replay.elements import indexes_by_convention, is_mysql, relation_taken, with_index
from migrate_guard.schema.replay.known import columns_of, descendants, doubted, place, with_columns, with_used


def create_index(schema: Schema, operation: CreateIndex, revision: str | None) -> Schema:
    """Return the schema with the index on the table and, named anew, on its partitions."""
    schema, table = with_used(schema, operation.table, revision)
    if table is None:
        return schema
    if operation.if_not_exists and _exists(schema, table, operation.index):
        return schema
    (index,) = indexes_by_convention(schema, operation, (operation.index,))
    table = with_columns(schema, table, columns_of(index))
    schema = schema.with_table(with_index(schema, table, index))
    for key in descendants(schema, table.name):
        child = schema.tables[key]
        if child.partition_of is not None:
            schema = schema.with_table(with_index(schema, child, replace(operation.index, name=None)))
    return schema


def _exists(schema: Schema, table: Table, index: Index) -> bool:
    if not isinstance(index.name, str):
        return False
    name = fit(index.name, schema.dialect)
    if is_mysql(schema):
        return table.index(name) is not None or table.constraint(name) is not None
    return relation_taken(schema, table, name)


def drop_index(schema: Schema, operation: DropIndex, revision: str | None) -> Schema:
    """Return the schema without the index; an unknown name leaves a doubt about the table."""
    given = operation.table
    if given is not None:
        schema, _ = with_used(schema, given, revision)
    if not isinstance(operation.name, str):
        return _with_doubt(schema, operation)
    table = _table_of(schema, operation, operation.name)
    if table is None:
        return _without_unnamed(schema, operation, operation.name)
    name = fit(operation.name, schema.dialect)
    gone = table.index(name)
    made = replace(table, indexes=tuple(i for i in table.indexes if i is not gone))
    if is_mysql(schema):
        # A UNIQUE is an index there, and DROP INDEX removes it (MySQL 8.4 manual, DROP INDEX).
        kept = tuple(c for c in made.constraints if not (isinstance(c, Unique) and c.name == name))
        made = replace(made, constraints=kept)
    schema = schema.with_table(made)
    return schema if gone is None else _without_inherited(schema, table, gone)


def _without_unnamed(schema: Schema, operation: DropIndex, name: str) -> Schema:
    """Return the schema without the index of an unknown name that is meant; leave a doubt if several may be.

    Every usual convention writes the columns into the name.
    """
    table = None if operation.table is None else schema.tables.get(schema.key(operation.table))
    unnamed = [] if table is None else [i for i in table.indexes if isinstance(i.name, Unknown)]
    if table is None or not unnamed:
        return schema
    fitting = [i for i in unnamed if i.columns and all(column in name for column in i.columns)]
    if len(fitting) != 1:
        reason = f"which index {name!r} is could not be told ({place(operation)})"
        return schema.with_table(doubted(table, reason))
    made = replace(table, indexes=tuple(i for i in table.indexes if i is not fitting[0]))
    return _without_inherited(schema.with_table(made), table, fitting[0])


def _with_doubt(schema: Schema, operation: DropIndex) -> Schema:
    reason = f"an index without a known name is dropped ({place(operation)})"
    if operation.table is None:
        return schema.with_doubt(reason)
    table = schema.tables.get(schema.key(operation.table))
    return schema if table is None else schema.with_table(doubted(table, reason))


def _table_of(schema: Schema, operation: DropIndex, name: str) -> Table | None:
    if operation.table is not None:
        table = schema.tables.get(schema.key(operation.table))
        if table is not None and (is_mysql(schema) or table.index(fit(name, schema.dialect)) is not None):
            return table
    # PostgreSQL and SQLite name indexes per schema, and Alembic leaves the table out of the statement.
    space = operation.schema or (operation.table.schema if operation.table is not None else "")
    key = schema.index_tables.get(schema.key(TableName(name, space)))
    return None if key is None or is_mysql(schema) else schema.tables.get(key)


def _without_inherited(schema: Schema, parent: Table, gone: Index) -> Schema:
    for key in descendants(schema, parent.name):
        child = schema.tables[key]
        kept = tuple(i for i in child.indexes if i.parts != gone.parts or i.unique != gone.unique)
        if child.partition_of is not None and len(kept) != len(child.indexes):
            schema = schema.with_table(replace(child, indexes=kept))
    return schema


def rename_index(schema: Schema, operation: RenameIndex, revision: str | None) -> Schema:
    """Return the schema with the index, and the constraint that it stands behind, under the new name."""
    name, to = fit(operation.name, schema.dialect), fit(operation.to, schema.dialect)
    if operation.table is not None:
        schema, table = with_used(schema, operation.table, revision)
    else:
        key = schema.index_tables.get(schema.key(TableName(name, operation.schema)))
        table = None if key is None else schema.tables.get(key)
    if table is None:
        return schema
    renamed = table.index(name)
    indexes = tuple(replace(i, name=to, given=None) if i is renamed else i for i in table.indexes)
    constraints = tuple(
        c if c.name != name or not _has_index(c) else replace(c, name=to) for c in table.constraints
    )
    return schema.with_table(replace(table, indexes=indexes, constraints=constraints))


def _has_index(constraint: Constraint) -> bool:
    return isinstance(constraint, (PrimaryKey, Unique, Exclude))
