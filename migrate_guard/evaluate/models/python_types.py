"""From the Python type of an annotation to the column type that SQLAlchemy's registry gives it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from migrate_guard.evaluate.interpret.objects import Builtin, Outside
from migrate_guard.evaluate.interpret.plain import is_open
from migrate_guard.evaluate.library.standard import type_class
from migrate_guard.evaluate.library.types import no_arguments
from migrate_guard.evaluate.models.annotations import Annotation, Declared
from migrate_guard.evaluate.values import Call, ClassValue, Machine, Undecided, Value
from migrate_guard.record import replace

# SQLAlchemy 2.1, ORM Mapped Class Configuration, "Mapped Column Derives the Datatype and Nullability".
_DEFAULT: Mapping[str, str] = {
    "builtins.bool": "Boolean",
    "builtins.bytes": "LargeBinary",
    "builtins.int": "Integer",
    "builtins.str": "String",
    "datetime.date": "Date",
    "datetime.datetime": "DateTime",
    "datetime.time": "Time",
    "datetime.timedelta": "Interval",
    "decimal.Decimal": "Numeric",
    "uuid.UUID": "Uuid",
}
_FLOAT = "float, which SQLAlchemy 2.0 maps to Float and 2.1 to Double"
_ENUM = "enum.Enum"


def type_of(said: Declared, types: Value, machine: Machine) -> Value:
    """Return the column type for an annotation, undecided with the reason where there is none.

    `types` is the project's own `type_annotation_map`, `None` without one.
    """
    own = types if isinstance(types, dict) else {}
    for wanted in _spellings(said):
        try:
            found = own.get(wanted)
        except TypeError:
            continue
        if found is not None:
            return found
    if types is not None and (own is not types or is_open(own)):
        return Undecided("a type_annotation_map that is not all known")
    return _default(said.python, own, machine)


def _spellings(said: Declared) -> Iterator[Value]:
    """Go through what a `type_annotation_map` may call the type, the most special first."""
    yield said.given
    yield said.python
    if isinstance(said.python, Annotation):
        lower = said.python.origin.lower()
        yield replace(said.python, origin=lower)
        yield replace(said.python, origin=lower.capitalize())
        yield from (Outside(f"typing.{lower.capitalize()}"), Outside(f"typing.{said.python.origin}"))


def _default(python: Value, own: Mapping[Value, Value], machine: Machine) -> Value:
    if isinstance(python, Annotation) and python.origin == "Literal":
        return _literal(python, own, machine)
    if isinstance(python, ClassValue) and python.members is not None:
        return _enum(python, own, machine)
    name = python_name(python)
    if name == "builtins.float":
        return _float(machine)
    found = type_class(_DEFAULT.get(name, "")) if name in _DEFAULT else None
    return Undecided(_shown(python, name)) if found is None else found


def _float(machine: Machine) -> Value:
    """Return the type of `float`: PostgreSQL keeps both that it may be as double precision."""
    return type_class("Float") if machine.dialect.family == "postgresql" else Undecided(_FLOAT)


def python_name(value: Value) -> str:
    """Return the dotted name of a Python type, empty for what is none."""
    if isinstance(value, Builtin):
        return f"builtins.{value.name}"
    return value.dotted if isinstance(value, (Outside, ClassValue)) else ""


def _shown(python: Value, name: str) -> str:
    what = name or (python.describe() if hasattr(python, "describe") else repr(python))
    return f"{what.removeprefix('builtins.')}, to which SQLAlchemy gives no column type by itself"


def _enum(python: ClassValue, own: Mapping[Value, Value], machine: Machine) -> Value:
    if any(python_name(key).startswith(_ENUM) for key in own):
        return Undecided("what a type_annotation_map makes of all Enum classes")
    return enum_type(python, machine)


def enum_type(cls: ClassValue, machine: Machine) -> Value:
    """Return the type `sa.Enum(cls)`."""
    return _made("Enum", Call(no_arguments().span, (cls,)), machine)


def _literal(python: Annotation, own: Mapping[Value, Value], machine: Machine) -> Value:
    if any(python_name(key).endswith(".Literal") or python_name(key).startswith(_ENUM) for key in own):
        return Undecided("what a type_annotation_map makes of all Literals")
    labels = tuple(label for label in python.arguments if label is not None)
    return _made("Enum", Call(no_arguments().span, labels, {"native_enum": False}), machine)


def _made(name: str, call: Call, machine: Machine) -> Value:
    found = type_class(name)
    return Undecided(name) if found is None else found.made(call, machine)
