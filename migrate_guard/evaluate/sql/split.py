"""SQL text split into its statements, each a range of tokens."""

from __future__ import annotations

import re
from collections.abc import Iterator

from migrate_guard.evaluate.sql.tokens import Token
from migrate_guard.pattern import pattern

_DELIMITER = pattern(r"^[ \t]*DELIMITER[ \t]+(\S+)[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_BODIES = frozenset("TRIGGER PROCEDURE FUNCTION EVENT PACKAGE".split())
_CLOSED_BY_NAME = frozenset("IF LOOP WHILE REPEAT FOR".split())


def split_tokens(tokens: list[Token]) -> Iterator[tuple[int, int]]:
    """Go through the ranges `[first, stop)` of the statements; their semicolons belong to none.

    A semicolon inside the body of a trigger, procedure or function ends nothing: `BEGIN … END` of MySQL
    and SQLite, `BEGIN ATOMIC … END` of PostgreSQL.
    """
    first = 0
    depth = 0
    compound = False
    for index, token in enumerate(tokens):
        if index == first:
            compound = token.word == "CREATE" and _has_body(tokens, first)
            depth = 0
        if compound:
            depth = max(0, depth + _step(tokens, index))
        if token.word == ";" and depth == 0:
            if first < index:
                yield first, index
            first = index + 1
    if first < len(tokens):
        yield first, len(tokens)


def _has_body(tokens: list[Token], first: int) -> bool:
    for token in tokens[first : first + 14]:
        if token.word in _BODIES:
            return True
        if token.word in ("(", ";", "TABLE", "INDEX", "VIEW", "AS"):
            return False
    return False


def _step(tokens: list[Token], index: int) -> int:
    """Return by how much a word changes the depth of BEGIN and CASE."""
    word = tokens[index].word
    if word in ("BEGIN", "CASE"):
        return 0 if index and word == "CASE" and tokens[index - 1].word == "END" else 1
    if word == "END":
        behind = tokens[index + 1].word if index + 1 < len(tokens) else ""
        return 0 if behind in _CLOSED_BY_NAME else -1
    return 0


def split_delimited(text: str, stop: int) -> list[tuple[int, int, bool]] | None:
    """Split a text with lines `DELIMITER x`, as MySQL's client reads it; `None` without such a line.

    Each stretch `(start, end, whole)` is one statement by itself where `whole` is set, and else a list
    of statements with semicolons.
    """
    if _DELIMITER.search(text, 0, stop) is None:
        return None
    stretches: list[tuple[int, int, bool]] = []
    delimiter, start = ";", 0
    for found in [*_DELIMITER.finditer(text, 0, stop), None]:
        end = stop if found is None else found.start()
        stretches.extend(_pieces(text, start, end, delimiter))
        if found is not None:
            delimiter, start = found[1], found.end()
    return stretches


def _pieces(text: str, start: int, end: int, delimiter: str) -> Iterator[tuple[int, int, bool]]:
    if delimiter == ";":
        yield start, end, False
        return
    while (found := text.find(delimiter, start, end)) >= 0:
        yield start, found, True
        start = found + len(delimiter)
    yield start, end, True
