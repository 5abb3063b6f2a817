"""What a comparison of two schemas says; part of the comparison."""

from __future__ import annotations

from migrate_guard.operations import TableName
from migrate_guard.record import dataclass


@dataclass(frozen=True, slots=True)
class Difference:
    """One way in which two schemas differ.

    `kind` is what differs: `table`, `column`, `primary key`, `unique`, `foreign key`, `check`, `exclude`,
    `index`, `enum`, or the kind of another named object. `name` is its name, or its columns where it has
    none. `aspect` is the attribute that differs, empty where the whole is on one side only. `left` and
    `right` are what each side has, `None` for nothing. `certain` is false where one side may be otherwise.
    `unknown` tells that one side could not be read, so that the two may be equal.
    """

    kind: str
    table: TableName | None
    name: str
    aspect: str
    left: str | None
    right: str | None
    certain: bool = True
    unknown: bool = False

    def __str__(self) -> str:
        where = f" of {self.table}" if self.table is not None and self.kind != "table" else ""
        subject = f"{self.kind} {self.name}{where}"
        if not self.aspect:
            side = "only on the left" if self.right is None else "only on the right"
            return f"{subject}: {side}: {self.left if self.right is None else self.right}"
        return f"{subject}: {self.aspect}: {self.left} / {self.right}"
