"""Helpers: SQL in, operations without their places out."""

from __future__ import annotations

from dataclasses import replace

from migrate_guard.dialect import parse_dialect
from migrate_guard.evaluate.sql import HOLE, read_sql
from migrate_guard.operations import AnyOperation, SqlType, TableName
from migrate_guard.span import Span

NOWHERE = Span("x.py", 1, 1, 1, 1)
T = TableName("t")
INTEGER = SqlType("INTEGER")
TEXT = SqlType("TEXT")


def span_of(start: int, end: int) -> Span:
    """Return offsets as columns, so that tests can see them."""
    return Span("x.py", 1, start, 1, end)


def placed(sql: str, dialect: str = "postgresql") -> list[AnyOperation]:
    """Read a text in which `{…}` stands for an undecidable part."""
    return read_sql(sql.replace("{…}", HOLE), parse_dialect(dialect), span_of)


def read(sql: str, dialect: str = "postgresql") -> list[AnyOperation]:
    """Read a text, and leave out places and texts."""
    return [replace(operation, span=NOWHERE, sql=None) for operation in placed(sql, dialect)]


def one(sql: str, dialect: str = "postgresql") -> AnyOperation:
    """Read a text that is one operation."""
    (operation,) = read(sql, dialect)
    return operation


def excerpts(sql: str, dialect: str = "postgresql") -> list[str]:
    """Return the source that each operation points to."""
    return [sql[found.span.column : found.span.end_column] for found in placed(sql, dialect)]
