"""What reading models gives; data only."""

from __future__ import annotations

from collections.abc import Mapping

from migrate_guard.operations import TableName
from migrate_guard.record import dataclass
from migrate_guard.schema import Schema
from migrate_guard.span import Span

Part = tuple[TableName, str | None]
"""A table, or a column of it by its name in the database; the table is named as `Schema.tables` keeps it."""


@dataclass(frozen=True, slots=True)
class Note:
    """Something that was not understood: a clause that says what, and where it stands if that is known."""

    text: str
    span: Span | None = None

    def __str__(self) -> str:
        return self.text if self.span is None else f"{self.span}: {self.text}"


@dataclass(frozen=True, slots=True)
class StaticModels:
    """The schema that `metadata.create_all()` would build, read from the source of the models.

    In `schema`, a table is `certain` only if all of it could be read; else its `doubts` say why not.
    `schema.complete` is false where there may be models that were not found. `places` tells where each table
    and column is declared: the class and its attribute, or the `Table()` and its `Column()`. `notes` are all
    the reasons why something is not known. `named` are the names of constraints and indexes that the models,
    or their naming convention, give themselves; a server chooses the others.
    """

    schema: Schema
    places: Mapping[Part, Span]
    notes: tuple[Note, ...] = ()
    named: frozenset[str] = frozenset()
