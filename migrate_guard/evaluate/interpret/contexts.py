"""`with`: Alembic's context managers, the project's own, and those that cannot be seen."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from migrate_guard.evaluate.interpret.calling import run_function
from migrate_guard.evaluate.interpret.comprehensions import assign
from migrate_guard.evaluate.interpret.frames import Raise, Signal
from migrate_guard.evaluate.interpret.objects import ContextBody, Instance, Outside
from migrate_guard.evaluate.interpret.scope import Scope
from migrate_guard.evaluate.values import Call, Thing, Undecided, Value
from migrate_guard.operations import Condition
from migrate_guard.span import Span, whole_line

if TYPE_CHECKING:
    from migrate_guard.evaluate.interpret.interpreter import Interpreter

_SWALLOWING = frozenset({"contextlib.suppress", "pytest.raises"})


def run_with(interpreter: Interpreter, items: list[ast.withitem], body: list[ast.stmt], scope: Scope) -> None:
    """Run the body inside the context managers, outermost first."""
    if not items:
        interpreter.execute(body, scope)
        return
    item, rest = items[0], items[1:]
    if _swallows(interpreter, item.context_expr, scope):
        line = item.context_expr.lineno
        condition = Condition(
            f"nothing fails in the with block at line {line}", scope.module.source.path, line
        )
        with interpreter.flow.branch(condition):
            run_with(interpreter, rest, body, scope)
        return
    manager = interpreter.evaluate(item.context_expr, scope)

    def inside(value: Value) -> None:
        if item.optional_vars is not None:
            assign(interpreter, item.optional_vars, value, scope)
        run_with(interpreter, rest, body, scope)

    _enter(interpreter, manager, inside)


def _swallows(interpreter: Interpreter, node: ast.expr, scope: Scope) -> bool:
    if not isinstance(node, ast.Call):
        return False
    function = (
        interpreter.evaluate(node.func, scope) if isinstance(node.func, (ast.Name, ast.Attribute)) else None
    )
    return isinstance(function, Outside) and function.dotted in _SWALLOWING


def _enter(interpreter: Interpreter, manager: Value, inside: Callable[[Value], None]) -> None:
    if isinstance(manager, ContextBody):
        _run_around(interpreter, manager, inside)
    elif isinstance(manager, Instance):
        _run_instance(interpreter, manager, inside)
    elif isinstance(manager, Thing):
        value = manager.enter(interpreter)
        try:
            inside(value)
        finally:
            manager.leave(interpreter)
    else:
        inside(Undecided("what `with` gives"))


def _run_instance(interpreter: Interpreter, manager: Instance, inside: Callable[[Value], None]) -> None:
    call = Call(_place(interpreter))
    value = interpreter.invoke(interpreter.get_attribute(manager, "__enter__"), call)
    leave = interpreter.get_attribute(manager, "__exit__")
    try:
        inside(value)
    finally:
        interpreter.invoke(leave, Call(call.span, (None, None, None)))


def _place(interpreter: Interpreter) -> Span:
    calls = interpreter.recorder.calls
    return calls[-1] if calls else whole_line(interpreter.recorder.path, 1)


def _run_around(interpreter: Interpreter, manager: ContextBody, inside: Callable[[Value], None]) -> None:
    """Run a `@contextmanager` function; where it yields, the block runs in the frames around it."""
    stacks: tuple[list[Any], ...] = (
        interpreter.flow.frames,
        interpreter.recorder.calls,
        interpreter.on_yield,
    )
    depths = [len(stack) for stack in stacks]
    left: list[Signal] = []

    def block(value: Value) -> Value:
        kept = [stack[depth:] for stack, depth in zip(stacks, depths, strict=True)]
        for stack, depth in zip(stacks, depths, strict=True):
            del stack[depth:]
        try:
            inside(value)
        except Raise:
            raise
        except Signal as signal:
            left.append(signal)
        finally:
            for stack, items in zip(stacks, kept, strict=True):
                stack.extend(items)
        return None

    interpreter.on_yield.append(block)
    try:
        run_function(interpreter, manager.function, manager.arguments)
    finally:
        interpreter.on_yield.pop()
    if left:
        raise left[0]
