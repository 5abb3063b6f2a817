"""Column types: from SQLAlchemy's classes and their arguments to the type that a database gets.

Part of the library that gives SQLAlchemy's names their meaning (second stage). What each dialect makes
of a type is what SQLAlchemy 2.1's type compilers write; the tests compare all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field

from migrate_guard.dialect import Dialect
from migrate_guard.evaluate.library.reading import Notes, Unreadable, depends, number, plain_text, shown
from migrate_guard.evaluate.library.signature import Bound, Signature, bind
from migrate_guard.evaluate.values import Call, ClassValue, Machine, Method, Thing, Undecided, Value
from migrate_guard.operations import (
    UNKNOWN,
    ConstraintName,
    CreateEnum,
    DropEnum,
    SqlType,
    TableName,
    Unknown,
)
from migrate_guard.record import dataclass, replace
from migrate_guard.span import Span


@dataclass(slots=True, eq=False)
class TypeValue(Thing):
    """A type with its arguments, as it is on the machine's dialect.

    `sql` is `None` for `NullType`. `unknowns` are the reasons why something in it is not known.
    `check_name` names the CHECK that the type brings along where `sql.check` is set. `check_first` is
    the default of `checkfirst` in `.create()` and `.drop()`; `inherits` tells that the schema of the
    enum is that of its table.
    """

    sql: SqlType | Unknown | None
    unknowns: tuple[str, ...] = ()
    check_name: ConstraintName = None
    check_first: bool = False
    inherits: bool = False

    def describe(self) -> str:
        return "a type" if self.sql is None or isinstance(self.sql, Unknown) else f"the type {self.sql}"

    def attribute(self, name: str, machine: Machine) -> Value:
        labels = self.sql.labels if isinstance(self.sql, SqlType) else None
        if name == "enums" and isinstance(labels, tuple):
            return list(labels)
        if name == "name" and isinstance(self.sql, SqlType) and self.sql.enum is not None:
            return self.sql.enum.name
        if name == "length" and isinstance(self.sql, SqlType) and self.sql.arguments:
            return self.sql.arguments[0]
        if name in _METHODS:
            return Method(self, name)
        return Undecided(f"the attribute {name} of {self.describe()}", data=True)

    def method(self, name: str, call: Call, machine: Machine) -> Value:
        if name == "with_variant":
            return self._with_variant(call, machine)
        if name in {"create", "drop"}:
            self._create_or_drop(name, call, machine)
            return None
        if name in {"copy", "evaluates_none", "as_generic", "adapt"}:
            return self
        return Undecided(f"{name}() of {self.describe()}", data=True)

    def _with_variant(self, call: Call, machine: Machine) -> Value:
        dialects = call.positional[1:] or (call.get(1, "dialect_name"),)
        if call.open or not all(isinstance(name, str) for name in dialects):
            return TypeValue(UNKNOWN, ("the dialects of with_variant() are not known",))
        if machine.dialect.name in dialects:
            return type_value(call.get(0, "type_"), machine)
        return self

    def _create_or_drop(self, name: str, call: Call, machine: Machine) -> None:
        sql = self.sql
        if isinstance(sql, Unknown) or (sql is not None and sql.enum is None and sql.name == "CUSTOM"):
            machine.opaque(f"{name}() of a type that is not known", call, ())
        if not isinstance(sql, SqlType) or sql.enum is None:
            return
        notes = Notes(list(self.unknowns))
        first = call.get(1, "checkfirst", self.check_first)
        checked = not isinstance(first, bool) or first
        if not isinstance(first, bool):
            notes.unknown(depends("checkfirst", first))
        if name == "drop":
            machine.emit(DropEnum, call, name=sql.enum, if_exists=checked, unknowns=notes.unknowns())
            return
        labels = UNKNOWN if sql.labels is None else sql.labels
        machine.emit(
            CreateEnum, call, name=sql.enum, labels=labels, if_not_exists=checked, unknowns=notes.unknowns()
        )


_METHODS = frozenset(
    "with_variant create drop copy evaluates_none as_generic adapt compile bind_processor".split()
)

Read = Callable[["Reader"], "SqlType | TypeValue | None"]


@dataclass(slots=True, eq=False)
class Reader:
    """The arguments of a type that is being read, with the dialect it is read for."""

    given: Bound
    machine: Machine
    notes: Notes

    @property
    def dialect(self) -> Dialect:
        """The dialect that the type is compiled for."""
        return self.machine.dialect

    def numbers(self, *names: str) -> tuple[int, ...]:
        """Return lengths, precisions and scales, up to the first that is not given."""
        found: list[int] = []
        for name in names:
            value = number(self._argument(name), name, self.notes)
            if value is None:
                break
            found.append(value)
        return tuple(found)

    def flag(self, name: str, default: bool = False) -> bool:
        """Return a flag of the type; one that is not known is noted and counts as the default."""
        value = self._argument(name, default)
        if isinstance(value, Thing):
            self.notes.unknown(depends(name, value))
            return default
        return bool(value)

    def text(self, name: str) -> str | None:
        """Return an optional text."""
        return plain_text(self._argument(name), name, self.notes)

    def _argument(self, name: str, default: Value = None) -> Value:
        return self.given.option(name) if name in self.given.options else self.given.get(name, default)


@dataclass(slots=True, eq=False)
class TypeClass(Thing):
    """A type that is not yet called: `sa.Integer`; SQLAlchemy calls it without arguments."""

    name: str
    signature: Signature = field(repr=False)
    read: Read = field(repr=False)

    def describe(self) -> str:
        return f"the type {self.name}"

    def attribute(self, name: str, machine: Machine) -> Value:
        if name in {"__name__", "__visit_name__"}:
            return self.name.rpartition(".")[2]
        return Undecided(f"{self.name}.{name}", data=True)

    def call(self, call: Call, machine: Machine) -> Value:
        return self.made(call, machine)

    def made(self, call: Call, machine: Machine) -> TypeValue:
        """Return the type with these arguments; wrong arguments make it `UNKNOWN`."""
        notes = Notes()
        try:
            given = bind(self.signature, call)
            found = self.read(Reader(given, machine, notes))
        except Unreadable as problem:
            return TypeValue(UNKNOWN, (problem.reason,))
        if call.open:
            notes.unknown(f"a * or ** argument of the type {self.name}")
        if not isinstance(found, TypeValue):
            return TypeValue(found, notes.unknowns())
        notes.add(found.unknowns)
        return replace(found, unknowns=notes.unknowns())


_NOTHING_GIVEN = Call(Span("", 1, 1, 1, 1))


def no_arguments() -> Call:
    """Return the call that SQLAlchemy makes of a type that is given as a class."""
    return _NOTHING_GIVEN


def type_value(value: Value, machine: Machine) -> TypeValue:
    """Return the type that a value is where SQLAlchemy takes a type; raise `Unreadable` if it is none."""
    if isinstance(value, TypeValue):
        return value
    if isinstance(value, TypeClass):
        return value.made(_NOTHING_GIVEN, machine)
    if value is None:
        return TypeValue(None)
    if isinstance(value, Undecided):
        return TypeValue(UNKNOWN, (f"the type depends on {value.reason}",))
    if isinstance(value, ClassValue):
        from migrate_guard.evaluate.library.project_types import type_of_class

        return type_of_class(value, None, machine) or custom_type(value.dotted)
    if isinstance(value, Thing):
        return custom_type(value.describe())
    raise Unreadable(f"{shown(value)} is no type")


def custom_type(dotted: str) -> TypeValue:
    """Return a type of the project or of a library of which only the name is known."""
    return TypeValue(SqlType("CUSTOM", custom=dotted), (f"the type {dotted} is not known",))


def read_type(value: Value, machine: Machine, notes: Notes) -> SqlType | Unknown | None:
    """Return the type of a column as an operation has it, with what is unknown of it noted."""
    found = type_value(value, machine)
    notes.add(found.unknowns)
    return found.sql


def with_schema(found: TypeValue, schema: str) -> TypeValue:
    """Return a type as it is in a table of a schema (`inherit_schema=True`)."""
    sql = found.sql
    if found.inherits and schema and isinstance(sql, SqlType) and sql.enum is not None:
        return replace(found, sql=replace(sql, enum=TableName(sql.enum.name, schema)))
    return found
