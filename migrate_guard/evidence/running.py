"""What the release that is running maps: the models of the base that a branch will be merged into.

They are read where the branch left the base, and not imported (`migrate_guard.evaluate.models`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrate_guard.operations import Column, TableName
from migrate_guard.record import dataclass
from migrate_guard.schema import Table
from migrate_guard.span import Span

if TYPE_CHECKING:
    # Reading models is slow to import, and most runs have no base.
    from migrate_guard.evaluate.models import StaticModels


@dataclass(frozen=True, slots=True)
class Use:
    """Whether the running release maps a table, or a column of it.

    `mapped` is `None` where that could not be read, and `reason` says why. `table` and `column` are what it
    maps, declared at `span` of the base; they are `certain` where all of the table could be read.
    """

    mapped: bool | None
    reason: str = ""
    table: Table | None = None
    column: Column | None = None
    span: Span | None = None

    @property
    def certain(self) -> bool:
        """Whether the answer rests on nothing that could not be read."""
        return self.mapped is not None and (self.table is None or self.table.certain)


@dataclass(frozen=True, slots=True)
class RunningModels:
    """The models of a base on one dialect and, in multidb, of one database.

    `base` is how the base is called. `sides` are its models where the branch left it: several where both
    were merged into each other, none where nothing could be read; `reason` then says why.
    """

    base: str
    sides: tuple[StaticModels, ...] = ()
    reason: str = ""

    def use(self, table: TableName, column: str | None = None) -> Use:
        """Tell whether the running release maps a table, or a column of it."""
        uses = [_use(side, table, column) for side in self.sides]
        for wanted in (True, None):
            found = next((one for one in uses if one.mapped is wanted), None)
            if found is not None:
                return found
        return uses[0] if uses else Use(None, self.reason)

    def unread(self) -> str:
        """Return why not all of the models are known, empty if they are."""
        if self.reason:
            return self.reason
        return next((str(note) for side in self.sides for note in side.notes), "")


def _use(side: StaticModels, table: TableName, column: str | None) -> Use:
    schema = side.schema
    found = schema.table(table)
    if found is None or found.assumed:
        if schema.complete and schema.certain(table):
            return Use(False)
        return Use(None, str(side.notes[0]) if side.notes else "not all of its models could be read")
    name = schema.key(found.name)
    known = None if column is None else found.columns.get(column)
    if column is not None and known is None:
        reason = found.doubts[-1] if found.doubts else "its model could not be read"
        return Use(False, table=found) if found.certain else Use(None, reason, found)
    span = side.places.get((name, column)) or side.places.get((name, None))
    return Use(True, table=found, column=known, span=span)
