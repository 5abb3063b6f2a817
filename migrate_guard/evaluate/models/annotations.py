"""Annotations of attributes: `Mapped[int]`, `Optional[str]`, `Annotated[…]`, `X | None`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from migrate_guard.evaluate.interpret.objects import Builtin, Outside
from migrate_guard.evaluate.interpret.scope import Scope
from migrate_guard.evaluate.library import FlaskSqlalchemyValue, canonical
from migrate_guard.evaluate.library.project_types import TypeBase
from migrate_guard.evaluate.library.tables import DeclarativeBase
from migrate_guard.evaluate.values import ClassValue, Method, Thing, Undecided, Value
from migrate_guard.record import dataclass

if TYPE_CHECKING:
    from migrate_guard.evaluate.interpret.interpreter import Interpreter

_TYPING = ("typing", "typing_extensions", "collections", "collections.abc")
_SQLALCHEMY = frozenset({"Mapped", "DynamicMapped", "WriteOnlyMapped"})
_COLLECTIONS = frozenset({"list", "dict", "set", "frozenset", "tuple"})
_PARAMETERS = frozenset({"Generic", "Protocol"})


@dataclass(frozen=True, slots=True)
class Annotation(Thing):
    """`origin[arguments]`, as `typing` and SQLAlchemy give it a meaning; a union has the origin `Union`."""

    origin: str
    arguments: tuple[Value, ...]

    def describe(self) -> str:
        return f"the annotation {self.origin}[…]"


@dataclass(frozen=True, slots=True)
class Declared:
    """What an annotation says of an attribute.

    `kind` is what it is to SQLAlchemy: `plain` for no `Mapped[…]`. `given` is what stands inside, without
    None; `python` the type in it, without what `Annotated` adds, which is in `extras`.
    """

    kind: Literal["mapped", "relationship", "class variable", "plain"]
    given: Value
    python: Value
    optional: bool = False
    extras: tuple[Value, ...] = ()


def subscripted(interpreter: Interpreter, node: ast.Subscript, scope: Scope) -> Value | None:
    """Return what a subscript means where its owner is a type, `None` if it is none."""
    if not isinstance(node.value, (ast.Name, ast.Attribute)):
        return None
    owner = interpreter.evaluate(node.value, scope)
    if isinstance(owner, (TypeBase, DeclarativeBase)) or (
        isinstance(owner, ClassValue) and owner.members is None
    ):
        return owner
    origin = _origin(owner)
    if origin is None:
        return None
    if origin in _PARAMETERS:
        return owner
    nodes = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    texts = origin == "Literal"
    arguments = tuple(
        _argument(interpreter, one, scope, texts or (origin == "Annotated" and position > 0))
        for position, one in enumerate(nodes)
    )
    if origin == "Optional":
        return union(arguments[0], None)
    if origin == "Union":
        return Annotation("Union", tuple(_members(arguments)))
    return Annotation(origin, arguments)


def _origin(owner: Value) -> str | None:
    if isinstance(owner, Outside):
        name = canonical(owner.dotted)
        if name is not None:
            return name if name in _SQLALCHEMY else None
        module, _, last = owner.dotted.rpartition(".")
        if module in _TYPING:
            return last
        return last if owner.dotted == "builtins.type" else None
    if isinstance(owner, Builtin):
        return owner.name if owner.name in _COLLECTIONS else None
    if isinstance(owner, Method) and isinstance(owner.owner, FlaskSqlalchemyValue):
        return owner.name if owner.name in _SQLALCHEMY else None
    return None


def _argument(interpreter: Interpreter, node: ast.expr, scope: Scope, text: bool) -> Value:
    value = interpreter.evaluate(node, scope) if text else evaluated(interpreter, node, scope)
    try:
        hash(value)
    except TypeError:
        return Undecided("a part of an annotation", data=True)
    return value


def evaluated(interpreter: Interpreter, node: ast.expr, scope: Scope) -> Value:
    """Return the value of an annotation; one in quotes is read as what it says."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        text = node.value.strip()
        try:
            node = ast.parse(text, mode="eval").body
        except SyntaxError:
            return Undecided(f"the annotation {text!r}")
    return interpreter.evaluate(node, scope)


def is_type(value: Value) -> bool:
    """Tell whether a value is a type whose `|` makes a union."""
    return isinstance(value, (Annotation, Builtin, ClassValue, Outside))


def union(left: Value, right: Value) -> Annotation:
    """Return the union of two types; `None` stands for its type."""
    return Annotation("Union", tuple(_members((left, right))))


def _members(values: tuple[Value, ...]) -> Iterator[Value]:
    for value in values:
        if isinstance(value, Annotation) and value.origin == "Union":
            yield from value.arguments
        else:
            yield value


_KINDS: dict[str, Literal["mapped", "relationship", "class variable"]] = {
    "Mapped": "mapped",
    "DynamicMapped": "relationship",
    "WriteOnlyMapped": "relationship",
    "ClassVar": "class variable",
}


def declared(annotation: Value) -> Declared:
    """Return what an annotation says of the attribute that it is on."""
    if isinstance(annotation, Annotation) and annotation.origin in _KINDS and annotation.arguments:
        return _inside(_KINDS[annotation.origin], annotation.arguments[0])
    if isinstance(annotation, Annotation) and annotation.origin == "Final" and annotation.arguments:
        return _inside("plain", annotation.arguments[0])
    return _inside("plain", annotation)


def _inside(kind: Literal["mapped", "relationship", "class variable", "plain"], value: Value) -> Declared:
    given, optional = _without_none(value)
    python, extras = given, ()
    while isinstance(python, Annotation) and python.origin == "Annotated":
        extras = (*extras, *python.arguments[1:])
        python, inner = _without_none(python.arguments[0])
        optional = optional or inner
    return Declared(kind, given, python, optional, extras)


def _without_none(value: Value) -> tuple[Value, bool]:
    if not isinstance(value, Annotation) or value.origin != "Union":
        return value, value is None
    rest = tuple(item for item in value.arguments if item is not None)
    optional = len(rest) < len(value.arguments)
    return (rest[0] if len(rest) == 1 else Annotation("Union", rest)), optional
