"""What Alembic's batch mode loses when it rebuilds a table on SQLite; part of the replay.

Alembic reads the table back, creates it anew and copies the rows (`operations/batch.py`). What cannot be
read back is lost: a CHECK without a name, the collation of a column, an index on an expression, the order
and the collation of an index's keys (SQLAlchemy 2.1 reads columns by `PRAGMA table_xinfo` and an index by
`PRAGMA index_info`, which give none of them), and every trigger.
"""

from __future__ import annotations

from migrate_guard.operations import (
    AddColumn,
    AnyOperation,
    Check,
    Column,
    Computed,
    CreateIndex,
    Default,
    DropIndex,
    Index,
    SqlType,
    TableName,
    Unknown,
)
from migrate_guard.record import replace
from migrate_guard.schema.model import BatchMark, Schema, Table


def before_batch_operation(schema: Schema, operation: AnyOperation, revision: str | None) -> Schema:
    """Return the schema with the table rebuilt, if the operation is the first of its batch to need it."""
    batch = operation.batch
    if batch is None or schema.dialect != "sqlite" or batch.recreate == "never":
        return schema
    key = schema.key(batch.table)
    table = schema.tables.get(key)
    if table is None:
        return schema
    mark = schema.batch
    if mark is None or (mark.revision, mark.number, mark.table) != (revision, batch.number, key):
        mark = BatchMark(revision, batch.number, key, table)
        schema = replace(schema, batch=mark)
    if mark.rebuilt or not _rebuilds(operation, batch.recreate == "always"):
        return schema
    schema = _without_triggers(schema, table.name)
    return replace(schema.with_table(_rebuilt(table, mark.start)), batch=replace(mark, rebuilt=True))


def _rebuilds(operation: AnyOperation, always: bool) -> bool:
    """Tell whether an operation needs the rebuild (`ddl/sqlite.py`, `requires_recreate_in_batch`)."""
    if always:
        return True
    if isinstance(operation, AddColumn):
        column = operation.column
        expression = isinstance(column.default, Default) and not column.default.quoted
        stored = isinstance(column.computed, Computed) and bool(column.computed.stored)
        return expression or stored or bool(operation.constraints)
    return not isinstance(operation, (CreateIndex, DropIndex))


def _rebuilt(table: Table, start: Table) -> Table:
    """Return the table without what was lost of its start; what the batch itself did before is kept."""
    lost = [c for c in start.constraints if isinstance(c, Check) and c.name is None]
    lost_indexes = [index for index in start.indexes if _on_expression(index)]
    return replace(
        table,
        columns={
            name: _without_collation(column) if column is start.columns.get(name) else column
            for name, column in table.columns.items()
        },
        constraints=tuple(c for c in table.constraints if c not in lost),
        indexes=tuple(
            _plain(index) if index in start.indexes else index
            for index in table.indexes
            if index not in lost_indexes
        ),
    )


def _without_collation(column: Column) -> Column:
    if not isinstance(column.type, SqlType) or column.type.collation is None:
        return column
    return replace(column, type=replace(column.type, collation=None))


def _plain(index: Index) -> Index:
    if isinstance(index.parts, Unknown) or not any(part.sort for part in index.parts):
        return index
    return replace(index, parts=tuple(replace(part, sort="") for part in index.parts))


def _on_expression(index: Index) -> bool:
    return not isinstance(index.parts, Unknown) and any(part.column is None for part in index.parts)


def _without_triggers(schema: Schema, table: TableName) -> Schema:
    wanted = schema.key(table)
    for key in schema.dependents.get(wanted, frozenset()):
        found = schema.objects[key]
        if found.kind == "trigger" and found.table is not None and schema.key(found.table) == wanted:
            schema = schema.without_object(key)
    return schema
