"""Where a database stands in the history, and what of it is not as the history says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Literal

from migrate_guard.dialect import Dialect
from migrate_guard.evidence.left_out import LeftOut
from migrate_guard.operations import TableName
from migrate_guard.project.graph import Graph, ancestors
from migrate_guard.record import dataclass
from migrate_guard.schema.compare import Difference
from migrate_guard.span import Span

Standing = Literal["current", "behind", "new", "unversioned", "unknown", "overlapping"]


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that an earlier run left behind.

    `kind` is `invalid index` (a concurrent build that failed), `not valid` (a constraint that was never
    validated) or `leftover` (the table of a batch that was interrupted).
    """

    kind: str
    table: TableName
    name: str


@dataclass(frozen=True, slots=True)
class DatabaseEvidence:
    """What one database says.

    `where` names it without its password. `standing` is `current` at the heads; `behind` with `pending`
    revisions; `new` without any table; `unversioned` with tables and no revision; `unknown` at `strangers`
    that no file declares; `overlapping` when one of its revisions comes before another one. `differences`
    are between the schema replayed up to its revisions (left) and what it has (right), but for the tables
    in `left_out`; `created` is where
    the history creates their tables. `rows` is about how many rows each table has.
    """

    where: str
    dialect: Dialect
    database: str | None
    revisions: tuple[str, ...]
    standing: Standing
    pending: tuple[str, ...] = ()
    strangers: tuple[str, ...] = ()
    differences: tuple[Difference, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    created: Mapping[TableName, Span] = field(default_factory=dict)
    troubles: tuple[Trouble, ...] = ()
    rows: Mapping[TableName, int] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """What messages call it: where it is, and in a multidb environment which of its databases."""
        return f"{self.where} ({self.database})" if self.database else self.where


@dataclass(frozen=True, slots=True)
class Place:
    """Where some revisions are in a history: `standing`, `pending` and `strangers` as in the evidence."""

    standing: Standing
    pending: tuple[str, ...]
    strangers: tuple[str, ...]


def place(graph: Graph, revisions: tuple[str, ...], has_tables: bool) -> Place:
    """Return where the revisions of a database are in a history.

    Pending ones are in the order in which `upgrade heads` would run them.
    """
    strangers = tuple(one for one in revisions if one not in graph.scripts)
    applied: set[str] = set()
    for one in revisions:
        if one in graph.scripts:
            applied |= ancestors(graph, one) | {one}
    pending = tuple(one for one in graph.order if one not in applied)
    if strangers:
        return Place("unknown", pending, strangers)
    if not revisions:
        return Place("unversioned" if has_tables else "new", pending, ())
    if any(one in ancestors(graph, other) for one in revisions for other in revisions if one != other):
        return Place("overlapping", pending, ())
    return Place("behind" if pending else "current", pending, ())
