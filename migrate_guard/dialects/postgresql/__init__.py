"""Claims about PostgreSQL, versions 10 to 18; every one cites its manual page and is proven by a test."""

from __future__ import annotations

from migrate_guard.dialect import Dialect
from migrate_guard.dialects import groups
from migrate_guard.dialects.effect import Effect
from migrate_guard.dialects.postgresql import columns, constraints, indexes, objects, rows, session, tables
from migrate_guard.dialects.postgresql.columns import default_volatility
from migrate_guard.dialects.postgresql.types import type_change
from migrate_guard.operations import AnyOperation, CreateIndex, assert_never
from migrate_guard.schema import Schema

__all__ = ["default_volatility", "effect_of", "type_change"]


def effect_of(operation: AnyOperation, before: Schema, dialect: Dialect) -> Effect:
    """Return what PostgreSQL does for an operation."""
    effect = _of_group(operation, before, dialect)
    return effect.in_doubt() if _reaches_partitions(operation, before) else effect


def _reaches_partitions(operation: AnyOperation, before: Schema) -> bool:
    """Tell whether the operation descends to the partitions of its table, for which nothing is claimed."""
    parts = groups.ColumnOperation | groups.ConstraintOperation | CreateIndex
    table = before.table(operation.table) if isinstance(operation, parts) else None
    return table is not None and table.partitioned


def _of_group(operation: AnyOperation, before: Schema, dialect: Dialect) -> Effect:
    if isinstance(operation, groups.ColumnOperation):
        return columns.effect_of(operation, before, dialect)
    if isinstance(operation, groups.ConstraintOperation):
        return constraints.effect_of(operation, before)
    if isinstance(operation, groups.IndexOperation):
        return indexes.effect_of(operation, before, dialect)
    if isinstance(operation, groups.TableOperation):
        return tables.effect_of(operation, before, dialect)
    if isinstance(operation, groups.ObjectOperation):
        return objects.effect_of(operation, dialect)
    if isinstance(operation, groups.RowOperation):
        return rows.effect_of(operation, before)
    if isinstance(operation, groups.SessionOperation):
        return session.effect_of(operation, before)
    assert_never(operation)
