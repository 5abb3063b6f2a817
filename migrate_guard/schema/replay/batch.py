"""What Alembic's batch mode loses when it rebuilds a table on SQLite; part of the replay.

Alembic reads the table back, creates it anew and copies the rows (`operations/batch.py`). What cannot be
read back is lost: a CHECK without a name, an index on an expression, the order and the collation of an
index's keys (SQLAlchemy 2.1 reads an index by `PRAGMA index_info`, which gives neither), and every trigger.
"""

from __future__ import annotations

from migrate_guard.operations import (
    AddColumn,
    AnyOperation,
    Check,
    Computed,
    CreateIndex,
    Default,
    DropIndex,
    Index,
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
    table = schema.tables.get(schema.key(batch.table))
    mark = BatchMark(revision, batch.number, schema.key(batch.table))
    if table is None or schema.batch == mark or not _rebuilds(operation, batch.recreate == "always"):
        return schema
    schema = _without_triggers(schema, table.name)
    return replace(schema.with_table(_rebuilt(table)), batch=mark)


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


def _rebuilt(table: Table) -> Table:
    return replace(
        table,
        constraints=tuple(c for c in table.constraints if not (isinstance(c, Check) and c.name is None)),
        indexes=tuple(_plain(index) for index in table.indexes if not _on_expression(index)),
    )


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
