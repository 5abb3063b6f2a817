"""`sa.inspect(bind)`: questions to the database, answered from the replayed schema where it is certain.

Part of the library that gives SQLAlchemy's names their meaning (second stage).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from migrate_guard.evaluate.library.binds import BindValue, DialectValue, dialect_has_table
from migrate_guard.evaluate.library.reading import depends
from migrate_guard.evaluate.library.reflection import doubt, known_table, whole
from migrate_guard.evaluate.library.sessions import QueryValue
from migrate_guard.evaluate.library.types import TypeValue
from migrate_guard.evaluate.values import Call, Machine, Method, Thing, Undecided, Value
from migrate_guard.operations import (
    UNKNOWN,
    Check,
    Column,
    Computed,
    Default,
    ForeignKey,
    Identity,
    Index,
    PrimaryKey,
    TableName,
    Unique,
    Unknown,
)
from migrate_guard.record import dataclass
from migrate_guard.schema import Schema, Table


class InspectorValue(Thing):
    """An `Inspector` of the migration's connection."""

    __slots__ = ()

    def describe(self) -> str:
        return "an Inspector"

    def attribute(self, name: str, machine: Machine) -> Value:
        if name in {"bind", "engine"}:
            return BindValue(engine=name == "engine")
        if name == "dialect":
            return DialectValue()
        if name == "default_schema_name":
            return DialectValue().attribute(name, machine)
        return Method(self, name)

    def method(self, name: str, call: Call, machine: Machine) -> Value:
        if name in {
            "get_table_names",
            "get_view_names",
            "get_schema_names",
            "get_sorted_table_and_fkc_names",
        }:
            return _names(name, call, machine)
        if name == "has_table":
            return dialect_has_table(call.get(0, "table_name"), call.get(1, "schema"), machine)
        if name == "has_index":
            return _has_index(call, machine)
        if name == "get_enums":
            return Undecided("the enums of the database", data=True)
        if name in _QUESTIONS:
            return _about_table(name, call, machine)
        if name in {"clear_cache", "reflect_table"}:
            return None
        return Undecided(f"{name}() of an Inspector", data=True)


def _names(name: str, call: Call, machine: Machine) -> Value:
    schema = call.get(0, "schema")
    reason = whole(machine.schema)
    uncertain = next((table for table in machine.schema.tables.values() if not table.certain), None)
    if uncertain is not None and reason is None:
        reason = doubt(uncertain, machine.schema)
    if name != "get_table_names" or not isinstance(schema, str | None):
        return Undecided(f"{name}() of an Inspector", data=True)
    if reason is not None:
        return TableNamesValue(schema or "", reason, machine.schema)
    wanted = machine.schema.key(TableName("", schema or "")).schema
    found = (key.name for key in machine.schema.tables if key.schema == wanted)
    return sorted(found)


@dataclass(slots=True, eq=False)
class TableNamesValue(Thing):
    """The names of all tables, where they are not all known: single ones may be.

    `then` is what there was when they were asked for.
    """

    schema: str
    reason: str
    then: Schema

    def describe(self) -> str:
        return self.reason

    def operate(self, operator: str, other: Value, reflected: bool, machine: Machine) -> Value:
        if operator not in {"in", "not in"} or not reflected:
            return Undecided(self.reason, data=True)
        found = dialect_has_table(other, self.schema or None, machine)
        if isinstance(found, Undecided) and found.asks is not None:
            key = machine.schema.key(found.asks.table)
            found = found if (key in self.then.tables) is (key in machine.schema.tables) else found.derived
        if isinstance(found, Undecided):
            return found if operator == "in" else found.negated
        return found if operator == "in" else not found

    def attribute(self, name: str, machine: Machine) -> Value:
        return Undecided(self.reason, data=True)

    def subscript(self, key: Value, machine: Machine) -> Value:
        return Undecided(self.reason, data=True)

    def truth(self) -> bool | None:
        return None


def _table(call: Call, machine: Machine) -> Table | Undecided:
    name, schema = call.get(0, "table_name"), call.get(1, "schema")
    if not isinstance(name, str) or not isinstance(schema, str | None):
        return Undecided(depends("the table", name if not isinstance(name, str) else schema), data=True)
    return known_table(TableName(name, schema or ""), machine)


def _about_table(name: str, call: Call, machine: Machine) -> Value:
    table = _table(call, machine)
    if isinstance(table, Undecided):
        return table
    found = _QUESTIONS[name](table, machine)
    return Undecided(f"{name}() of {table.name}", data=True) if found is None else found


def _has_index(call: Call, machine: Machine) -> Value:
    wanted = call.get(1, "index_name")
    table = _table(Call(call.span, call.positional[:1], call.keywords), machine)
    if isinstance(table, Undecided) or not isinstance(wanted, str):
        return table if isinstance(table, Undecided) else Undecided("the index", data=True)
    indexes = _indexes(table, machine)
    if indexes is None:
        return Undecided(f"the indexes of {table.name}", data=True)
    if any(isinstance(index.name, Unknown) and index.given == wanted for index in table.indexes):
        return Undecided(f"the names of the indexes of {table.name}", data=True)
    names = [index["name"] for index in indexes]
    if wanted not in names and any(isinstance(name, Undecided) for name in names):
        return Undecided(f"the names of the indexes of {table.name}", data=True)
    return wanted in names


