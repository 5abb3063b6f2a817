"""PostgreSQL's sequences in the DDL: their own, and those that fill serial columns."""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.dialects.spelling import type_text
from migrate_guard.operations import TableName
from migrate_guard.report.schema import parts
from migrate_guard.report.schema.sql.writing import Writing, comment
from migrate_guard.schema import NamedObject
from migrate_guard.schema.names import object_name


def default_name(table: TableName, column: str) -> TableName:
    """Return the name that PostgreSQL gives the sequence of a column where that is free."""
    return TableName(object_name(table.name, column, "seq"), table.schema)


def sequences(writing: Writing) -> Iterator[str]:
    """Go through the statements that create sequences, but for those of identity columns."""
    for sequence in parts.sequences(writing.schema):
        if sequence.table is None:
            yield _own(sequence, writing)
        elif _is_serial(sequence, writing):
            yield f"CREATE SEQUENCE {writing.name(sequence.name)}{_type(sequence, writing)};"


def owners(writing: Writing) -> Iterator[str]:
    """Go through the statements that tie the sequences of serial columns to them."""
    for sequence in parts.sequences(writing.schema):
        if sequence.table is not None and sequence.column is not None and _is_serial(sequence, writing):
            owner = f"{writing.name(sequence.table)}.{writing.quote(sequence.column)}"
            yield f"ALTER SEQUENCE {writing.name(sequence.name)} OWNED BY {owner};"


def _own(sequence: NamedObject, writing: Writing) -> str:
    remark = "" if sequence.certain else comment(f"possible: the sequence {sequence.name}") + "\n"
    detail = f" {sequence.detail}" if sequence.detail else ""
    return f"{remark}CREATE SEQUENCE {writing.name(sequence.name)}{detail};"


def _is_serial(sequence: NamedObject, writing: Writing) -> bool:
    table = None if sequence.table is None else writing.schema.table(sequence.table)
    column = None if table is None or sequence.column is None else table.columns.get(sequence.column)
    return column is not None and column.serial


def _type(sequence: NamedObject, writing: Writing) -> str:
    """Return the type of a serial column's sequence, which is that of the column (manual, Serial Types)."""
    table = None if sequence.table is None else writing.schema.table(sequence.table)
    column = None if table is None or sequence.column is None else table.columns.get(sequence.column)
    text = None if column is None else type_text(column.type, writing.dialect)
    return f" AS {text}" if text in ("smallint", "integer", "bigint") else ""
