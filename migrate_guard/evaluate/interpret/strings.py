"""Strings put together from parts, some of which may not be known."""

from __future__ import annotations

import ast
import itertools
import re
from typing import TYPE_CHECKING

from migrate_guard.evaluate.interpret import plain
from migrate_guard.evaluate.interpret.objects import EnumMember
from migrate_guard.evaluate.interpret.scope import Scope
from migrate_guard.evaluate.sql import HOLE
from migrate_guard.evaluate.values import Either, PartialText, Undecided, Value
from migrate_guard.pattern import pattern

if TYPE_CHECKING:
    from migrate_guard.evaluate.interpret.interpreter import Interpreter

# https://docs.python.org/3/library/stdtypes.html#printf-style-string-formatting
_CONVERSION = pattern(r"%(?:\((?P<key>[^)]*)\))?[-+ #0]*\d*(?:\.\d*)?[hlL]?(?P<kind>[a-zA-Z%])")

MAX_CONDITIONS = 1
"""How many conditions a text may depend on for its versions to be kept apart."""
_SCALARS = (str, int, float, bool, type(None), bytes)


def join_text(*parts: Value) -> Value:
    """Return parts as one string; parts that are not known become holes in a `PartialText`."""
    either = next((part for part in parts if isinstance(part, Either)), None)
    conditions = {id(part.condition) for part in parts if isinstance(part, Either)}
    if either is not None and len(conditions) <= MAX_CONDITIONS:
        return _join_either(either, parts)
    pieces: list[str] = []
    reason: str | None = None
    length = 0
    for part in parts:
        text, why = _as_text(part)
        pieces.append(text)
        reason = reason or why
        length += len(text)
        if length > plain.LIMIT:
            return Undecided("a text too long to compute", data=True)
    joined = "".join(pieces)
    return joined if reason is None else PartialText(joined, reason)


def _join_either(either: Either, parts: tuple[Value, ...]) -> Value:
    condition = either.condition
    sides = [
        join_text(*(part.under(condition, holds) if isinstance(part, Either) else part for part in parts))
        for holds in (True, False)
    ]
    if not all(isinstance(side, (str, PartialText)) for side in sides):
        return either.derived
    return Either(either.reason, data=True, first=sides[0], second=sides[1], condition=condition)


def _as_text(part: Value) -> tuple[str, str | None]:
    if isinstance(part, _SCALARS):
        return str(part), None
    if isinstance(part, PartialText):
        return part.text, part.reason
    if isinstance(part, Undecided):
        return HOLE, part.reason
    if plain.is_plain(part):
        return str(part), None
    if isinstance(part, EnumMember):
        return HOLE, f"how {part.describe()} is written"
    return HOLE, f"how {part.describe()} is written" if hasattr(part, "describe") else "a collection"


def with_text_for_holes(text: str, values: Value) -> str:
    """Return a `%` template in which what is not known is written as text, so that `%d` takes a hole."""
    positions = itertools.count()

    def conversion(found: re.Match[str]) -> str:
        if found["kind"] == "%":
            return found[0]
        value = _named(values, found["key"]) if found["key"] is not None else _placed(values, next(positions))
        return found[0] if plain.is_plain(value) else found[0][:-1].rstrip("-+ #0123456789.hlL") + "s"

    return _CONVERSION.sub(conversion, text)


def _named(values: Value, key: str) -> Value:
    return values.get(key) if isinstance(values, dict) else None


def _placed(values: Value, position: int) -> Value:
    if not isinstance(values, tuple):
        return values
    return values[position] if position < len(values) else None


class _Hole(str):
    """A text with holes as an argument of `format()`: it stays as it is, whatever the format asks for."""

    __slots__ = ()

    def __format__(self, format_spec: str) -> str:
        return str(self)


def formatted(interpreter: Interpreter, node: ast.JoinedStr, scope: Scope) -> Value:
    """Return the value of an f-string."""
    return join_text(*[_part(interpreter, value, scope) for value in node.values])


def _part(interpreter: Interpreter, node: ast.expr, scope: Scope) -> Value:
    if not isinstance(node, ast.FormattedValue):
        return interpreter.evaluate(node, scope)
    value = interpreter.evaluate(node.value, scope)
    if node.conversion == -1 and node.format_spec is None:
        return value
    if not plain.is_plain(value):
        return Undecided("a formatted value that is not known", data=True)
    if node.conversion in {ord("r"), ord("a")}:
        value = repr(value)
    elif node.conversion == ord("s"):
        value = str(value)
    spec = "" if node.format_spec is None else interpreter.evaluate(node.format_spec, scope)
    if not isinstance(spec, str):
        return Undecided("a format that is not known", data=True)
    return plain.method("{:" + spec + "}", "format", (value,), {})


def format_method(text: str, positional: tuple[Value, ...], keywords: dict[str, Value]) -> Value:
    """Return what `text.format(…)` gives when some arguments are not known."""
    reason: str | None = None
    filled: list[Value] = []
    named: dict[str, Value] = {}
    for value in positional:
        shown, why = _argument(value)
        filled.append(shown)
        reason = reason or why
    for key, value in keywords.items():
        shown, why = _argument(value)
        named[key] = shown
        reason = reason or why
    result = plain.method(text, "format", tuple(filled), named)
    if isinstance(result, str) and reason is not None:
        return PartialText(result, reason)
    return result


def _argument(value: Value) -> tuple[Value, str | None]:
    if plain.is_plain(value):
        return value, None
    text, why = _as_text(value)
    return _Hole(text), why


__all__ = ["HOLE", "format_method", "formatted", "join_text", "with_text_for_holes"]
