"""What could not be compared: a table that is passed over is always named, with the reason."""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.dialect import Dialect
from migrate_guard.operations import TableName
from migrate_guard.record import dataclass
from migrate_guard.schema import Schema, Table


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A table that was not compared on one dialect, or not in all of its parts, and why."""

    table: TableName
    dialect: Dialect
    reason: str


def doubt_of(table: Table) -> str | None:
    """Return why a table is not fully known, `None` if it is."""
    if table.assumed:
        return "the migrations use it and never create it"
    if not table.certain:
        return table.doubts[-1] if table.doubts else "something that could not be read may have changed it"
    return None


def in_doubt(schema: Schema) -> Iterator[tuple[TableName, str]]:
    """Go through the tables of a schema that are not fully known, each with the reason."""
    for table in sorted(schema.all_tables(), key=lambda one: one.name):
        reason = doubt_of(table)
        if reason is not None:
            yield table.name, reason
