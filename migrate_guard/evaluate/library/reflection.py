"""What a database would tell of itself, answered from the replayed schema where that is certain.

Part of the library that gives SQLAlchemy's names their meaning (second stage).
"""

from __future__ import annotations

from migrate_guard.evaluate.library.columns import ColumnValue
from migrate_guard.evaluate.library.types import TypeValue
from migrate_guard.evaluate.values import Machine, Undecided, Value
from migrate_guard.operations import UNKNOWN, Existence, TableName
from migrate_guard.record import replace
from migrate_guard.schema import Schema, Table


def whole(schema: Schema) -> str | None:
    """Return why it is not known which tables there are, `None` if it is known."""
    if schema.doubts:
        return schema.doubts[0]
    assumed = next((table for table in schema.tables.values() if table.assumed), None)
    if assumed is not None:
        return f"the table {assumed.name} comes from elsewhere, and others may"
    return None


def doubt(table: Table, schema: Schema) -> str | None:
    """Return why not everything about a table is known, `None` if it is."""
    if schema.doubts:
        return schema.doubts[0]
    if table.assumed:
        return f"the table {table.name} is not created by these migrations"
    if not table.certain:
        return table.doubts[0] if table.doubts else f"the table {table.name} is not certain"
    uncertain = next((column for column in table.columns.values() if not column.certain), None)
    return None if uncertain is None else f"the column {uncertain.name} of {table.name} is not certain"


def known_table(name: TableName, machine: Machine) -> Table | Undecided:
    """Return a table of the schema of which everything is known, or why there is none."""
    table = machine.schema.table(name)
    if table is None:
        return Undecided(f"the table {name}, which these migrations do not create", data=True)
    reason = doubt(table, machine.schema)
    return table if reason is None else Undecided(reason, data=True)


def has_table(name: TableName, machine: Machine) -> Value:
    """Return whether a table exists at this point, undecided where the schema does not tell."""
    found = _has_table(name, machine)
    return replace(found, asks=Existence(name)) if isinstance(found, Undecided) else found


def _has_table(name: TableName, machine: Machine) -> bool | Undecided:
    schema = machine.schema
    table = schema.table(name)
    if table is not None:
        if table.assumed and not schema.doubts:
            return True
        reason = None if table.certain and not schema.doubts else doubt(table, schema)
        return True if reason is None else Undecided(reason, data=True)
    if schema.doubts:
        return Undecided(schema.doubts[0], data=True)
    if schema.key(name) in schema.dropped:
        return False
    if _is_view(name, machine):
        return True
    reason = whole(schema)
    return False if reason is None else Undecided(f"whether there is a table {name}: {reason}", data=True)


def _is_view(name: TableName, machine: Machine) -> bool:
    """Tell whether a view of that name exists, which SQLAlchemy's `has_table` finds too."""
    key = machine.schema.key(name)
    return ("view", key) in machine.schema.objects or ("materialized view", key) in machine.schema.objects


def columns_of(name: TableName, machine: Machine) -> list[Value] | None:
    """Return the columns of a table as objects, `None` if they are not all known."""
    table = known_table(name, machine)
    if isinstance(table, Undecided):
        return None
    return [
        ColumnValue(column.name, TypeValue(UNKNOWN if column.type is None else column.type), owner=name)
        for column in table.columns.values()
    ]
