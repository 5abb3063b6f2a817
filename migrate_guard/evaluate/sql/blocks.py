"""DO blocks of PostgreSQL: statements in PL/pgSQL, read as far as they are static.

The statements of a block become operations like all others. What stands under an IF, in a loop or behind
an early RETURN is conditional. A CREATE whose `duplicate_…` exception is caught is a CREATE IF NOT EXISTS.
What cannot be followed, such as EXECUTE, is opaque in its place.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field

from migrate_guard.evaluate.sql.cursor import Cursor, Statement, UnreadableError
from migrate_guard.evaluate.sql.functions import unfollowed_call
from migrate_guard.evaluate.sql.guards import guarded
from migrate_guard.evaluate.sql.statement import dispatch, opaque
from migrate_guard.evaluate.sql.tokens import HOLE, tokenise
from migrate_guard.operations import AnyOperation, Condition
from migrate_guard.record import dataclass, replace

_QUIET = frozenset("NOTICE INFO DEBUG LOG WARNING".split())
_LEAVING = frozenset("RETURN EXIT CONTINUE".split())
_HARMLESS = frozenset("NULL GET ASSERT CLOSE FETCH MOVE".split())
_LOOPS = frozenset("LOOP FOR WHILE FOREACH".split())
_LONGEST_CONDITION = 120


@dataclass(slots=True)
class _Frame:
    """An open BEGIN, IF or LOOP; `first` is the number of operations before it.

    `conditions` guard what is read now. `handler` is the number of operations before EXCEPTION, and
    `caught` are the names of the exceptions that are handled.
    """

    kind: str
    first: int
    conditions: tuple[Condition, ...] = ()
    handler: int | None = None
    caught: list[str] = field(default_factory=list)


def read_do(cursor: Cursor) -> Iterator[AnyOperation]:
    """Read `DO [LANGUAGE plpgsql] $$ … $$`."""
    cursor.index += 1
    language = ""
    body = None
    while not cursor.at_end:
        if cursor.accept("LANGUAGE"):
            language = (cursor.string() if cursor.kind == "string" else cursor.name()).lower()
        elif cursor.kind == "string" and body is None:
            body = cursor.tokens[cursor.index]
            cursor.index += 1
        else:
            raise cursor.failure()
    if language not in ("", "plpgsql") or body is None:
        raise UnreadableError("a DO block in another language than PL/pgSQL cannot be followed")
    text = cursor.statement.text
    if text[body.start] != "$":
        raise UnreadableError("a DO block whose body is a quoted string cannot be followed")
    length = text.index("$", body.start + 1) + 1 - body.start
    outer = cursor.statement
    tokens = tokenise(text, outer.dialect, start=body.start + length, stop=body.end - length)
    if not tokens:
        raise cursor.failure()
    inner = Statement(text, tokens, 0, len(tokens), outer.dialect, outer.span_of, outer.sql)
    return iter(_Block(Cursor(inner, 0, len(tokens))).read())


class _Block:
    """The state of reading one block."""

    def __init__(self, cursor: Cursor) -> None:
        self.cursor = cursor
        self.operations: list[AnyOperation] = []
        self.frames: list[_Frame] = []
        self.left: list[Condition] = []

    def read(self) -> list[AnyOperation]:
        """Return all operations of the block; raise `UnreadableError` for an unknown structure."""
        cursor = self.cursor
        while not cursor.at_end:
            if not self._structure(cursor.word):
                self._statement()
        if self.frames:
            raise UnreadableError("a DO block that lacks an END")
        return self.operations

    def _structure(self, word: str) -> bool:
        """Read a word that opens, divides or closes a part of the block; tell whether it was one."""
        cursor = self.cursor
        if word == ";":
            cursor.index += 1
        elif word == "<":  # <<label>>
            cursor.skip_to((">",))
            cursor.index += 2
        elif word == "DECLARE":
            self._check_calls(self._until("BEGIN"))
        elif word == "BEGIN":
            cursor.index += 1
            self.frames.append(_Frame("block", len(self.operations)))
        elif word == "IF" or word in _LOOPS:
            self._open(word)
        elif word in ("ELSIF", "ELSEIF", "ELSE"):
            self._else(word)
        elif word in ("EXCEPTION", "WHEN"):
            self._handler(word)
        elif word == "END":
            self._end()
        elif word == "CASE":
            raise UnreadableError("a DO block with CASE cannot be followed")
        else:
            return False
        return True

    def _until(self, word: str) -> Cursor:
        """Step forward to a word, and return a cursor for what was passed over."""
        first = self.cursor.index
        if not self.cursor.skip_to((word,)):
            raise UnreadableError(f"a DO block that lacks {word}")
        return Cursor(self.cursor.statement, first, self.cursor.index)

    def _open(self, word: str) -> None:
        if word == "IF":
            self.cursor.index += 1
        passed = self._until("THEN" if word == "IF" else "LOOP")
        self.cursor.index += 1
        self._check_calls(passed)
        text = passed.text(passed.first, passed.stop) or "LOOP"
        condition = self._condition(text, passed)
        self.frames.append(_Frame("if" if word == "IF" else "loop", len(self.operations), (condition,)))

    def _else(self, word: str) -> None:
        frame = self._top("if")
        self.cursor.index += 1
        conditions = tuple(replace(condition, holds=False) for condition in frame.conditions)
        if word != "ELSE":
            passed = self._until("THEN")
            self.cursor.index += 1
            self._check_calls(passed)
            text = passed.text(passed.first, passed.stop)
            conditions = (*conditions, self._condition(text, passed))
        frame.conditions = conditions

    def _handler(self, word: str) -> None:
        frame = self._top("block")
        if word == "EXCEPTION":
            self.cursor.index += 1
            frame.handler = len(self.operations)
            return
        if frame.handler is None:
            raise self.cursor.failure()
        passed = self._until("THEN")
        self.cursor.index += 1
        words = passed.tokens[passed.first + 1 : passed.stop]
        frame.caught.extend(token.word for token in words if token.word != "OR")
        frame.conditions = (self._condition(passed.text(passed.first, passed.stop), passed),)

    def _end(self) -> None:
        cursor = self.cursor
        if not self.frames:
            raise cursor.failure()
        cursor.index += 1
        frame = self.frames.pop()
        closing = cursor.accept_one(("IF", "LOOP"))
        if {"if": "IF", "loop": "LOOP", "block": ""}[frame.kind] != closing:
            raise cursor.failure()
        if frame.kind == "block" and frame.handler is not None:
            body = self.operations[frame.first : frame.handler]
            condition = self._condition("no exception is caught", cursor)
            self.operations[frame.first : frame.handler] = guarded(body, frame.caught, condition)
        if cursor.at_name():  # The block's label again.
            cursor.index += 1

    def _top(self, kind: str) -> _Frame:
        if not self.frames or self.frames[-1].kind != kind:
            raise self.cursor.failure()
        return self.frames[-1]

    def _condition(self, text: str, place: Cursor) -> Condition:
        short = " ".join(text.replace(HOLE, "…").split())
        if len(short) > _LONGEST_CONDITION:
            short = short[: _LONGEST_CONDITION - 1] + "…"
        index = min(place.first, len(place.tokens) - 1)
        token = place.tokens[index]
        span = place.statement.span_of(token.start, token.end)
        return Condition(short, span.path, span.line)

    def _statement(self) -> None:
        cursor = self.cursor
        if not self.frames:
            raise cursor.failure()
        first = cursor.index
        cursor.skip_to((";",))
        statement = Cursor(_copy(cursor.statement), first, cursor.index)
        word = statement.word
        if word in _LEAVING or (word == "RAISE" and statement.ahead() not in _QUIET):
            self._leave(statement)
        elif word == "RAISE" or word in _HARMLESS:
            return
        elif word in ("PERFORM", "SELECT", "WITH", "OPEN") or statement.ahead() in (":=", "="):
            self._calculate(statement)
        else:
            self._add_all(statement)

    def _calculate(self, statement: Cursor) -> None:
        """Read a query or an assignment; its result stays in variables."""
        words = {token.word for token in statement.tokens[statement.first : statement.stop]}
        if words & {"EXECUTE", "INSERT", "UPDATE", "DELETE", "MERGE"}:
            self._add_opaque(statement, f"what `{statement.quote(statement.first, 6)}` does is not known")
            return
        self._check_calls(statement)

    def _check_calls(self, passed: Cursor) -> None:
        call = unfollowed_call(Cursor(passed.statement, passed.first, passed.stop))
        if call is not None:
            self._add_opaque(passed, f"what the function {call}() does is not known")

    def _add_opaque(self, passed: Cursor, reason: str) -> None:
        self._add(opaque(Cursor(_copy(passed.statement), passed.first, passed.stop), reason))

    def _add_all(self, statement: Cursor) -> None:
        try:
            for operation in list(dispatch(statement)):
                self._add(operation)
        except UnreadableError as error:
            self._add(opaque(statement, error.reason))

    def _add(self, operation: AnyOperation) -> None:
        self.operations.append(replace(operation, conditions=self._conditions()))

    def _conditions(self) -> tuple[Condition, ...]:
        nested = [condition for frame in self.frames for condition in frame.conditions]
        return (*self.left, *nested)

    def _leave(self, statement: Cursor) -> None:
        """Note that what follows only happens when this RETURN, EXIT or RAISE did not."""
        nested = [condition for frame in self.frames for condition in frame.conditions]
        if nested:
            innermost = nested[-1]
            self.left.append(replace(innermost, holds=not innermost.holds))
        else:
            text = statement.text(statement.first, statement.stop)
            self.left.append(replace(self._condition(text, statement), holds=False))


def _copy(statement: Statement) -> Statement:
    """Return the statement without what it was found to be about so far."""
    return replace(statement, subjects=[])
