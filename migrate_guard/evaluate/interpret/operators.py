"""What operators give, for plain data and for things."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrate_guard.evaluate.interpret import plain
from migrate_guard.evaluate.interpret.objects import EnumMember, Outside
from migrate_guard.evaluate.interpret.strings import HOLE, join_text, with_text_for_holes
from migrate_guard.evaluate.values import ClassValue, PartialText, Thing, Undecided, Value

if TYPE_CHECKING:
    from migrate_guard.evaluate.interpret.interpreter import Interpreter

_TEXT = (str, PartialText)


def truth(value: Value) -> bool | None:
    """Return what `bool(value)` is, `None` if that is not decidable."""
    if isinstance(value, Thing):
        return value.truth()
    if plain.is_open(value):
        return None
    return bool(value)


def negate(value: Value) -> Value:
    """Return what `not value` is."""
    known = truth(value)
    if known is not None:
        return not known
    if isinstance(value, Undecided):
        return value.negated
    return Undecided("a condition that is not known", data=True)


def unary(interpreter: Interpreter, sign: str, value: Value) -> Value:
    """Return what `-value` or `~value` is."""
    if isinstance(value, Thing):
        return value.operate(sign, None, False, interpreter)
    if isinstance(value, (int, float)):
        return -value if sign == "-" else ~value if sign == "~" and isinstance(value, int) else value
    return Undecided(f"an expression that fails ({sign})", data=True)


def combine(interpreter: Interpreter, sign: str, left: Value, right: Value) -> Value:
    """Return what a binary operator makes of two values."""
    scalars = (str, int, float, bool)
    if isinstance(left, scalars) and isinstance(right, scalars):
        return plain.binary(sign, left, right)
    if sign == "%" and isinstance(left, _TEXT):
        return _interpolated(left, right)
    if sign == "+" and isinstance(left, _TEXT) and isinstance(right, (*_TEXT, Undecided)):
        return join_text(left, right)
    if sign == "+" and isinstance(left, Undecided) and isinstance(right, str):
        return join_text(left, right)
    if isinstance(left, Thing):
        return left.operate(sign, right, False, interpreter)
    if isinstance(right, Thing):
        return right.operate(sign, left, True, interpreter)
    return _collections(interpreter, sign, left, right)


def _collections(interpreter: Interpreter, sign: str, left: Value, right: Value) -> Value:
    if plain.is_open(left) or plain.is_open(right):
        return Undecided("a collection whose content is not known")
    if sign in {"+", "*", "|"} or (plain.is_plain(left) and plain.is_plain(right)):
        return interpreter.keep(plain.binary(sign, left, right))
    return Undecided("a collection whose content is not known")


def _interpolated(left: Value, right: Value) -> Value:
    reason = left.reason if isinstance(left, PartialText) else "a value that is not known"
    text = left.text if isinstance(left, PartialText) else left
    unknown = isinstance(left, PartialText)
    if isinstance(right, tuple):
        filled: Value = tuple(_filler(item) for item in right)
        unknown = unknown or any(_filler(item) is not item for item in right)
    elif isinstance(right, dict):
        filled = {key: _filler(item) for key, item in right.items()}
        unknown = unknown or any(_filler(item) is not item for item in right.values())
    else:
        filled = _filler(right)
        unknown = unknown or filled is not right
    result = plain.binary("%", with_text_for_holes(text, right) if unknown else text, filled)
    if isinstance(result, str) and unknown:
        return PartialText(result, _reason(right) or reason)
    return result


def _reason(value: Value) -> str | None:
    items = (
        value if isinstance(value, tuple) else list(value.values()) if isinstance(value, dict) else [value]
    )
    return next((item.reason for item in items if isinstance(item, (Undecided, PartialText))), None)


def _filler(value: Value) -> Value:
    if plain.is_plain(value):
        return value
    return value.text if isinstance(value, PartialText) else HOLE


def compare(interpreter: Interpreter, sign: str, left: Value, right: Value) -> Value:
    """Return what a comparison gives: a truth value, an expression of SQLAlchemy, or undecided."""
    if sign in {"is", "is not"}:
        known = _identical(left, right)
        if known is None:
            return Undecided("whether two values are the same", data=True)
        return known if sign == "is" else not known
    if isinstance(left, (EnumMember, ClassValue)) or isinstance(right, (EnumMember, ClassValue)):
        return _compare_members(sign, left, right)
    if sign in {"in", "not in"}:
        return _contains(interpreter, sign, left, right)
    if isinstance(left, Thing):
        return left.operate(sign, right, False, interpreter)
    if isinstance(right, Thing):
        return right.operate(sign, left, True, interpreter)
    if plain.is_plain(left) and plain.is_plain(right):
        return plain.binary(sign, left, right)
    return Undecided("a comparison with a value that is not known", data=True)


def _identical(left: Value, right: Value) -> bool | None:
    singletons = (None, True, False)
    for one, two in ((left, right), (right, left)):
        if any(one is single for single in singletons):
            if isinstance(two, (Undecided, Outside, PartialText)):
                return None if not isinstance(two, PartialText) else False
            return one is two
    if isinstance(left, EnumMember) and isinstance(right, EnumMember):
        return left == right
    return True if left is right and not isinstance(left, Undecided) else None


def _compare_members(sign: str, left: Value, right: Value) -> Value:
    if sign in {"in", "not in"} and isinstance(right, (list, tuple, set)) and not plain.is_open(right):
        known = [_compare_members("==", left, item) for item in right]
        if all(isinstance(item, bool) for item in known):
            return any(known) if sign == "in" else not any(known)
    if sign in {"==", "!="} and isinstance(left, EnumMember) and isinstance(right, EnumMember):
        equal = left.cls is right.cls and left.name == right.name
        return equal if sign == "==" else not equal
    return Undecided("a comparison of members of an Enum", data=True)


def _contains(interpreter: Interpreter, sign: str, left: Value, right: Value) -> Value:
    if isinstance(right, Thing):
        found = right.operate("in", left, True, interpreter)
        return found if sign == "in" else negate(found)
    if plain.is_open(right) or not plain.is_plain(left):
        return Undecided("whether a collection holds a value", data=True)
    if plain.is_plain(right):
        return plain.binary(sign, left, right)
    keys = list(right) if plain.is_collection(right) else []
    if any(plain.is_plain(key) and key == left for key in keys):
        return sign == "in"
    if all(plain.is_plain(key) for key in keys):
        return sign == "not in"
    return Undecided("whether a collection holds a value", data=True)
