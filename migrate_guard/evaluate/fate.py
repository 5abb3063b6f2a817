"""Whether an operation certainly fails, or certainly does not, where a script catches the exception.

Part of the second stage: it decides `try: op.drop_constraint(…) except Exception: pass` where the replayed
schema, Alembic or the database leave no doubt. Errors that depend on rows, locks or a lost connection are
left open, but for one case: in a transaction of PostgreSQL an error of the server makes it refuse every later
statement (manual 18, ROLLBACK and "25P02 in_failed_sql_transaction"), so that the revision cannot end. On
every database that stands after it, nothing of the kind has happened.
"""

from __future__ import annotations

from collections.abc import Iterable

from migrate_guard.dialect import Dialect
from migrate_guard.operations import (
    AddColumn,
    AddConstraint,
    AlterColumn,
    AnyOperation,
    Column,
    ControlTransaction,
    CreateIndex,
    CreateTable,
    DropColumn,
    DropConstraint,
    DropIndex,
    Opaque,
    RenameColumn,
    SqlType,
)
from migrate_guard.record import dataclass
from migrate_guard.schema import Schema, Table

_TYPES = frozenset(
    """BIGINT BINARY BLOB BOOLEAN BYTEA CHAR CLOB DATE DATETIME DECIMAL DOUBLE ENUM FLOAT INTEGER INTERVAL
    JSON JSONB NCHAR NUMERIC NVARCHAR REAL SMALLINT TEXT TIME TIMESTAMP UUID VARBINARY VARCHAR""".split()
)
"""Types that SQLAlchemy can write for every dialect or for PostgreSQL; others may be another dialect's."""


@dataclass(frozen=True, slots=True)
class Fate:
    """`fails` is `None` where it is not certain; `error` is the class of the exception."""

    fails: bool | None
    error: str = ""


OPEN = Fate(None)
_SUCCEEDS = Fate(False)


def fate(schema: Schema, operation: AnyOperation, dialect: Dialect, aborts: bool) -> Fate:
    """Return what becomes of an operation on a schema.

    `aborts` tells that a caught error of the server ends the migration all the same: it runs in a transaction
    that nothing rolls back.
    """
    if isinstance(operation, (Opaque, ControlTransaction)) or operation.autocommit:
        return OPEN
    nameless = isinstance(operation, DropConstraint) and operation.name is None and operation.sql is None
    if dialect.family == "sqlite":
        return _on_sqlite(schema, operation, dialect)
    if nameless and schema.naming is None and getattr(operation, "kind", None) != "primary":
        return Fate(True, "CompileError")
    if dialect.family == "postgresql" and aborts and not nameless and _can_be_written(operation):
        return _SUCCEEDS
    return OPEN


def _can_be_written(operation: AnyOperation) -> bool:
    """Tell whether SQLAlchemy can write the statement for any dialect, so that only the server may fail."""
    if operation.unknowns:
        return False
    kinds: Iterable[object] = ()
    if isinstance(operation, AddColumn):
        kinds = (operation.column.type,)
    elif isinstance(operation, AlterColumn):
        kinds = () if operation.type is None else (operation.type,)
    elif isinstance(operation, CreateTable):
        columns = operation.columns if isinstance(operation.columns, tuple) else (Column("?", None),)
        kinds = [column.type for column in columns]
    return all(isinstance(kind, SqlType) and kind.custom is None and kind.name in _TYPES for kind in kinds)


def _on_sqlite(schema: Schema, operation: AnyOperation, dialect: Dialect) -> Fate:
    if operation.sql is not None:
        return OPEN
    if operation.batch is not None:
        return _in_batch(schema, operation)
    if isinstance(operation, (AddConstraint, DropConstraint, AlterColumn)):
        # Most histories are of another database.
        from migrate_guard.dialects.sqlite.altering import works_since

        since = works_since(operation, schema)
        if since is None or (dialect.version and dialect.version < since):
            error = "OperationalError" if isinstance(operation, AlterColumn) else "NotImplementedError"
            return Fate(True, error)
    return OPEN


def _in_batch(schema: Schema, operation: AnyOperation) -> Fate:
    """Return what `ApplyBatchImpl` makes of an operation; it needs what it changes to be in the table."""
    batch = operation.batch
    table = None if batch is None else schema.table(batch.table)
    if batch is None or table is None or not table.known or batch.recreate == "never":
        return OPEN
    if isinstance(operation, DropConstraint):
        return _dropped_constraint(table, operation)
    if isinstance(operation, DropColumn):
        return _on_column(table, operation.column)
    if isinstance(operation, RenameColumn):
        return OPEN if operation.to in table.columns else _on_column(table, operation.column)
    if isinstance(operation, AlterColumn):
        return _on_column(table, operation.column) if _takes_every_row(operation) else OPEN
    if isinstance(operation, DropIndex) and isinstance(operation.name, str):
        return _SUCCEEDS if any(index.name == operation.name for index in table.indexes) else OPEN
    if isinstance(operation, CreateIndex) and operation.index.unique is False and not operation.unknowns:
        taken = isinstance(operation.index.name, str) and schema.table_of_index(operation.index.name)
        missing = set(operation.index.columns) - set(table.columns)
        return OPEN if taken or missing or operation.index.name is None else _SUCCEEDS
    return OPEN


def _dropped_constraint(table: Table, operation: DropConstraint) -> Fate:
    if operation.name is None:
        return Fate(True, "ValueError")
    if not isinstance(operation.name, str):
        return OPEN
    if any(constraint.name == operation.name for constraint in table.constraints):
        return _SUCCEEDS
    naming = operation.batch is not None and operation.batch.naming_convention
    if naming or not all(
        constraint.name is None or isinstance(constraint.name, str) for constraint in table.constraints
    ):
        return OPEN
    return Fate(True, "ValueError")


def _on_column(table: Table, name: str) -> Fate:
    return _SUCCEEDS if name in table.columns else Fate(True, "KeyError")


def _takes_every_row(operation: AlterColumn) -> bool:
    """Tell whether no row can stand in the way: the type may change, NULL may be allowed."""
    return not operation.unknowns and operation.nullable is not False and operation.computed is None
