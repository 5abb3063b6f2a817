"""Both sides of a condition that reading cannot decide, and what is known after them."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING

from migrate_guard.evaluate.interpret import plain
from migrate_guard.evaluate.interpret.frames import Signal
from migrate_guard.evaluate.interpret.objects import FunctionValue, Outside
from migrate_guard.evaluate.interpret.scope import Scope
from migrate_guard.evaluate.values import Either, PartialText, Thing, Undecided, Value
from migrate_guard.operations import Condition
from migrate_guard.record import replace

if TYPE_CHECKING:
    from migrate_guard.evaluate.interpret.interpreter import Interpreter

_LONGEST_TEXT = 80
_EITHER = (str, PartialText, FunctionValue, Outside)

Names = tuple[dict[str, Value], ...]


def condition_of(node: ast.expr, scope: Scope, holds: bool = True, value: Value = None) -> Condition:
    """Return the condition that an expression stands for, with its source as text; `value` is its value."""
    source = scope.module.source
    span = source.span(node)
    if span.line == span.end_line:
        text = source.lines[span.line - 1][span.column - 1 : span.end_column - 1]
    else:
        text = " ".join(ast.unparse(node).split())
    asks = value.asks if isinstance(value, Undecided) else None
    return Condition(shortened(text), source.path, span.line, holds, asks)


def shortened(text: str) -> str:
    """Return a text cut to what fits into a sentence."""
    return text if len(text) <= _LONGEST_TEXT else text[: _LONGEST_TEXT - 1] + "…"


def choose(
    interpreter: Interpreter,
    condition: Condition,
    first: Callable[[], Value],
    second: Callable[[], Value],
    scope: Scope,
) -> Value:
    """Return the value of either side where both agree, an undecided one where they do not."""
    saved = _names(scope)
    with interpreter.flow.branch(condition):
        one = first()
    after_first = _names(scope)
    _restore(scope, saved)
    with interpreter.flow.branch(opposite(condition)):
        two = second()
    _merge(scope, after_first, condition)
    return merged_value(one, two, condition)


def branch(
    interpreter: Interpreter,
    condition: Condition,
    first: Callable[[], None],
    second: Callable[[], None],
    scope: Scope | None,
) -> None:
    """Run both sides of what is undecidable, each under its condition; they bind names in the scope."""
    saved = _names(scope)
    left_first = _run(interpreter, condition, first)
    after_first = _names(scope)
    _restore(scope, saved)
    left_second = _run(interpreter, opposite(condition), second)
    if left_first is None and left_second is None:
        _merge(scope, after_first, condition)
        return
    if left_first is None and left_second is not None:
        _restore(scope, after_first)
        interpreter.flow.may_leave(left_second, opposite(condition))
    elif left_first is not None:
        interpreter.flow.may_leave(left_first, condition)
        if left_second is not None:
            raise left_second


def opposite(condition: Condition) -> Condition:
    """Return the condition of the other side."""
    return replace(condition, holds=not condition.holds)


def _run(interpreter: Interpreter, condition: Condition, body: Callable[[], None]) -> Signal | None:
    with interpreter.flow.branch(condition):
        try:
            body()
        except Signal as signal:
            return signal
    return None


def _names(scope: Scope | None) -> Names:
    return tuple(dict(found.names) for found in _own_scopes(scope))


def _own_scopes(scope: Scope | None) -> tuple[Scope, ...]:
    """Return the scopes that the code at hand may bind names in.

    A module whose names are evaluated when they are used is none of them: a use binds nothing anew.
    """
    return tuple(
        found
        for found in (() if scope is None else scope.chain())
        if found.parent is not None or (found.module.main and found.module.parsed.plain is None)
    )


def _restore(scope: Scope | None, names: Names) -> None:
    for found, kept in zip(_own_scopes(scope), names, strict=True):
        found.names.clear()
        found.names.update(kept)


def _merge(scope: Scope | None, other: Names, condition: Condition) -> None:
    for found, theirs in zip(_own_scopes(scope), other, strict=True):
        for name in {**theirs, **found.names}:
            if name in theirs and name in found.names:
                found.names[name] = merged_value(theirs[name], found.names[name], condition)
            else:
                found.names[name] = Undecided(f"{name}, which is only bound if {condition}")


def merged_value(one: Value, two: Value, condition: Condition) -> Value:
    """Return the value that both sides agree on, or an undecided one."""
    if one is two or same(one, two):
        return one
    merged = one.merge(two) if isinstance(one, Thing) else None
    if merged is not None:
        return merged
    data = plain.is_data(one) and plain.is_data(two)
    first, second = under(one, condition, True), under(two, condition, False)
    if isinstance(first, _EITHER) and isinstance(second, _EITHER):
        return Either(str(condition), data, first=first, second=second, condition=condition)
    return Undecided(str(condition), data)


def under(value: Value, condition: Condition, holds: bool) -> Value:
    """Return a value as it is where a condition holds, or does not."""
    return value.under(condition, holds) if isinstance(value, Either) else value


def same(one: Value, two: Value) -> bool:
    """Tell whether two values are equal for certain."""
    return type(one) is type(two) and plain.is_plain(one) and plain.is_plain(two) and bool(one == two)
