"""Create, drop and rename tables; part of the replay."""

from __future__ import annotations

from collections.abc import Iterable

from migrate_guard.operations import (
    UNKNOWN,
    AlterTable,
    AttachPartition,
    Check,
    Column,
    CommentTable,
    Constraint,
    CreateTable,
    DetachPartition,
    DropTable,
    Exclude,
    ForeignKey,
    Index,
    PrimaryKey,
    RenameTable,
    TableName,
    Unknown,
)
from migrate_guard.record import replace
from migrate_guard.schema.model import Schema, Table
from migrate_guard.schema.replay.elements import (
    by_convention,
    column_names,
    indexes_by_convention,
    merged,
    with_constraint,
    with_index,
)
from migrate_guard.schema.replay.known import descendants, doubted, fitted, place, with_target, with_used
from migrate_guard.schema.replay.moves import moved
from migrate_guard.schema.replay.objects import with_enums_of, without_dependents
from migrate_guard.schema.replay.sequences import as_stored, with_sequences, with_serials


def create_table(schema: Schema, operation: CreateTable, revision: str | None) -> Schema:
    """Return the schema with the new table; `IF NOT EXISTS` leaves a table that is there alone."""
    if operation.if_not_exists and schema.key(operation.table) in schema.tables:
        return schema
    table = Table(
        fitted(operation.table, schema),
        comment=operation.comment if isinstance(operation.comment, str) else None,
        created=operation.span,
        revision=revision,
        temporary=operation.temporary,
        partitioned=operation.partitioned,
        partition_of=operation.partition_of,
        inherits=operation.inherits,
        doubts_before=schema.doubt_count,
    )
    table = replace(table, columns=_columns(schema, operation))
    table = _with_unknown_parts(table, operation)
    for constraint in operation.constraints:
        if not _points_to(constraint, table.name, schema):
            schema = with_target(schema, constraint, revision)
    schema = with_enums_of(schema, operation, table.columns.values(), revision)
    table = _with_elements(schema, table, operation)
    made = schema.with_table(table)
    return with_sequences(made, table, table.columns.values(), revision)


def _points_to(constraint: Constraint, table: TableName, schema: Schema) -> bool:
    """Tell whether a foreign key is one of a new table to itself, which no other revision has to create."""
    target = constraint.target if isinstance(constraint, ForeignKey) else UNKNOWN
    return not isinstance(target, Unknown) and schema.key(target) == schema.key(table)


def _with_elements(schema: Schema, table: Table, operation: CreateTable) -> Table:
    constraints = by_convention(schema, operation, table.name, operation.constraints)
    if schema.dialect == "postgresql":
        constraints = merged(constraints)
    for constraint in constraints:
        if schema.dialect == "sqlite" and operation.sql is not None and isinstance(constraint, PrimaryKey):
            # SQLite lets a key be NULL unless the column says NOT NULL (lang_createtable.html, 3.5), and
            # only SQLAlchemy writes that down by itself.
            table = replace(table, constraints=(*table.constraints, constraint))
            continue
        table = with_constraint(schema, table, constraint)
    own = indexes_by_convention(schema, operation, operation.indexes)
    for index in (*_parents_indexes(schema, operation), *own):
        table = with_index(schema, table, index)
    for constraint in _parents_constraints(schema, operation):
        table = with_constraint(schema, table, constraint)
    return table


def _columns(schema: Schema, operation: CreateTable) -> dict[str, Column]:
    columns: dict[str, Column] = {}
    for parent in _parents(schema, operation):
        columns.update({name: replace(column, serial=False) for name, column in parent.columns.items()})
    if isinstance(operation.columns, Unknown):
        columns.update(_like(schema, operation))
        return columns
    own = column_names(operation.columns, schema)
    if operation.sql is None:
        own = with_serials(own, operation.constraints, schema)
    columns.update({name: as_stored(column, schema) for name, column in own.items()})
    return columns


def _parents(schema: Schema, operation: CreateTable) -> tuple[Table, ...]:
    names = operation.inherits if operation.partition_of is None else (operation.partition_of,)
    found = (schema.tables.get(schema.key(name)) for name in names)
    return tuple(table for table in found if table is not None)


def _like(schema: Schema, operation: CreateTable) -> dict[str, Column]:
    """Return the columns of `LIKE`: names, types and NOT NULL; the rest hangs on its options."""
    model = None if operation.like is None else schema.tables.get(schema.key(operation.like))
    if model is None:
        return {}
    return {
        name: replace(
            column,
            default=None if column.default is None and not column.serial else UNKNOWN,
            identity=None if column.identity is None else UNKNOWN,
            computed=None if column.computed is None else UNKNOWN,
            comment=None if column.comment is None else UNKNOWN,
            serial=False,
        )
        for name, column in model.columns.items()
    }


