"""What each database does for an operation: locks, rewrites, scans; fifth stage of the pipeline.

Every claim cites its source and is proven on real servers by the tests. A dialect's claims are imported
when they are first asked for: most projects need one of the three.
"""

from __future__ import annotations

from migrate_guard.dialect import Dialect
from migrate_guard.dialects.effect import Blocks, Effect, Hold, TypeChange, Volatility
from migrate_guard.operations import AnyOperation, Default, SqlType, Unknown
from migrate_guard.schema import Schema


def effect_of(operation: AnyOperation, before: Schema, dialect: Dialect) -> Effect:
    """Return what the server does for an operation on the schema that stands before it."""
    if dialect.family == "postgresql":
        from migrate_guard.dialects import postgresql

        return postgresql.effect_of(operation, before, dialect)
    if dialect.family == "mysql":
        from migrate_guard.dialects import mysql

        return mysql.effect_of(operation, before, dialect)
    from migrate_guard.dialects import sqlite

    return sqlite.effect_of(operation, before, dialect)


def type_change(old: SqlType | Unknown | None, new: SqlType | Unknown | None, dialect: Dialect) -> TypeChange:
    """Return what changing a column from one type to another does with the rows, without USING."""
    if not isinstance(old, SqlType):
        return TypeChange("unknown", "the old type is not known")
    if not isinstance(new, SqlType):
        return TypeChange("unknown", "the new type is not known")
    if dialect.family == "postgresql":
        from migrate_guard.dialects import postgresql

        return postgresql.type_change(old, new, dialect)
    if dialect.family == "mysql":
        from migrate_guard.dialects import mysql

        return mysql.type_change(old, new, dialect)
    return TypeChange("rewrite", "SQLite rebuilds the table for it")


def default_volatility(default: Default | Unknown | None, dialect: Dialect) -> Volatility:
    """Return how often the server evaluates a default while it fills the rows that exist."""
    if dialect.family == "postgresql":
        from migrate_guard.dialects import postgresql

        return postgresql.default_volatility(default)
    if dialect.family == "mysql":
        from migrate_guard.dialects import mysql

        return mysql.default_volatility(default)
    from migrate_guard.dialects import sqlite

    return sqlite.default_volatility(default)


__all__ = [
    "Blocks",
    "Effect",
    "Hold",
    "TypeChange",
    "Volatility",
    "default_volatility",
    "effect_of",
    "type_change",
]
