"""PostgreSQL's own parser as a second opinion on raw SQL: the only home of `postgast` (libpg_query 18).

It is an extra. Reading never needs it and never uses it (see the package's docstring); `syntax_error` says
what PostgreSQL would refuse, for the rule `sql-syntax-error`, and `parse` gives the tree that tests and
benchmarks compare with our reading.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence

from migrate_guard.dialect import Dialect
from migrate_guard.evaluate.sql.tokens import HOLE, Token, tokenise

_POSTGRESQL = Dialect("postgresql")


class NotInstalledError(Exception):
    """The extra `migrate-guard[postgresql]` is not installed."""


def installed() -> bool:
    """Tell whether the binding is there, without the cost of importing it."""
    return importlib.util.find_spec("postgast") is not None


def available() -> bool:
    """Tell whether libpg_query can be loaded; the first call costs the import."""
    try:
        import postgast
    except (ImportError, OSError):
        return False
    return bool(postgast.parse)


def syntax_error(text: str, *, binds: bool = True) -> tuple[str, int] | None:
    """Return PostgreSQL's message and the character offset of what it refuses in `text`.

    `None` when it accepts the text, and when nothing can be said: the text has undecidable parts, or a
    list stands behind IN as one parameter. Raises `NotInstalledError` without libpg_query.
    """
    tokens = tokenise(text, _POSTGRESQL, binds=binds)
    if HOLE in text or any(map(_is_list, tokens, tokens[1:])):
        return None
    error = _parse(mask_binds(text, tokens))
    return error if isinstance(error, tuple) else None


def _is_list(token: Token, behind: Token) -> bool:
    return token.word == "IN" and behind.kind == "bind"


def mask_binds(text: str, tokens: list[Token]) -> str:
    """Return the text with an empty string in the place of each parameter; offsets stay as they are."""
    if "\\:" in text:
        text = text.replace("\\:\\:", "  ::").replace("\\:", " :")
    pieces: list[str] = []
    position = 0
    for token in tokens:
        width = token.end - token.start
        if token.kind == "bind" and width > 1 and text[token.start] != "$":
            pieces += (text[position : token.start], "''".ljust(width))
            position = token.end
    return "".join([*pieces, text[position:]])


def _parse(text: str) -> object:
    """Return libpg_query's result, or the message and the offset of a syntax error."""
    try:
        import postgast
    except (ImportError, OSError) as error:
        raise NotInstalledError(str(error)) from error
    if "\0" in text:
        return ("a character with the code zero", text.index("\0"))
    try:
        return postgast.parse(text)
    except postgast.PgQueryError as error:
        # Counted in characters from 1 (a test holds it), although the binding's documentation says bytes.
        return (error.message, max(error.cursorpos - 1, 0))


def parse(text: str) -> list[Tree] | None:
    """Return the trees of the statements of a text, `None` for a syntax error."""
    result = _parse(text)
    return None if isinstance(result, tuple) else [tree.get("stmt") for tree in Tree(result).all("stmts")]


class Tree:
    """A node of libpg_query's tree, with its fields by name; the wrapping `Node` is stepped over."""

    __slots__ = ("_message",)

    def __init__(self, message: object) -> None:
        which: object = None
        if type(message).__name__ == "Node":
            which = _attribute(message, "WhichOneof")
            name = which("node") if callable(which) else None
            message = _attribute(message, name) if isinstance(name, str) else None
        self._message = message

    @property
    def kind(self) -> str:
        """The name of the node's type, `AlterTableStmt`; empty for an absent node."""
        return "" if self._message is None else type(self._message).__name__

    def get(self, name: str) -> Tree:
        """Return a field that is a node."""
        return Tree(_attribute(self._message, name) if self.has(name) else None)

    def all(self, name: str) -> list[Tree]:
        """Return a field that is a list of nodes."""
        values = _attribute(self._message, name)
        return [Tree(value) for value in values] if isinstance(values, Sequence) else []

    def has(self, name: str) -> bool:
        """Tell whether a field that is a node is set."""
        has = _attribute(self._message, "HasField")
        return callable(has) and bool(has(name))

    def text(self, name: str) -> str:
        """Return a field that is a string."""
        value = _attribute(self._message, name)
        return value if isinstance(value, str) else ""

    def flag(self, name: str) -> bool:
        """Return a field that is a truth value."""
        return bool(_attribute(self._message, name))

    def number(self, name: str) -> int:
        """Return a field that is a number, or the number of an enumeration's value."""
        value = _attribute(self._message, name)
        return value if isinstance(value, int) else 0

    def choice(self, name: str) -> str:
        """Return the name of an enumeration's value."""
        descriptor = _attribute(self._message, "DESCRIPTOR")
        fields = getattr(descriptor, "fields_by_name", {})
        values = fields[name].enum_type.values_by_number
        return str(values[self.number(name)].name)


def _attribute(message: object, name: str) -> object:
    value: object = getattr(message, name, None)
    return value
