"""Foreign keys between models: columns that take their type from another, and the default schema."""

from __future__ import annotations

from collections.abc import Mapping

from migrate_guard.evaluate.library.columns import ColumnValue
from migrate_guard.evaluate.library.constraints import ForeignKeyValue, read_target
from migrate_guard.evaluate.library.reading import Notes
from migrate_guard.evaluate.library.tables import TableValue
from migrate_guard.evaluate.values import Value
from migrate_guard.operations import Constraint, ForeignKey, TableName, Unknown
from migrate_guard.record import replace

_LONGEST_CHAIN = 10


def complete_types(tables: list[TableValue]) -> None:
    """Give each column without a type that of the column its foreign key refers to, where that is known."""
    by_name = {table.name: table for table in tables}
    for table in tables:
        default = "" if table.metadata is None else table.metadata.schema or ""
        for column in table.columns:
            if column.type is None and column.foreign_keys:
                column.type = _type_of(column, by_name, default, _LONGEST_CHAIN)


def _type_of(
    column: ColumnValue, tables: Mapping[TableName, TableValue], default: str, left: int
) -> Value | None:
    if column.type is not None or not left:
        return column.type
    for key in column.foreign_keys:
        target = _target(key, column, tables, default)
        found = None if target is None else _type_of(target, tables, default, left - 1)
        if found is not None:
            return found
    return None


def _target(
    key: ForeignKeyValue, column: ColumnValue, tables: Mapping[TableName, TableValue], default: str
) -> ColumnValue | None:
    given = key.given["column"]
    if isinstance(given, ColumnValue):
        return given
    name, target = read_target(given, Notes())
    if isinstance(name, Unknown) or isinstance(target, Unknown):
        return None
    table = tables.get(name) or tables.get(TableName(name.name, name.schema or default))
    wanted = column.name if target is None else target
    found = (
        []
        if table is None
        else [one for one in table.columns if wanted in (one.name, one.options.get("key"))]
    )
    return found[0] if found else None


def in_schema(constraint: Constraint, schema: str) -> Constraint:
    """Return a foreign key whose target names no schema with that of the MetaData, as SQLAlchemy reads it."""
    if not isinstance(constraint, ForeignKey) or isinstance(constraint.target, Unknown):
        return constraint
    if constraint.target.schema:
        return constraint
    return replace(constraint, target=TableName(constraint.target.name, schema))
