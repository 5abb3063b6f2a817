"""Claims about PostgreSQL: reading and writing rows."""

from __future__ import annotations

from migrate_guard.dialects.effect import NOTHING, Effect, Hold, combined
from migrate_guard.dialects.groups import RowOperation
from migrate_guard.dialects.postgresql.locks import EXPLICIT_LOCKING, ROW_EXCLUSIVE, locked
from migrate_guard.operations import Delete, Insert, Query, Update
from migrate_guard.schema import Schema


def effect_of(operation: RowOperation, before: Schema) -> Effect:
    """Return what PostgreSQL does for a statement on rows."""
    return NOTHING if isinstance(operation, Query) else _written(operation, before)


def _written(operation: Insert | Update | Delete, before: Schema) -> Effect:
    """Claim what INSERT, UPDATE and DELETE lock; the rows that they write are locked one by one besides.

    Without a WHERE every row is read. A foreign key that cascades writes the referring table too.
    """
    whole = not isinstance(operation, Insert) and operation.where is None
    long = operation.from_select if isinstance(operation, Insert) else True
    hold = Hold(operation.table, ROW_EXCLUSIVE, "nothing", long)
    own = Effect((hold,), scans=(operation.table,) if whole else (), sources=(EXPLICIT_LOCKING,))
    if not isinstance(operation, Delete):
        return own
    written = [t.name for t, key in before.referring(operation.table) if _cascades(key.ondelete)]
    return combined([own, *(locked(name, ROW_EXCLUSIVE, EXPLICIT_LOCKING) for name in written)], held=True)


def _cascades(ondelete: str | None) -> bool:
    return ondelete is not None and ondelete.upper() in {"CASCADE", "SET NULL", "SET DEFAULT"}
