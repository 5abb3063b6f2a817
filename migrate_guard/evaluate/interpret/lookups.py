"""What a name, an attribute or an import means."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from migrate_guard.evaluate.interpret import names, plain
from migrate_guard.evaluate.interpret.builtin import BUILTINS
from migrate_guard.evaluate.interpret.classes import class_attribute, instance_attribute, super_attribute
from migrate_guard.evaluate.interpret.frames import CutOff, Signal
from migrate_guard.evaluate.interpret.modules import Module
from migrate_guard.evaluate.interpret.objects import (
    Deferred,
    EnumMember,
    FunctionValue,
    Instance,
    Outside,
    PlainMethod,
    SuperValue,
    with_owner,
)
from migrate_guard.evaluate.interpret.scope import Scope
from migrate_guard.evaluate.library import constant, open_session
from migrate_guard.evaluate.values import ClassValue, Thing, Undecided, Value

if TYPE_CHECKING:
    from migrate_guard.evaluate.interpret.interpreter import Interpreter


def _session(name: str) -> Value:
    """Return what `db.Session` or `db.session` is where `db` cannot be seen, as Flask-SQLAlchemy names them.

    What it executes changes the same database, so that reading it as a session of the migration loses
    nothing, and not reading it would make every data migration opaque.
    """
    return Outside("sqlalchemy.orm.Session") if name == "Session" else open_session()


def name_value(interpreter: Interpreter, name: str, scope: Scope) -> Value:
    """Return what a name is bound to where it is used."""
    found = scope.find(name)
    if found is not None:
        return _resolved(interpreter, found, name)
    module = scope.module
    if module.stars and name not in module.parsed.bindings and name not in BUILTINS:
        return _from_star(module, name)
    if name in module.parsed.bindings:
        return module_name(interpreter, module, name)
    if name in BUILTINS:
        return BUILTINS[name]
    if name in names.BUILTIN_HARMLESS:
        return Outside(f"builtins.{name}")
    if name == "__name__":
        return module.parsed.dotted or "revision"
    if name in {"__file__", "__doc__"}:
        return Undecided(name, data=True)
    return Undecided(f"the name {name}, which is bound nowhere")


def _resolved(interpreter: Interpreter, scope: Scope, name: str) -> Value:
    """Return what a scope binds a name to; an imported name is looked for now, when it is first used."""
    return resolved(interpreter, scope.names[name])


def resolved(interpreter: Interpreter, value: Value) -> Value:
    """Return a value, or what an imported name stands for."""
    if not isinstance(value, Deferred):
        return value
    if value.found is None and value.pending:
        return _submodule_of_itself(interpreter, value)
    if value.found is None:
        value.pending = True
        if value.name is None:
            value.found = imported(interpreter, value.dotted)
        else:
            value.found = imported_name(interpreter, value.dotted, value.name)
    return value.found


def _submodule_of_itself(interpreter: Interpreter, value: Deferred) -> Value:
    """Return what a package means that imports a name from itself: its submodule of that name."""
    dotted = f"{value.dotted}.{value.name}"
    return import_module(interpreter, dotted) or Undecided(f"{dotted}, which is imported by itself")


def get_attribute(interpreter: Interpreter, owner: Value, name: str) -> Value:
    """Return what `owner.name` is."""
    if isinstance(owner, Outside):
        return _outside_or_submodule(interpreter, f"{owner.dotted}.{name}")
    if isinstance(owner, Undecided) and not owner.data and name in {"Session", "session"}:
        return _session(name)
    if isinstance(owner, Module):
        return module_name(interpreter, owner, name)
    if isinstance(owner, Instance):
        return instance_attribute(interpreter, owner, name)
    if isinstance(owner, SuperValue):
        return super_attribute(interpreter, owner, name)
    if isinstance(owner, EnumMember):
        return _member_attribute(interpreter, owner, name)
    if isinstance(owner, FunctionValue):
        known = name in {"__name__", "__qualname__"}
        return owner.name if known else Undecided(f"{owner.name}.{name}", data=True)
    if isinstance(owner, Thing):
        return owner.attribute(name, interpreter)
    if plain.has_method(owner, name):
        return PlainMethod(owner, name)
    return Undecided(f"the attribute {name} of a {type(owner).__name__}", data=True)


def _member_attribute(interpreter: Interpreter, owner: EnumMember, name: str) -> Value:
    if name in {"value", "_value_"}:
        return owner.value
    if name in {"name", "_name_"}:
        return owner.name
    found = class_attribute(interpreter, owner.cls, name)
    if isinstance(found, FunctionValue):
        return with_owner(found, owner)
    if isinstance(owner.value, str) and plain.has_method(owner.value, name):
        return PlainMethod(owner.value, name)
    return found


def outside(dotted: str) -> Value:
    """Return what a name of a module that is not the project's stands for."""
    known = constant(dotted)
    return Outside(dotted) if known is None else known


