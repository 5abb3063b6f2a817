"""Claims about MySQL and MariaDB with InnoDB.

Those about MariaDB are proven by tests; those about MySQL rest on its manual, since no server was at hand.
"""

from __future__ import annotations

from migrate_guard.dialect import Dialect
from migrate_guard.dialects import groups
from migrate_guard.dialects.effect import Effect
from migrate_guard.dialects.mysql import columns, constraints, tables
from migrate_guard.dialects.mysql.types import type_change
from migrate_guard.dialects.mysql.volatility import default_volatility
from migrate_guard.operations import AnyOperation, assert_never
from migrate_guard.schema import Schema

__all__ = ["default_volatility", "effect_of", "type_change"]


def effect_of(operation: AnyOperation, before: Schema, dialect: Dialect) -> Effect:
    """Return what MySQL or MariaDB does for an operation."""
    if isinstance(operation, groups.ColumnOperation):
        return columns.effect_of(operation, before, dialect)
    if isinstance(operation, groups.ConstraintOperation):
        return constraints.of_constraint(operation, before, dialect)
    if isinstance(operation, groups.IndexOperation):
        return constraints.of_index(operation, before, dialect)
    if isinstance(operation, groups.TableOperation):
        return tables.of_table(operation, before, dialect)
    if isinstance(operation, groups.ObjectOperation):
        return tables.of_object(operation, dialect)
    if isinstance(operation, groups.RowOperation):
        return tables.of_rows(operation)
    if isinstance(operation, groups.SessionOperation):
        return tables.of_session(operation, before, dialect)
    assert_never(operation)
