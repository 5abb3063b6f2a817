"""Hold what reading says of a revision against what running it did.

What reading calls certain must have happened exactly so and in that order. What it calls conditional or
opaque may have happened or not, but everything that did happen must be covered by something it said.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields, is_dataclass, replace
from functools import lru_cache
from typing import Any

from benchmarks.oracle.facts import facts
from benchmarks.oracle.record import Recorded, Recording
from migrate_guard.evaluate.outcome import Evaluation
from migrate_guard.operations import (
    UNKNOWN,
    AnyOperation,
    ControlTransaction,
    Delete,
    DropConstraint,
    DropEnum,
    DropObject,
    Insert,
    Opaque,
    Query,
    SqlType,
    Unknown,
    Update,
)

_SILENT = (Query, ControlTransaction)
"""Operations that change nothing, and that SQLAlchemy sends in ways of its own."""


@dataclass(frozen=True, slots=True)
class Ours:
    """A fact of an operation that was read.

    It is `doubtful` where reading does not say for certain that it happens, and what exactly. `covers`
    tells that the statement may do more than what was read of it, `optional` that it may find nothing to
    do, `aborted` that nothing after it was read.
    """

    position: int
    line: int
    fact: str
    doubtful: bool
    covers: bool
    optional: bool
    aborted: bool = False


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A fact that only one side has, or that stands elsewhere; `side` says which."""

    line: int
    side: str
    fact: str
    text: str = ""


@dataclass
class Agreement:
    """What comparing one revision on one dialect gave.

    `equal` are facts that both sides have, `covered` those of the run that reading allows for without
    saying them, `unmet` those that reading allows for and the run does not have.
    """

    equal: int = 0
    covered: int = 0
    unmet: int = 0
    disagreements: list[Disagreement] = field(default_factory=list)


def compare(evaluation: Evaluation, recording: Recording, tree: ast.Module, dialect: str) -> Agreement:
    """Compare both sides; `tree` is the revision's syntax tree. What did not begin says nothing."""
    if not recording.began:
        return Agreement()
    ours = list(_ours(evaluation, dialect))
    comparison = _Comparison(ours, statements(tree), dialect, recording.failure != "")
    return comparison.run(recording.statements)


@dataclass
class _Comparison:
    ours: list[Ours]
    heads: dict[int, int]
    dialect: str
    partial: bool
    left: list[Ours] = field(default_factory=list)
    last: int = -1
    repeated: tuple[str, int] = ("", 0)
    result: Agreement = field(default_factory=Agreement)

    def run(self, recorded: Iterable[Recorded]) -> Agreement:
        self.left = list(self.ours)
        for statement in recorded:
            for operation in statement.operations:
                for fact in lines_of(operation, self.dialect):
                    self._one(statement, _marked(fact, statement.autocommit))
        for rest in self.left:
            if self.partial and rest.position >= self.last:
                continue  # The run ended before it.
            if rest.doubtful or rest.optional:
                self.result.unmet += not rest.fact.startswith("opaque")
            else:
                self.result.disagreements.append(Disagreement(rest.line, "only read", rest.fact))
        return self.result

    def _one(self, statement: Recorded, fact: str) -> None:
        found = self._exact(statement, fact) or self._loose(statement, fact)
        if found is not None:
            self.left.remove(found)
            self.repeated = (fact, statement.line)
            self.result.equal += found.fact == fact
            self.result.covered += found.fact != fact
            if not found.doubtful:
                self._in_order(found, statement)
        elif fact.startswith("insert") and self.repeated == (fact, statement.line):
            return  # Several INSERTs of one bulk_insert().
        elif self._covered(statement):
            self.result.covered += 1
        else:
            disagreement = Disagreement(statement.line, "only run", fact, statement.text)
            self.result.disagreements.append(disagreement)

    def _in_order(self, found: Ours, statement: Recorded) -> None:
        if found.position < self.last:
            self.result.disagreements.append(Disagreement(statement.line, "order", found.fact))
        self.last = max(self.last, found.position)

    def _exact(self, statement: Recorded, fact: str) -> Ours | None:
        same = [one for one in self.left if one.fact == fact]
        here = [one for one in same if self._head(one.line) == self._head(statement.line)]
        return next(iter(here or same), None)

    def _loose(self, statement: Recorded, fact: str) -> Ours | None:
        here = self._heads(statement)
        for one in self.left:
            if "UNKNOWN" in one.fact and self._head(one.line) in here and _matches(one.fact, fact):
                return one
        return None

    def _covered(self, statement: Recorded) -> bool:
        here = self._heads(statement)
        return any(
            (one.covers and self._head(one.line) in here) or (one.aborted and one.line <= statement.line)
            for one in self.ours
        )

    def _head(self, line: int) -> int:
        return self.heads.get(line, line)

    def _heads(self, statement: Recorded) -> set[int]:
        return set(map(self._head, statement.lines))


