"""Operators and methods of plain data, with limits on what a result may cost.

Real methods are only ever called with concrete values: one undecidable part makes the result undecided.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping

from migrate_guard.evaluate.interpret.sizes import MOST_ITEMS, is_small_number, weight
from migrate_guard.evaluate.values import OPEN, Maybe, PartialText, Undecided, Value

LIMIT = 2_000_000
"""The longest string or collection that is computed."""

TOO_LARGE = Undecided("a value too large to compute", data=True)
_SCALARS = (str, int, float, bool, bytes, type(None), complex)
_COLLECTIONS = (list, tuple, set, frozenset, dict)

BINARY: Mapping[str, Callable[[Value, Value], Value]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
    "**": operator.pow,
    "<<": operator.lshift,
    ">>": operator.rshift,
    "|": operator.or_,
    "&": operator.and_,
    "^": operator.xor,
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "in": lambda left, right: left in right,
    "not in": lambda left, right: left not in right,
}

_STRING_METHODS = frozenset(
    """capitalize casefold center count encode endswith expandtabs find format format_map index isalnum
    isalpha isascii isdecimal isdigit isidentifier islower isnumeric isprintable isspace istitle isupper
    join ljust lower lstrip maketrans partition removeprefix removesuffix replace rfind rindex rjust
    rpartition rsplit rstrip split splitlines startswith strip swapcase title translate upper zfill""".split()
)
_READING_METHODS: Mapping[type, frozenset[str]] = {
    str: _STRING_METHODS,
    bytes: frozenset({"decode", "hex", "strip", "lower", "upper", "split", "startswith", "endswith"}),
    list: frozenset({"index", "count", "copy"}),
    tuple: frozenset({"index", "count"}),
    dict: frozenset({"get", "items", "keys", "values", "copy"}),
    set: frozenset(
        {"union", "intersection", "difference", "issubset", "issuperset", "isdisjoint", "copy",
         "symmetric_difference"}
    ),
    frozenset: frozenset({"union", "intersection", "difference", "issubset", "issuperset", "isdisjoint"}),
    int: frozenset({"bit_length"}),
    float: frozenset({"is_integer"}),
}  # fmt: skip
_WRITING_METHODS: Mapping[type, frozenset[str]] = {
    list: frozenset({"append", "extend", "insert", "remove", "pop", "clear", "sort", "reverse"}),
    dict: frozenset({"update", "setdefault", "pop", "popitem", "clear"}),
    set: frozenset({"add", "update", "discard", "remove", "pop", "clear", "difference_update",
                    "intersection_update"}),
}  # fmt: skip
_HOLDS_ANYTHING = frozenset(
    {"append", "extend", "insert", "setdefault", "update", "pop", "clear", "get", "items", "keys", "values",
     "copy", "reverse", "popitem", "add"}
)  # fmt: skip
_BY_KEY = frozenset({"get", "pop", "setdefault"})
_ERRORS = (TypeError, ValueError, KeyError, IndexError, ArithmeticError, AttributeError, LookupError)


def is_plain(value: Value) -> bool:
    """Tell whether a value is concrete through and through, and may be compared and written out."""
    if isinstance(value, _SCALARS) or value is Ellipsis or isinstance(value, range):
        return True
    return isinstance(value, _COLLECTIONS) and weight(value) <= MOST_ITEMS and _holds_plain(value, 0)


def _holds_plain(value: Value, depth: int) -> bool:
    if isinstance(value, _SCALARS) or value is Ellipsis:
        return True
    if depth > 20 or not isinstance(value, (*_COLLECTIONS, range)):
        return False
    if isinstance(value, range):
        return True
    if isinstance(value, dict):
        return all(_holds_plain(k, depth + 1) and _holds_plain(v, depth + 1) for k, v in value.items())
    return all(_holds_plain(item, depth + 1) for item in value)


def is_data(value: Value) -> bool:
    """Tell whether a value is data, known or not: no function, connection or other object of the project."""
    if isinstance(value, Undecided):
        return value.data or value is OPEN
    if isinstance(value, Maybe):
        return is_data(value.value)
    if isinstance(value, _COLLECTIONS) and weight(value) > MOST_ITEMS:
        return False
    if isinstance(value, (list, tuple, set, frozenset)):
        return all(is_data(item) for item in value)
    if isinstance(value, dict):
        return all(is_data(item) for item in value.values())
    return isinstance(value, PartialText) or is_plain(value)


def is_collection(value: Value) -> bool:
    """Tell whether a value is a list, tuple, set or dict, whatever it holds."""
    return isinstance(value, _COLLECTIONS)


def is_open(value: Value) -> bool:
    """Tell whether the content of a collection is no longer decidable."""
    if isinstance(value, dict):
        return OPEN in value
    if not isinstance(value, (list, set, tuple)):
        return False
    return any(item is OPEN or isinstance(item, Maybe) for item in value)


def poison(value: Value) -> None:
    """Make the content of a collection undecidable, in place."""
    if isinstance(value, list):
        value[:] = [OPEN]
    elif isinstance(value, dict):
        value.clear()
        value[OPEN] = OPEN
    elif isinstance(value, set):
        value.clear()
        value.add(OPEN)


def _size(value: Value) -> int:
    if isinstance(value, bool) or value is None:
        return 1
    if isinstance(value, int):
        return value.bit_length() // 8
    if isinstance(value, (str, bytes, *_COLLECTIONS, range)):
        return len(value)
    return 1


def _product_too_large(sign: str, left: Value, right: Value) -> bool:
    if sign == "*":
        numbers = [n for n in (left, right) if isinstance(n, int)]
        if len(numbers) == 2:
            return _size(left) + _size(right) > LIMIT
        return any(abs(n) * max(_size(left), _size(right)) > LIMIT for n in numbers)
    if sign == "**":
        if not isinstance(left, int) or not isinstance(right, int):
            return False
        return right > 0 and max(left.bit_length(), 1) * right > 65_536
    if sign == "<<":
        return isinstance(right, int) and right > 65_536
    return sign == "+" and _size(left) + _size(right) > LIMIT


def binary(sign: str, left: Value, right: Value) -> Value:
    """Return what an operator makes of two plain values; `Undecided` if it fails or costs too much."""
    if _product_too_large(sign, left, right):
        return TOO_LARGE
    if sign == "%" and isinstance(left, (str, bytes)) and not _format_is_small(str(left)):
        return TOO_LARGE
    if sign == "%" and isinstance(left, str) and _interpolated_size(left, right) > LIMIT:
        return TOO_LARGE
    try:
        result = BINARY[sign](left, right)
    except _ERRORS as error:
        return Undecided(f"an expression that fails ({type(error).__name__})", data=True)
    return result if is_small_number(result) else TOO_LARGE


def _format_is_small(text: str) -> bool:
    return not re.search(r"\d{5}", text) and "*" not in text


def _interpolated_size(text: str, right: Value) -> int:
    if isinstance(right, dict):
        return len(text) + _filled_size(text.count("%"), right)
    return len(text) + sum(len(str(item)) for item in (right if isinstance(right, tuple) else (right,)))


def _filled_size(fields: int, values: Mapping[str, Value]) -> int:
    """Return how long a text may get when its fields, each of them, name the longest value."""
    return fields * max((len(str(value)) for value in values.values()), default=0)


def has_method(value: Value, name: str) -> bool:
    """Tell whether a plain value has that method and it may be used."""
    kind = _kind(value)
    return name in _READING_METHODS.get(kind, ()) or name in _WRITING_METHODS.get(kind, ())


def writes(value: Value, name: str) -> bool:
    """Tell whether a method changes the collection that it is called on."""
    return name in _WRITING_METHODS.get(_kind(value), ())


def _kind(value: Value) -> type:
    """Return the type of a plain value; a name that is marked in some way is a text."""
    return str if isinstance(value, str) else type(value)


def method(owner: Value, name: str, positional: tuple[Value, ...], keywords: Mapping[str, Value]) -> Value:
    """Return what a method of a plain value gives; `Undecided` if it fails or costs too much."""
    if not _may_call(owner, name, positional, keywords):
        return Undecided(f"what .{name}() gives for a value that is not known", data=True)
    if not _is_affordable(owner, name, positional, keywords):
        return TOO_LARGE
    try:
        result = getattr(owner, name)(*positional, **keywords)
    except _ERRORS as error:
        return Undecided(f"a call that fails ({type(error).__name__})", data=True)
    if name in {"items", "keys", "values"}:
        return list(result)
    return result


def _may_call(owner: Value, name: str, positional: tuple[Value, ...], keywords: Mapping[str, Value]) -> bool:
    if name in _BY_KEY and isinstance(owner, dict) and not all(map(is_plain, positional[:1])):
        return False
    if name in _HOLDS_ANYTHING and is_collection(owner):
        return not is_open(owner) and not any(is_open(value) for value in positional)
    return is_plain(owner) and is_plain(positional) and is_plain(dict(keywords))


def _is_affordable(
    owner: Value, name: str, positional: tuple[Value, ...], keywords: Mapping[str, Value]
) -> bool:
    if _size(owner) > LIMIT:
        return False
    if not isinstance(owner, (str, bytes)):
        return True
    if any(isinstance(value, int) and abs(value) > 100_000 for value in (*positional, *keywords.values())):
        return False
    if name == "replace" and len(positional) >= 2:
        return (_size(owner) + 1) * max(1, _size(positional[1])) <= LIMIT * 10
    if name == "join" and positional:
        return _joined_size(owner, positional[0]) <= LIMIT
    if name in {"format", "format_map"}:
        return _is_small_to_fill(str(owner), (*positional, *keywords.values()))
    return name not in {"expandtabs", "translate"}


def _joined_size(separator: str | bytes, parts: Value) -> int:
    if isinstance(parts, (str, bytes)):
        return len(parts) * (len(separator) + 1)
    return sum(_size(part) + len(separator) for part in parts) if is_collection(parts) else 0


def _is_small_to_fill(text: str, values: tuple[Value, ...]) -> bool:
    if not _format_is_small(text) or _format_reaches_inside(text):
        return False
    return _filled_size(text.count("{"), {str(n): value for n, value in enumerate(values)}) <= LIMIT * 10


def _format_reaches_inside(text: str) -> bool:
    return bool(re.search(r"\{[^{}:!]*\._", text))
