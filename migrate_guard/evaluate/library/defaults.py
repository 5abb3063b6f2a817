"""Server defaults, identities, generated columns and sequences.

Part of the library that gives SQLAlchemy's names their meaning (second stage).
"""

from __future__ import annotations

from typing import TypeAlias

from migrate_guard.evaluate.library.expressions import (
    Clause,
    Expression,
    expression_text,
    quoted,
)
from migrate_guard.evaluate.library.reading import Notes, Unreadable, certain_flag, depends, shown, subject
from migrate_guard.evaluate.library.signature import Signature, bind
from migrate_guard.evaluate.values import Call, Machine, Method, PartialText, Thing, Undecided, Value
from migrate_guard.operations import (
    UNKNOWN,
    Computed,
    CreateObject,
    Default,
    DropObject,
    Identity,
    TableName,
    Unknown,
)
from migrate_guard.record import dataclass


@dataclass(slots=True, eq=False)
class IdentityValue(Thing):
    """`sa.Identity(…)`."""

    identity: Identity
    unknowns: tuple[str, ...] = ()

    def describe(self) -> str:
        return "an Identity()"


@dataclass(slots=True, eq=False)
class ComputedValue(Thing):
    """`sa.Computed(…)`."""

    computed: Computed
    unknowns: tuple[str, ...] = ()

    def describe(self) -> str:
        return "a Computed()"


@dataclass(slots=True, eq=False)
class DefaultValue(Thing):
    """`sa.DefaultClause(…)`: a server default as an object of its own."""

    value: Value

    def describe(self) -> str:
        return "a DefaultClause()"


class FetchedValue(Thing):
    """`sa.FetchedValue()`: the server fills the column by other means; no DEFAULT is written."""

    __slots__ = ()

    def describe(self) -> str:
        return "a FetchedValue()"


class PythonDefault(Thing):
    """`sa.ColumnDefault(…)`: a default that the database never sees."""

    __slots__ = ()

    def describe(self) -> str:
        return "a ColumnDefault()"


@dataclass(slots=True, eq=False)
class SequenceValue(Clause):
    """`sa.Sequence(…)`."""

    name: TableName
    optional: bool = False

    def describe(self) -> str:
        return f"the sequence {self.name}"

    def sql(self) -> str:
        return f"nextval('{self.name}')"

    def attribute(self, name: str, machine: Machine) -> Value:
        return Method(self, name)

    def method(self, name: str, call: Call, machine: Machine) -> Value:
        if name == "next_value":
            return Expression(self.sql(), called=("nextval",))
        if name in {"create", "drop"}:
            self._create_or_drop(name, call, machine)
            return None
        return Undecided(f"{name}() of {self.describe()}", data=True)

    def _create_or_drop(self, name: str, call: Call, machine: Machine) -> None:
        if not has_sequences(machine):
            return
        notes = Notes()
        first = certain_flag(call.get(1, "checkfirst", True), "checkfirst", notes, default=True)
        unknowns = notes.unknowns()
        if name == "create":
            machine.emit(
                CreateObject, call, kind="sequence", name=self.name, if_not_exists=first, unknowns=unknowns
            )
        else:
            machine.emit(
                DropObject, call, kind="sequence", name=self.name, if_exists=first, unknowns=unknowns
            )


def has_sequences(machine: Machine) -> bool:
    """Tell whether SQLAlchemy creates sequences on the dialect: PostgreSQL, and MariaDB from 10.3 on."""
    return machine.dialect.name in {"postgresql", "mariadb"}


_IDENTITY = Signature(
    "Identity",
    ("always", "on_null", "start", "increment", "minvalue", "maxvalue", "nominvalue", "nomaxvalue", "cycle",
     "cache", "order"),
    options=True,
)  # fmt: skip
_SEQUENCE = Signature(
    "Sequence",
    ("name", "start", "increment", "minvalue", "maxvalue", "nominvalue", "nomaxvalue", "cycle", "schema",
     "cache", "order", "data_type", "optional", "quote", "metadata", "quote_schema", "for_update"),
    required=1,
    options=True,
)  # fmt: skip


def identity(call: Call, machine: Machine) -> Value:
    """Return what `sa.Identity(…)` is."""
    notes = Notes()
    always = certain_flag(bind(_IDENTITY, call)["always"], "always", notes)
    return IdentityValue(Identity(always), notes.unknowns())


def computed(call: Call, machine: Machine) -> Value:
    """Return what `sa.Computed(…)` is."""
    notes = Notes()
    given = bind(Signature("Computed", ("sqltext", "persisted"), required=1), call)
    stored = given["persisted"]
    if isinstance(stored, Thing):
        notes.unknown(depends("persisted", stored))
        stored = None
    return ComputedValue(
        Computed(expression_text(given["sqltext"], "expression", notes), stored), notes.unknowns()
    )


def sequence(call: Call, machine: Machine) -> Value:
    """Return what `sa.Sequence(…)` is; undecided if its name is."""
    given = bind(_SEQUENCE, call)
    schema = given["schema"]
    if not isinstance(given["name"], str) or not isinstance(schema, str | None):
        return Undecided("the name of a sequence")
    return SequenceValue(TableName(given["name"], schema or ""), optional=given["optional"] is True)


def default_clause(call: Call, machine: Machine) -> Value:
    """Return what `sa.DefaultClause(…)` is."""
    return DefaultValue(call.get(0, "arg"))


Found: TypeAlias = Default | Identity | Computed | Unknown | None


def read_default(value: Value, notes: Notes, machine: Machine) -> Found:
    """Return what a server default puts into DDL; raise `Unreadable` for what SQLAlchemy refuses.

    `DEFAULT NULL` is no default.
    """
    if isinstance(value, DefaultValue):
        value = value.value
    if value is None or isinstance(value, FetchedValue):
        return None
    if isinstance(value, str):
        return Default(_string_literal(value, machine), quoted=True)
    if isinstance(value, PartialText):
        notes.unknown(f"the server default depends on {value.reason}")
        return Default(UNKNOWN, quoted=True)
    if isinstance(value, (IdentityValue, ComputedValue)):
        notes.add(value.unknowns)
        return value.identity if isinstance(value, IdentityValue) else value.computed
    if isinstance(value, Clause):
        found = expression_text(value, "server default", notes)
        return None if isinstance(found, str) and found.strip().upper() == "NULL" else Default(found)
    if isinstance(value, Thing):
        return notes.unknown(depends("the server default", value))
    raise Unreadable(f"the server default is {shown(value)}, which is neither a string nor SQL")


def _string_literal(value: str, machine: Machine) -> str:
    literal = quoted(value)
    return literal.replace("\\", "\\\\") if machine.dialect.family == "mysql" else literal


def sequence_name(value: Value) -> TableName:
    """Return the name of a sequence; raise `Unreadable` if it is not known."""
    if isinstance(value, SequenceValue):
        return value.name
    return TableName(subject(value, "sequence"))
