"""What a database does for one operation: the vocabulary of the claims in this package."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from migrate_guard.operations import TableName
from migrate_guard.record import dataclass, replace

Blocks = Literal["nothing", "schema changes", "writes", "reads and writes"]
_STRENGTH: dict[Blocks, int] = {"nothing": 0, "schema changes": 1, "writes": 2, "reads and writes": 3}


@dataclass(frozen=True, slots=True)
class Hold:
    """A lock on one table.

    `lock` is the server's own word for it: `ACCESS EXCLUSIVE`, `SHARE`, `LOCK=SHARED`, `metadata lock`.
    `blocks` is what the statements of a running application have to wait for.
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

    Everything in an effect is true; `known` is false when more may happen than it says, because the
    operation is opaque, because something that it depends on is unknown, or because no claim has been
    proven. A table that the operation itself creates is left out: nobody else can see it yet.

    `holds` lists the locks on tables that exist before, those that hurt most first: a long one that makes
    writes wait, then by strength. The locks that reading takes (`ACCESS SHARE`) are left out. `rewrites`
    are tables whose rows are all written anew, `scans` tables that are read from end to end, except by a
    query that is part of the operation. `transactional` is false for what cannot run inside a transaction
    block. `algorithm` is the best one that MySQL or MariaDB can use for an ALTER TABLE.
    """

    holds: tuple[Hold, ...] = ()
    rewrites: tuple[TableName, ...] = ()
    scans: tuple[TableName, ...] = ()
    transactional: bool = True
    algorithm: Literal["INSTANT", "INPLACE", "COPY"] | None = None
    sources: tuple[str, ...] = ()
    known: bool = True

    def hold_on(self, table: TableName) -> Hold | None:
        """Return the lock on that table that hurts most, or `None`."""
        return next((hold for hold in self.holds if hold.table == table), None)

    def in_doubt(self) -> Effect:
        """Return the same effect, of which more than it says may be true."""
        return replace(self, known=False)


NOTHING = Effect()
NOT_KNOWN = Effect(known=False)

_ALGORITHMS: tuple[Literal["INSTANT", "INPLACE", "COPY"] | None, ...] = (None, "INSTANT", "INPLACE", "COPY")


@dataclass(frozen=True, slots=True)
class TypeChange:
    """What a server does with the rows when a column changes its type, and why.

    `free` changes the catalogue alone, `scan` reads the rows or rebuilds indexes, `rewrite` writes every
    row anew, `unknown` cannot be told from what is known.
    """

    work: Literal["free", "scan", "rewrite", "unknown"]
    reason: str


Volatility = Literal["constant", "stable", "volatile", "unknown"]
"""Of a default: the same value always, one value per statement, a new one for every row, or unknown."""


def combined(effects: Iterable[Effect], *, held: bool) -> Effect:
    """Put together what several statements of one operation do.

    With `held` their locks are kept to the end, as in one transaction: of each table the strongest lock
    remains, and it lasts as long as the longest work. Without, each lock ends with its statement.
    """
    parts = tuple(effects)
    holds = tuple(dict.fromkeys(hold for part in parts for hold in part.holds))
    return Effect(
        holds=tuple(sorted(_strongest(holds) if held else holds, key=_harm, reverse=True)),
        rewrites=tuple(dict.fromkeys(table for part in parts for table in part.rewrites)),
        scans=tuple(dict.fromkeys(table for part in parts for table in part.scans)),
        transactional=all(part.transactional for part in parts),
        algorithm=max((part.algorithm for part in parts), key=_ALGORITHMS.index, default=None),
        sources=tuple(dict.fromkeys(source for part in parts for source in part.sources)),
        known=all(part.known for part in parts),
    )


def _harm(hold: Hold) -> tuple[bool, int, bool]:
    """Order locks by what they do to the application: to make writes wait for long is the worst."""
    strength = _STRENGTH[hold.blocks]
    return (hold.long and strength >= _STRENGTH["writes"], strength, hold.long)


def _strongest(holds: Iterable[Hold]) -> tuple[Hold, ...]:
    kept: dict[TableName, Hold] = {}
    for hold in sorted(holds, key=lambda hold: _STRENGTH[hold.blocks], reverse=True):
        first = kept.setdefault(hold.table, hold)
        kept[hold.table] = replace(first, long=first.long or hold.long)
    return tuple(kept.values())