Rows = list[Value] | None


def _columns(table: Table, machine: Machine) -> Rows:
    return [_column(column) for column in table.columns.values()]


def _column(column: Column) -> Value:
    unknown = Undecided(f"an attribute of the column {column.name}", data=True)
    default = column.default
    shown: Value = None
    if isinstance(default, Unknown) or (isinstance(default, Default) and isinstance(default.sql, Unknown)):
        shown = unknown
    elif isinstance(default, Default):
        shown = default.sql
    if column.serial:
        shown = unknown
    found = {
        "name": column.name,
        "type": TypeValue(UNKNOWN if column.type is None else column.type),
        "nullable": unknown if isinstance(column.nullable, Unknown) else column.nullable,
        "default": shown,
        "autoincrement": unknown if column.autoincrement == "auto" else column.autoincrement,
        "comment": unknown if isinstance(column.comment, Unknown) else column.comment,
    }
    if isinstance(column.identity, Identity):
        found["identity"] = {"always": column.identity.always}
    if isinstance(column.computed, Computed):
        found["computed"] = {"sqltext": unknown}
    return found


def _name(element: PrimaryKey | Unique | ForeignKey | Check | Index) -> Value:
    """Return the name of a constraint or index; what is done by its possible name is done to it."""
    if isinstance(element.name, Unknown):
        return element.given or Undecided("the name of a constraint", data=True)
    return element.name


def _indexes(table: Table, machine: Machine) -> Rows:
    found = []
    for index in table.indexes:
        if isinstance(index.parts, Unknown):
            return None
        found.append(_index(index))
    if machine.dialect.family != "sqlite":
        for unique in table.uniques:
            if isinstance(unique.columns, Unknown):
                return None
            found.append(
                {"name": _name(unique), "column_names": list(unique.columns), "unique": True,
                 "duplicates_constraint": _name(unique)}
            )  # fmt: skip
    return found


def _index(index: Index) -> dict[str, Value]:
    parts = () if isinstance(index.parts, Unknown) else index.parts
    unique: Value = index.unique
    if isinstance(unique, Unknown):
        unique = Undecided("whether the index is unique", data=True)
    name = _name(index)
    return {"name": name, "column_names": [part.column for part in parts], "unique": unique}


def _uniques(table: Table, machine: Machine) -> Rows:
    return [_unique(unique) for unique in table.uniques]


def _unique(unique: Unique) -> Value:
    columns: Value = Undecided("the columns of a unique constraint", data=True)
    if not isinstance(unique.columns, Unknown):
        columns = list(unique.columns)
    return {"name": _name(unique), "column_names": columns}


def _foreign_keys(table: Table, machine: Machine) -> Rows:
    found = []
    for key in table.foreign_keys:
        if isinstance(key.target, Unknown) or isinstance(key.columns, Unknown):
            return None
        if isinstance(key.target_columns, Unknown):
            return None
        found.append(_foreign_key(key, key.target, key.columns, key.target_columns))
    return found


def _foreign_key(
    key: ForeignKey, target: TableName, columns: tuple[str, ...], target_columns: tuple[str, ...]
) -> dict[str, Value]:
    options = {"ondelete": key.ondelete, "onupdate": key.onupdate}
    return {
        "name": _name(key),
        "constrained_columns": list(columns),
        "referred_schema": target.schema or None,
        "referred_table": target.name,
        "referred_columns": list(target_columns),
        "options": {name: value for name, value in options.items() if value},
    }


def _primary_key(table: Table, machine: Machine) -> Value:
    key: PrimaryKey | None = table.primary_key
    if key is None:
        return {"name": None, "constrained_columns": []}
    if isinstance(key.columns, Unknown):
        return None
    return {"name": _name(key), "constrained_columns": list(key.columns)}


def _checks(table: Table, machine: Machine) -> Rows:
    return [_check(check) for check in table.checks]


def _check(check: Check) -> Value:
    sql = Undecided("the text of a CHECK", data=True) if isinstance(check.sql, Unknown) else check.sql
    return {"name": _name(check), "sqltext": sql}


def _comment(table: Table, machine: Machine) -> Value:
    return {"text": table.comment}


_QUESTIONS: Mapping[str, Callable[[Table, Machine], Value]] = {
    "get_columns": _columns,
    "get_indexes": _indexes,
    "get_unique_constraints": _uniques,
    "get_foreign_keys": _foreign_keys,
    "get_pk_constraint": _primary_key,
    "get_primary_keys": lambda table, machine: None,
    "get_check_constraints": _checks,
    "get_table_comment": _comment,
}


def inspect(call: Call, machine: Machine) -> Value:
    """Return what `sa.inspect(…)` is: an inspector of a connection, state of anything else."""
    subject = call.get(0, "subject", call.get(0, "bind"))
    if isinstance(subject, BindValue):
        return InspectorValue()
    if isinstance(subject, Undecided):
        return Undecided(f"an inspector of {subject.reason}", data=True)
    if isinstance(subject, QueryValue):
        return subject
    return Undecided("what SQLAlchemy knows of an object", data=True)
