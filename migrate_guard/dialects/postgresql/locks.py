"""PostgreSQL's table-level locks, and the manual pages that the claims of this package rest on."""

from __future__ import annotations

from migrate_guard.dialects.effect import Blocks, Effect, Hold
from migrate_guard.operations import TableName
from migrate_guard.schema import Schema, Table

_MANUAL = "https://www.postgresql.org/docs/18/"
EXPLICIT_LOCKING = f"{_MANUAL}explicit-locking.html"
ALTER_TABLE = f"{_MANUAL}sql-altertable.html"
CREATE_TABLE = f"{_MANUAL}sql-createtable.html"
DROP_TABLE = f"{_MANUAL}sql-droptable.html"
PARTITIONING = f"{_MANUAL}ddl-partitioning.html"
CREATE_INDEX = f"{_MANUAL}sql-createindex.html"
DROP_INDEX = f"{_MANUAL}sql-dropindex.html"
ALTER_INDEX = f"{_MANUAL}sql-alterindex.html"
ALTER_TYPE = f"{_MANUAL}sql-altertype.html"
REINDEX = f"{_MANUAL}sql-reindex.html"

ACCESS_EXCLUSIVE = "ACCESS EXCLUSIVE"
EXCLUSIVE = "EXCLUSIVE"
SHARE_ROW_EXCLUSIVE = "SHARE ROW EXCLUSIVE"
SHARE = "SHARE"
SHARE_UPDATE_EXCLUSIVE = "SHARE UPDATE EXCLUSIVE"
ROW_EXCLUSIVE = "ROW EXCLUSIVE"
ROW_SHARE = "ROW SHARE"

# Explicit Locking, table 13.2 "Conflicting Lock Modes": SELECT takes ACCESS SHARE, writing takes
# ROW EXCLUSIVE, most other schema changes and VACUUM take SHARE UPDATE EXCLUSIVE or more.
BLOCKS: dict[str, Blocks] = {
    ACCESS_EXCLUSIVE: "reads and writes",
    EXCLUSIVE: "writes",
    SHARE_ROW_EXCLUSIVE: "writes",
    SHARE: "writes",
    SHARE_UPDATE_EXCLUSIVE: "schema changes",
    ROW_EXCLUSIVE: "nothing",
    ROW_SHARE: "nothing",
    "ACCESS SHARE": "nothing",
}


def locked(table: TableName, lock: str, source: str, *, long: bool = False) -> Effect:
    """Return the effect of a lock alone; `long` when the work under it grows with the rows."""
    return Effect((Hold(table, lock, BLOCKS[lock], long),), sources=(source, EXPLICIT_LOCKING))


def scanned(table: TableName, lock: str, source: str) -> Effect:
    """Return the effect of reading a whole table under a lock."""
    hold = Hold(table, lock, BLOCKS[lock], long=True)
    return Effect((hold,), scans=(table,), sources=(source, EXPLICIT_LOCKING))


def rewritten(table: TableName, source: str) -> Effect:
    """Return the effect of writing a table and all its indexes anew under ACCESS EXCLUSIVE."""
    hold = Hold(table, ACCESS_EXCLUSIVE, "reads and writes", long=True)
    return Effect((hold,), rewrites=(table,), scans=(table,), sources=(source, EXPLICIT_LOCKING))


def known_table(before: Schema, name: TableName) -> Table | None:
    """Return the table if everything about it is known, else `None`."""
    table = before.table(name)
    return table if table is not None and table.known else None
