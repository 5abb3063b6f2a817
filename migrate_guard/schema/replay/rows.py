"""What statements on rows tell about a schema: that their table and columns exist. Part of the replay."""

from __future__ import annotations

from migrate_guard.operations import Delete, Insert, Truncate, Update
from migrate_guard.schema.model import Schema
from migrate_guard.schema.replay.known import with_columns, with_used


def change_rows(
    schema: Schema, operation: Insert | Update | Delete | Truncate, revision: str | None
) -> Schema:
    """Return the schema in which the table that the statement writes is known to exist."""
    schema, table = with_used(schema, operation.table, revision)
    if table is None or not isinstance(operation, (Insert, Update)):
        return schema
    grown = with_columns(schema, table, operation.columns)
    return schema if grown is table else schema.with_table(grown)
