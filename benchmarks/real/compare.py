"""Count what a real schema and a replayed one have in common, kind by kind, and explain the rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from benchmarks.real.causes import Cause, Causes
from migrate_guard.operations import Constraint, Index, TableName
from migrate_guard.schema import Schema, Table
from migrate_guard.schema.compare import Difference, differences, unknowns
from migrate_guard.schema.replay.elements import is_mysql

KINDS = ("table", "column", "default", "primary key", "unique", "foreign key", "check", "index", "enum")
# The reflection reads no views, functions, triggers and extensions: there is nothing to hold them against.
_REFLECTED = frozenset({*KINDS, "sequence"})


@dataclass
class Counts:
    """How many objects of a kind are equal, differ, or are only in the database or only replayed.

    `unknown` are those that the replay has and does not wholly know. Of all that differ or are on one side
    only, `sure` are those for which nothing unread or undecided is a cause.
    """

    equal: int = 0
    different: int = 0
    only_there: int = 0
    only_here: int = 0
    unknown: int = 0
    sure: int = 0

    def add(self, other: Counts) -> None:
        """Add other counts to these."""
        for name in self.__dataclass_fields__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


@dataclass(frozen=True, slots=True)
class Explained:
    """A difference, or what the replay does not know, and its causes; without one the replay was sure."""

    difference: Difference
    causes: tuple[Cause, ...] = ()


@dataclass
class Compared:
    """The counts by kind, the differences and what is unknown; the database is their left side."""

    counts: dict[str, Counts] = field(default_factory=dict)
    found: tuple[Explained, ...] = ()


def compare(real: Schema, causes: Causes) -> Compared:
    """Compare a schema with the replayed one of `causes`; what belongs to a missing table is missing too."""
    found = tuple(Explained(one, causes.of(one)) for one in _each(real, causes.schema))
    counts = {kind: Counts() for kind in KINDS}
    totals = Counter(_objects(real))
    by_object: dict[tuple[str, TableName | None, str], list[Explained]] = {}
    for one in found:
        key = (_kind(one.difference), one.difference.table, one.difference.name)
        by_object.setdefault(key, []).append(one)
    for (kind, _, _), group in by_object.items():
        _count(counts.setdefault(kind, Counts()), group)
    for kind, of in counts.items():
        of.equal = totals[kind] - of.different - of.only_there - of.unknown
    return Compared(counts, found)


def _count(counts: Counts, group: list[Explained]) -> None:
    certain = [one for one in group if not one.difference.unknown]
    if not certain:
        counts.unknown += 1
        return
    counts.sure += not all(one.causes for one in certain)
    whole = next((one.difference for one in certain if not one.difference.aspect), None)
    if whole is None:
        counts.different += 1
    elif whole.right is None:
        counts.only_there += 1
    else:
        counts.only_here += 1


def _each(real: Schema, replayed: Schema) -> Iterator[Difference]:
    for one in differences(real, replayed):
        if one.kind not in _REFLECTED:
            continue
        yield one
        if one.kind == "table" and not one.aspect and one.table is not None:
            yield from _parts(one, real if one.right is None else replayed, one.table)
    yield from unknowns(real, replayed)


def _parts(missing: Difference, side: Schema, name: TableName) -> Iterator[Difference]:
    """Go through all that a table which only one side has takes with it."""
    table = side.table(name)
    if table is None:
        return
    for kind, name_of_part in _of_table(table, is_mysql(side)):
        left, right = (name_of_part, None) if missing.right is None else (None, name_of_part)
        yield Difference(kind, table.name, name_of_part, "", left, right, missing.certain)


def _kind(difference: Difference) -> str:
    return "default" if difference.aspect == "default" else difference.kind


def _objects(schema: Schema) -> Iterator[str]:
    yield from ("enum" for _ in schema.enums)
    yield from (one.kind for one in schema.objects.values())
    for table in schema.all_tables():
        yield "table"
        yield from (kind for kind, _ in _of_table(table, is_mysql(schema)))
        # Every column has a default or none, and either can be wrong.
        yield from ("default" for _ in table.columns)


def _of_table(table: Table, mysql: bool) -> Iterator[tuple[str, str]]:
    """Go through the parts of a table; MySQL's unique constraints and unique indexes are one thing."""
    unique = tuple(one for one in table.indexes if mysql and one.unique is True)
    yield from (("column", name) for name in table.columns)
    groups: tuple[tuple[str, tuple[Constraint | Index, ...]], ...] = (
        ("primary key", (table.primary_key,) if table.primary_key else ()),
        ("unique", (*table.uniques, *unique)),
        ("foreign key", table.foreign_keys),
        ("check", tuple(one for one in table.checks if one.not_null is None)),
        ("index", tuple(one for one in table.indexes if one not in unique)),
    )
    for kind, elements in groups:
        for position, element in enumerate(elements):
            yield kind, element.name if isinstance(element.name, str) else f"#{position}"
