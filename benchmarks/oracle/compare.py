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
    Insert,
    Opaque,
    Query,
    SqlType,
    Update,
)

_SILENT = (Query, ControlTransaction)
"""Operations that change nothing, and that SQLAlchemy sends in ways of its own."""


@dataclass(frozen=True, slots=True)
class Ours:
    """A fact of an operation that was read."""

    position: int
    line: int
    fact: str
    doubtful: bool
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
    """What comparing one revision on one dialect gave."""

    equal: int = 0
    covered: int = 0
    unmet: int = 0
    disagreements: list[Disagreement] = field(default_factory=list)


def compare(evaluation: Evaluation, recording: Recording, tree: ast.Module, dialect: str) -> Agreement:
    """Compare both sides; `tree` is the revision's syntax tree."""
    return _Comparison(
        list(_ours(evaluation, dialect)), statements(tree), dialect, recording.failure != ""
    ).run(recording.statements)


@dataclass
class _Comparison:
    ours: list[Ours]
    heads: dict[int, int]
    dialect: str
    partial: bool
    last: int = -1
    result: Agreement = field(default_factory=Agreement)

    def run(self, recorded: Iterable[Recorded]) -> Agreement:
        for statement in recorded:
            for operation in statement.operations:
                for fact in lines_of(operation, self.dialect):
                    self._one(statement, _marked(fact, statement.autocommit, operation))
        reached = max([self.last, *[-1]])
        for rest in self.ours:
            if rest.doubtful or rest.optional or (self.partial and rest.position >= reached):
                self.result.unmet += 1
            else:
                self.result.disagreements.append(Disagreement(rest.line, "only read", rest.fact))
        return self.result

    def _one(self, statement: Recorded, fact: str) -> None:
        found = self._exact(statement, fact) or self._loose(statement, fact)
        if found is not None:
            if not found.aborted and not found.fact.startswith("opaque"):
                self.ours.remove(found)
            if found.fact == fact:
                self.result.equal += 1
            else:
                self.result.covered += 1
            if not found.doubtful:
                self._in_order(found, statement)
            return
        if self._covered(statement):
            self.result.covered += 1
            return
        disagreement = Disagreement(statement.line, "only run", fact, statement.text)
        self.result.disagreements.append(disagreement)

    def _in_order(self, found: Ours, statement: Recorded) -> None:
        if found.position < self.last:
            self.result.disagreements.append(Disagreement(statement.line, "order", found.fact))
        self.last = max(self.last, found.position)

    def _exact(self, statement: Recorded, fact: str) -> Ours | None:
        same = [one for one in self.ours if one.fact == fact]
        here = [one for one in same if self._head(one.line) == self._head(statement.line)]
        return next(iter(here or same), None)

    def _loose(self, statement: Recorded, fact: str) -> Ours | None:
        here = self._head(statement.line)
        for one in self.ours:
            if "UNKNOWN" in one.fact and self._head(one.line) == here and _matches(one.fact, fact):
                return one
        return None

    def _covered(self, statement: Recorded) -> bool:
        here = self._head(statement.line)
        return any(
            (one.doubtful and self._head(one.line) == here) or (one.aborted and one.line <= statement.line)
            for one in self.ours
        )

    def _head(self, line: int) -> int:
        return self.heads.get(line, line)


def _ours(evaluation: Evaluation, dialect: str) -> Iterator[Ours]:
    for position, transition in enumerate(evaluation.transitions):
        operation = transition.operation
        line = operation.span.line
        if isinstance(operation, Opaque):
            aborted = operation.reason.startswith("not analysed from line")
            yield Ours(position, line, f"opaque {operation.reason}", True, True, aborted)
            continue
        guarded = getattr(operation, "if_exists", False) or getattr(operation, "if_not_exists", False)
        for fact in lines_of(_masked(operation) if operation.unknowns else operation, dialect):
            fact = _marked(fact, operation.autocommit, operation)
            doubtful = operation.conditional or "UNKNOWN" in fact
            yield Ours(position, line, fact, doubtful, bool(guarded))


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
    else:
        for fact in facts([operation], dialect):
            yield _GUARDS.sub("", fact)


_GUARDS = re.compile(r" if_(not_)?exists=True| if_(not_)?exists=False")


def _marked(fact: str, autocommit: bool, operation: AnyOperation) -> str:
    return f"{fact} [autocommit]" if autocommit else fact


def _masked(value: Any) -> Any:
    """Return an operation whose types of unknown making are `UNKNOWN`."""
    if isinstance(value, SqlType):
        return UNKNOWN if value.custom is not None else value
    if isinstance(value, tuple):
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