def _ours(evaluation: Evaluation, dialect: str) -> Iterator[Ours]:
    for position, transition in enumerate(evaluation.transitions):
        operation = transition.operation
        line = operation.span.line
        if isinstance(operation, Opaque):
            aborted = operation.reason.startswith("not analysed from line")
            yield Ours(position, line, f"opaque {operation.reason}", True, True, True, aborted)
            continue
        partly = bool(operation.unknowns)
        for fact in lines_of(_masked(operation) if partly else operation, dialect):
            fact = _marked(fact, operation.autocommit)
            doubtful = operation.conditional or "UNKNOWN" in fact
            yield Ours(position, line, fact, doubtful, doubtful or partly, _optional(operation))


def _optional(operation: AnyOperation) -> bool:
    """Tell whether an operation may find nothing to do: the object is there already, there are no rows."""
    if isinstance(operation, Insert):
        return not operation.rows and not operation.from_select
    if isinstance(operation, Update):
        return isinstance(operation.where, Unknown)
    return bool(getattr(operation, "if_exists", False) or getattr(operation, "if_not_exists", False))


def lines_of(operation: AnyOperation, dialect: str) -> Iterator[str]:
    """Go through the facts of one operation that both sides must have."""
    if isinstance(operation, _SILENT):
        return
    if isinstance(operation, Insert):
        yield f"insert {operation.table}"
    elif isinstance(operation, Update):
        yield f"update {operation.table} {sorted(operation.columns)} where={operation.where is not None}"
    elif isinstance(operation, Delete):
        yield f"delete {operation.table} where={operation.where is not None}"
    elif isinstance(operation, DropEnum):  # In SQL it is a type like any other.
        yield from lines_of(DropObject(span=operation.span, kind="type", name=operation.name), dialect)
    elif isinstance(operation, DropConstraint) and dialect == "mysql" and operation.kind == "primary":
        yield f"drop constraint {operation.table} PRIMARY"
    else:
        for fact in facts([operation], dialect):
            yield " ".join(
                _GUARDS.sub("", fact).replace('"', "").replace("`", "").replace("\\n", " ").split()
            )


_GUARDS = re.compile(r" if_(not_)?exists=True| if_(not_)?exists=False")


def _marked(fact: str, autocommit: bool) -> str:
    return f"{fact} [autocommit]" if autocommit else fact


def _masked(value: Any) -> Any:
    """Return an operation whose types of unknown making are `UNKNOWN`."""
    if isinstance(value, SqlType):
        return UNKNOWN if value.custom is not None else value
    if type(value) is tuple:
        return tuple(map(_masked, value))
    if is_dataclass(value) and not isinstance(value, type):
        changed = {f.name: _masked(getattr(value, f.name)) for f in fields(value) if f.name != "span"}
        return replace(value, **changed)
    return value


def _matches(pattern: str, fact: str) -> bool:
    return _pattern(pattern).fullmatch(fact) is not None


@lru_cache(maxsize=1024)
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(".*".join(map(re.escape, re.split(r"'?(?:Unknown\.)?UNKNOWN'?", text))), re.DOTALL)


def statements(tree: ast.Module) -> dict[int, int]:
    """Return for each line the first line of the innermost statement that it belongs to."""
    heads: dict[int, int] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt):
            body = getattr(node, "body", None)
            end = body[0].lineno - 1 if isinstance(body, list) and body else node.end_lineno or node.lineno
            for line in range(node.lineno, max(end, node.lineno) + 1):
                heads[line] = max(heads.get(line, 0), node.lineno)
    return heads
