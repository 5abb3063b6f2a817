"""The interpreter's own values: functions, instances and names from outside. Data only."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import field
from typing import Literal

from migrate_guard.evaluate.interpret.scope import Scope
from migrate_guard.evaluate.values import Call, ClassValue, Machine, Thing, Undecided, Value
from migrate_guard.record import dataclass, replace

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


@dataclass(frozen=True, slots=True, eq=False)
class FunctionValue(Thing):
    """A function or lambda of the project.

    `doubt` is the reason why calling it may do more or less than its body says, such as a decorator that
    cannot be read. `bound` are leading arguments; `owner` is the class that defines it, for `super()`.
    """

    node: FunctionNode
    scope: Scope
    name: str
    defaults: tuple[Value, ...] = ()
    keyword_defaults: Mapping[str, Value] = field(default_factory=dict)
    bound: tuple[Value, ...] = ()
    context_manager: bool = False
    doubt: str | None = None
    owner: ClassValue | None = None

    def describe(self) -> str:
        return f"{self.name}()"


@dataclass(slots=True, eq=False)
class Instance(Thing):
    """An object of a class of the project."""

    cls: ClassValue
    attributes: dict[str, Value] = field(default_factory=dict)

    def describe(self) -> str:
        return f"a {self.cls.name}"

    def truth(self) -> bool | None:
        overridden = {"__bool__", "__len__"} & set(self.cls.attributes)
        return None if overridden or self.cls.bases else True


@dataclass(frozen=True, slots=True)
class EnumMember(Thing):
    """A member of a Python Enum of the project."""

    cls: ClassValue
    name: str
    value: Value

    def describe(self) -> str:
        return f"{self.cls.name}.{self.name}"


@dataclass(frozen=True, slots=True, eq=False)
class SuperValue(Thing):
    """What `super()` gives inside a method of `cls`."""

    cls: ClassValue
    instance: Value

    def describe(self) -> str:
        return "super()"


@dataclass(frozen=True, slots=True)
class Descriptor(Thing):
    """What `@property`, `@staticmethod`, `@classmethod` and `@declared_attr` leave in a class."""

    function: Value
    kind: Literal["property", "staticmethod", "classmethod", "declared_attr"]


@dataclass(frozen=True, slots=True, eq=False)
class ContextBody(Thing):
    """What calling a `@contextmanager` function gives: its body runs around a `with` block."""

    function: FunctionValue
    arguments: Call

    def describe(self) -> str:
        return self.function.describe()


@dataclass(frozen=True, slots=True)
class PlainMethod(Thing):
    """A method of plain data, bound to its owner: `"…".format`, `columns.append`."""

    owner: Value
    name: str

    def describe(self) -> str:
        return f"{type(self.owner).__name__}.{self.name}()"


@dataclass(frozen=True, slots=True)
class Builtin(Thing):
    """A function that the interpreter performs itself: a builtin or one of the standard library."""

    name: str
    function: Callable[[Call, Machine], Value]

    def describe(self) -> str:
        return f"{self.name}()"

    def call(self, call: Call, machine: Machine) -> Value:
        return self.function(call, machine)


@dataclass(frozen=True, slots=True, eq=False)
class Partial(Thing):
    """What `functools.partial(function, …)` makes; `given` are the arguments that it adds."""

    function: Value
    given: Call

    def describe(self) -> str:
        return "a partial()"

    def call(self, call: Call, machine: Machine) -> Value:
        positional = (*self.given.positional, *call.positional)
        keywords = {**self.given.keywords, **call.keywords}
        is_open = self.given.open or call.open
        return machine.invoke(self.function, Call(call.span, positional, keywords, is_open, call.statement))


@dataclass(frozen=True, slots=True, eq=False)
class Passed(Thing):
    """A context manager that gives the value that it was made from: `closing(…)`, `nullcontext(…)`."""

    value: Value

    def describe(self) -> str:
        return "a context manager"

    def enter(self, machine: Machine) -> Value:
        return self.value


@dataclass(frozen=True, slots=True)
class Outside(Thing):
    """A name of a module that is not the project's: `sqlalchemy.Column`, `uuid.uuid4`."""

    dotted: str

    def describe(self) -> str:
        return self.dotted

    def operate(self, operator: str, other: Value, reflected: bool, machine: Machine) -> Value:
        return Undecided(self.dotted, data=True)

    def subscript(self, key: Value, machine: Machine) -> Value:
        return Undecided(self.dotted, data=True)

    def truth(self) -> bool | None:
        return None


@dataclass(slots=True, eq=False)
class Deferred(Thing):
    """An imported name whose module is only read when the name is first used.

    `name` is `None` for a module itself. Looking a name up gives its `found`; nothing else ever sees it.
    `pending` tells that it is being looked for.
    """

    dotted: str
    name: str | None = None
    found: Value = None
    pending: bool = False


def with_owner(function: FunctionValue, owner: Value) -> FunctionValue:
    """Return a function of a class as a method of `owner`."""
    return replace(function, bound=(owner, *function.bound))
