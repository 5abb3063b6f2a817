"""The values that the interpreter computes with.

Plain data (`str`, `int`, `float`, `bool`, `None`, `bytes`, `tuple`, `list`, `dict`, `set`) stands for
itself. Everything else is a `Thing`: an object of the project, of SQLAlchemy or of Alembic, of which we
know what matters to a schema. A value that reading cannot decide is `Undecided`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import field
from typing import Any, Protocol

from migrate_guard.dialect import Dialect
from migrate_guard.operations import AnyOperation, BatchContext, Condition, Existence, TableName
from migrate_guard.record import dataclass, replace
from migrate_guard.schema import Schema
from migrate_guard.span import Span

Value = Any
"""A plain value, a `Thing`, or `Undecided`: the interpreter is as dynamic as what it interprets."""


class Thing:
    """Base of all values that are not plain data. The defaults decide nothing, and say so."""

    __slots__ = ()

    def describe(self) -> str:
        """Return what to call this value in a reason, such as `a Connection`."""
        return type(self).__name__.lower()

    def attribute(self, name: str, machine: Machine) -> Value:
        """Return what `value.name` is; a method is a `Method`."""
        return Method(self, name)

    def call(self, call: Call, machine: Machine) -> Value:
        """Return what `value(…)` gives."""
        return machine.unresolved(f"a call of {self.describe()}", call)

    def method(self, name: str, call: Call, machine: Machine) -> Value:
        """Return what `value.name(…)` gives."""
        return machine.unresolved(f"{self.describe()}.{name}()", call)

    def operate(self, operator: str, other: Value, reflected: bool, machine: Machine) -> Value:
        """Return what `value <operator> other` gives (`other <operator> value` when reflected).

        `operator` is Python's sign: `+`, `==`, `&`, `in`; the unary ones are `not`, `-` and `~`, with
        `None` for `other`.
        """
        return Undecided(f"what `{operator}` makes of {self.describe()}")

    def subscript(self, key: Value, machine: Machine) -> Value:
        """Return what `value[key]` gives."""
        return Undecided(f"an item of {self.describe()}")

    def iterate(self, machine: Machine) -> Sequence[Value] | None:
        """Return what `for x in value` goes through, `None` if that is not decidable."""
        return None

    def truth(self) -> bool | None:
        """Return what `bool(value)` is, `None` if that is not decidable."""
        return True

    def is_instance(self, dotted: str, machine: Machine) -> bool | None:
        """Return whether it is an instance of a class of another package, `None` if that is not known."""
        return None

    def merge(self, other: Value) -> Value | None:
        """Return what is known of a value that is either this one or `other`, `None` if nothing is."""
        return None

    def set_attribute(self, name: str, value: Value, machine: Machine) -> None:
        """Do what `self.name = value` does; by default nothing that matters to a schema."""

    def enter(self, machine: Machine) -> Value:
        """Return what `with value as x` binds."""
        return Undecided(f"what `with {self.describe()}` gives")

    def leave(self, machine: Machine) -> None:
        """Do what happens at the end of `with value`."""


@dataclass(frozen=True, slots=True)
class Undecided(Thing):
    """A value that reading cannot decide; `reason` completes the sentence "it depends on …".

    `data` tells that it is made of rows, settings or numbers, so that calling its methods does nothing
    to a schema: `rows.fetchall()`, `os.environ["X"].lower()`. `asks` is the question to the database of
    which it is the answer.
    """

    reason: str
    data: bool = False
    asks: Existence | None = None

    def describe(self) -> str:
        return self.reason

    def attribute(self, name: str, machine: Machine) -> Value:
        return self.derived

    def call(self, call: Call, machine: Machine) -> Value:
        return self.derived if self.data else machine.unresolved(self.reason, call)

    def operate(self, operator: str, other: Value, reflected: bool, machine: Machine) -> Value:
        return self.derived

    def subscript(self, key: Value, machine: Machine) -> Value:
        return self.derived

    def truth(self) -> bool | None:
        return None

    def enter(self, machine: Machine) -> Value:
        return self.derived

    @property
    def derived(self) -> Undecided:
        """What is made of it, which depends on the same and answers no question."""
        return self if self.asks is None else replace(self, asks=None)

    @property
    def negated(self) -> Undecided:
        """What `not` makes of it."""
        if self.asks is None:
            return self
        return replace(self, asks=replace(self.asks, present=not self.asks.present))


@dataclass(frozen=True, slots=True, kw_only=True)
class Either(Undecided):
    """A value that is `first` if `condition` holds and `second` if not; both are texts or functions.

    Whoever does not ask for the two has an undecided value, and so has what is made of it.
    """

    first: Value
    second: Value
    condition: Condition

    @property
    def derived(self) -> Undecided:
        return Undecided(self.reason, self.data)

    @property
    def negated(self) -> Undecided:
        return self.derived

    def under(self, condition: Condition, holds: bool) -> Value:
        """Return what it is where that very condition holds, or does not; itself if it is about another.

        A condition in a loop is another one in each round, though it reads the same.
        """
        if condition is not self.condition:
            return self
        return self.first if holds else self.second


@dataclass(frozen=True, slots=True)
class Maybe(Thing):
    """An item of a list that is only there if `condition` holds; whoever loops over the list asks for it."""

    value: Value
    condition: Condition

    def truth(self) -> bool | None:
        return None


OPEN = Undecided("an item that may or may not be there")
"""The only item of a list, set or dict whose content is no longer decidable."""


@dataclass(frozen=True, slots=True)
class PartialText(Thing):
    """A string with undecidable parts; each stands as `HOLE` (U+E000) in `text`."""

    text: str
    reason: str

    def describe(self) -> str:
        return "a text that depends on " + self.reason

    def attribute(self, name: str, machine: Machine) -> Value:
        return Method(self, name)

    def method(self, name: str, call: Call, machine: Machine) -> Value:
        return Undecided(self.reason, data=True)

    def truth(self) -> bool | None:
        return True if self.text.strip("\ue000") else None


_METACLASSES = frozenset({"DeclarativeMeta", "DeclarativeAttributeIntercept"})


@dataclass(slots=True, eq=False)
class ClassValue(Thing):
    """A class that the project defines: `attributes` holds what its body binds, methods included.

    `bases` are the values of its bases; `dotted` is where it comes from, such as
    `myapp.types.GUID`; `members` are the names and values of an Enum in order, `None` for other classes.
    """

    name: str
    dotted: str
    bases: tuple[Value, ...] = ()
    attributes: dict[str, Value] = field(default_factory=dict)
    members: dict[str, Value] | None = None

    def describe(self) -> str:
        return self.dotted

    def attribute(self, name: str, machine: Machine) -> Value:
        return machine.class_attribute(self, name)

    def call(self, call: Call, machine: Machine) -> Value:
        return machine.instantiate(self, call)

    def is_instance(self, dotted: str, machine: Machine) -> bool | None:
        root, _, rest = dotted.partition(".")
        # A class is an object of its metaclass only.
        return False if root == "sqlalchemy" and rest.rpartition(".")[2] not in _METACLASSES else None


class Decorator(Thing):
    """Base of what decorates a function and is known to do nothing else: its `call` gives what is bound."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Method(Thing):
    """A method bound to its owner, not yet called."""

    owner: Thing
    name: str

    def describe(self) -> str:
        return f"{self.owner.describe()}.{self.name}"

    def attribute(self, name: str, machine: Machine) -> Value:
        return Undecided(f"{self.describe()}.{name}")

    def call(self, call: Call, machine: Machine) -> Value:
        return self.owner.method(self.name, call, machine)


