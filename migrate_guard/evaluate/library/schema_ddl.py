"""DDL objects that are executed like statements: `CreateTable(t)`, `DropIndex(i)`, `DDL("…")`.

Part of the library that gives SQLAlchemy's names their meaning (second stage).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from migrate_guard.evaluate.library.constraints import ConstraintValue
from migrate_guard.evaluate.library.defaults import sequence_name
from migrate_guard.evaluate.library.indexes import IndexValue, emit_create_index, emit_drop_index
from migrate_guard.evaluate.library.reading import Notes, Unreadable, certain_flag, depends, subject
from migrate_guard.evaluate.library.table_methods import create_one, drop_one
from migrate_guard.evaluate.library.tables import require_table
from migrate_guard.evaluate.library.types import TypeValue
from migrate_guard.evaluate.values import Call, Machine, Thing, Undecided, Value
from migrate_guard.operations import (
    AddConstraint,
    ConstraintKind,
    CreateObject,
    DropConstraint,
    DropObject,
    FinalName,
    TableName,
)
from migrate_guard.record import dataclass, replace


@dataclass(slots=True, eq=False)
class DdlValue(Thing):
    """A DDL object: `kind` is its class, `given` the arguments it was made with."""

    kind: str
    given: Call

    def describe(self) -> str:
        return f"a {self.kind}()"

    def execute(self, call: Call, machine: Machine) -> None:
        """Record what executing it does; raise `Unreadable` if its subject is not known."""
        if self.given.open:
            raise Unreadable(f"a * or ** argument of {self.kind}()")
        _EXECUTE[self.kind](self.given, call, machine)

    def method(self, name: str, call: Call, machine: Machine) -> Value:
        if name in {"execute_if", "against", "execution_options"}:
            return self if name != "execute_if" else Undecided(f"{self.describe()} under a condition")
        return Undecided(f"{name}() of {self.describe()}", data=True)


def _flag(given: Call, name: str, notes: Notes) -> bool:
    return certain_flag(given.keywords.get(name, False), name, notes)


def _create_table(given: Call, call: Call, machine: Machine) -> None:
    notes = Notes()
    table = require_table(given.get(0, "element"), machine)
    create_one(table, call, machine, _flag(given, "if_not_exists", notes), notes)


def _drop_table(given: Call, call: Call, machine: Machine) -> None:
    notes = Notes()
    table = require_table(given.get(0, "element"), machine)
    drop_one(table, call, machine, _flag(given, "if_exists", notes), notes)


def _index(given: Call) -> tuple[IndexValue, TableName]:
    found = given.get(0, "element")
    if not isinstance(found, IndexValue) or found.table is None:
        raise Unreadable(depends("the index", found))
    return found, found.table


def _create_index(given: Call, call: Call, machine: Machine) -> None:
    notes = Notes()
    value, table = _index(given)
    index = value.read_own(table, machine, notes)
    emit_create_index(index, value.given, _flag(given, "if_not_exists", notes), call, machine, notes)


def _drop_index(given: Call, call: Call, machine: Machine) -> None:
    notes = Notes()
    value, table = _index(given)
    index = value.read_own(table, machine, notes)
    emit_drop_index(index, value.given, _flag(given, "if_exists", notes), call, machine, notes)


def _constraint(given: Call) -> tuple[ConstraintValue, TableName]:
    found = given.get(0, "element")
    if not isinstance(found, ConstraintValue) or found.table is None:
        raise Unreadable(depends("the constraint and its table", found))
    return found, found.table


def _add_constraint(given: Call, call: Call, machine: Machine) -> None:
    found, table = _constraint(given)
    constraint = found.constraint
    if isinstance(constraint.name, str):
        constraint = replace(constraint, name=FinalName(constraint.name))
    machine.emit(AddConstraint, call, table=table, constraint=constraint, unknowns=found.unknowns)


_KINDS: Mapping[str, ConstraintKind] = {
    "PrimaryKey": "primary", "Unique": "unique", "ForeignKey": "foreignkey", "Check": "check",
    "Exclude": "exclude",
}  # fmt: skip


def _drop_constraint(given: Call, call: Call, machine: Machine) -> None:
    notes = Notes()
    found, table = _constraint(given)
    machine.emit(
        DropConstraint,
        call,
        table=table,
        name=found.constraint.name,
        kind=_KINDS[type(found.constraint).__name__],
        if_exists=_flag(given, "if_exists", notes),
        cascade=_flag(given, "cascade", notes),
        unknowns=(*found.unknowns, *notes.unknowns()),
    )


def _create_sequence(given: Call, call: Call, machine: Machine) -> None:
    notes = Notes()
    name = sequence_name(given.get(0, "element"))
    exists = _flag(given, "if_not_exists", notes)
    machine.emit(
        CreateObject, call, kind="sequence", name=name, if_not_exists=exists, unknowns=notes.unknowns()
    )


def _drop_sequence(given: Call, call: Call, machine: Machine) -> None:
    notes = Notes()
    name = sequence_name(given.get(0, "element"))
    exists = _flag(given, "if_exists", notes)
    machine.emit(DropObject, call, kind="sequence", name=name, if_exists=exists, unknowns=notes.unknowns())


def _create_schema(given: Call, call: Call, machine: Machine) -> None:
    notes = Notes()
    name = TableName(subject(given.get(0, "name"), "schema"))
    exists = _flag(given, "if_not_exists", notes)
    machine.emit(
        CreateObject, call, kind="schema", name=name, if_not_exists=exists, unknowns=notes.unknowns()
    )


def _drop_schema(given: Call, call: Call, machine: Machine) -> None:
    notes = Notes()
    machine.emit(
        DropObject,
        call,
        kind="schema",
        name=TableName(subject(given.get(0, "name"), "schema")),
        if_exists=_flag(given, "if_exists", notes),
        cascade=_flag(given, "cascade", notes),
        unknowns=notes.unknowns(),
    )


def _named_type(word: str) -> Callable[[Call, Call, Machine], None]:
    def perform(given: Call, call: Call, machine: Machine) -> None:
        found = given.get(0, "element")
        if not isinstance(found, TypeValue):
            raise Unreadable(depends("the type", found))
        found.method(word, Call(call.span, (None, False)), machine)

    return perform


def _ddl(given: Call, call: Call, machine: Machine) -> None:
    machine.execute_sql(given.get(0, "statement"), call)


_EXECUTE: Mapping[str, Callable[[Call, Call, Machine], None]] = {
    "CreateTable": _create_table,
    "DropTable": _drop_table,
    "CreateIndex": _create_index,
    "DropIndex": _drop_index,
    "AddConstraint": _add_constraint,
    "DropConstraint": _drop_constraint,
    "CreateSequence": _create_sequence,
    "DropSequence": _drop_sequence,
    "CreateSchema": _create_schema,
    "DropSchema": _drop_schema,
    "postgresql.CreateEnumType": _named_type("create"),
    "postgresql.DropEnumType": _named_type("drop"),
    "DDL": _ddl,
}

DDL_CLASSES = frozenset(_EXECUTE)
"""The canonical names of the DDL objects that are understood."""
