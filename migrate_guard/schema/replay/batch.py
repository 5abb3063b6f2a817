"""What Alembic's batch mode loses when it rebuilds a table on SQLite; part of the replay.

Alembic reads the table back, creates it anew and copies the rows (`operations/batch.py`). What cannot be
read back is lost: a CHECK without a name, the collation of a column, a type that SQLAlchemy does not know
(it becomes that of its affinity: BINARY is NUMERIC afterwards), an index on an expression, the order and the
collation of an index's keys (SQLAlchemy 2.1 reads columns by `PRAGMA table_xinfo` and an index by
`PRAGMA index_info`, which give none of them), all but one of several foreign keys on the same columns
(`SQLiteDialect.get_foreign_keys`), and every trigger. With `copy_from` nothing is read.
"""

from __future__ import annotations

from collections.abc import Iterable

from migrate_guard.operations import (
    AddColumn,
    AnyOperation,
    BatchContext,
    Check,
    Column,
    Computed,
    Constraint,
    CreateIndex,
    CreateTable,
    Default,
    DefaultName,
    DropIndex,
    ForeignKey,
    Index,
    PrimaryKey,
    SqlType,
    TableName,
    TableShape,
    Unknown,
)
from migrate_guard.record import replace
from migrate_guard.schema.conventions import named
from migrate_guard.schema.model import BatchMark, Schema, Table
from migrate_guard.schema.replay.known import doubted, place
from migrate_guard.schema.replay.tables import create_table
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
    if mark.rebuilt or not needs_rebuild(operation):
        return schema
    schema = _without_triggers(schema, table.name)
    if batch.copy_from is None:
        made = _with_names(_rebuilt(table, mark.start), mark.start, batch)
    else:
        made = _copied(schema, table, mark.start, operation, batch.copy_from)
    return replace(schema.with_table(made), batch=replace(mark, rebuilt=True))


def _copied(
    schema: Schema, table: Table, start: Table, operation: AnyOperation, shape: TableShape | Unknown
) -> Table:
    """Return the table as `copy_from` gives it, with what the batch itself did before.

    Nothing is read from the database then: what is not given is lost.
    """
    if isinstance(shape, Unknown):
        return doubted(table, f"what the batch copies from could not be read ({place(operation)})")
    create = CreateTable(
        span=operation.span,
        table=table.name,
        columns=shape.columns,
        constraints=shape.constraints,
        indexes=shape.indexes,
        own_names=True,
    )
    given = create_table(schema.without_table(table.name), create, table.revision).tables[
        schema.key(table.name)
    ]
    added = {name: column for name, column in table.columns.items() if column is not start.columns.get(name)}
    return replace(
        table,
        columns={**given.columns, **added},
        constraints=(*given.constraints, *(c for c in table.constraints if c not in start.constraints)),
        indexes=(*given.indexes, *(i for i in table.indexes if i not in start.indexes)),
    )


def _with_names(table: Table, start: Table, batch: BatchContext) -> Table:
    """Return the table with the names that the batch's naming convention gives to what has none.

    Alembic reads the table into a MetaData with that convention.
    """
    naming = batch.naming_convention
    convention = naming if isinstance(naming, Unknown) else dict(naming)
    if not convention:
        return table
    read = [c for c in table.constraints if c.name is None and c in start.constraints]
    return replace(
        table,
        constraints=tuple(
            named(_read_key(c), table.name, convention, "sqlite") if c in read else c
            for c in table.constraints
        ),
    )


def _read_key(constraint: Constraint) -> Constraint:
    """Return a primary key as it is read: not as an attribute of its column."""
    return replace(constraint, inline=False) if isinstance(constraint, PrimaryKey) else constraint


def needs_rebuild(operation: AnyOperation) -> bool:
    """Tell whether an operation of a batch needs the rebuild (`requires_recreate_in_batch` of Alembic)."""
    if operation.batch is not None and operation.batch.recreate != "auto":
        return operation.batch.recreate == "always"
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
    lost: list[Constraint] = [c for c in start.constraints if isinstance(c, Check) and c.name is None]
    lost += _twins(start)
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


def _twins(table: Table) -> list[ForeignKey]:
    """Return the foreign keys that SQLAlchemy does not read, as another one has the same columns and target.

    It reads the first of them; Alembic has written those with a name before those without.
    """
    seen: set[object] = set()
    twins: list[ForeignKey] = []
    for key in sorted(table.foreign_keys, key=lambda key: key.name is None):
        facts = (key.columns, key.target, key.target_columns)
        if facts in seen:
            twins.append(key)
        seen.add(facts)
    return twins


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
