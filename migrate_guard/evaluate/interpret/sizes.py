"""How much work a plain value makes, so that nothing is compared, written out or copied that costs too much.

Part of the interpreter (second stage). A collection that holds another one many times is small in memory
and endless when written, so what counts is what one would meet on the way through it.
"""

from __future__ import annotations

from migrate_guard.evaluate.values import Value

MOST_ITEMS = 100_000
"""How much of a collection is gone through; a larger one counts as not known."""

MOST_BITS = 14_000
"""The largest number that is computed; Python itself writes out no more than 4,300 digits."""

_CHARACTERS_PER_ITEM = 1_000
_ITEMS_PER_STEP = 100


def weight(value: Value, most: int = MOST_ITEMS) -> int:
    """Return how many items are met on the way through a value, long strings counting for several.

    Counting stops above `most`.
    """
    found = 0
    pending = [value]
    while pending and found <= most:
        one = pending.pop()
        found += 1
        if isinstance(one, (str, bytes)):
            found += len(one) // _CHARACTERS_PER_ITEM
        elif isinstance(one, (list, tuple, set, frozenset, dict)):
            if len(one) > most:
                return found + len(one)
            pending.extend(one)
            if isinstance(one, dict):
                pending.extend(one.values())
    return found


def steps(value: Value) -> int:
    """Return what it costs to have a value in an expression, in steps of the evaluation's budget."""
    if isinstance(value, (str, bytes)):
        return len(value) // (_CHARACTERS_PER_ITEM * 10)
    if not isinstance(value, (list, tuple, set, frozenset, dict)):
        return 0
    if len(value) > MOST_ITEMS:
        return len(value) // _ITEMS_PER_STEP
    return weight(value) // _ITEMS_PER_STEP


def is_small_number(value: Value) -> bool:
    """Tell whether a value is no number, or one that may be written out."""
    return not isinstance(value, int) or value.bit_length() <= MOST_BITS
