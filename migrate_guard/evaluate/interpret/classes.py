"""Classes of the project: their attributes, their instances, and what SQLAlchemy makes of them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from migrate_guard.evaluate.interpret.objects import (
    Descriptor,
    EnumMember,
    FunctionValue,
    Instance,
    Outside,
    SuperValue,
    with_owner,
)
from migrate_guard.evaluate.library import (
    RELATIONSHIP,
    inherited_method,
    metadata_of_class,
    table_of_class,
    type_of_class,
)
from migrate_guard.evaluate.values import Call, ClassValue, Thing, Undecided, Value

if TYPE_CHECKING:
    from migrate_guard.evaluate.interpret.interpreter import Interpreter

_SETUP = frozenset({"__init__", "__new__", "__post_init__"})
ENUM_BASES = frozenset({"enum.Enum", "enum.StrEnum", "enum.IntEnum", "enum.Flag", "enum.IntFlag"})


def ancestors(cls: ClassValue) -> Iterator[ClassValue]:
    """Go through a class and its bases in the project, nearest first."""
    pending, seen = [cls], set()
    while pending:
        found = pending.pop(0)
        if id(found) not in seen:
            seen.add(id(found))
            yield found
            pending.extend(base for base in found.bases if isinstance(base, ClassValue))


def outside_bases(cls: ClassValue) -> tuple[Value, ...]:
    """Return the bases that are not classes of the project."""
    return tuple(base for found in ancestors(cls) for base in found.bases if not isinstance(base, ClassValue))


def is_enum(cls: ClassValue) -> bool:
    """Tell whether a class is an Enum."""
    return any(isinstance(base, Outside) and base.dotted in ENUM_BASES for base in outside_bases(cls))


def class_attribute(interpreter: Interpreter, cls: ClassValue, name: str) -> Value:
    """Return an attribute of a class, inherited ones included."""
    if cls.members is not None and name in cls.members:
        return EnumMember(cls, name, cls.members[name])
    if name in {"__name__", "__qualname__"}:
        return cls.name
    found = next((c.attributes[name] for c in ancestors(cls) if name in c.attributes), None)
    if isinstance(found, Descriptor) and found.kind == "declared_attr":
        return declared(interpreter, found, cls)
    if found is not None:
        return _unwrapped(found, cls)
    if cls.members is not None and name == "__members__":
        return dict(cls.members)
    table = table_of_class(cls, interpreter)
    if isinstance(table, Thing):
        return table.attribute("c" if name == "columns" else name, interpreter)
    metadata = metadata_of_class(cls) if name == "metadata" else None
    return metadata or Undecided(f"{cls.dotted}.{name}", data=not outside_bases(cls))


def declared(interpreter: Interpreter, found: Descriptor, cls: ClassValue) -> Value:
    """Return what a `@declared_attr` gives for a class."""
    function = found.function
    if not isinstance(function, FunctionValue):
        return Undecided("a @declared_attr that is no function")
    return interpreter.invoke(
        with_owner(function, cls), Call(interpreter.span(function.node, function.scope))
    )


def declared_columns(interpreter: Interpreter, cls: ClassValue) -> dict[str, Value]:
    """Return what the `@declared_attr` of a mapped class and of its mixins give for it.

    One that could not be read may be a column.
    """
    found: dict[str, Value] = {}
    for one in reversed(tuple(ancestors(cls))):
        for name, value in one.attributes.items():
            if isinstance(value, Descriptor) and value.kind == "declared_attr" and not name.startswith("__"):
                found[name] = declared(interpreter, value, cls)
                if isinstance(found[name], Undecided) and found[name] is not RELATIONSHIP:
                    found[name] = Undecided(f"the attribute {name} of {cls.dotted}")
    return found


def _unwrapped(found: Value, owner: Value) -> Value:
    if isinstance(found, Descriptor):
        function = found.function
        if found.kind == "classmethod" and isinstance(function, FunctionValue):
            return with_owner(function, owner)
        return function
    return found


def instance_attribute(interpreter: Interpreter, instance: Instance, name: str) -> Value:
    """Return an attribute of an object of the project's class."""
    if name in instance.attributes:
        return instance.attributes[name]
    if name == "__class__":
        return instance.cls
    for cls in ancestors(instance.cls):
        if name in cls.attributes:
            return _bound(interpreter, cls.attributes[name], instance)
    return Undecided(f"the attribute {name} of a {instance.cls.name}")


