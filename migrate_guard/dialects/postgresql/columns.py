"""Claims about PostgreSQL: adding and dropping columns."""

from __future__ import annotations

from migrate_guard.dialect import Dialect
from migrate_guard.dialects.effect import Effect, Volatility, combined
from migrate_guard.dialects.groups import ColumnOperation
from migrate_guard.dialects.postgresql.altering import altered_column
from migrate_guard.dialects.postgresql.constraints import added_constraint
from migrate_guard.dialects.postgresql.indexes import built_index
from migrate_guard.dialects.postgresql.locks import (
    ACCESS_EXCLUSIVE,
    ALTER_TABLE,
    SHARE_ROW_EXCLUSIVE,
    known_table,
    locked,
    rewritten,
)
from migrate_guard.dialects.postgresql.ties import ties
from migrate_guard.dialects.postgresql.volatility import expression_volatility
from migrate_guard.operations import (
    AddColumn,
    AlterColumn,
    Column,
    Computed,
    Constraint,
    Default,
    DropColumn,
    ForeignKey,
    RenameColumn,
    SqlType,
    Unknown,
    assert_never,
)
from migrate_guard.schema import Schema


def effect_of(operation: ColumnOperation, before: Schema, dialect: Dialect) -> Effect:
    """Return what PostgreSQL does for an operation on columns."""
    match operation:
        case AddColumn():
            return _added_with_all(operation, before, dialect)
        case DropColumn():
            return _dropped(operation, before)
        case AlterColumn():
            return altered_column(operation, before, dialect)
        case RenameColumn():
            return locked(operation.table, ACCESS_EXCLUSIVE, ALTER_TABLE)
        case _:
            assert_never(operation)


def _added_with_all(operation: AddColumn, before: Schema, dialect: Dialect) -> Effect:
    """Claim what ADD COLUMN does, and the statements for its constraints and indexes after it."""
    column = _added(operation, before, dialect)
    constraints = [_brought(c, operation, before) for c in operation.constraints]
    indexes = [built_index(index) for index in operation.indexes]
    return combined([column, *constraints, *indexes], held=not operation.autocommit)


def _brought(constraint: Constraint, operation: AddColumn, before: Schema) -> Effect:
    """Claim what a constraint of a new column does.

    A foreign key in the same statement as a column without a default has no values to look up.
    """
    column = operation.column
    empty = operation.inline and column.default is None and column.computed is None
    if isinstance(constraint, ForeignKey) and empty and not isinstance(constraint.target, Unknown):
        own = locked(operation.table, SHARE_ROW_EXCLUSIVE, ALTER_TABLE)
        return combined([own, locked(constraint.target, SHARE_ROW_EXCLUSIVE, ALTER_TABLE)], held=True)
    return added_constraint(operation.table, constraint, before)


def _added(operation: AddColumn, before: Schema, dialect: Dialect) -> Effect:
    rewrites = adds_by_rewriting(operation.column, before, dialect)
    if rewrites is None:
        return locked(operation.table, ACCESS_EXCLUSIVE, ALTER_TABLE).in_doubt()
    if rewrites:
        return rewritten(operation.table, ALTER_TABLE)
    return locked(operation.table, ACCESS_EXCLUSIVE, ALTER_TABLE)


def adds_by_rewriting(column: Column, before: Schema, dialect: Dialect) -> bool | None:
    """Tell whether adding the column writes every row; `None` when that is not known.

    ALTER TABLE, Notes: a volatile default, a stored generated column, an identity column and a domain
    with constraints rewrite the table; a constant or stable default does since PostgreSQL 11 no more.
    """
    if column.serial or isinstance(column.identity, Unknown) or isinstance(column.computed, Unknown):
        return True if column.serial else None
    if column.identity is not None:
        return True
    if column.computed is not None:
        return _stores(column.computed, dialect)
    if _is_domain(column, before):
        return True
    filled = _filled_by_rewriting(column, dialect)
    return None if filled is False and _may_be_domain(column) else filled


def _stores(computed: Computed, dialect: Dialect) -> bool | None:
    """Tell whether a generated column is stored; PostgreSQL 18 made VIRTUAL the default."""
    if computed.stored is None:
        return False if dialect.at_least(18) else None
    return computed.stored


def _filled_by_rewriting(column: Column, dialect: Dialect) -> bool | None:
    volatility = default_volatility(column.default)
    if column.default is None or volatility == "unknown":
        return None if volatility == "unknown" else False
    if not dialect.at_least(11):
        return True
    return volatility == "volatile"


def default_volatility(default: Default | Unknown | None) -> Volatility:
    """Return how often PostgreSQL evaluates a default while it fills the rows that exist."""
    if isinstance(default, Unknown) or (default is not None and isinstance(default.sql, Unknown)):
        return "unknown"
    if default is None or default.quoted or isinstance(default.sql, Unknown):
        return "constant"
    return expression_volatility(default.sql)


def _is_domain(column: Column, before: Schema) -> bool:
    name = _type_name(column)
    return name is not None and any(
        kind == "domain" and key.name.lower() == name for kind, key in before.objects
    )


def _may_be_domain(column: Column) -> bool:
    """Tell whether the type is one that this module does not know by name."""
    return not isinstance(column.type, SqlType) or column.type.name == "CUSTOM"


def _type_name(column: Column) -> str | None:
    if not isinstance(column.type, SqlType):
        return None
    return (column.type.custom or column.type.name).rpartition(".")[2].lower()


def _dropped(operation: DropColumn, before: Schema) -> Effect:
    """Claim what DROP COLUMN does: its foreign keys go too, and lock the tables that they refer to."""
    own = locked(operation.table, ACCESS_EXCLUSIVE, ALTER_TABLE)
    table = known_table(before, operation.table)
    if table is None:
        return own.in_doubt()
    tied = ties(table, operation.column, before, incoming=operation.cascade)
    others = [locked(name, ACCESS_EXCLUSIVE, ALTER_TABLE) for name, _ in tied]
    return combined([own, *others], held=True)
