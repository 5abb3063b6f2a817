"""A reading position in the tokens of one SQL statement; every recogniser of raw SQL works on one.

A recogniser asks for words, names and groups in order. What it does not expect raises
`UnreadableError`, which ends as an `Opaque` operation and never leaves this package.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import field

from migrate_guard.dialect import Dialect
from migrate_guard.evaluate.sql.literals import fold, quoted_name, string_value
from migrate_guard.evaluate.sql.tokens import HOLE, Token
from migrate_guard.operations import SqlText, TableName
from migrate_guard.record import dataclass
from migrate_guard.span import Span

_NO_NAMES = frozenset(
    """SELECT FROM WHERE TABLE ON INTO AND OR NOT NULL CONSTRAINT PRIMARY UNIQUE CHECK REFERENCES FOREIGN
    DEFAULT CREATE COLUMN USING AS TO WITH UNION GRANT HAVING GROUP ORDER LIMIT IN CASE WHEN THEN
    ELSE""".split()
)
"""Words that no dialect takes as an unquoted name of a table or a column."""

_OPENING = frozenset("([")
_CLOSING = frozenset(")]")


class UnreadableError(Exception):
    """What stands in the way of reading a statement, as a clause; caught where operations are made."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(slots=True)
class Statement:
    """One statement of a text: its tokens are `tokens[first:stop]`.

    `subjects` collects the tables that the statement is known to be about while it is read, so that what
    cannot be read to the end says what it may touch.
    """

    text: str
    tokens: list[Token]
    first: int
    stop: int
    dialect: Dialect
    span_of: Callable[[int, int], Span]
    sql: SqlText
    subjects: list[TableName] = field(default_factory=list)


