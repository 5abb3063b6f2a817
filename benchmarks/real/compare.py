"""Count what a real schema and a replayed one have in common, kind by kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from migrate_guard.operations import Constraint, Index, TableName
from migrate_guard.schema import Schema, Table
from migrate_guard.schema.compare import Difference, differences

KINDS = ("table", "column", "default", "primary key", "unique", "foreign key", "check", "index", "enum")


@dataclass
class Counts:
    """How many objects of a kind are equal, differ, or are only in the database or only replayed.

    Of all that are not equal, `doubtful` are those of which the replay itself says that they may be
    otherwise.
    """

    equal: int = 0
    different: int = 0
    only_there: int = 0
    only_here: int = 0
    doubtful: int = 0

    def add(self, other: Counts) -> None:
        """Add other counts to these."""
        for name in self.__dataclass_fields__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


@dataclass
class Compared:
    """The counts by kind and the differences; the database is their left side."""

    counts: dict[str, Counts] = field(default_factory=dict)
    differences: tuple[Difference, ...] = ()


def compare(real: Schema, replayed: Schema) -> Compared:
    """Compare two schemas; what belongs to a missing table is missing too."""
    found = tuple(_each(real, replayed))
    counts = {kind: Counts() for kind in KINDS}
    totals = Counter(kind for kind in _objects(real))
    by_object: dict[tuple[str, TableName | None, str], list[Difference]] = {}
    for one in found:
        by_object.setdefault((_kind(one), one.table, one.name), []).append(one)
    for (kind, _, _), group in by_object.items():
        _count(counts.setdefault(kind, Counts()), group)
    for kind, one_kind in counts.items():
        one_kind.equal = totals[kind] - one_kind.different - one_kind.only_there
    return Compared(counts, found)


def _count(counts: Counts, group: list[Difference]) -> None:
    counts.doubtful += not any(one.certain for one in group)
    whole = next((one for one in group if not one.aspect), None)
    if whole is None:
        counts.different += 1
    elif whole.right is None:
        counts.only_there += 1
    else:
        counts.only_here += 1


def _each(real: Schema, replayed: Schema) -> Iterator[Difference]:
    for one in differences(real, replayed):
        yield one
        if one.kind == "table" and not one.aspect and one.table is not None:
            yield from _parts(one, real.table(one.table) or replayed.table(one.table), one.right is None)


def _parts(missing: Difference, table: Table | None, there: bool) -> Iterator[Difference]:
    """Go through all that a table which only one side has takes with it."""
    if table is None:
        return
    for kind, name in _of_table(table):
        left, right = (name, None) if there else (None, name)
        yield Difference(kind, table.name, name, "", left, right, missing.certain)


def _kind(difference: Difference) -> str:
    return "default" if difference.aspect == "default" else difference.kind


def _objects(schema: Schema) -> Iterator[str]:
    yield from ("enum" for _ in schema.enums)
    yield from (one.kind for one in schema.objects.values())
    for table in schema.all_tables():
        yield "table"
        yield from (kind for kind, _ in _of_table(table))
        # Every column has a default or none, and either can be wrong.
        yield from ("default" for _ in table.columns)


def _of_table(table: Table) -> Iterator[tuple[str, str]]:
    yield from (("column", name) for name in table.columns)
    groups: tuple[tuple[str, tuple[Constraint | Index, ...]], ...] = (
        ("primary key", (table.primary_key,) if table.primary_key else ()),
        ("unique", table.uniques),
        ("foreign key", table.foreign_keys),
        ("check", tuple(one for one in table.checks if one.not_null is None)),
        ("index", table.indexes),
    )
    for kind, elements in groups:
        for position, element in enumerate(elements):
            yield kind, element.name if isinstance(element.name, str) else f"#{position}"
