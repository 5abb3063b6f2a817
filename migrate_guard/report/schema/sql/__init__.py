"""A schema as DDL that builds it; what is not certain stands in comments.

The statements come in an order in which they run: schemas, extensions, types, sequences, tables, indexes,
comments, foreign keys, then views and whatever else uses tables.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from migrate_guard.operations import Unknown
from migrate_guard.report.schema import parts
from migrate_guard.report.schema.doubts import general, numbered, unread_line
from migrate_guard.report.schema.sql.objects import early_objects, late_objects, schemas, statement
from migrate_guard.report.schema.sql.sequences import owners, sequences
from migrate_guard.report.schema.sql.tables import create_table, foreign_keys, in_order, keys_and_indexes
from migrate_guard.report.schema.sql.writing import Writing, comment
from migrate_guard.snapshot import Snapshot

_SCOPE = "Read from the migrations, without a database. alembic_version is left to `alembic stamp`."


def sql(snapshots: Sequence[Snapshot]) -> str:
    """Return the DDL of the schemas one after another, each under a comment that says which it is."""
    return "\n".join("\n\n".join(_parts(snapshot)) + "\n" for snapshot in snapshots)


def _parts(snapshot: Snapshot) -> Iterator[str]:
    writing = Writing(snapshot)
    yield _head(snapshot)
    yield from schemas(writing)
    early, late = early_objects(writing), late_objects(writing)
    yield from (statement(one, writing) for one in early if one.kind == "extension")
    yield from _enums(writing)
    yield from sequences(writing)
    yield from (statement(one, writing) for one in early if one.kind != "extension")
    tables = in_order(snapshot.schema)
    for table in tables:
        yield create_table(table, writing)
    for table in tables:
        yield from keys_and_indexes(table, writing)
    for table in tables:
        yield from foreign_keys(table, writing)
    yield from owners(writing)
    yield from (statement(one, writing) for one in late)


def _head(snapshot: Snapshot) -> str:
    lines = [parts.headline(snapshot), _SCOPE]
    lines += [f"Note: {note}" for note in snapshot.notes]
    lines += [f"Not certain: {reason}" for reason in general(snapshot)]
    lines += [f"Not analysed: {line}" for line in numbered(unread_line(one) for one in snapshot.unread)]
    return "\n".join(comment(line) for line in lines)


def _enums(writing: Writing) -> Iterator[str]:
    for enum in parts.enums(writing.schema):
        known = enum.labels if not isinstance(enum.labels, Unknown) else ()
        labels = ", ".join(map(writing.literal, known))
        lines = [] if enum.certain else [comment(f"possible: the enum type {enum.name}")]
        if isinstance(enum.labels, Unknown):
            lines.append(comment(f"unknown: the labels of {enum.name}"))
        yield "\n".join([*lines, f"CREATE TYPE {writing.name(enum.name)} AS ENUM ({labels});"])