class Cursor:
    """A position within a range of tokens; a group or a list item is a cursor of its own."""

    __slots__ = ("_span", "first", "index", "statement", "stop", "tokens")

    def __init__(self, statement: Statement, first: int, stop: int) -> None:
        self.statement = statement
        self.tokens = statement.tokens
        self.first = first
        self.index = first
        self.stop = stop
        self._span: Span | None = None

    # Where we are.

    @property
    def family(self) -> str:
        """The dialect's family: `postgresql`, `mysql` or `sqlite`."""
        return self.statement.dialect.family

    @property
    def sql(self) -> SqlText:
        """The statement's text, for the operations made from it."""
        return self.statement.sql

    @property
    def span(self) -> Span:
        """The place of this cursor's whole range."""
        if self._span is None:
            last = max(self.stop - 1, self.first)
            self._span = self.statement.span_of(self.tokens[self.first].start, self.tokens[last].end)
        return self._span

    def cover(self, outer: Cursor) -> None:
        """Take over the place of the statement around, for the only action of a list."""
        self._span = outer.span

    @property
    def at_end(self) -> bool:
        """Whether everything of the range was read."""
        return self.index >= self.stop

    @property
    def word(self) -> str:
        """The next word or sign, upper case; empty before a quoted token and at the end."""
        return self.tokens[self.index].word if self.index < self.stop else ""

    @property
    def kind(self) -> str:
        """The kind of the next token, empty at the end."""
        return self.tokens[self.index].kind if self.index < self.stop else ""

    def ahead(self, distance: int = 1) -> str:
        """Return the word that stands `distance` tokens further on."""
        index = self.index + distance
        return self.tokens[index].word if index < self.stop else ""

    def at(self, *words: str) -> bool:
        """Tell whether exactly these words come next."""
        index = self.index
        if index + len(words) > self.stop:
            return False
        for word in words:
            if self.tokens[index].word != word:
                return False
            index += 1
        return True

    # Going on.

    def accept(self, *words: str) -> bool:
        """Step over these words if they come next, and tell whether they did."""
        if not self.at(*words):
            return False
        self.index += len(words)
        return True

    def accept_one(self, words: Collection[str]) -> str:
        """Step over one of these words if it comes next, and return it, else an empty string."""
        word = self.word
        if word and word in words:
            self.index += 1
            return word
        return ""

    def expect(self, *words: str) -> None:
        """Step over these words; raise `UnreadableError` if something else comes next."""
        if not self.accept(*words):
            raise self.failure()

    def finish(self) -> None:
        """Raise `UnreadableError` unless everything was read."""
        if self.index < self.stop:
            raise self.failure()

    def failure(self) -> UnreadableError:
        """Return the error that names what comes next and is not understood."""
        if self.at_end:
            return UnreadableError(f"the SQL `{self.quote(self.first, 8)}` ends too early")
        return UnreadableError(f"the SQL `{self.quote(self.index, 4)}` is not understood here")

    def quote(self, index: int, count: int) -> str:
        """Return the text of up to `count` tokens on one line, for a message."""
        last = min(index + count, self.stop) - 1
        if last < index:
            return ""
        text = " ".join(self.text(index, last + 1).replace(HOLE, "…").split())
        return text if len(text) <= 60 else text[:59] + "…"

    def skip(self) -> None:
        """Step over one token, or over a whole group in parentheses or brackets."""
        if self.word in _OPENING:
            self.group()
        else:
            self.index += 1

    def skip_to(self, words: Collection[str]) -> str:
        """Step forward to the first of these words that is in no group, and return it."""
        while self.index < self.stop and self.tokens[self.index].word not in words:
            self.skip()
        return self.word

    # Names and values.

    def name(self) -> str:
        """Read a name and return it as the database keeps it."""
        if not self.at_name():
            raise self.failure()
        token = self.tokens[self.index]
        self.index += 1
        written = self.statement.text[token.start : token.end]
        if token.kind == "word":
            return fold(written, self.family)
        return string_value(written, self.family) if token.kind == "string" else quoted_name(written)

    def at_name(self) -> bool:
        """Tell whether a name can be read here."""
        if self.index >= self.stop:
            return False
        token = self.tokens[self.index]
        if token.kind == "word":
            return token.word not in _NO_NAMES
        return token.kind == "name" or (token.kind == "string" and self.family != "postgresql")

    def table_name(self) -> TableName:
        """Read a name with or without a schema; a database in front of the schema is left out."""
        schema, name = "", self.name()
        while self.word == "." and self.ahead() != "*":
            self.index += 1
            schema, name = name, self._name_behind_dot()
        return TableName(name, schema)

    def _name_behind_dot(self) -> str:
        if self.kind == "word":  # Behind a dot every word is a name.
            token = self.tokens[self.index]
            self.index += 1
            return fold(self.statement.text[token.start : token.end], self.family)
        return self.name()

    def subject(self) -> TableName:
        """Read the table that the statement is about."""
        table = self.table_name()
        self.statement.subjects.append(table)
        return table

    def string(self) -> str:
        """Read a string literal and return its value; literals in a row are one (SQL standard)."""
        if self.kind != "string":
            raise self.failure()
        value = ""
        while self.kind == "string":
            token = self.tokens[self.index]
            self.index += 1
            value += string_value(self.statement.text[token.start : token.end], self.family)
        return value

    # Groups and lists.

    def group(self) -> Cursor:
        """Step over a group in parentheses or brackets, and return a cursor for its content."""
        if self.word not in _OPENING:
            raise self.failure()
        first = self.index + 1
        depth, index = 1, first
        while index < self.stop:
            word = self.tokens[index].word
            if word in _OPENING:
                depth += 1
            elif word in _CLOSING:
                depth -= 1
                if depth == 0:
                    self.index = index + 1
                    return Cursor(self.statement, first, index)
            index += 1
        raise UnreadableError(f"the SQL `{self.quote(self.index, 6)}` lacks a closing parenthesis")

    def items(self) -> Iterator[Cursor]:
        """Split what is left at its commas; an empty rest has no items."""
        while self.index < self.stop:
            first = self.index
            self.skip_to((",",))
            if first < self.index:
                yield Cursor(self.statement, first, self.index)
            self.index += 1

    def names(self) -> tuple[str, ...]:
        """Read a group of names: `(a, b)`."""
        return tuple(_only_name(item) for item in self.group().items())

    # Text.

    def text(self, first: int, stop: int | None = None) -> str:
        """Return the source between two tokens, without what surrounds them."""
        # A recogniser may have stepped over the end of a text that stops too early.
        last = min(self.index if stop is None else stop, self.stop) - 1
        if last < first:
            return ""
        return self.statement.text[self.tokens[first].start : self.tokens[last].end]

    def rest(self) -> str:
        """Step over everything that is left, and return its text."""
        first, self.index = self.index, max(self.stop, self.index)
        return self.text(first)

    def holes(self, first: int, stop: int | None = None) -> bool:
        """Tell whether the source between two tokens has an undecidable part."""
        return HOLE in self.text(first, stop)


def _only_name(item: Cursor) -> str:
    name = item.name()
    item.finish()
    return name
