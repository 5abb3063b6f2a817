"""The methods of a table object: creating and dropping it, and the statements on it.

Part of the library that gives SQLAlchemy's names their meaning (second stage).
"""

from __future__ import annotations

from migrate_guard.evaluate.library.reading import Notes, Unreadable, certain_flag
from migrate_guard.evaluate.library.statements import delete_from, insert_into, select_from, update_of
from migrate_guard.evaluate.library.table_ddl import emit_create_table, read_shape
from migrate_guard.evaluate.library.tables import TableValue
from migrate_guard.evaluate.values import Call, Machine, Undecided, Value
from migrate_guard.operations import UNKNOWN, DropTable
from migrate_guard.record import replace

_STATEMENTS = {"insert": insert_into, "update": update_of, "delete": delete_from, "select": select_from}


def call_table_method(table: TableValue, name: str, call: Call, machine: Machine) -> Value:
    """Return what a method of a table object gives."""
    if name in _STATEMENTS:
        return _STATEMENTS[name](table, call, machine)
    if name in {"create", "drop"}:
        notes = Notes()
        first = certain_flag(call.get(1, "checkfirst", True), "checkfirst", notes, default=True)
        (create_one if name == "create" else drop_one)(table, call, machine, first, notes)
        return None
    if name in {"alias", "tablesample"}:
        alias = call.get(0, "name")
        return replace(table, alias=alias if isinstance(alias, str) else None)
    if name in {"join", "outerjoin"}:
        return select_from(table, call, machine)
    if name == "exists":
        return machine.unresolved(f"exists() of {table.describe()}", call)
    if name in {"append_column", "append_constraint"}:
        table.items.extend(call.positional)
        return None
    if name in {"tometadata", "to_metadata"}:
        return table
    return Undecided(f"{name}() of {table.describe()}", data=True)


def create_one(
    table: TableValue, call: Call, machine: Machine, checkfirst: bool, notes: Notes | None = None
) -> None:
    """Record the creation of a table object with its enum types and indexes."""
    found = notes or Notes()
    convention = None if table.metadata is None else table.metadata.convention
    try:
        shape = read_shape(table.name, tuple(table.items), machine, found, convention)
    except Unreadable as problem:
        machine.opaque(problem.reason, call, (table.name,))
        return
    if table.open:
        found.unknown(table.open)
        shape.columns = UNKNOWN
    emit_create_table(table.name, shape, table.options, checkfirst, call, machine, found, own_names=True)


def drop_one(
    table: TableValue, call: Call, machine: Machine, checkfirst: bool, notes: Notes | None = None
) -> None:
    """Record the dropping of a table object."""
    found = notes or Notes()
    machine.emit(DropTable, call, table=table.name, if_exists=checkfirst, unknowns=found.unknowns())
