"""The schema that DDL from elsewhere builds, read as raw SQL of a revision is."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from migrate_guard.dialect import Dialect
from migrate_guard.evaluate.sql import read_sql
from migrate_guard.schema import Schema, apply, empty_schema
from migrate_guard.span import Span


def built(statements: Iterable[str], dialect: Dialect) -> Schema:
    """Return the schema after these statements on an empty database; they come from models or a server.

    A statement that cannot be read leaves a doubt in the schema, as it would in a revision.
    """
    schema = empty_schema(dialect.name)
    for number, text in enumerate(statements, start=1):
        span = Span("ddl", number, 1, number, 1)
        for operation in read_sql(text, dialect, partial(_always, span), binds=False):
            schema = apply(schema, operation, None)
    return schema


def _always(span: Span, start: int, end: int) -> Span:
    return span
