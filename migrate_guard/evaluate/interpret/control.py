"""Statements that steer: conditions, loops, `with` and `try`."""

from __future__ import annotations

import ast
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from migrate_guard.evaluate.interpret import contexts
from migrate_guard.evaluate.interpret.attempts import attempt_of, caught_by, nothing_fails, run_attempt
from migrate_guard.evaluate.interpret.choices import branch, condition_of, shortened
from migrate_guard.evaluate.interpret.comprehensions import MAX_ROUNDS, assign, rounds
from migrate_guard.evaluate.interpret.frames import (
    Abort,
    Break,
    Continue,
    Frame,
    Raise,
    Signal,
    with_bases,
)
from migrate_guard.evaluate.interpret.modules import bound_names
from migrate_guard.evaluate.interpret.operators import compare, truth
from migrate_guard.evaluate.interpret.scope import Scope
from migrate_guard.evaluate.values import Maybe, Undecided, Value
from migrate_guard.operations import Condition

if TYPE_CHECKING:
    from migrate_guard.evaluate.interpret.interpreter import Interpreter

_IMPORT_ERRORS = frozenset({"ImportError", "ModuleNotFoundError"})


def if_statement(interpreter: Interpreter, node: ast.If, scope: Scope) -> None:
    """Run the side that a condition decides, or both, each marked with it."""
    value = interpreter.evaluate(node.test, scope)
    known = truth(value)
    if known is None:
        branch(
            interpreter,
            condition_of(node.test, scope, value=value),
            lambda: interpreter.execute(node.body, scope),
            lambda: interpreter.execute(node.orelse, scope),
            scope,
        )
        return
    text = condition_of(node.test, scope).text
    interpreter.recorder.prune(node.orelse if known else node.body, f"{text} is {known}")
    interpreter.execute(node.body if known else node.orelse, scope)


def for_statement(interpreter: Interpreter, node: ast.For | ast.AsyncFor, scope: Scope) -> None:
    """Run a loop over known items round by round, one over unknown items once, conditionally."""
    subject = interpreter.evaluate(node.iter, scope)
    items = rounds(interpreter, subject)
    if items is None:
        _forget(node.body, scope)
        item = Undecided(f"an item of {condition_of(node.iter, scope).text}", data=_is_data(subject))
        assign(interpreter, node.target, item, scope)
        _once(interpreter, node.body, scope, _loop_condition(node, node.iter, scope))
        _forget(node.body, scope)
        assign(interpreter, node.target, item, scope)
        _otherwise(interpreter, node, _breaks(node.body), scope)
        return
    if not items:
        interpreter.recorder.prune(node.body, "the loop has no items")
    with interpreter.flow.frame("loop") as loop:
        for item in items:
            interpreter.tick()
            if isinstance(item, Maybe):
                _perhaps(interpreter, node, item, scope, loop)
                continue
            assign(interpreter, node.target, item, scope)
            if _round(interpreter, node.body, scope, loop):
                interpreter.recorder.prune(node.orelse, "the loop always breaks")
                return
    _otherwise(interpreter, node, bool(loop.exits), scope)


def _otherwise(
    interpreter: Interpreter, node: ast.For | ast.AsyncFor | ast.While, may_break: bool, scope: Scope
) -> None:
    """Run the `else` of a loop, which only happens if nothing breaks the loop."""
    if not may_break:
        interpreter.execute(node.orelse, scope)
    elif node.orelse:
        text = f"nothing breaks the loop at line {node.lineno}"
        condition = Condition(text, scope.module.source.path, node.lineno)
        branch(interpreter, condition, partial(interpreter.execute, node.orelse, scope), lambda: None, scope)


def _breaks(body: list[ast.stmt]) -> bool:
    """Tell whether a loop's body has a `break` that is the loop's own."""
    pending: list[ast.AST] = [*body]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Break):
            return True
        if isinstance(node, (ast.For, ast.AsyncFor, ast.While)):
            pending.extend(node.orelse)
        elif not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            pending.extend(ast.iter_child_nodes(node))
    return False


def _perhaps(
    interpreter: Interpreter, node: ast.For | ast.AsyncFor, item: Maybe, scope: Scope, loop: Frame
) -> None:
    """Run a round for an item that may not be there."""

    def run() -> None:
        assign(interpreter, node.target, item.value, scope)
        _round(interpreter, node.body, scope, loop)

    branch(interpreter, item.condition, run, lambda: None, scope)


