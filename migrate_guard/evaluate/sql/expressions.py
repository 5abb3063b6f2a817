"""Expressions in raw SQL: where they end, and their text as written."""

from __future__ import annotations

from collections.abc import Collection

from migrate_guard.evaluate.sql.cursor import Cursor
from migrate_guard.operations import UNKNOWN, Unknown

_OPERATORS = frozenset("+ - * / < > = ! ~ @ # % ^ & | ? . : :: :=".split())


def read_text(cursor: Cursor, ends: Collection[str] = ()) -> str | Unknown:
    """Read an expression up to one of the words `ends` outside of any group, or to the end.

    The first token and one behind an operator always belong to it: `DEFAULT NULL`, `'x'::name`.
    """
    first = cursor.index
    operand = True
    while not cursor.at_end:
        word = cursor.word
        if not operand and word in ends:
            break
        operand = word in _OPERATORS
        cursor.skip()
    if cursor.index == first:
        raise cursor.failure()
    return UNKNOWN if cursor.holes(first) else cursor.text(first)


def read_group_text(cursor: Cursor) -> str | Unknown:
    """Read an expression in parentheses and return what stands between them."""
    inner = cursor.group()
    text = inner.rest()
    return UNKNOWN if inner.holes(inner.first) else text
