"""Claims about PostgreSQL, versions 10 to 18; every one cites its manual page and is proven by a test."""

from __future__ import annotations

from migrate_guard.dialect import Dialect
from migrate_guard.dialects import groups
from migrate_guard.dialects.effect import Effect
from migrate_guard.dialects.postgresql import columns, constraints, indexes, objects, rows, session, tables
from migrate_guard.dialects.postgresql.columns import default_volatility
from migrate_guard.dialects.postgresql.types import type_change
from migrate_guard.operations import AnyOperation, assert_never
from migrate_guard.schema import Schema

__all__ = ["default_volatility", "effect_of", "type_change"]


def effect_of(operation: AnyOperation, before: Schema, dialect: Dialect) -> Effect:
    """Return what PostgreSQL does for an operation."""
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