def _is_data(value: Value) -> bool:
    return not isinstance(value, Undecided) or value.data


def while_statement(interpreter: Interpreter, node: ast.While, scope: Scope) -> None:
    """Run a loop whose condition is decided each time; otherwise once, with its names undecided."""
    endless = isinstance(node.test, ast.Constant) and bool(node.test.value)
    rounds = 0
    with interpreter.flow.frame("loop") as loop:
        while not endless and rounds < MAX_ROUNDS:
            known = truth(interpreter.evaluate(node.test, scope))
            if known is None:
                break
            if known is False:
                if rounds == 0:
                    interpreter.recorder.prune(node.body, f"{condition_of(node.test, scope).text} is False")
                interpreter.execute(node.orelse, scope)
                return
            rounds += 1
            interpreter.tick()
            if _round(interpreter, node.body, scope, loop):
                return
    left = loop.exits
    if rounds >= MAX_ROUNDS:
        raise Abort(f"a loop takes more than {MAX_ROUNDS} rounds")
    _forget(node.body, scope)
    condition = None if endless else _loop_condition(node, node.test, scope)
    _once(interpreter, node.body, scope, condition)
    _forget(node.body, scope)
    if not endless:
        _otherwise(interpreter, node, bool(left) or _breaks(node.body), scope)


def _loop_condition(node: ast.stmt, subject: ast.expr, scope: Scope) -> Condition:
    inner = condition_of(subject, scope)
    word = "while" if isinstance(node, ast.While) else "for each of"
    return Condition(shortened(f"{word} {inner.text}"), inner.path, inner.line)


def _forget(body: list[ast.stmt], scope: Scope) -> None:
    """Make what a loop's body binds undecidable: another round may have bound it before."""
    for name in bound_names(body):
        found = scope.outer.get(name, scope)
        if name in found.names:
            found.names[name] = Undecided(f"{name}, which a loop changes")


def _once(interpreter: Interpreter, body: list[ast.stmt], scope: Scope, condition: Condition | None) -> None:
    with interpreter.flow.frame("loop") as loop:
        if condition is None:
            _round(interpreter, body, scope, loop)
            return
        branch(interpreter, condition, lambda: _leave(interpreter, body, scope, loop), lambda: None, scope)


def _leave(interpreter: Interpreter, body: list[ast.stmt], scope: Scope, loop: Frame) -> None:
    _round(interpreter, body, scope, loop)


def _round(interpreter: Interpreter, body: list[ast.stmt], scope: Scope, loop: Frame) -> bool:
    """Run one round of a loop; return whether the loop certainly ends with it."""
    with interpreter.flow.frame("iteration") as iteration:
        try:
            interpreter.execute(body, scope)
        except Continue:
            return False
        except Signal as signal:
            doubts = [*iteration.exits, *loop.exits]
            if not doubts:
                if isinstance(signal, Break):
                    return True
                raise
            left = signal
        else:
            return False
    if not isinstance(left, Break):
        interpreter.flow.may_leave(left, doubts[-1])
    elif loop.exits:
        return True
    else:
        loop.exits.append(doubts[-1])
    return False


def with_statement(interpreter: Interpreter, node: ast.With | ast.AsyncWith, scope: Scope) -> None:
    """Run a `with` block inside what its context managers do."""
    contexts.run_with(interpreter, list(node.items), node.body, scope)


def try_statement(interpreter: Interpreter, node: ast.Try, scope: Scope) -> None:
    """Run a `try` statement; `finally` runs however the rest ends."""
    try:
        _try_and_handle(interpreter, node, scope)
    except Signal:
        interpreter.execute(node.finalbody, scope)
        raise
    interpreter.execute(node.finalbody, scope)


