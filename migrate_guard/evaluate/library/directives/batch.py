"""`op.batch_alter_table`: the directives of a block work on its table.

Part of the library that gives Alembic's names their meaning (second stage).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from migrate_guard.evaluate.library.directives.site import Site
from migrate_guard.evaluate.library.reading import Unreadable, depends
from migrate_guard.evaluate.values import Call, Machine, Thing, Value
from migrate_guard.operations import BatchContext, TableName
from migrate_guard.record import dataclass

_RECREATE: Mapping[str, Literal["auto", "always", "never"]] = {
    "auto": "auto",
    "always": "always",
    "never": "never",
}

_AT_ONCE = frozenset("execute bulk_insert create_table drop_table batch_alter_table".split())
"""What a batch does at once, and not at its end (`BatchOperationsImpl` of Alembic 1.20)."""


@dataclass(slots=True, eq=False)
class BatchValue(Thing):
    """What `with op.batch_alter_table(…) as batch_op` binds."""

    batch: BatchContext

    def describe(self) -> str:
        return f"the batch of {self.batch.table}"

    @property
    def table(self) -> TableName:
        """The table that the directives of the block work on."""
        return self.batch.table

    def attribute(self, name: str, machine: Machine) -> Value:
        from migrate_guard.evaluate.library.directives import shared_attribute

        return shared_attribute(self, name)

    def method(self, name: str, call: Call, machine: Machine) -> Value:
        from migrate_guard.evaluate.library.directives import call_batch_directive

        if name in _AT_ONCE:
            return call_batch_directive(name, self.table, call, machine)
        with machine.batching(self.batch):
            return call_batch_directive(name, self.table, call, machine)

    def enter(self, machine: Machine) -> Value:
        machine.begin_batch(self.batch)
        return self

    def leave(self, machine: Machine) -> None:
        machine.end_batch(self.batch)


def batch_alter_table(site: Site) -> Value:
    """Return the block; nothing happens before its directives."""
    table = site.table()
    recreate = site.given.get("recreate", "auto")
    if isinstance(recreate, str) and recreate not in _RECREATE:
        raise Unreadable(depends("recreate", recreate))
    return BatchValue(
        BatchContext(
            table=table,
            number=site.machine.next_batch(),
            recreate=_RECREATE.get(recreate, "auto") if isinstance(recreate, str) else "auto",
            naming_convention=site["naming_convention"] is not None,
        )
    )
