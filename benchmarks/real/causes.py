"""Which operation that was not read or not decided explains a difference from a real database.

A table is in doubt as a whole, but most of what is not decided concerns one object in it. What an operation
may touch is found by applying it for certain: what that changes is what it may have changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from migrate_guard.evaluate.outcome import Transition
from migrate_guard.operations import (
    UNKNOWN,
    AnyOperation,
    Opaque,
    RenameColumn,
    RenameTable,
    TableName,
)
from migrate_guard.record import replace
from migrate_guard.schema import Schema, Table, apply
from migrate_guard.schema.compare import Difference, differences, unknowns
from migrate_guard.schema.replay.guards import settled

ASSUMED = "no revision creates this table"
THERE_BEFORE = "the application made this table itself: it was there before the first revision ran"
INCOMPLETE = "no revision creates it, as other tables that the revisions use"
NAMING = "the project names constraints by a convention that its revisions do not show"


@dataclass(frozen=True, slots=True)
class Cause:
    """Something that was not read or not decided: `place` is its `path:line`, empty for no operation."""

    place: str
    reason: str

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}" if self.place else self.reason


class Part(NamedTuple):
    """One object of a schema as differences name it; a `table` stands for all that is in it."""

    kind: str
    table: TableName | None
    name: str


@dataclass(frozen=True, slots=True)
class Causes:
    """What in a replay is not certain.

    `undecided` are operations that may not have happened, with the objects that they would change.
    `arguments` are those whose arguments are partly unknown, with the objects that they do change.
    `there_before` are the tables and sequences that a real run found before its first revision.
    """

    schema: Schema
    undecided: Mapping[Cause, frozenset[Part]] = field(default_factory=dict)
    arguments: Mapping[Cause, frozenset[Part]] = field(default_factory=dict)
    there_before: frozenset[str] = frozenset()

    def of(self, difference: Difference) -> tuple[Cause, ...]:
        """Return what explains a difference, the nearest only; none if the replay is sure of it.

        Nearest is that the application made the table itself, then operations on that very object, then
        what may touch anything in its table, then what may touch anything at all and came after the table,
        then that the history is not complete.
        """
        table = None if difference.table is None else self.schema.table(difference.table)
        before = tuple(self._before(difference, table))
        if before or (difference.certain and not difference.unknown):
            return before
        levels = (
            self._on_object(difference),
            self._on_table(table),
            self._on_anything(table),
            self._on_history(difference, table),
        )
        return next((found for found in map(tuple, levels) if found), ())

    def _on_object(self, difference: Difference) -> Iterator[Cause]:
        for cause, parts in self.undecided.items():
            if _holds(parts, difference):
                yield cause
        if difference.unknown:
            yield from (cause for cause, parts in self.arguments.items() if _holds(parts, difference))

    def _before(self, difference: Difference, table: Table | None) -> Iterator[Cause]:
        created = table is not None and not table.assumed
        own = difference.name if difference.kind == "sequence" else None
        name = own if difference.table is None else difference.table.name
        if difference.left is not None and name in self.there_before and not created:
            yield Cause("", THERE_BEFORE)

    def _on_table(self, table: Table | None) -> Iterator[Cause]:
        """Go through the doubts about a table, without those of operations on known objects."""
        if table is None:
            return
        own = self.schema.tables[self.schema.key(table.name)].doubts
        yield from (cause for cause in map(_read, dict.fromkeys(own)) if cause not in self.undecided)

    def _on_anything(self, table: Table | None) -> Iterator[Cause]:
        doubts = self.schema.doubts
        if table is not None:
            doubts = table.doubts[len(self.schema.tables[self.schema.key(table.name)].doubts) :]
        yield from map(_read, dict.fromkeys(doubts))

    def _on_history(self, difference: Difference, table: Table | None) -> Iterator[Cause]:
        if table is not None and table.assumed:
            yield Cause("", ASSUMED)
        elif difference.kind == "table" and table is None and not self.schema.complete:
            yield Cause("", INCOMPLETE)
        elif difference.aspect == "name" and difference.unknown and self.schema.naming is UNKNOWN:
            yield Cause("", NAMING)


def causes(schema: Schema, transitions: Iterable[Transition]) -> Causes:
    """Return what is not certain of a replayed schema; `transitions` are all that led to it."""
    undecided: dict[Cause, frozenset[Part]] = {}
    arguments: dict[Cause, frozenset[Part]] = {}
    for one in transitions:
        operation = one.operation
        if isinstance(operation, Opaque):
            continue
        if isinstance(operation, (RenameTable, RenameColumn)):
            for touched in (undecided, arguments):
                touched.update({cause: _renamed(parts, operation) for cause, parts in touched.items()})
        if operation.conditions and one.before is not one.after and settled(operation) is None:
            guards = " and ".join(map(str, operation.conditions))
            cause = Cause(_place(operation), f"it depends on {guards}")
            sure = apply(one.before, replace(operation, conditions=()))
            undecided[cause] = undecided.get(cause, frozenset()) | _changed(one.before, sure)
        if operation.unknowns:
            cause = Cause(_place(operation), "; ".join(dict.fromkeys(operation.unknowns)))
            arguments[cause] = arguments.get(cause, frozenset()) | _changed(one.before, one.after)
    return Causes(schema, undecided, arguments)


def _renamed(parts: frozenset[Part], operation: RenameTable | RenameColumn) -> frozenset[Part]:
    """Return the objects with what those are called from now on; a rename may not have happened."""
    if not any(part.table == operation.table for part in parts):
        return parts
    if isinstance(operation, RenameColumn):
        old, new = (Part("column", operation.table, name) for name in (operation.column, operation.to))
        return parts | {new} if old in parts else parts
    moved = (part._replace(table=operation.to) for part in parts if part.table == operation.table)
    return parts | {part._replace(name=str(operation.to)) if part.kind == "table" else part for part in moved}


def _changed(before: Schema, after: Schema) -> frozenset[Part]:
    return frozenset(
        Part(one.kind, one.table, one.name)
        for one in (*differences(before, after), *unknowns(before, after))
        if one.kind != "table" or (not one.aspect and not _assumed(one.table, after))
    )


def _assumed(name: TableName | None, schema: Schema) -> bool:
    """Tell whether a table is only there because an operation uses it."""
    table = None if name is None else schema.table(name)
    return table is not None and table.assumed


def _holds(parts: frozenset[Part], difference: Difference) -> bool:
    whole = Part("table", difference.table, str(difference.table))
    return Part(difference.kind, difference.table, difference.name) in parts or whole in parts


def _place(operation: AnyOperation) -> str:
    return f"{operation.span.path}:{operation.span.line}"


def _read(doubt: str) -> Cause:
    """Take the place that a doubt ends in apart; one about the history has none."""
    reason, found, place = doubt.removesuffix(")").rpartition(" (")
    path, _, line = place.rpartition(":")
    return (
        Cause(place, reason)
        if found and path and line.isdigit() and doubt.endswith(")")
        else Cause("", doubt)
    )
