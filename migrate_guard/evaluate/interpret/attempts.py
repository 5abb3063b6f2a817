"""`try` bodies that do nothing but call directives: what becomes of those decides what is caught."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from migrate_guard.evaluate.interpret import lookups
from migrate_guard.evaluate.interpret.frames import Attempt
from migrate_guard.evaluate.interpret.objects import Builtin, FunctionValue, Outside
from migrate_guard.evaluate.interpret.scope import Scope
from migrate_guard.evaluate.library import is_directive_owner
from migrate_guard.operations import Condition
from migrate_guard.pattern import pattern

if TYPE_CHECKING:
    from migrate_guard.evaluate.interpret.interpreter import Interpreter

_CATCH_ALL = frozenset({"Exception", "BaseException"})
_HARMLESS_NODES = (
    ast.Expr, ast.Pass, ast.With, ast.withitem, ast.Call, ast.keyword, ast.Attribute, ast.Name, ast.Constant,
    ast.List, ast.Tuple, ast.Dict, ast.JoinedStr, ast.FormattedValue, ast.UnaryOp, ast.unaryop,
    ast.expr_context,
)  # fmt: skip
"""What cannot fail by itself, where its names are bound."""
_RUNS_ANYTHING = frozenset({"run_async", "invoke"})
_LOGS = frozenset("log logger logging warnings traceback".split())
_ON_TRANSACTION = pattern(r"(?i)rollback|commit|begin|connect|savepoint|session|execute")


def nothing_fails(node: ast.Try, scope: Scope) -> Condition:
    """Return the condition under which the body of a `try` goes on to its end."""
    line = node.lineno
    return Condition(f"nothing fails in the try block at line {line}", scope.module.source.path, line)


def caught_by(handler: ast.ExceptHandler) -> frozenset[str] | None:
    """Return the names of the exceptions that a handler catches, `None` if it catches all."""
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    names = frozenset(
        kind.id if isinstance(kind, ast.Name) else kind.attr
        for kind in kinds
        if isinstance(kind, (ast.Name, ast.Attribute))
    )
    return None if not names or names & _CATCH_ALL else names


def attempt_of(interpreter: Interpreter, node: ast.Try, scope: Scope) -> Attempt | None:
    """Return the attempt that a `try` is, `None` if more than directives may fail in its body."""
    if interpreter.imports or interpreter.recorder.attempt is not None:
        return None
    bound = {
        item.optional_vars.id
        for statement in node.body
        for found in ast.walk(statement)
        if isinstance(found, ast.With)
        for item in found.items
        if isinstance(item.optional_vars, ast.Name)
    }
    if not all(_is_plain(interpreter, statement, bound, scope) for statement in node.body):
        return None
    goes_on = all(_is_quiet(interpreter, handler.body, scope) for handler in node.handlers)
    return Attempt(nothing_fails(node, scope), caught_by(node.handlers[0]), goes_on)


def run_attempt(interpreter: Interpreter, attempt: Attempt, body: list[ast.stmt], scope: Scope) -> None:
    """Execute the body of an attempt; raise `Raise` where it certainly fails."""
    interpreter.recorder.attempt = attempt
    try:
        interpreter.execute(body, scope)
    finally:
        interpreter.recorder.attempt = None


def _is_plain(interpreter: Interpreter, statement: ast.stmt, bound: set[str], scope: Scope) -> bool:
    """Tell whether a statement does nothing but call directives with what SQLAlchemy's names make."""
    for node in ast.walk(statement):
        if not isinstance(node, _HARMLESS_NODES):
            return False
        if isinstance(node, ast.Call) and not _is_known(interpreter, node.func, bound, scope):
            return False
    return True


def _is_known(interpreter: Interpreter, function: ast.expr, bound: set[str], scope: Scope) -> bool:
    """Tell whether a call is one of Alembic's or SQLAlchemy's."""
    node = function
    while isinstance(node, (ast.Attribute, ast.Call)):
        if isinstance(node, ast.Attribute) and node.attr in _RUNS_ANYTHING:
            return False
        node = node.func if isinstance(node, ast.Call) else node.value
    if not isinstance(node, ast.Name):
        return False
    if node.id in bound:
        return True
    value = lookups.name_value(interpreter, node.id, scope)
    if isinstance(value, Outside):
        return value.dotted.partition(".")[0] in {"sqlalchemy", "alembic"}
    return is_directive_owner(value)


def _is_quiet(interpreter: Interpreter, body: list[ast.stmt], scope: Scope, inside: bool = False) -> bool:
    """Tell whether a handler cannot end a transaction that the server has given up.

    What it does with the connection fails there. A function that it calls is looked into, once.
    """
    nodes = [found for statement in body for found in ast.walk(statement)]
    bound = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if not inside and _ON_TRANSACTION.search(node.value):
                return False
        elif isinstance(node, ast.Call):
            if not _is_quiet_call(interpreter, node.func, bound, scope, inside):
                return False
        elif isinstance(node, (ast.Await, ast.Yield, ast.AsyncWith)):
            return False
    return True


def _is_quiet_call(
    interpreter: Interpreter, function: ast.expr, bound: set[str], scope: Scope, inside: bool
) -> bool:
    if isinstance(function, ast.Attribute):
        if isinstance(function.value, ast.Name) and function.value.id.lower().strip("_") in _LOGS:
            return True
        attributes = [node.attr for node in ast.walk(function) if isinstance(node, ast.Attribute)]
        changes = any(map(_ON_TRANSACTION.search, attributes))
        return not changes and not inside and _is_known(interpreter, function, bound, scope)
    if not isinstance(function, ast.Name):
        return False
    value = lookups.name_value(interpreter, function.id, scope)
    if isinstance(value, FunctionValue) and not isinstance(value.node, ast.Lambda):
        return not inside and _is_quiet(interpreter, value.node.body, value.scope, inside=True)
    return isinstance(value, (Builtin, Outside))
