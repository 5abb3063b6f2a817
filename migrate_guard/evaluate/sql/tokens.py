"""SQL text cut into tokens; the first step of reading raw SQL in the evaluation stage.

One tokeniser serves all dialects. It knows what differs between them: which quotes make a name and which
a string, where a backslash escapes, what starts a comment, and what MySQL reads inside `/*! … */`. It goes
through a text once, from left to right, so its time is linear in the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Literal, NamedTuple

from migrate_guard.dialect import Dialect
from migrate_guard.pattern import pattern

HOLE = "\ue000"
"""Stands in a SQL text for an interpolated value that reading the script could not decide."""

Kind = Literal["word", "name", "string", "number", "bind", "sign", "broken"]


class Token(NamedTuple):
    """A piece of SQL. `word` is a word in upper case or a sign, and empty for everything quoted.

    `start` and `end` are character offsets in the whole text. A `broken` token is a quote or a comment
    that never ends.
    """

    kind: Kind
    word: str
    start: int
    end: int


_WORD = r"(?:[^\W\d]|\ue000)[\w$\ue000]*"
_NUMBER = r"0[xX][0-9a-fA-F]+|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\.\d+"
_BIND = r":\w+|%\(\w+\)s|%s(?!\w)|\?|\$\d+"

_COMMENT = {
    "postgresql": r"--[^\n]*|/\*",
    "sqlite": r"--[^\n]*|/\*",
    "mysql": r"--(?=\s|$)[^\n]*|\#[^\n]*|/\*|\*/",
}
_STRING = {"postgresql": r"[uU]&'|[eEbBxXnN]?'", "sqlite": r"[xX]?'", "mysql": r"[bBxXnN]?'|\""}
_NAME = {"postgresql": r"[uU]&\"|\"|`", "sqlite": r"\"|`|\[", "mysql": "`"}
_FAMILY_WORD = {
    "postgresql": _WORD,
    "sqlite": rf"@?{_WORD}",
    "mysql": rf"@{{0,2}}{_WORD}|\d+(?![eExX])[A-Za-z_$][\w$\ue000]*|@",
}


@lru_cache(maxsize=8)
def _pattern(family: str, binds: bool) -> re.Pattern[str]:
    groups = [
        rf"(?P<comment>{_COMMENT[family]})",
        rf"(?P<string>{_STRING[family]})",
        rf"(?P<quoted>{_NAME[family]})",
        rf"(?P<word>{_FAMILY_WORD[family]})",
        rf"(?P<number>{_NUMBER})",
        r"(?P<cast>::|:=|\\:(?:\\:)?)",
        r"(?P<dollar>\$(?:[^\W\d]\w*)?\$)" if family == "postgresql" else r"(?P<dollar>(?!))",
        rf"(?P<bind>{_BIND})" if binds else r"(?P<bind>\$\d+)",
        r"(?P<sign>\S)",
    ]
    return re.compile(r"\s*(?:" + "|".join(groups) + ")")


def tokenise(
    text: str, dialect: Dialect, *, start: int = 0, stop: int | None = None, binds: bool = True
) -> list[Token]:
    """Cut `text[start:stop]` into tokens without comments; offsets count from the start of `text`.

    `binds` tells whether `:name` and `%s` are parameters. Nothing is raised: what never ends becomes one
    `broken` token that reaches to `stop`.
    """
    return _Scanner(text, dialect, len(text) if stop is None else stop, binds).scan(start)


class _Scanner:
    """The state of one pass over a text."""

    def __init__(self, text: str, dialect: Dialect, stop: int, binds: bool) -> None:
        self.text = text
        self.dialect = dialect
        self.stop = stop
        self.match = _pattern(dialect.family, binds).match
        self.tokens: list[Token] = []
        self.hints = 0
        self.handlers: dict[str, Callable[[int, int], int]] = {
            "comment": self._comment,
            "string": self._string,
            "quoted": self._quoted,
            "dollar": self._dollar,
        }

    def scan(self, position: int) -> list[Token]:
        text, stop, match, tokens, handlers = self.text, self.stop, self.match, self.tokens, self.handlers
        while (found := match(text, position, stop)) is not None:
            group = found.lastgroup or "sign"
            start, end = found.span(group)
            if group == "word":
                tokens.append(Token("word", text[start:end].upper(), start, end))
            elif group in handlers:
                end = handlers[group](start, end)
            elif group == "bind":
                tokens.append(Token("bind", "", start, end))
            elif group == "number":
                tokens.append(Token("number", "", start, end))
            else:
                # A backslash in front of a colon is SQLAlchemy's way to write one in text().
                sign = text[start:end] if end - start == 1 else text[start:end].replace("\\", "")
                tokens.append(Token("sign", sign, start, end))
            position = end
        return tokens

    def _close(self, kind: Kind, start: int, end: int) -> int:
        """Add a token that ends at `end`, or a broken one where that is -1; return where to go on."""
        if end < 0:
            self.tokens.append(Token("broken", "", start, self.stop))
            return self.stop
        self.tokens.append(Token(kind, "", start, end))
        return end

    def _string(self, start: int, end: int) -> int:
        family = self.dialect.family
        quote = self.text[end - 1]
        escapes = family == "mysql" or (family == "postgresql" and self.text[start] in "eE")
        return self._close("string", start, self._end_of_quote(end, quote, escapes))

    def _quoted(self, start: int, end: int) -> int:
        quote = self.text[end - 1]
        return self._close("name", start, self._end_of_quote(end, "]" if quote == "[" else quote, False))

    def _end_of_quote(self, position: int, quote: str, escapes: bool) -> int:
        """Return the offset behind the closing quote, -1 if there is none; a doubled quote is content."""
        if escapes:
            found = _escaped_end(quote).match(self.text, position, self.stop)
            return -1 if found is None else found.end()
        while (position := self.text.find(quote, position, self.stop)) >= 0:
            if not self.text.startswith(quote, position + 1, self.stop):
                return position + 1
            position += 2
        return -1

    def _dollar(self, start: int, end: int) -> int:
        tag = self.text[start:end]
        close = self.text.find(tag, end, self.stop)
        return self._close("string", start, -1 if close < 0 else close + len(tag))

    def _comment(self, start: int, end: int) -> int:
        opener = self.text[start:end]
        if opener == "*/":
            if self.hints:
                self.hints -= 1
                return end
            self.tokens.append(Token("sign", "*", start, start + 1))
            return start + 1
        if opener != "/*":
            return end
        hint = self._hint(start)
        if hint:
            self.hints += 1
            return hint
        close = self._end_of_comment(end)
        if close < 0:
            return self._close("name", start, -1)
        return close

    def _hint(self, start: int) -> int:
        """Return where the content of a comment starts that this server executes, 0 if it does not.

        MySQL 9.5 manual, "Comments": the code runs when the server is at least of the version, five or
        six digits. MariaDB manual, "Comment Syntax": versions 50700 to 99999 are MySQL's and skipped.
        """
        if self.dialect.family != "mysql":
            return 0
        found = _HINT.match(self.text, start, self.stop)
        if found is None or (found["maria"] and self.dialect.name != "mariadb"):
            return 0
        version = int(found["version"] or 0)
        runs = not 50700 <= version <= 99999 if self.dialect.name == "mariadb" else version <= 99999
        return found.end() if runs else 0

    def _end_of_comment(self, position: int) -> int:
        """Return the offset behind a block comment; PostgreSQL's nest (PostgreSQL 18, 4.1.5)."""
        if self.dialect.family != "postgresql":
            close = self.text.find("*/", position, self.stop)
            return -1 if close < 0 else close + 2
        depth = 1
        for found in _NESTING.finditer(self.text, position, self.stop):
            depth += 1 if found[0] == "/*" else -1
            if depth == 0:
                return found.end()
        return -1


_HINT = pattern(r"/\*(?P<maria>M)?!(?P<version>\d{5,6})?")
_NESTING = pattern(r"/\*|\*/")


@lru_cache(maxsize=2)
def _escaped_end(quote: str) -> re.Pattern[str]:
    # Unrolled, so that a quote that never ends costs one pass and no backtracking beyond it.
    return re.compile(rf"[^{quote}\\]*(?:(?:{quote}{quote}|\\.)[^{quote}\\]*)*{quote}(?!{quote})", re.DOTALL)
