"""Simple statements and definitions."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from migrate_guard.evaluate.interpret import control, lookups
from migrate_guard.evaluate.interpret.calling import call_node
from migrate_guard.evaluate.interpret.comprehensions import assign, delete_item
from migrate_guard.evaluate.interpret.definitions import define_class, define_function
from migrate_guard.evaluate.interpret.expressions import item_of, sign_of
from migrate_guard.evaluate.interpret.frames import Break, Continue, Raise, Return
from migrate_guard.evaluate.interpret.objects import Deferred
from migrate_guard.evaluate.interpret.operators import combine, truth
from migrate_guard.evaluate.interpret.scope import Scope
from migrate_guard.evaluate.values import Undecided, Value

if TYPE_CHECKING:
    from migrate_guard.evaluate.interpret.interpreter import Interpreter


def _expression(interpreter: Interpreter, node: ast.Expr, scope: Scope) -> None:
    value = node.value
    if isinstance(value, ast.Await):
        value = value.value
    if isinstance(value, ast.Call):
        call_node(interpreter, value, scope, statement=True)
    elif not isinstance(value, ast.Constant):
        interpreter.evaluate(value, scope)


def _assign(interpreter: Interpreter, node: ast.Assign, scope: Scope) -> None:
    value = interpreter.evaluate(node.value, scope)
    for target in node.targets:
        assign(interpreter, target, value, scope)


def _annotated(interpreter: Interpreter, node: ast.AnnAssign, scope: Scope) -> None:
    if node.value is not None:
        assign(interpreter, node.target, interpreter.evaluate(node.value, scope), scope)


def _augmented(interpreter: Interpreter, node: ast.AugAssign, scope: Scope) -> None:
    current: Value
    if isinstance(node.target, ast.Name):
        current = lookups.name_value(interpreter, node.target.id, scope)
    elif isinstance(node.target, ast.Attribute):
        current = interpreter.get_attribute(interpreter.evaluate(node.target.value, scope), node.target.attr)
    else:
        owner = interpreter.evaluate(node.target.value, scope)
        current = item_of(interpreter, owner, interpreter.evaluate(node.target.slice, scope))
    value = interpreter.evaluate(node.value, scope)
    if isinstance(current, (list, set, dict)) and not interpreter.change(current):
        return
    if isinstance(current, list) and isinstance(value, (list, tuple)):
        current.extend(value)
        return
    assign(interpreter, node.target, combine(interpreter, sign_of(node.op), current, value), scope)


def _return(interpreter: Interpreter, node: ast.Return, scope: Scope) -> None:
    raise Return(None if node.value is None else interpreter.evaluate(node.value, scope))


def _raise(interpreter: Interpreter, node: ast.Raise, scope: Scope) -> None:
    raised = node.exc
    if isinstance(raised, ast.Call):
        for argument in raised.args:
            interpreter.evaluate(argument, scope)
        interpreter.recorder.visited.add(id(raised))
        raised = raised.func
    name = raised.id if isinstance(raised, ast.Name) else getattr(raised, "attr", None)
    raise Raise(interpreter.span(node, scope), name)


def _break(interpreter: Interpreter, node: ast.Break, scope: Scope) -> None:
    raise Break


def _continue(interpreter: Interpreter, node: ast.Continue, scope: Scope) -> None:
    raise Continue


def _nothing(interpreter: Interpreter, node: ast.stmt, scope: Scope) -> None:
    pass


def _global(interpreter: Interpreter, node: ast.Global, scope: Scope) -> None:
    for name in node.names:
        scope.outer[name] = scope.root()


def _nonlocal(interpreter: Interpreter, node: ast.Nonlocal, scope: Scope) -> None:
    for name in node.names:
        found = scope.parent.find(name) if scope.parent is not None else None
        if found is not None:
            scope.outer[name] = found


def _import(interpreter: Interpreter, node: ast.Import, scope: Scope) -> None:
    for alias in node.names:
        if alias.asname is not None:
            scope.bind(alias.asname, Deferred(alias.name))
        else:
            root = alias.name.partition(".")[0]
            scope.bind(root, Deferred(root))


def _import_from(interpreter: Interpreter, node: ast.ImportFrom, scope: Scope) -> None:
    dotted = lookups.absolute_name(scope.module, node)
    for alias in node.names:
        if alias.name == "*":
            _import_star(interpreter, dotted, scope)
        else:
            scope.bind(alias.asname or alias.name, Deferred(dotted, alias.name))


def _import_star(interpreter: Interpreter, dotted: str, scope: Scope) -> None:
    module = lookups.import_module(interpreter, dotted)
    if module is None:
        scope.module.stars.append(dotted)
        return
    for name in module.parsed.bindings:
        if not name.startswith("_"):
            scope.bind(name, lookups.module_name(interpreter, module, name))


def _delete(interpreter: Interpreter, node: ast.Delete, scope: Scope) -> None:
    for target in node.targets:
        if isinstance(target, ast.Name):
            scope.bind(target.id, Undecided(f"{target.id}, which was deleted"))
        elif isinstance(target, ast.Subscript):
            delete_item(interpreter, target, scope)


def _assert(interpreter: Interpreter, node: ast.Assert, scope: Scope) -> None:
    if truth(interpreter.evaluate(node.test, scope)) is False:
        raise Raise(interpreter.span(node, scope), "AssertionError")


def _function(interpreter: Interpreter, node: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope) -> None:
    scope.bind(node.name, define_function(interpreter, node, scope))


def _class(interpreter: Interpreter, node: ast.ClassDef, scope: Scope) -> None:
    scope.bind(node.name, define_class(interpreter, node, scope))


STATEMENTS: dict[type[ast.stmt], Callable[[Interpreter, Any, Scope], None]] = {
    ast.Expr: _expression,
    ast.Assign: _assign,
    ast.AnnAssign: _annotated,
    ast.AugAssign: _augmented,
    ast.Return: _return,
    ast.Raise: _raise,
    ast.Break: _break,
    ast.Continue: _continue,
    ast.Pass: _nothing,
    ast.Global: _global,
    ast.Nonlocal: _nonlocal,
    ast.Import: _import,
    ast.ImportFrom: _import_from,
    ast.Delete: _delete,
    ast.Assert: _assert,
    ast.FunctionDef: _function,
    ast.AsyncFunctionDef: _function,
    ast.ClassDef: _class,
    ast.If: control.if_statement,
    ast.For: control.for_statement,
    ast.AsyncFor: control.for_statement,
    ast.While: control.while_statement,
    ast.With: control.with_statement,
    ast.AsyncWith: control.with_statement,
    ast.Try: control.try_statement,
    ast.Match: control.match_statement,
}
