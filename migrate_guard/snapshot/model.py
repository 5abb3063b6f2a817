"""What a snapshot holds: a replayed schema with everything that a report says about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Generic, TypeVar

from migrate_guard.dialect import Dialect
from migrate_guard.operations import TableName
from migrate_guard.record import dataclass
from migrate_guard.schema import Schema
from migrate_guard.schema.compare import Difference
from migrate_guard.span import Span

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Unread:
    """Something in an upgrade that could not be read.

    `may_touch` are the tables that it may have changed, `None` if it may have changed anything.
    """

    span: Span
    reason: str
    may_touch: tuple[TableName, ...] | None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The schema of one environment on one dialect and, in multidb, in one database.

    `revisions` are those that it stands after, none for a new database; several are joined as a merge
    would join them. `order` gives every replayed revision its position, parents first. `unread` is what
    could not be read on the way, in that order. `notes` say what a user should know about the reading of
    the files.
    """

    environment: str
    dialect: Dialect
    database: str | None
    revisions: tuple[str, ...]
    schema: Schema
    order: Mapping[str, int] = field(default_factory=dict)
    unread: tuple[Unread, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """What changed from one snapshot to another one of the same environment, dialect and database."""

    before: Snapshot
    after: Snapshot
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Snapshots(Generic[T]):
    """What was found for every environment, dialect and database.

    `left_out` are environments that do not know the revision that was asked for, each with the reason.
    `skipped` are configurations that were found and could not be used.
    """

    found: tuple[T, ...]
    left_out: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