def _try_and_handle(interpreter: Interpreter, node: ast.Try, scope: Scope) -> None:
    if not node.handlers:
        interpreter.execute([*node.body, *node.orelse], scope)
        return
    if _only_imports(node):
        interpreter.execute([*node.body, *node.orelse], scope)
        interpreter.recorder.prune(node.handlers, "the imports are taken to succeed")
        return
    attempt = attempt_of(interpreter, node, scope)
    condition = attempt.condition if attempt else nothing_fails(node, scope)
    with interpreter.flow.frame("try") as frame:
        raised: Raise | None = None
        try:
            if _always_raise_again(node.handlers):
                interpreter.execute(node.body, scope)
            elif attempt is not None:
                run_attempt(interpreter, attempt, node.body, scope)
            else:
                with interpreter.flow.branch(condition):
                    interpreter.execute(node.body, scope)
        except Raise as signal:
            raised = signal
    if raised is not None and not frame.exits:
        _handle_certain(interpreter, node, raised, scope)
        return
    if raised is None:
        interpreter.execute(node.orelse, scope)
    if attempt is not None and not attempt.may_fail and raised is None:
        interpreter.recorder.prune(node.handlers, "nothing in the try block can fail")
        return
    path, line = scope.module.source.path, node.lineno
    for handler in node.handlers:
        condition = Condition(f"an exception in the try block at line {line}", path, line)
        branch(interpreter, condition, _handler(interpreter, handler, scope), lambda: None, scope)


def _handler(interpreter: Interpreter, handler: ast.ExceptHandler, scope: Scope) -> Callable[[], None]:
    def run() -> None:
        if handler.name:
            scope.bind(handler.name, Undecided("an exception", data=True))
        interpreter.execute(handler.body, scope)

    return run


def _handle_certain(interpreter: Interpreter, node: ast.Try, raised: Raise, scope: Scope) -> None:
    interpreter.recorder.prune(node.orelse, "the try block always raises")
    for position, handler in enumerate(node.handlers):
        names = caught_by(handler)
        if names is None or not names.isdisjoint(with_bases(raised.name)):
            interpreter.recorder.prune(node.handlers[position + 1 :], "an earlier handler catches it")
            _handler(interpreter, handler, scope)()
            return
        path, line = scope.module.source.path, handler.lineno
        condition = Condition(f"the exception at line {raised.span.line} is caught here", path, line)
        branch(interpreter, condition, _handler(interpreter, handler, scope), lambda: None, scope)
    raise raised


def _only_imports(node: ast.Try) -> bool:
    imports = all(isinstance(statement, (ast.Import, ast.ImportFrom)) for statement in node.body)
    caught = [caught_by(handler) for handler in node.handlers]
    return imports and all(names is None or names <= _IMPORT_ERRORS for names in caught)


def _always_raise_again(handlers: list[ast.ExceptHandler]) -> bool:
    return all(isinstance(handler.body[-1], ast.Raise) for handler in handlers)


def match_statement(interpreter: Interpreter, node: ast.Match, scope: Scope) -> None:
    """Run the case that plain values decide; otherwise every case, conditionally."""
    subject = interpreter.evaluate(node.subject, scope)
    for position, case in enumerate(node.cases):
        known = _matches(interpreter, case, subject, scope)
        if known is True:
            rest = [statement for later in node.cases[position + 1 :] for statement in later.body]
            interpreter.recorder.prune(rest, "an earlier case matches")
            interpreter.execute(case.body, scope)
            return
        if known is False:
            interpreter.recorder.prune(case.body, "the case does not match")
            continue
        for name in bound_names(case.body) | _captured(case.pattern):
            scope.bind(name, Undecided(f"{name}, which a match binds"))
        text = shortened(f"{ast.unparse(node.subject)} matches {ast.unparse(case.pattern)}")
        condition = Condition(text, scope.module.source.path, case.pattern.lineno)
        branch(interpreter, condition, partial(interpreter.execute, case.body, scope), lambda: None, scope)


def _captured(pattern: ast.pattern) -> set[str]:
    return {
        node.name
        for node in ast.walk(pattern)
        if isinstance(node, (ast.MatchAs, ast.MatchStar)) and node.name is not None
    }


def _matches(interpreter: Interpreter, case: ast.match_case, subject: Value, scope: Scope) -> bool | None:
    if case.guard is not None:
        return None
    pattern = case.pattern
    if isinstance(pattern, ast.MatchAs) and pattern.pattern is None:
        if pattern.name is not None:
            scope.bind(pattern.name, subject)
        return True
    if isinstance(pattern, ast.MatchValue):
        return truth(compare(interpreter, "==", subject, interpreter.evaluate(pattern.value, scope)))
    if isinstance(pattern, ast.MatchOr) and all(isinstance(p, ast.MatchValue) for p in pattern.patterns):
        known = [
            truth(compare(interpreter, "==", subject, interpreter.evaluate(p.value, scope)))
            for p in pattern.patterns
            if isinstance(p, ast.MatchValue)
        ]
        return True if True in known else None if None in known else False
    return None