def _outside_or_submodule(interpreter: Interpreter, dotted: str) -> Value:
    """Return what a dotted name stands for whose first part may be a package without `__init__.py`."""
    found = outside(dotted)
    if isinstance(found, Outside):
        return import_module(interpreter, dotted) or found
    return found


def module_name(interpreter: Interpreter, module: Module, name: str) -> Value:
    """Return what a module of the project binds a name to, evaluating its statement on first use."""
    parsed = module.parsed
    if name in module.scope.names:
        return _resolved(interpreter, module.scope, name)
    if (module, name) in interpreter.private:
        return interpreter.private[module, name]
    statements = parsed.bindings.get(name)
    if statements is None:
        return _not_bound(interpreter, module, name)
    recorded = len(interpreter.recorder.transitions)
    limited = interpreter.limited
    try:
        with interpreter.importing():
            value = _bind_lazily(interpreter, module, name, statements)
    except CutOff:
        if limited:
            raise
        value = Undecided(f"{parsed.dotted}.{name}, which takes too long to evaluate")
    if recorded == len(interpreter.recorder.transitions) and _is_shareable(value):
        module.scope.names[name] = value
    else:
        interpreter.private[module, name] = value
        module.scope.names.pop(name, None)
    return value


def _not_bound(interpreter: Interpreter, module: Module, name: str) -> Value:
    """Return what a name may stand for that the module's top level does not bind by itself."""
    dotted = f"{module.parsed.dotted}.{name}"
    submodule = import_module(interpreter, dotted)
    if submodule is not None:
        return submodule
    if name in module.pending:
        return Undecided(f"{dotted}, which is defined by itself")
    module.pending.add(name)
    try:
        for star in module.parsed.stars:
            source = absolute_name(module, star)
            found = import_module(interpreter, source)
            value = outside(f"{source}.{name}") if found is None else module_name(interpreter, found, name)
            if not isinstance(value, (Undecided, Outside)):
                return value
    finally:
        module.pending.discard(name)
    return Undecided(f"{dotted}, which is not found")


def absolute_name(module: Module, node: ast.ImportFrom) -> str:
    """Return the dotted name of the module that a `from … import` names, relative ones resolved."""
    dotted = node.module or ""
    if not node.level:
        return dotted
    package = module.parsed.package.split(".")
    kept = package[: len(package) - node.level + 1]
    return ".".join([*kept, dotted] if dotted else kept)


def _is_shareable(value: Value) -> bool:
    """Tell whether a value cannot be changed by the revision that first asked for it."""
    return not isinstance(value, (list, dict, set, Instance))


def _from_star(module: Module, name: str) -> Value:
    known = (constant(f"{dotted}.{name}") for dotted in module.stars)
    found = next((value for value in known if value is not None), None)
    return Outside(f"{module.stars[-1]}.{name}") if found is None else found


def _bind_lazily(interpreter: Interpreter, module: Module, name: str, statements: list[ast.stmt]) -> Value:
    dotted = f"{module.parsed.dotted}.{name}"
    if name in module.pending:
        return Undecided(f"{dotted}, which is defined by itself")
    if name in module.parsed.rebound:
        return Undecided(f"{dotted}, which functions of its module bind anew")
    simple = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)
    if len(statements) > 1 and not all(isinstance(statement, simple) for statement in statements):
        return Undecided(f"{dotted}, which is bound more than once")
    module.pending.add(name)
    try:
        changes = [s for s in module.parsed.changes.get(name, ()) if s.lineno > statements[-1].lineno]
        interpreter.execute([statements[-1], *changes], module.scope)
    except Signal:
        return Undecided(f"{dotted}, whose definition ends in an exception")
    finally:
        module.pending.discard(name)
    if name not in module.scope.names:
        return Undecided(dotted)
    return _resolved(interpreter, module.scope, name)


def import_module(interpreter: Interpreter, dotted: str) -> Module | None:
    """Return a module of the project, or `None` if it is not found on disk."""
    return interpreter.loader.load(dotted)


def imported(interpreter: Interpreter, dotted: str) -> Value:
    """Return what `import dotted` gives."""
    found = import_module(interpreter, dotted)
    return outside(dotted) if found is None else found


def imported_name(interpreter: Interpreter, dotted: str, name: str) -> Value:
    """Return what `from dotted import name` gives."""
    module = import_module(interpreter, dotted)
    if module is None:
        return _outside_or_submodule(interpreter, f"{dotted}.{name}")
    return module_name(interpreter, module, name)


__all__ = ["ClassValue", "get_attribute", "import_module", "imported", "imported_name", "name_value"]