def _with_unknown_parts(table: Table, operation: CreateTable) -> Table:
    if not isinstance(operation.columns, Unknown):
        return table
    if operation.as_select is not None:
        return doubted(table, f"its columns come from a query ({place(operation)})")
    if operation.like is not None:
        return doubted(table, f"its columns are those of {operation.like} ({place(operation)})")
    if operation.partition_of is not None and not operation.unknowns:
        return table
    return doubted(table, f"not all of its columns could be read ({place(operation)})")


def _parents_constraints(schema: Schema, operation: CreateTable) -> Iterable[Constraint]:
    """Return what a table gets from its parents: checks, and a partition also the keys.

    Primary keys and UNIQUE get names of their own there, the others keep theirs (PostgreSQL 18 manual,
    CREATE TABLE, INHERITS and PARTITION OF).
    """
    for parent in _parents(schema, operation):
        for constraint in parent.constraints:
            if isinstance(constraint, Check):
                yield constraint
            elif operation.partition_of is None or isinstance(constraint, Exclude):
                continue
            elif isinstance(constraint, ForeignKey):
                yield constraint
            else:
                yield replace(constraint, name=None)


def _parents_indexes(schema: Schema, operation: CreateTable) -> Iterable[Index]:
    if operation.partition_of is None:
        return
    for parent in _parents(schema, operation):
        yield from (replace(index, name=None) for index in parent.indexes)


def drop_table(schema: Schema, operation: DropTable, revision: str | None) -> Schema:
    """Return the schema without the table and what a server drops with it.

    PostgreSQL also drops the foreign keys that point to it, which needs CASCADE there; MySQL and SQLite
    leave them pointing to nothing, where they allow the drop at all.
    """
    del revision
    key = schema.key(operation.table)
    if key not in schema.tables:
        if schema.certain(operation.table):
            return schema
        return replace(schema, dropped=schema.dropped.with_item(key, operation.span))
    return _without(schema, operation, key_table=schema.tables[key])


def _without(schema: Schema, operation: DropTable, key_table: Table) -> Schema:
    for name in (key_table.name, *_dropped_with(schema, key_table, operation.cascade)):
        if schema.dialect == "postgresql":
            schema = _without_references(schema, name)
        schema = without_dependents(schema, name, cascade=operation.cascade)
        schema = schema.without_table(name, operation.span)
    return schema


def _dropped_with(schema: Schema, parent: Table, cascade: bool) -> tuple[TableName, ...]:
    """Return the partitions of a table, and with CASCADE also the tables that inherit from it."""
    return tuple(
        name
        for name in descendants(schema, parent.name)
        if cascade or schema.tables[name].partition_of is not None
    )


def _without_references(schema: Schema, target: TableName) -> Schema:
    wanted = schema.key(target)
    for name in schema.linked("foreign key", target):
        table = schema.tables[name]
        kept = tuple(
            c
            for c in table.constraints
            if not isinstance(c, ForeignKey)
            or isinstance(c.target, Unknown)
            or schema.key(c.target) != wanted
        )
        schema = schema.with_table(replace(table, constraints=kept))
    return schema


def rename_table(schema: Schema, operation: RenameTable, revision: str | None) -> Schema:
    """Return the schema with the table under its new name, and everything that follows it."""
    schema, table = with_used(schema, operation.table, revision)
    if table is None:
        return schema
    return moved(schema, table, fitted(operation.to, schema), operation.span)


def comment_table(schema: Schema, operation: CommentTable, revision: str | None) -> Schema:
    """Return the schema with the table's comment set or removed; an unknown one leaves a doubt."""
    schema, table = with_used(schema, operation.table, revision)
    if table is None:
        return schema
    if isinstance(operation.comment, Unknown):
        return schema.with_table(doubted(table, f"its comment could not be read ({place(operation)})"))
    return schema.with_table(replace(table, comment=operation.comment))


def attach_partition(schema: Schema, operation: AttachPartition, revision: str | None) -> Schema:
    """Return the schema with a table made a partition of another."""
    schema, parent = with_used(schema, operation.table, revision)
    schema, child = with_used(schema, operation.partition, revision)
    if parent is None or child is None or parent is child:
        return schema
    return schema.with_table(replace(child, partition_of=parent.name))


def detach_partition(schema: Schema, operation: DetachPartition, revision: str | None) -> Schema:
    """Return the schema with a partition made a table of its own."""
    schema, _ = with_used(schema, operation.table, revision)
    schema, child = with_used(schema, operation.partition, revision)
    return schema if child is None else schema.with_table(replace(child, partition_of=None))


def alter_table(schema: Schema, operation: AlterTable, revision: str | None) -> Schema:
    """Return the schema in which the altered table is known to exist; its shape stays as it is."""
    return with_used(schema, operation.table, revision)[0]
