"""`sa.MetaData` and `sa.Table`.

Part of the library that gives SQLAlchemy's names their meaning (second stage).
"""

from __future__ import annotations

from dataclasses import field

from migrate_guard.evaluate.library.columns import ColumnValue
from migrate_guard.evaluate.library.conventions import Convention, read_convention
from migrate_guard.evaluate.library.reading import Notes, depends, items, shown
from migrate_guard.evaluate.library.reflection import columns_of
from migrate_guard.evaluate.library.table_methods import create_one, drop_one
from migrate_guard.evaluate.library.tables import DeclarativeBase, TableValue, table_items, table_of
from migrate_guard.evaluate.values import Call, Machine, Method, Thing, Undecided, Value
from migrate_guard.operations import UNKNOWN, TableName
from migrate_guard.record import dataclass


@dataclass(slots=True, eq=False)
class MetaDataValue(Thing):
    """A collection of tables; `open` is the reason why it may hold more than are known.

    `schema` is that of its tables which name none; a table without a known schema is not known either.
    """

    schema: Value = None
    convention: Convention | None = None
    registered: dict[TableName, TableValue] = field(default_factory=dict)
    open: str | None = None

    def describe(self) -> str:
        return "a MetaData"

    def attribute(self, name: str, machine: Machine) -> Value:
        if name == "tables":
            return TablesValue(self)
        if name == "sorted_tables":
            return Undecided(self.open) if self.open else list(self.registered.values())
        if name == "schema":
            return self.schema
        if name in {"bind", "naming_convention", "info"}:
            return Undecided(f"{name} of a MetaData", data=name != "bind")
        return Method(self, name)

    def set_attribute(self, name: str, value: Value, machine: Machine) -> None:
        if name == "naming_convention":
            self.convention = read_convention(value)

    def method(self, name: str, call: Call, machine: Machine) -> Value:
        if name in {"create_all", "drop_all"}:
            self._all(name, call, machine)
            return None
        if name == "reflect":
            self.open = "it is reflected from the database"
            return None
        if name in {"clear", "remove"}:
            self.registered.clear()
            return None
        return machine.unresolved(f"{name}() of a MetaData", call)

    def _all(self, name: str, call: Call, machine: Machine) -> None:
        wanted = call.get(1, "tables")
        values = list(self.registered.values()) if wanted is None else items(wanted)
        if values is None or (wanted is None and self.open):
            reason = self.open or depends("tables", wanted)
            machine.opaque(f"the tables of {name}() are not all known: {reason}", call)
        tables = [
            table for table in (table_of(value, machine) for value in values or ()) if table is not None
        ]
        if len(tables) != len(values or ()):
            machine.opaque(f"not all tables of {name}() are known", call)
        for table in tables if name == "create_all" else reversed(tables):
            (create_one if name == "create_all" else drop_one)(table, call, machine, checkfirst=True)


@dataclass(slots=True, eq=False)
class TablesValue(Thing):
    """`metadata.tables`."""

    metadata: MetaDataValue

    def describe(self) -> str:
        return "the tables of a MetaData"

    def subscript(self, key: Value, machine: Machine) -> Value:
        if not isinstance(key, str):
            return Undecided(self.describe())
        schema, _, name = key.rpartition(".")
        own = self.metadata.schema
        if not schema and isinstance(own, Thing):
            return Undecided(depends("the schema of a MetaData", own))
        wanted = TableName(name, schema or own or "")
        found = self.metadata.registered.get(wanted)
        return found or TableValue(wanted, open=self.metadata.open or f"{key} is not in the MetaData")

    def method(self, name: str, call: Call, machine: Machine) -> Value:
        if name == "get":
            return self.subscript(call.get(0, "key"), machine)
        return Undecided(self.describe(), data=name == "keys")


def metadata(call: Call, machine: Machine) -> Value:
    """Return what `sa.MetaData(…)` is."""
    schema = call.get(None, "schema")
    convention = Convention(UNKNOWN) if call.open else read_convention(call.get(None, "naming_convention"))
    return MetaDataValue(schema, convention, open="a * or ** argument" if call.open else None)


def declarative_base(call: Call, machine: Machine) -> Value:
    """Return what `declarative_base(…)` is; which classes are made from it is not known to its MetaData."""
    given = call.get(None, "metadata")
    convention = None if given is None and not call.open else Convention(UNKNOWN)
    found = given if isinstance(given, MetaDataValue) else MetaDataValue(convention=convention)
    found.open = found.open or "it belongs to a declarative base"
    return DeclarativeBase(
        found, made_from=call.get(None, "cls"), types=call.get(None, "type_annotation_map")
    )


_NOT_OPTIONS = frozenset(
    "schema metadata autoload autoload_with extend_existing keep_existing must_exist".split()
)


def table(call: Call, machine: Machine) -> Value:
    """Return what `sa.Table(…)` is; undecided if its name is."""
    name, owner = call.get(0, "name"), call.get(1, "metadata")
    known = owner if isinstance(owner, MetaDataValue) else None
    schema = call.keywords.get("schema", known.schema if known else None)
    if not isinstance(name, str) or not isinstance(schema, str | None):
        return Undecided(f"the table {shown(name)}")
    made = TableName(name, schema or "")
    if known is not None and made in known.registered and len(call.positional) <= 2:
        return known.registered[made]
    notes = Notes()
    values = table_items(call.positional[2:], made, notes)
    reasons = [*notes.unknowns(), *(["a * or ** argument"] if call.open else [])]
    options = {key: value for key, value in call.keywords.items() if key not in _NOT_OPTIONS}
    found = TableValue(made, values, options, known, open="; ".join(reasons) or None, span=call.span)
    if "autoload_with" in call.keywords or call.keywords.get("autoload"):
        _reflect(found, machine)
    if known is not None:
        known.registered[made] = found
    return found


def _reflect(found: TableValue, machine: Machine) -> None:
    """Add the columns that the database has; the table stays open where those are not known."""
    listed = {item.name for item in found.columns}
    reflected = columns_of(found.name, machine)
    if reflected is None:
        found.open = found.open or f"{found.describe()} is reflected from the database"
        return
    for value in reflected:
        if isinstance(value, ColumnValue) and value.name not in listed:
            found.items.append(value)
