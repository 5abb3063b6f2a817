"""Compare two schemas object by object.

Part of the fourth stage of the pipeline: for the symmetry of downgrades, and for the tests that hold the
replayed schema against a real database. What is `UNKNOWN` on either side is no difference; what only one
side can be sure of is one that is not certain.
"""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.operations import TableName, Unknown
from migrate_guard.schema.compare.difference import Difference
from migrate_guard.schema.compare.elements import element_differences
from migrate_guard.schema.compare.table import column_differences
from migrate_guard.schema.model import NamedObject, Schema, Table
from migrate_guard.schema.text import canonical

__all__ = ["Difference", "differences"]


def differences(left: Schema, right: Schema) -> tuple[Difference, ...]:
    """Return how two schemas of one dialect differ, in the order of the tables' names.

    Compared are tables, columns, types, nullability, defaults, identity, generated columns, comments,
    keys, unique constraints, foreign keys with their actions, checks, indexes, enum types and the other
    named objects. The order of columns is not.
    """
    return (*_tables(left, right), *_enums(left, right), *_objects(left, right))


def _tables(left: Schema, right: Schema) -> Iterator[Difference]:
    for key in sorted({*left.tables, *right.tables}):
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
            if isinstance(mine.labels, Unknown) or isinstance(theirs.labels, Unknown):
                continue
            if mine.labels != theirs.labels:
                labels = (", ".join(mine.labels), ", ".join(theirs.labels))
                yield Difference("enum", None, str(key), "labels", labels[0], labels[1], certain)
        elif mine is not None:
            yield Difference(
                "enum", None, str(key), "", str(key), None, mine.certain and not right.doubt_count
            )
        elif theirs is not None:
            yield Difference(
                "enum", None, str(key), "", None, str(key), theirs.certain and not left.doubt_count
            )


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
