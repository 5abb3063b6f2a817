"""How a dialect's server spells types and identifiers; part of the fifth stage of the pipeline.

What a report prints is what the user's own tools print: `\\d` of psql, SHOW CREATE TABLE, `.schema`.
"""

from __future__ import annotations

from migrate_guard.dialect import Dialect
from migrate_guard.dialects.spelling import mysql, postgresql, sqlite
from migrate_guard.dialects.spelling.identifiers import literal, qualified, quoted
from migrate_guard.operations import Default, SqlType, Unknown

__all__ = ["default_text", "literal", "qualified", "quoted", "type_text"]


def type_text(kind: SqlType | Unknown | None, dialect: Dialect) -> str | None:
    """Return a column's type as the server reports it, `None` where it is not known.

    PostgreSQL: `format_type()`; MySQL and MariaDB: `COLUMN_TYPE` of the information schema; SQLite: the
    text in CREATE TABLE.
    """
    if not isinstance(kind, SqlType):
        return None
    if dialect.family == "postgresql":
        return postgresql.type_text(kind)
    if dialect.family == "mysql":
        return mysql.type_text(kind, dialect)
    return sqlite.type_text(kind)


def default_text(default: Default | Unknown | None) -> str | Unknown | None:
    """Return a default as SQL."""
    if not isinstance(default, Default):
        return default
    return default.sql if isinstance(default.sql, Unknown) else default.sql.strip()