@dataclass(frozen=True, slots=True)
class Call:
    """The arguments of one call. `open` tells that a `*` or `**` argument could not be decided, so that
    there may be more arguments than are listed; `span` is where the call stands."""

    span: Span
    positional: tuple[Value, ...] = ()
    keywords: Mapping[str, Value] = field(default_factory=dict)
    open: bool = False
    statement: bool = False

    def get(self, position: int | None, name: str, default: Value = None) -> Value:
        """Return an argument by its position or its name."""
        if name in self.keywords:
            return self.keywords[name]
        if position is not None and position < len(self.positional):
            return self.positional[position]
        if self.open:
            return Undecided(f"an argument of the call at line {self.span.line}")
        return default

    def has(self, position: int | None, name: str) -> bool:
        """Tell whether an argument was given."""
        return name in self.keywords or (position is not None and position < len(self.positional))

    def values(self) -> tuple[Value, ...]:
        """Return all arguments."""
        return (*self.positional, *self.keywords.values())


class Machine(Protocol):
    """What the interpreter offers to the things: the schema so far, and a place to put operations."""

    @property
    def dialect(self) -> Dialect:
        """The dialect that the revision is evaluated for."""

    @property
    def schema(self) -> Schema:
        """The schema as it stands after the operations recorded so far."""

    def emit(self, operation: type[AnyOperation], call: Call, **fields: object) -> None:
        """Record an operation; span, call chain, conditions, autocommit and batch are filled in.

        A field given by the caller (`span`, `batch`, `sql`, `unknowns`) wins over what is filled in.
        """

    def opaque(self, reason: str, call: Call, may_touch: tuple[TableName, ...] | None = None) -> None:
        """Record that something could not be read."""

    def unresolved(self, what: str, call: Call) -> Undecided:
        """Record a call into code that cannot be seen, and return its undecided result.

        It is opaque for everything when it is given a connection, `op` or a session, or stands as a
        statement of its own; otherwise it is counted and touches nothing.
        """

    def for_either(self, value: Either, use: Callable[[Value], None]) -> None:
        """Do something with each of two values under its condition."""

    def execute_sql(self, text: Value, call: Call, parameters: bool = False) -> None:
        """Record the operations of a SQL text, with spans inside the string where it is a literal."""

    def begin_batch(self, batch: BatchContext) -> None:
        """Enter a batch: what its directives do waits for `end_batch`."""

    def batching(self, batch: BatchContext) -> AbstractContextManager[None]:
        """Record what happens in a `with` block as part of a batch."""

    def end_batch(self, batch: BatchContext) -> None:
        """Leave a batch: record what its directives do, which Alembic does at the end of the block."""

    def next_batch(self) -> int:
        """Return a number for a batch, unique within the evaluation."""

    def begin_autocommit(self) -> None:
        """Enter an `autocommit_block()`."""

    def end_autocommit(self) -> None:
        """Leave the innermost `autocommit_block()`."""

    def class_attribute(self, cls: ClassValue, name: str) -> Value:
        """Return an attribute of a class of the project, inherited ones included."""

    def bound_by(self, method: Value) -> frozenset[str]:
        """Return the attributes that a method binds on its object."""

    def instantiate(self, cls: ClassValue, call: Call) -> Value:
        """Return what calling a class of the project gives."""

    def invoke(self, function: Value, call: Call) -> Value:
        """Call any value: a function of the project, a lambda, a thing."""
