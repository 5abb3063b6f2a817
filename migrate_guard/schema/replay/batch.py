"""What Alembic's batch mode loses when it rebuilds a table on SQLite; part of the replay.

Alembic reads the table back, creates it anew and copies the rows (`operations/batch.py`). What cannot be
read back is lost: a CHECK without a name, the collation of a column, a type that SQLAlchemy does not know
(it becomes that of its affinity: BINARY is NUMERIC afterwards), an index on an expression, the order and the
collation of an index's keys (SQLAlchemy 2.1 reads columns by `PRAGMA table_xinfo` and an index by
`PRAGMA index_info`, which give none of them), and every trigger.
"""

from __future__ import annotations

from collections.abc import Iterable

from migrate_guard.operations import (
    AddColumn,
    AnyOperation,
    Check,
    Column,
    Computed,
    CreateIndex,
    Default,
    DefaultName,
    DropIndex,
    Index,
    SqlType,
    TableName,
    Unknown,
)
from migrate_guard.record import replace
from migrate_guard.schema.model import BatchMark, Schema, Table
from migrate_guard.schema.spelling import stored

# The names in SQLAlchemy's `ischema_names` of SQLite, and ENUM, which is a VARCHAR there.
_KNOWN = frozenset(
    """BIGINT BLOB BOOL BOOLEAN CHAR DATE DATETIME DATETIME_CHAR DATE_CHAR DECIMAL DOUBLE ENUM FLOAT INT
    INTEGER JSON JSONB NCHAR NUMERIC NVARCHAR REAL SMALLINT TEXT TIME TIMESTAMP TIME_CHAR VARCHAR""".split()
)
_AFFINITIES: tuple[tuple[tuple[str, ...], str | None], ...] = (
    (("INT",), "INTEGER"),
    (("CHAR", "CLOB", "TEXT"), "TEXT"),
    (("BLOB",), None),
    (("REAL", "FLOA", "DOUB"), "REAL"),
)


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
        # A CHECK of the column stands in its definition; every other constraint is one of the table.
        of_table = any(not isinstance(c, Check) or c.of_type for c in operation.constraints)
        return expression or stored or of_table
    return not isinstance(operation, (CreateIndex, DropIndex))


def _rebuilt(table: Table, start: Table) -> Table:
    """Return the table without what was lost of its start; what the batch itself did before is kept."""
    lost = [c for c in start.constraints if isinstance(c, Check) and c.name is None]
    lost_indexes = [index for index in start.indexes if _on_expression(index)]
    added = [
        i for i in table.indexes if isinstance(i.name, DefaultName) and not {*i.columns} & {*start.columns}
    ]
    table = replace(table, indexes=(*table.indexes, *copied_indexes(table, added)))
    return replace(
        table,
        columns={
            name: _read_back(column) if column is start.columns.get(name) else column
            for name, column in table.columns.items()
        },
        constraints=tuple(c for c in table.constraints if c not in lost),
        indexes=tuple(
            _plain(index) if index in start.indexes else index
            for index in table.indexes
            if index not in lost_indexes
        ),
    )


def rebuilt_by(schema: Schema, operation: AnyOperation) -> bool:
    """Tell whether an operation belongs to a batch that has rebuilt its table."""
    batch, mark = operation.batch, schema.batch
    if batch is None or mark is None or schema.dialect != "sqlite":
        return False
    return mark.rebuilt and (mark.number, mark.table) == (batch.number, schema.key(batch.table))


def copied_indexes(table: Table, indexes: Iterable[Index]) -> tuple[Index, ...]:
    """Return what the copy makes besides the indexes of columns that a batch adds with `index=True`.

    Alembic creates the copy under a name of its own with such a column in it, whose index SQLAlchemy calls
    after that table; then it creates the index of the directive too (`operations/batch.py`, `add_column`).
    """
    copy = f"_alembic_tmp_{table.name.name}"[:50]
    return tuple(replace(index, name=f"ix_{copy}_{index.columns[0]}") for index in indexes if index.columns)


def _read_back(column: Column) -> Column:
    """Return the column as SQLAlchemy reads it: without its collation, and with a type that it knows."""
    kind = column.type
    if not isinstance(kind, SqlType):
        return column
    unknown = kind.custom is None and kind.item is None and stored(kind, "sqlite").name not in _KNOWN
    if not unknown and kind.collation is None:
        return column
    read = _affinity(kind) if unknown else kind
    return replace(column, type=read if read is None else replace(read, collation=None))


def _affinity(kind: SqlType) -> SqlType | None:
    """Return the type by which SQLAlchemy replaces one that it does not know (`_resolve_type_affinity`)."""
    for words, name in _AFFINITIES:
        if any(word in kind.name for word in words):
            arguments = kind.arguments[:1] if name == "TEXT" else ()
            return None if name is None else SqlType(name, arguments)
    return SqlType("NUMERIC", kind.arguments)


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
