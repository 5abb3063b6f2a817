"""What quoted names and string literals of raw SQL stand for, and how unquoted names fold."""

from __future__ import annotations

import re

from migrate_guard.pattern import pattern

_UNICODE = pattern(r"\\(?:([0-9A-Fa-f]{4})|\+([0-9A-Fa-f]{6})|(\\))")
_ESCAPE = pattern(
    r"\\(?:x([0-9A-Fa-f]{1,2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|([0-7]{1,3})|(.))", re.DOTALL
)
_MYSQL_ESCAPE = pattern(r"\\(.)", re.DOTALL)
_MYSQL_CONTROL = {"0": "\0", "b": "\b", "n": "\n", "r": "\r", "t": "\t", "Z": "\x1a", "%": "\\%", "_": "\\_"}
_CONTROL = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


def fold(word: str, family: str) -> str:
    """Return an unquoted name as the database keeps it.

    PostgreSQL folds to lower case (PostgreSQL 18, 4.1.1); MySQL and SQLite keep what was written.
    """
    return word.lower() if family == "postgresql" else word


def quoted_name(written: str) -> str:
    """Return the name that a quoted name stands for: `"a""b"` is `a"b`."""
    if written[0] in "uU" and written[1:2] == "&":
        return _UNICODE.sub(_unicode_character, quoted_name(written[2:]))
    quote = "]" if written[0] == "[" else written[0]
    return written[1:-1].replace(quote * 2, quote)


def string_value(written: str, family: str) -> str:
    """Return the value of a string literal in one of the dialect's notations."""
    if written[0] == "$":
        tag = written[: written.index("$", 1) + 1]
        return written[len(tag) : -len(tag)]
    quote = written[-1]
    prefix = written[: written.index(quote)].upper()
    body = written[len(prefix) + 1 : -1].replace(quote * 2, quote)
    if prefix == "U&":
        return _UNICODE.sub(_unicode_character, body)
    if family == "mysql":
        return _MYSQL_ESCAPE.sub(_mysql_character, body)
    return _ESCAPE.sub(_escaped_character, body) if prefix == "E" else body


def _unicode_character(found: re.Match[str]) -> str:
    return "\\" if found[3] else _character(int(found[1] or found[2], 16))


def _mysql_character(found: re.Match[str]) -> str:
    return _MYSQL_CONTROL.get(found[1], found[1])


def _escaped_character(found: re.Match[str]) -> str:
    digits = found[1] or found[2] or found[3]
    if digits:
        return _character(int(digits, 16))
    if found[4]:
        return _character(int(found[4], 8) & 0xFF)
    return _CONTROL.get(found[5], found[5])


def _character(code: int) -> str:
    return chr(code) if code <= 0x10FFFF else "�"
