"""`op.batch_alter_table`: the directives of a block work on its table.

Part of the library that gives Alembic's names their meaning (second stage).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from migrate_guard.evaluate.library.conventions import read_convention
from migrate_guard.evaluate.library.directives.site import Site
from migrate_guard.evaluate.library.reading import Notes, Unreadable, depends
from migrate_guard.evaluate.library.table_ddl import read_shape
from migrate_guard.evaluate.library.tables import table_of
from migrate_guard.evaluate.values import Call, Machine, Thing, Value
from migrate_guard.operations import UNKNOWN, BatchContext, TableName, TableShape, Unknown
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
            naming_convention=_templates(site["naming_convention"]),
            copy_from=_copied(site, table),
        )
    )


def _copied(site: Site, name: TableName) -> TableShape | Unknown | None:
    """Return what `copy_from` is, `UNKNOWN` unless all of it could be read."""
    given = site["copy_from"]
    if given is None:
        return None
    table, notes = table_of(given, site.machine), Notes()
    if table is None or table.open:
        return UNKNOWN
    convention = None if table.metadata is None else table.metadata.convention
    try:
        shape = read_shape(name, tuple(table.items), site.machine, notes, convention)
    except Unreadable:
        return UNKNOWN
    if isinstance(shape.columns, Unknown) or notes.unknowns():
        return UNKNOWN
    return TableShape(shape.columns, shape.constraints, shape.indexes)


def _templates(given: Value) -> tuple[tuple[str, str | Unknown], ...] | Unknown:
    convention = read_convention(given)
    if convention is None:
        return ()
    templates = convention.templates
    return templates if isinstance(templates, Unknown) else tuple(templates.items())
