"""Definitions of functions and classes, decorators included."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from migrate_guard.evaluate.interpret.classes import is_enum
from migrate_guard.evaluate.interpret.frames import Signal
from migrate_guard.evaluate.interpret.lookups import name_value
from migrate_guard.evaluate.interpret.objects import Builtin, Descriptor, FunctionValue, Outside
from migrate_guard.evaluate.interpret.scope import Scope
from migrate_guard.evaluate.library import FlaskSqlalchemyValue, canonical
from migrate_guard.evaluate.values import Call, ClassValue, Decorator, Method, Undecided, Value
from migrate_guard.record import replace

if TYPE_CHECKING:
    from migrate_guard.evaluate.interpret.interpreter import Interpreter

_TRANSPARENT = frozenset(
    {"functools.wraps", "functools.lru_cache", "functools.cache", "typing.no_type_check", "typing.overload",
     "typing.final", "abc.abstractmethod", "typing_extensions.override", "dataclasses.dataclass",
     "sqlalchemy.orm.validates", "sqlalchemy.orm.reconstructor", "enum.unique", "typing.runtime_checkable"}
)  # fmt: skip
_DESCRIPTORS = {
    "builtins.property": "property",
    "functools.cached_property": "property",
    "builtins.staticmethod": "staticmethod",
    "builtins.classmethod": "classmethod",
}
_DECLARED = frozenset({"declared_attr", "declared_attr.directive", "declared_attr.cascading"})
_CONTEXT_MANAGERS = frozenset({"contextlib.contextmanager", "contextlib.asynccontextmanager"})


def define_function(
    interpreter: Interpreter, node: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope
) -> Value:
    """Return what a `def` binds, its decorators applied from the inside out."""
    around = scope.parent if scope.is_class and scope.parent is not None else scope
    keyword_defaults = {
        parameter.arg: interpreter.evaluate(default, scope)
        for parameter, default in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
        if default is not None
    }
    value: Value = FunctionValue(
        node,
        around,
        node.name,
        tuple(interpreter.evaluate(default, scope) for default in node.args.defaults),
        keyword_defaults,
    )
    for decorator in reversed(node.decorator_list):
        value = _decorated(interpreter, value, decorator, scope)
    return value


def _decorated(interpreter: Interpreter, value: Value, node: ast.expr, scope: Scope) -> Value:
    function = node.func if isinstance(node, ast.Call) else node
    decorator = interpreter.evaluate(function, scope)
    dotted = _dotted(decorator)
    if dotted in _TRANSPARENT:
        if isinstance(node, ast.Call):
            interpreter.recorder.visited.add(id(node))
        return value
    if dotted in _CONTEXT_MANAGERS and isinstance(value, FunctionValue):
        return replace(value, context_manager=True)
    if canonical(dotted) in _DECLARED:
        inner = value.function if isinstance(value, Descriptor) else value
        return Descriptor(inner, "declared_attr")
    if dotted in _DESCRIPTORS:
        return Descriptor(value, _DESCRIPTORS[dotted])  # type: ignore[arg-type]  # values of a literal table
    applied = interpreter.evaluate(node, scope) if isinstance(node, ast.Call) else decorator
    if isinstance(applied, (FunctionValue, Decorator)):
        return interpreter.invoke(applied, Call(interpreter.span(node, scope), (value,)))
    if isinstance(value, FunctionValue):
        return replace(value, doubt=f"@{ast.unparse(node)}, which cannot be followed, runs {value.name}()")
    return Undecided(f"what @{ast.unparse(node)} makes")


def _dotted(value: Value) -> str:
    if isinstance(value, Outside):
        return value.dotted
    if isinstance(value, Method) and isinstance(value.owner, FlaskSqlalchemyValue):
        return f"sqlalchemy.{value.name}"
    return f"builtins.{value.name}" if isinstance(value, Builtin) else ""


def define_class(interpreter: Interpreter, node: ast.ClassDef, scope: Scope) -> Value:
    """Return what a `class` statement binds."""
    bases = tuple(
        interpreter.evaluate(base, scope) for base in node.bases if not isinstance(base, ast.Starred)
    )
    module = scope.module.parsed.dotted
    cls = ClassValue(node.name, f"{module}.{node.name}" if module else node.name, bases)
    inner = Scope(scope.module, scope, is_class=True)
    try:
        interpreter.execute(node.body, inner)
    except Signal:
        return Undecided(f"the class {node.name}, whose body ends in an exception")
    for name in inner.names:
        cls.attributes[name] = _owned(name_value(interpreter, name, inner), cls)
    cls.attributes["__fields__"] = tuple(
        statement.target.id
        for statement in node.body
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name)
    )
    if is_enum(cls):
        cls.members = _members(cls, inner)
    interpreter.class_defined(cls, node, inner)
    return cls


def _owned(value: Value, cls: ClassValue) -> Value:
    if isinstance(value, FunctionValue):
        return replace(value, owner=cls)
    if isinstance(value, Descriptor):
        return replace(value, function=_owned(value.function, cls))
    return value


def _members(cls: ClassValue, scope: Scope) -> dict[str, Value]:
    members: dict[str, Value] = {}
    for name, value in scope.names.items():
        if name.startswith("_") or isinstance(value, (FunctionValue, Descriptor)):
            continue
        if isinstance(value, Undecided) and "enum.auto" in value.reason:
            text = any(isinstance(base, Outside) and base.dotted.endswith("StrEnum") for base in cls.bases)
            value = name.lower() if text else len(members) + 1
        members[name] = value
    return members