def super_attribute(interpreter: Interpreter, found: SuperValue, name: str) -> Value:
    """Return an attribute of the bases of a class, as `super()` finds it."""
    for cls in list(ancestors(found.cls))[1:]:
        if name in cls.attributes:
            value = cls.attributes[name]
            if isinstance(found.instance, Instance):
                return _bound(interpreter, value, found.instance)
            return _unwrapped(value, found.instance)
    inherited = inherited_method(found.instance, name)
    return Undecided(f"super().{name}", data=True) if inherited is None else inherited


def _bound(interpreter: Interpreter, found: Value, instance: Instance) -> Value:
    if isinstance(found, FunctionValue):
        return with_owner(found, instance)
    if isinstance(found, Descriptor) and isinstance(found.function, FunctionValue):
        if found.kind == "property":
            call = Call(interpreter.span(found.function.node, found.function.scope))
            return interpreter.invoke(with_owner(found.function, instance), call)
        owner: Value = instance.cls if found.kind == "classmethod" else None
        return found.function if owner is None else with_owner(found.function, owner)
    return found


def instantiate(interpreter: Interpreter, cls: ClassValue, call: Call) -> Value:
    """Return what calling a class of the project gives."""
    if cls.members is not None:
        return _member(cls, call)
    made = type_of_class(cls, call, interpreter)
    if made is not None:
        return made
    instance: Instance = interpreter.keep(Instance(cls))
    setup = next((c.attributes["__init__"] for c in ancestors(cls) if "__init__" in c.attributes), None)
    if isinstance(setup, FunctionValue):
        interpreter.invoke(with_owner(setup, instance), call)
        _forget_what_others_set(interpreter, instance)
        return instance
    fields = [name for c in reversed(list(ancestors(cls))) for name in c.attributes.get("__fields__", ())]
    instance.attributes.update(zip(fields, call.positional, strict=False))
    instance.attributes.update(call.keywords)
    if call.open:
        return Undecided(f"a {cls.name}")
    _forget_what_others_set(interpreter, instance)
    return instance


def _forget_what_others_set(interpreter: Interpreter, instance: Instance) -> None:
    """Leave open what methods set on an object that a module shares: the application may have called them."""
    if not interpreter.imports:
        return
    for cls in ancestors(instance.cls):
        for method, value in cls.attributes.items():
            function = value.function if isinstance(value, Descriptor) else value
            if method not in _SETUP:
                for name in bound_by(function):
                    reason = f"the attribute {name} of a {instance.cls.name}, which {method}() may have set"
                    instance.attributes[name] = Undecided(reason)


def bound_by(method: Value) -> frozenset[str]:
    """Return the attributes that a method binds on its object."""
    if not isinstance(method, FunctionValue):
        return frozenset()
    arguments = method.node.args
    owner = next((one.arg for one in (*arguments.posonlyargs, *arguments.args)), None)
    attributes = (node for node in ast.walk(method.node) if isinstance(node, ast.Attribute))
    return frozenset(
        node.attr
        for node in attributes
        if isinstance(node.ctx, ast.Store) and isinstance(node.value, ast.Name) and node.value.id == owner
    )


def _member(cls: ClassValue, call: Call) -> Value:
    wanted = call.get(0, "value")
    for name, value in (cls.members or {}).items():
        if type(value) is type(wanted) and value == wanted:
            return EnumMember(cls, name, value)
    return Undecided(f"a member of {cls.name}", data=True)
