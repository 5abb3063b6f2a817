"""How MySQL and MariaDB carry out an ALTER TABLE: the algorithm, the lock, and the pages that say so.

Every ALTER TABLE takes an exclusive metadata lock for a moment, so it waits for all open transactions on
the table and makes new ones wait behind it. What it holds in between is the clause LOCK.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from migrate_guard.dialect import Dialect
from migrate_guard.dialects.effect import Blocks, Effect, Hold
from migrate_guard.operations import TableName
from migrate_guard.record import replace
from migrate_guard.schema import Schema, Table

MYSQL_ONLINE = "https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl-operations.html"
MYSQL_METADATA = "https://dev.mysql.com/doc/refman/8.4/en/metadata-locking.html"
# A verified report: the manual does not mention CHECK constraints.
MYSQL_CHECK = "https://bugs.mysql.com/bug.php?id=117450"
_MARIADB = "https://mariadb.com/docs/server/server-usage/storage-engines/innodb/innodb-online-ddl/"
MARIADB_INSTANT = f"{_MARIADB}innodb-online-ddl-operations-with-the-instant-alter-algorithm"
MARIADB_NOCOPY = f"{_MARIADB}innodb-online-ddl-operations-with-the-nocopy-alter-algorithm"
MARIADB_INPLACE = f"{_MARIADB}innodb-online-ddl-operations-with-the-inplace-alter-algorithm"
MARIADB_OVERVIEW = f"{_MARIADB}innodb-online-ddl-overview"
MARIADB_METADATA = "https://mariadb.com/docs/server/reference/sql-statements/transactions/metadata-locking"

METADATA_LOCK = "metadata lock"
Lock = Literal["NONE", "SHARED"]
_BLOCKS: dict[Lock, Blocks] = {"NONE": "nothing", "SHARED": "writes"}


def is_mariadb(dialect: Dialect) -> bool:
    """Tell MariaDB from MySQL."""
    return dialect.name == "mariadb"


def metadata_locked(table: TableName, dialect: Dialect) -> Effect:
    """Return the effect of an exclusive metadata lock alone."""
    source = MARIADB_METADATA if is_mariadb(dialect) else MYSQL_METADATA
    return Effect((_moment(table),), sources=(source,))


def instant(table: TableName, dialect: Dialect) -> Effect:
    """Return the effect of changing the dictionary alone."""
    source = MARIADB_INSTANT if is_mariadb(dialect) else MYSQL_ONLINE
    return Effect((_moment(table),), algorithm="INSTANT", sources=(source,))


def in_dictionary(table: TableName, dialect: Dialect) -> Effect:
    """Return the effect of ALGORITHM=INPLACE that touches no row: MySQL's "only modifies metadata"."""
    source = MARIADB_NOCOPY if is_mariadb(dialect) else MYSQL_ONLINE
    return Effect((_moment(table),), algorithm="INPLACE", sources=(source,))


def index_built(table: TableName, dialect: Dialect, lock: Lock = "NONE") -> Effect:
    """Return the effect of building an index in place: the table is read, not rebuilt."""
    source = MARIADB_NOCOPY if is_mariadb(dialect) else MYSQL_ONLINE
    holds = _held(table, lock)
    return Effect(holds, scans=(table,), algorithm="INPLACE", sources=(source,))


def rebuilt(table: TableName, dialect: Dialect, lock: Lock = "NONE") -> Effect:
    """Return the effect of rebuilding the table in place."""
    source = MARIADB_INPLACE if is_mariadb(dialect) else MYSQL_ONLINE
    holds = _held(table, lock)
    return Effect(holds, rewrites=(table,), scans=(table,), algorithm="INPLACE", sources=(source,))


def rebuilt_with_indexes(table: TableName, before: Schema, dialect: Dialect) -> Effect:
    """Return the effect of rebuilding a table in place, its FULLTEXT indexes considered.

    A table that has one is not rebuilt while others write (InnoDB online DDL limitations).
    """
    found = known_table(before, table)
    special = found is not None and has_fulltext(found)
    return rebuilt(table, dialect, "SHARED" if special else "NONE")


def copied(table: TableName, dialect: Dialect) -> Effect:
    """Return the effect of copying the table row by row: nobody writes meanwhile.

    MariaDB 11.2 and newer let writes go on, with exceptions that are not told apart here.
    """
    source = MARIADB_OVERVIEW if is_mariadb(dialect) else MYSQL_ONLINE
    online = is_mariadb(dialect) and bool(dialect.version) and dialect.at_least(11, 2)
    holds = _held(table, "NONE" if online else "SHARED")
    made = Effect(holds, rewrites=(table,), scans=(table,), algorithm="COPY", sources=(source,))
    return made.in_doubt() if online else made


def _moment(table: TableName) -> Hold:
    return Hold(table, METADATA_LOCK, "reads and writes")


def _held(table: TableName, lock: Lock) -> tuple[Hold, ...]:
    between = Hold(table, f"LOCK={lock}", _BLOCKS[lock], long=True)
    return (_moment(table), between) if lock == "NONE" else (between, _moment(table))


def in_one_statement(parts: Iterable[Effect]) -> Effect:
    """Return what a single ALTER TABLE with several actions does: the costliest decides for all."""
    effects = tuple(parts)
    worst = max(effects, key=_cost)
    sources = tuple(dict.fromkeys(source for effect in effects for source in effect.sources))
    return replace(worst, sources=sources, known=all(effect.known for effect in effects))


def _cost(effect: Effect) -> tuple[int, bool, bool, bool]:
    algorithms = (None, "INSTANT", "INPLACE", "COPY")
    long = any(hold.long for hold in effect.holds)
    blocking = any(hold.long and hold.blocks != "nothing" for hold in effect.holds)
    return (algorithms.index(effect.algorithm), blocking, bool(effect.rewrites), long)


def has_fulltext(table: Table) -> bool:
    """Tell whether a FULLTEXT index keeps the table from INSTANT changes."""
    return any((index.method or "").upper() == "FULLTEXT" for index in table.indexes)


def known_table(before: Schema, name: TableName) -> Table | None:
    """Return the table if everything about it is known, else `None`."""
    table = before.table(name)
    return table if table is not None and table.known else None
