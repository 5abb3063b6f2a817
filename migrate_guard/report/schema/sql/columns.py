"""Columns in the DDL of each dialect."""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.dialects.spelling import type_text
from migrate_guard.operations import Column, Computed, SqlType, Unknown
from migrate_guard.report.schema import parts
from migrate_guard.report.schema.sql.sequences import default_name
from migrate_guard.report.schema.sql.writing import Item, Writing
from migrate_guard.schema import Table

_PLACEHOLDERS = {"postgresql": "text", "mysql": "varchar(255)", "sqlite": ""}
_STORED_BY_DEFAULT_BEFORE = 18
"""PostgreSQL 18 makes generated columns virtual by default, older ones know only stored ones (manual,
CREATE TABLE)."""


def column_item(column: Column, table: Table, writing: Writing) -> Item:
    """Return the definition of a column with remarks on what is not known of it."""
    words = [writing.quote(column.name), _type(column, writing), *_attributes(column, table, writing)]
    return Item(" ".join(word for word in words if word), tuple(_remarks(column, writing)))


def _remarks(column: Column, writing: Writing) -> Iterator[str]:
    if not column.certain:
        yield f"possible: {column.name}"
    for name in parts.unknown_of(column, writing.dialect):
        custom = getattr(column.type, "custom", None) if name == "type" else None
        yield f"unknown: the {name} of {column.name}" + (f" ({custom})" if custom else "")


def _type(column: Column, writing: Writing) -> str:
    kind = column.type
    text = type_text(kind, writing.dialect)
    if text is None or not isinstance(kind, SqlType):
        return _PLACEHOLDERS[writing.dialect.family]
    if kind.name == "JSON" and writing.dialect.name == "mariadb":
        text = "json"  # an alias of longtext that brings a CHECK along (knowledge base, JSON Data Type)
    return f"{text} COLLATE {writing.quote(kind.collation)}" if kind.collation else text


def _attributes(column: Column, table: Table, writing: Writing) -> Iterator[str]:
    yield from _generated(column, table, writing)
    default = parts.column_default(column, table, writing.snapshot)
    if isinstance(default, str) and column.computed is None:
        yield f"DEFAULT {default}"
    if column.nullable is False:
        yield "NOT NULL"
    elif column.nullable is True and isinstance(column.type, SqlType) and column.type.name == "TIMESTAMP":
        # Without explicit_defaults_for_timestamp it would be NOT NULL (MySQL manual, TIMESTAMP).
        yield "NULL" if writing.dialect.family == "mysql" else ""
    if writing.dialect.family == "mysql":
        yield "AUTO_INCREMENT" if column.serial else ""
        yield f"COMMENT {writing.literal(column.comment)}" if isinstance(column.comment, str) else ""


def _generated(column: Column, table: Table, writing: Writing) -> Iterator[str]:
    if isinstance(column.computed, Computed) and not isinstance(column.computed.sql, Unknown):
        yield f"GENERATED ALWAYS AS ({column.computed.sql}){_storage(column.computed, writing)}"
    identity = parts.identity_words(column)
    if identity is not None and writing.dialect.family == "postgresql":
        yield f"GENERATED {identity.upper()} AS IDENTITY{_sequence(column, table, writing)}"


def _storage(computed: Computed, writing: Writing) -> str:
    if computed.stored is not None:
        return " STORED" if computed.stored else " VIRTUAL"
    old = not writing.dialect.version or writing.dialect.version < (_STORED_BY_DEFAULT_BEFORE,)
    return " STORED" if writing.dialect.family == "postgresql" and old else ""


def _sequence(column: Column, table: Table, writing: Writing) -> str:
    """Return the name of an identity's sequence where it is not the one that the server would choose."""
    sequence = parts.owned_sequence(column, table, writing.schema)
    if sequence is None or sequence.name == default_name(table.name, column.name):
        return ""
    return f" (SEQUENCE NAME {writing.name(sequence.name)})"
