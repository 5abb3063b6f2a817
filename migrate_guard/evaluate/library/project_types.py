"""Column types that the project defines: `TypeDecorator`, `UserDefinedType`, subclasses of types.

Part of the library that gives SQLAlchemy's names their meaning (second stage).
"""

from __future__ import annotations

from migrate_guard.evaluate.library.binds import DialectValue
from migrate_guard.evaluate.library.reading import Unreadable
from migrate_guard.evaluate.library.types import (
    TypeClass,
    TypeValue,
    custom_type,
    no_arguments,
    type_value,
)
from migrate_guard.evaluate.values import (
    Call,
    ClassValue,
    Decorator,
    Machine,
    Method,
    Thing,
    Undecided,
    Value,
)
from migrate_guard.operations import SqlType
from migrate_guard.record import dataclass


@dataclass(slots=True, eq=False)
class TypeBase(Thing):
    """A base class of types that is no type by itself: `TypeDecorator`, `UserDefinedType`."""

    name: str

    def describe(self) -> str:
        return self.name

    def attribute(self, name: str, machine: Machine) -> Value:
        return Undecided(f"{self.name}.{name}", data=True)

    def call(self, call: Call, machine: Machine) -> Value:
        return custom_type(self.name)

    def subscript(self, key: Value, machine: Machine) -> Value:
        return self


TYPE_BASES = frozenset("TypeDecorator UserDefinedType TypeEngine SchemaType ExternalType".split())
"""The canonical names of the base classes of types."""


def type_of_class(cls: ClassValue, call: Call | None, machine: Machine) -> TypeValue | None:
    """Return the type that an object of a class of the project is, `None` if it is no column type.

    A `TypeDecorator` is stored as its `impl`, or as its `load_dialect_impl()` says.
    """
    line = list(_line(cls))
    root = next(
        (base for found in line for base in found.bases if isinstance(base, (TypeBase, TypeClass))), None
    )
    if root is None:
        return None
    try:
        return _stored(cls, line, root, call or no_arguments(), machine)
    except Unreadable:
        return custom_type(cls.dotted)


def _line(cls: ClassValue) -> list[ClassValue]:
    found = [cls]
    for base in cls.bases:
        if isinstance(base, ClassValue):
            found.extend(one for one in _line(base) if one not in found)
    return found


def _attribute(line: list[ClassValue], name: str) -> Value:
    return next((cls.attributes[name] for cls in line if name in cls.attributes), None)


_COMPILED = "@compiles"
"""Where a class keeps the functions that `@compiles` gave it, by dialect; no attribute can have the name."""


@dataclass(slots=True, eq=False)
class CompilesValue(Decorator):
    """`@compiles(class, *dialects)` of `sqlalchemy.ext.compiler`: the function writes the SQL of a class."""

    cls: Value
    dialects: tuple[Value, ...]

    def describe(self) -> str:
        return "a @compiles"

    def call(self, call: Call, machine: Machine) -> Value:
        function = call.get(0, "fn")
        if isinstance(self.cls, ClassValue):
            known = self.cls.attributes.get(_COMPILED, {})
            named = {str(name): function for name in self.dialects or ("",)}
            self.cls.attributes[_COMPILED] = {**known, **named}
        return function


def compiles(call: Call, machine: Machine) -> Value:
    """Return what `compiles(…)` is, which decorates a function."""
    return CompilesValue(call.get(0, "class_"), call.positional[1:])


def _compiled(line: list[ClassValue], call: Call, machine: Machine) -> Value | None:
    """Return what `@compiles` or a visit name of its own makes of a type, `None` if it has neither."""
    functions = _attribute(line, _COMPILED) or {}
    for dialect in (machine.dialect.name, machine.dialect.family, ""):
        if dialect in functions:
            parts = (Undecided("a type", data=True), Undecided("a compiler", data=True))
            return machine.invoke(functions[dialect], Call(call.span, parts))
    return _attribute(line, "__visit_name__")


def _stored(
    cls: ClassValue, line: list[ClassValue], root: TypeBase | TypeClass, call: Call, machine: Machine
) -> TypeValue:
    compiled = _compiled(line, call, machine)
    if compiled is not None:
        return _specified(cls, compiled)
    own = _attribute(line, "load_dialect_impl")
    if own is not None:
        found = machine.invoke(own, Call(call.span, (_Decorated(cls, line), DialectValue())))
        if isinstance(found, (TypeValue, TypeClass, ClassValue)):
            return type_value(found, machine)
        return custom_type(cls.dotted)
    spec = _attribute(line, "get_col_spec")
    if spec is not None:
        return _specified(cls, machine.invoke(spec, Call(call.span, (_Decorated(cls, line),))))
    impl = _attribute(line, "impl")
    if impl is None:
        impl = root if isinstance(root, TypeClass) else None
    return custom_type(cls.dotted) if impl is None else _constructed(impl, line, call, machine)


def _constructed(impl: Value, line: list[ClassValue], call: Call, machine: Machine) -> TypeValue:
    """Return the type that `impl` is with the arguments that the class passes on to it."""
    setup = _attribute(line, "__init__")
    if "impl" in machine.bound_by(setup):
        return custom_type(line[0].dotted)
    if not isinstance(impl, TypeClass):
        return type_value(impl, machine)
    if setup is None:
        return impl.made(call, machine)
    if call.positional or call.keywords:
        return custom_type(line[0].dotted)
    return impl.made(no_arguments(), machine)


def _specified(cls: ClassValue, found: Value) -> TypeValue:
    if not isinstance(found, str):
        return custom_type(cls.dotted)
    return TypeValue(SqlType(found.partition("(")[0].strip().upper(), custom=found))


@dataclass(slots=True, eq=False)
class _Decorated(Thing):
    """`self` in the methods of a type of the project."""

    cls: ClassValue
    line: list[ClassValue]

    def describe(self) -> str:
        return self.cls.dotted

    def attribute(self, name: str, machine: Machine) -> Value:
        found = _attribute(self.line, name)
        if found is None:
            return Undecided(f"the attribute {name} of {self.cls.dotted}", data=True)
        return type_value(found, machine) if name == "impl" else found

    def method(self, name: str, call: Call, machine: Machine) -> Value:
        return self.attribute("impl", machine)


def inherited_method(owner: Value, name: str) -> Value | None:
    """Return what `super().name` is for a type of the project, `None` where that is nothing known."""
    return Method(owner, name) if isinstance(owner, _Decorated) and name == "load_dialect_impl" else None
