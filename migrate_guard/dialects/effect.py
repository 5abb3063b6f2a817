"""What a database does for one operation: the vocabulary of the claims in this package."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from migrate_guard.operations import TableName

Blocks = Literal["nothing", "schema changes", "writes", "reads and writes"]


@dataclass(frozen=True, slots=True)
class Hold:
    """A lock on one table.

    `lock` is the server's own word for it: `ACCESS EXCLUSIVE`, `SHARE`, `LOCK=SHARED`.
    `long` tells that the work under the lock grows with the number of rows (a rewrite, a scan, an index
    build); a short one still waits for, and is waited for by, every running transaction.
    """

    table: TableName
    lock: str
    blocks: Blocks
    long: bool = False


@dataclass(frozen=True, slots=True)
class Effect:
    """What one operation does on one server; `sources` are the manual pages that say so.

    `known` is false when nothing is claimed, either because the operation is opaque or because no claim
    has been proven. `transactional` is false for what cannot run inside a transaction block.
    `algorithm` is MySQL's best one: `INSTANT`, `INPLACE`, `COPY`.
    """

    holds: tuple[Hold, ...] = ()
    rewrites: tuple[TableName, ...] = ()
    scans: tuple[TableName, ...] = ()
    transactional: bool = True
    algorithm: Literal["INSTANT", "INPLACE", "COPY"] | None = None
    sources: tuple[str, ...] = ()
    known: bool = True

    def hold_on(self, table: TableName) -> Hold | None:
        """Return the lock on that table, or `None`."""
        return next((hold for hold in self.holds if hold.table == table), None)


NOTHING = Effect()
NOT_KNOWN = Effect(known=False)
