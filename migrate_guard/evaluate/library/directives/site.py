"""One call of a directive that is being read, and how what it does is recorded.

Part of the library that gives Alembic's names their meaning (second stage).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from migrate_guard.evaluate.library.reading import Notes, schema_name, subject
from migrate_guard.evaluate.library.signature import Bound
from migrate_guard.evaluate.values import Call, Machine, Value
from migrate_guard.operations import AnyOperation, TableName
from migrate_guard.record import dataclass


@dataclass(slots=True)
class Site:
    """A call of a directive with its arguments by name.

    `batch` is the table of the batch that the directive is called on. `tables` are the tables that the
    call is known to be about, for the case that the rest of it cannot be read.
    """

    machine: Machine
    call: Call
    given: Bound
    batch: TableName | None = None
    tables: list[TableName] = field(default_factory=list)
    notes: Notes = field(default_factory=Notes)

    def __getitem__(self, name: str) -> Value:
        return self.given[name]

    @property
    def options(self) -> Mapping[str, Value]:
        """The keywords that go to SQLAlchemy or to a dialect."""
        return self.given.options

    def table(self, name: str = "table_name", schema: str = "schema") -> TableName:
        """Return the table that the directive is about: the batch's, or the one that is named."""
        if self.batch is not None:
            found = self.batch
        else:
            found = TableName(subject(self.given[name], "table"), schema_name(self.given[schema]))
        self.tables.append(found)
        return found

    def emit(self, operation: type[AnyOperation], **fields: object) -> None:
        """Record an operation, with the reasons for what is unknown of it."""
        self.machine.emit(operation, self.call, unknowns=self.notes.unknowns(), **fields)
