"""Compare two schemas object by object.

Part of the fourth stage of the pipeline: for the symmetry of downgrades, and for the tests that hold the
replayed schema against a real database. What is `UNKNOWN` on either side is no difference, but one of the
`unknowns`; what only one side can be sure of is a difference that is not certain.
"""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.operations import TableName, Unknown
from migrate_guard.schema.compare.difference import Difference
from migrate_guard.schema.compare.elements import element_differences
from migrate_guard.schema.compare.table import column_differences
from migrate_guard.schema.model import NamedObject, Schema, Table
from migrate_guard.schema.text import canonical

__all__ = ["Difference", "differences", "unknowns"]


def differences(left: Schema, right: Schema) -> tuple[Difference, ...]:
    """Return how two schemas of one dialect differ, in the order of the tables' names.

    Compared are tables, columns, types, nullability, defaults, identity, generated columns, comments,
    keys, unique constraints, foreign keys with their actions, checks, indexes, enum types and the other
    named objects. The order of columns is not.
    """
    return tuple(one for one in _all(left, right) if not one.unknown)


def unknowns(left: Schema, right: Schema) -> tuple[Difference, ...]:
    """Return what both schemas have and only one of them knows, in the order of the tables' names.

    The side that could not be read says `unknown`.
    """
    return tuple(one for one in _all(left, right) if one.unknown)


def _all(left: Schema, right: Schema) -> Iterator[Difference]:
    yield from _tables(left, right)
    yield from _enums(left, right)
    yield from _objects(left, right)


def _tables(left: Schema, right: Schema) -> Iterator[Difference]:
    for key in sorted({*left.tables, *right.tables}):
        if left.tables.get(key) is right.tables.get(key):
            continue
        mine, theirs = left.table(key), right.table(key)
        if mine is None or theirs is None:
            yield _missing_table(left, right, key, mine or theirs, mine is None)
        else:
            yield from _of_table(mine, theirs, left)


def _missing_table(
    left: Schema, right: Schema, key: TableName, table: Table | None, added: bool
) -> Difference:
    without = left if added else right
    certain = table is not None and table.certain and without.certain(key)
    text = str(key)
    return Difference("table", key, text, "", None if added else text, text if added else None, certain)


def _of_table(left: Table, right: Table, schema: Schema) -> Iterator[Difference]:
    certain = left.certain and right.certain
    if left.comment != right.comment and certain:
        yield Difference("table", left.name, str(left.name), "comment", left.comment, right.comment)
    if left.partition_of != right.partition_of:
        yield Difference(
            "table",
            left.name,
            str(left.name),
            "partition of",
            _text(left.partition_of),
            _text(right.partition_of),
            certain,
        )
    yield from column_differences(left, right, schema.dialect)
    yield from element_differences(left, right, schema)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _enums(left: Schema, right: Schema) -> Iterator[Difference]:
    for key in sorted({*left.enums, *right.enums}):
        mine, theirs = left.enums.get(key), right.enums.get(key)
        if mine is not None and theirs is not None:
            certain = mine.certain and theirs.certain
            if isinstance(mine.labels, Unknown) is not isinstance(theirs.labels, Unknown):
                sides = (_labels(mine.labels), _labels(theirs.labels))
                yield Difference("enum", None, str(key), "labels", *sides, certain, unknown=True)
            elif mine.labels != theirs.labels:
                sides = (_labels(mine.labels), _labels(theirs.labels))
                yield Difference("enum", None, str(key), "labels", *sides, certain)
        elif mine is not None:
            yield Difference(
                "enum", None, str(key), "", str(key), None, mine.certain and not right.doubt_count
            )
        elif theirs is not None:
            yield Difference(
                "enum", None, str(key), "", None, str(key), theirs.certain and not left.doubt_count
            )


def _labels(labels: tuple[str, ...] | Unknown) -> str:
    return labels.value if isinstance(labels, Unknown) else ", ".join(labels)


def _objects(left: Schema, right: Schema) -> Iterator[Difference]:
    for key in sorted({*left.objects, *right.objects}):
        mine, theirs = left.objects.get(key), right.objects.get(key)
        if mine is not None and theirs is not None:
            yield from _definitions(mine, theirs, not (left.doubt_count or right.doubt_count))
            continue
        found = mine or theirs
        if found is None:
            continue
        certain = found.certain and not (left if mine is None else right).doubt_count
        sides = (str(found.name), None) if theirs is None else (None, str(found.name))
        yield Difference(found.kind, found.table, str(found.name), "", sides[0], sides[1], certain)


def _definitions(left: NamedObject, right: NamedObject, certain: bool) -> Iterator[Difference]:
    """Compare what the statements that created two objects say, where both are known."""
    old, new = canonical(left.detail), canonical(right.detail)
    if old and new and old != new:
        certain = certain and left.certain and right.certain
        yield Difference(
            left.kind, left.table, str(left.name), "definition", left.detail, right.detail, certain
        )
