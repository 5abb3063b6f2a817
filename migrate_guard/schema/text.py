"""SQL text inside a schema (defaults, checks, predicates): what it names, and how it compares.

Part of the fourth stage of the pipeline. This is no parser: it tells identifiers from literals, which is
enough to follow a renamed or dropped column.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from migrate_guard.dialect import DialectName
from migrate_guard.pattern import pattern
from migrate_guard.schema.logic import normal_form
from migrate_guard.schema.names import POSTGRESQL_LIMIT, fit

_TOKEN = pattern(
    r"""
      '(?:[^']|'')*'            # a string literal
    | "(?:[^"]|"")*"            # a quoted identifier
    | `(?:[^`]|``)*`            # MySQL's quoted identifier
    | [^\W\d][\w$]*             # an identifier or a keyword
    | \d+(?:\.\d+)?             # a number
    | ::                        # PostgreSQL's cast
    | !=                        # not equal, which PostgreSQL keeps as <>
    | \S                        # an operator's sign
    """,
    re.VERBOSE,
)
_CAST = pattern(
    r"""::\s*(?:"[^"]+"|[a-z_][\w$]*)(?:\.(?:"[^"]+"|[a-z_][\w$]*))?"""
    r"(?:\s+(?:varying|precision|with(?:out)?\s+time\s+zone))?(?:\(\s*\d+(?:\s*,\s*\d+)?\s*\))?(?:\[\])*",
    re.IGNORECASE,
)
_NOW = frozenset(
    {"now()", "current_timestamp", "current_timestamp()", "localtimestamp", "transaction_timestamp()"}
)
_WORDS = {"true": "1", "false": "0", "!=": "<>"}
_BOOLEANS = {"'t'": "1", "'f'": "0", "'true'": "1", "'false'": "0"}
_NUMBER = pattern(r"[-+]?\d+(?:\.\d+)?")


def _tokens(sql: str) -> Iterator[str]:
    return (match.group() for match in _TOKEN.finditer(sql))


def _identifier(token: str) -> str | None:
    if token[0] in '"`':
        return token[1:-1].replace(token[0] * 2, token[0])
    return token if token[0].isalpha() or token[0] == "_" else None


def identifiers(sql: str, among: Collection[str]) -> tuple[str, ...]:
    """Return those names of `among` that the text uses as identifiers, each once, in their order there.

    An unquoted identifier also matches a name that differs only in case, as it does on a server.
    """
    folded = {name.lower(): name for name in among}
    found: dict[str, None] = {}
    for token in _tokens(sql):
        name = _identifier(token)
        if name is None:
            continue
        if name in among:
            found[name] = None
        elif token[0] not in '"`' and name.lower() in folded:
            found[folded[name.lower()]] = None
    return tuple(found)


def mentions(sql: str, name: str) -> bool:
    """Tell whether the text uses the name as an identifier."""
    return bool(identifiers(sql, (name,)))


def renamed(sql: str, old: str, new: str) -> str:
    """Return the text with an identifier replaced, quoted where it was or where it now has to be."""

    def replace_token(match: re.Match[str]) -> str:
        token = match.group()
        if not identifiers(token, (old,)):
            return token
        quote = token[0] if token[0] in '"`' else ""
        if not quote and (new.lower() != new or not re.fullmatch(r"[^\W\d][\w$]*", new)):
            quote = '"'
        return f"{quote}{new}{quote}"

    return _TOKEN.sub(replace_token, sql)


def with_fitting_names(sql: str, dialect: DialectName) -> str:
    """Return the text with each identifier cut as the server does that reads it."""
    if len(sql) * 4 <= POSTGRESQL_LIMIT:
        return sql

    def replace_token(match: re.Match[str]) -> str:
        token = match.group()
        name = _identifier(token)
        if name is None or (short := fit(name, dialect)) == name:
            return token
        quote = token[0] if token[0] in '"`' else ""
        return f"{quote}{short.replace(quote, quote * 2) if quote else short}{quote}"

    return _TOKEN.sub(replace_token, sql)


def canonical(sql: str) -> str:
    """Return a form of the text in which two spellings of the same expression are mostly equal.

    Casts, spaces, needless parentheses, quotes of plain identifiers and the case of what is not quoted go;
    booleans, plain numbers, lists of values and the names of the current time get one spelling each.
    """
    text = _CAST.sub("", sql).strip()
    text = normal_form(_canonical_token(token) for token in _tokens(text))
    if text in _NOW:
        return "now()"
    text = _BOOLEANS.get(text, text)
    bare = text.strip("'")
    return _number(bare) if _NUMBER.fullmatch(bare) else text


def without_parentheses(sql: str) -> str:
    """Return the text without the parentheses that enclose all of it."""
    text = sql.strip()
    while text.startswith("(") and _closes_at_end(text):
        text = text[1:-1].strip()
    return text


def _number(text: str) -> str:
    sign = "-" if text.startswith("-") else ""
    whole, _, fraction = text.lstrip("+-").partition(".")
    fraction = fraction.rstrip("0")
    return sign + (whole.lstrip("0") or "0") + ("." + fraction if fraction else "")


def _canonical_token(token: str) -> str:
    if token[0] == "'":
        return token
    if token[0] in '"`':
        inner = token[1:-1]
        return inner if re.fullmatch(r"[a-z_][a-z0-9_$]*", inner) else f'"{inner}"'
    word = token.lower()
    return _WORDS.get(word, word)


def _closes_at_end(text: str) -> bool:
    depth = 0
    for match in _TOKEN.finditer(text):
        sign = match.group()
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if depth == 0:
            return match.end() == len(text)
    return False
