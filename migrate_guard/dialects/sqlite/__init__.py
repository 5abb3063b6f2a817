"""Claims about SQLite: a write locks the whole database file, and most changes rebuild the table.

ALTER TABLE, https://www.sqlite.org/lang_altertable.html: renaming and ADD COLUMN change the schema alone,
DROP COLUMN writes the whole table. Everything else goes through Alembic's batch mode, which copies the
table into a new one.
"""

from __future__ import annotations

from migrate_guard.dialect import Dialect
from migrate_guard.dialects.effect import NOT_KNOWN, NOTHING, Effect, Hold, Volatility, combined
from migrate_guard.operations import (
    AddColumn,
    AddConstraint,
    AlterColumn,
    AnyOperation,
    Check,
    Column,
    Constraint,
    ControlTransaction,
    CreateIndex,
    CreateTable,
    Default,
    Delete,
    DropColumn,
    DropConstraint,
    DropIndex,
    DropTable,
    ForeignKey,
    Insert,
    Maintain,
    Query,
    RenameColumn,
    RenameTable,
    SetParameter,
    TableName,
    Truncate,
    Unknown,
    Update,
)
from migrate_guard.schema import Schema

__all__ = ["default_volatility", "effect_of"]

ALTER_TABLE = "https://www.sqlite.org/lang_altertable.html"
LOCKING = "https://www.sqlite.org/lockingv3.html"
BATCH = "https://alembic.sqlalchemy.org/en/latest/batch.html"
CREATE_INDEX = "https://www.sqlite.org/lang_createindex.html"
VACUUM = "https://www.sqlite.org/lang_vacuum.html"
DATABASE_LOCK = "database lock"


def effect_of(operation: AnyOperation, before: Schema, dialect: Dialect) -> Effect:
    """Return what SQLite does for an operation; `dialect` tells whether DROP COLUMN exists (3.35)."""
    if isinstance(operation, (SetParameter, ControlTransaction, Query, CreateTable)):
        return NOTHING
    if isinstance(operation, (DropTable, Insert, Update, Delete, Truncate)):
        return _written(operation, before)
    if isinstance(operation, (CreateIndex, DropIndex)):
        return _of_index(operation, before)
    if isinstance(operation, (AddColumn, DropColumn, RenameColumn, AlterColumn)):
        return _of_column(operation, dialect)
    if isinstance(operation, (AddConstraint, DropConstraint)):
        return _rebuilt(operation.table) if operation.batch is not None else NOT_KNOWN
    if isinstance(operation, RenameTable):
        return _locked(operation.table, ALTER_TABLE)
    if isinstance(operation, Maintain) and operation.command.upper().startswith("VACUUM"):
        return Effect(transactional=False, sources=(VACUUM,), known=False)
    return NOT_KNOWN


def default_volatility(default: Default | Unknown | None) -> Volatility:
    """Return how a default counts: ADD COLUMN takes constants only, neither CURRENT_… nor expressions."""
    if isinstance(default, Unknown) or (default is not None and isinstance(default.sql, Unknown)):
        return "unknown"
    if default is None or default.quoted or isinstance(default.sql, Unknown):
        return "constant"
    text = default.sql.strip().upper()
    if text in {"CURRENT_TIME", "CURRENT_DATE", "CURRENT_TIMESTAMP"}:
        return "stable"
    return "volatile" if text.startswith("(") or text.endswith(")") else "constant"


def _locked(table: TableName, source: str, *, long: bool = False) -> Effect:
    """Return the effect of a write: until it commits nobody else writes to any table of the file."""
    return Effect((Hold(table, DATABASE_LOCK, "writes", long),), sources=(source, LOCKING))


def _scanned(table: TableName, source: str) -> Effect:
    hold = Hold(table, DATABASE_LOCK, "writes", long=True)
    return Effect((hold,), scans=(table,), sources=(source, LOCKING))


def _rebuilt(table: TableName, source: str = BATCH) -> Effect:
    hold = Hold(table, DATABASE_LOCK, "writes", long=True)
    return Effect((hold,), rewrites=(table,), scans=(table,), sources=(source, LOCKING))


def _written(operation: DropTable | Insert | Update | Delete | Truncate, before: Schema) -> Effect:
    """Claim statements that write: a table goes page by page, so even dropping it takes time."""
    del before
    if isinstance(operation, Insert):
        return _locked(operation.table, LOCKING, long=operation.from_select)
    if isinstance(operation, (Update, Delete)) and operation.where is None:
        return _scanned(operation.table, LOCKING)
    return _locked(operation.table, LOCKING, long=True)


def _of_index(operation: CreateIndex | DropIndex, before: Schema) -> Effect:
    if isinstance(operation, CreateIndex):
        effect = _scanned(operation.table, CREATE_INDEX)
        return _rebuilt(operation.table) if _always(operation) else effect
    table = operation.table
    if table is None and isinstance(operation.name, str):
        found = before.table_of_index(operation.name, operation.schema)
        table = None if found is None else found.name
    return NOT_KNOWN if table is None else _locked(table, "https://www.sqlite.org/lang_dropindex.html")


def _of_column(operation: AddColumn | DropColumn | RenameColumn | AlterColumn, dialect: Dialect) -> Effect:
    """Claim column operations: batch mode rebuilds for all but a plain ADD COLUMN."""
    table = operation.table
    if isinstance(operation, AddColumn):
        return _added(operation)
    if operation.batch is not None and operation.batch.recreate != "never":
        return _rebuilt(table)
    if isinstance(operation, RenameColumn):
        return _locked(table, ALTER_TABLE)
    if isinstance(operation, DropColumn) and dialect.at_least(3, 35):
        return _rebuilt(table, ALTER_TABLE)
    return NOT_KNOWN


def _added(operation: AddColumn) -> Effect:
    """Claim ADD COLUMN: the rows stay as they are, but are read where a CHECK must hold for them."""
    if _always(operation) or (operation.batch is not None and _needs_rebuild(operation.column)):
        return _rebuilt(operation.table)
    parts = [_locked(operation.table, ALTER_TABLE)]
    parts += [_scanned(operation.table, CREATE_INDEX) for _ in operation.indexes]
    parts += [_with_constraint(operation.table, constraint) for constraint in operation.constraints]
    effect = combined(parts, held=True)
    # Whether batch mode rebuilds for a constraint depends on what else the block does.
    return effect.in_doubt() if operation.batch is not None and operation.constraints else effect


def _with_constraint(table: TableName, constraint: Constraint) -> Effect:
    """Claim a constraint of a new column; keys and unique ones are errors in ADD COLUMN."""
    if isinstance(constraint, ForeignKey):
        return _locked(table, ALTER_TABLE)
    effect = _scanned(table, ALTER_TABLE)
    return effect if isinstance(constraint, Check) else effect.in_doubt()


def _always(operation: AddColumn | CreateIndex) -> bool:
    return operation.batch is not None and operation.batch.recreate == "always"


def _needs_rebuild(column: Column) -> bool:
    """Tell whether Alembic's batch mode rebuilds for the column: an SQL default, a stored computed one."""
    if isinstance(column.computed, Unknown) or isinstance(column.default, Unknown):
        return True
    stored = column.computed is not None and column.computed.stored is True
    return stored or (column.default is not None and not column.default.quoted)
