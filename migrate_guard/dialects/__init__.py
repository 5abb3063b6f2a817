"""What each database does for an operation: locks, rewrites, scans; fifth stage of the pipeline.

Every claim cites its source and is proven on real servers by the tests.
"""

from __future__ import annotations

from migrate_guard.dialect import Dialect
from migrate_guard.dialects import mysql, postgresql, sqlite
from migrate_guard.dialects.effect import Blocks, Effect, Hold
from migrate_guard.operations import AnyOperation
from migrate_guard.schema import Schema


def effect_of(operation: AnyOperation, before: Schema, dialect: Dialect) -> Effect:
    """Return what the server does for an operation on the schema that stands before it."""
    if dialect.family == "postgresql":
        return postgresql.effect_of(operation, before, dialect)
    if dialect.family == "mysql":
        return mysql.effect_of(operation, before, dialect)
    return sqlite.effect_of(operation, before, dialect)


__all__ = ["Blocks", "Effect", "Hold", "effect_of"]
