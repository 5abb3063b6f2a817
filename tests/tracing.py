"""What a statement really does on a server: the locks it takes, what it rewrites, what it scans.

PostgreSQL tells what it did; MariaDB tells which algorithms it accepts. The claims of
`migrate_guard.dialects` and the examples of the rule pages are held against these traces.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import psycopg
    import pymysql

    Connection: TypeAlias = psycopg.Connection[tuple[object, ...]]
    MariadbConnection: TypeAlias = pymysql.Connection[pymysql.cursors.Cursor]

_PG_MODES = (
    "ACCESS SHARE",
    "ROW SHARE",
    "ROW EXCLUSIVE",
    "SHARE UPDATE EXCLUSIVE",
    "SHARE",
    "SHARE ROW EXCLUSIVE",
    "EXCLUSIVE",
    "ACCESS EXCLUSIVE",
)


@dataclass(frozen=True)
class Traced:
    """What a statement did, by the names that tables had before it.

    `locks` maps each table, view, sequence or materialized view to the strongest lock on it, in
    PostgreSQL's spelling; `index_locks` does so for indexes. `ACCESS SHARE` is left out. `rewrites` are
    the tables that have another file now. `scans` are those that were read from end to end, and
    `notices` the server's own words at the level DEBUG1.
    """

    locks: Mapping[str, str]
    index_locks: Mapping[str, str] = field(default_factory=dict)
    rewrites: frozenset[str] = frozenset()
    scans: frozenset[str] = frozenset()
    notices: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Relation:
    name: str
    kind: str
    file: int
    scans: int


_RELATIONS = """
SELECT c.oid, CASE n.nspname WHEN 'public' THEN c.relname ELSE n.nspname || '.' || c.relname END,
       c.relkind::text, pg_relation_filenode(c.oid)::bigint, pg_stat_get_xact_numscans(c.oid)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
"""
# A parallel build of an index may count the scan elsewhere; PostgreSQL 10 does not have the parameter.
_SERIALLY = """
SELECT set_config(name, '0', true) FROM pg_settings WHERE name = 'max_parallel_maintenance_workers'
"""
_LOCKS = """
SELECT relation, mode FROM pg_locks
WHERE pid = pg_backend_pid() AND locktype = 'relation' AND granted
"""


def trace(connection: Connection, sql: str) -> Traced:
    """Run a statement in a transaction that is rolled back, and return what it did.

    `connection` is in autocommit mode. A statement that fails raises the driver's error; what cannot run
    inside a transaction cannot be traced.
    """
    notices: list[str] = []
    handler = lambda found: notices.append(found.message_primary or "")  # noqa: E731
    with connection.transaction(force_rollback=True):
        connection.execute(_SERIALLY)
        before = _relations(connection)
        held = _locks(connection)
        connection.execute("SET LOCAL client_min_messages = debug1")
        connection.add_notice_handler(handler)
        try:
            connection.execute(sql)
        finally:
            connection.remove_notice_handler(handler)
        connection.execute("SET LOCAL client_min_messages = notice")
        locks = {oid: mode for oid, mode in _locks(connection).items() if held.get(oid) != mode}
        after = _relations(connection)
    return _compared(before, after, locks, tuple(notices))


def wanted_lock(open_connection: Callable[[], Connection], sql: str, table: str) -> str:
    """Return the first lock that a statement waits for while another session holds a table.

    For statements that cannot run inside a transaction: the other session holds SHARE ROW EXCLUSIVE, the
    statement is cancelled once it waits. It must want SHARE UPDATE EXCLUSIVE or more.
    """
    with open_connection() as holder, open_connection() as runner, holder.transaction(force_rollback=True):
        holder.execute(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")
        with ThreadPoolExecutor(1) as pool:
            running = pool.submit(runner.execute, sql)
            mode = _awaited(holder, runner.info.backend_pid, running)
            runner.cancel_safe()
            failure = running.exception()
    if failure is None or type(failure).__name__ != "QueryCanceled":
        raise AssertionError(f"{sql} was expected to wait, but: {failure}")
    return mode


def _awaited(holder: Connection, process: int, running: Future[psycopg.Cursor[tuple[object, ...]]]) -> str:
    """Return the mode of the lock that a backend waits for."""
    query = "SELECT mode FROM pg_locks WHERE pid = %s AND locktype = 'relation' AND NOT granted"
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and not running.done():
        row = holder.execute(query, [process]).fetchone()
        if row is not None:
            return _spelled(str(row[0]))
        time.sleep(0.005)
    raise AssertionError("the statement does not wait for the table")


def _relations(connection: Connection) -> dict[int, _Relation]:
    rows = connection.execute(_RELATIONS).fetchall()
    return {
        int(str(oid)): _Relation(str(name), str(kind), int(str(file or 0)), int(str(scans)))
        for oid, name, kind, file, scans in rows
    }


def _locks(connection: Connection) -> dict[int, str]:
    strongest: dict[int, str] = {}
    for oid, mode in connection.execute(_LOCKS).fetchall():
        name = _spelled(str(mode))
        key = int(str(oid))
        strongest[key] = max(strongest.get(key, name), name, key=_PG_MODES.index)
    return strongest


def _spelled(mode: str) -> str:
    """Return `ACCESS EXCLUSIVE` for `AccessExclusiveLock`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", mode.removesuffix("Lock")).upper()


def _compared(
    before: Mapping[int, _Relation],
    after: Mapping[int, _Relation],
    locks: Mapping[int, str],
    notices: tuple[str, ...],
) -> Traced:
    strong = {before[oid]: mode for oid, mode in locks.items() if oid in before and mode != "ACCESS SHARE"}
    kept = {relation: after[oid] for oid, relation in before.items() if oid in after}
    return Traced(
        locks={relation.name: mode for relation, mode in strong.items() if relation.kind not in "iI"},
        index_locks={relation.name: mode for relation, mode in strong.items() if relation.kind in "iI"},
        rewrites=frozenset(
            old.name for old, new in kept.items() if old.kind in "rm" and old.file != new.file
        ),
        scans=frozenset(old.name for old, new in kept.items() if old.kind in "rm" and new.scans > old.scans),
        notices=notices,
    )


@dataclass(frozen=True)
class Probed:
    """The cheapest way in which MariaDB accepts to carry out a statement.

    `rebuilds` tells that neither INSTANT nor NOCOPY was accepted, so that every row is written anew.
    """

    algorithm: str
    lock: str | None
    rebuilds: bool


_WAYS = (
    ("INSTANT", None),
    ("NOCOPY", "NONE"),
    ("NOCOPY", "SHARED"),
    ("INPLACE", "NONE"),
    ("INPLACE", "SHARED"),
    ("COPY", "NONE"),
    ("COPY", "SHARED"),
)


def probe(connection: MariadbConnection, sql: str) -> Probed:
    """Run an ALTER TABLE, CREATE INDEX or DROP INDEX in the cheapest way that the server accepts.

    Raise the driver's error when it accepts none. The change stays.
    """
    import pymysql

    comma = "," if sql.upper().startswith("ALTER TABLE") else ""
    for algorithm, lock in _WAYS:
        clause = f"{comma} ALGORITHM={algorithm}" + (f"{comma} LOCK={lock}" if lock else "")
        try:
            with connection.cursor() as cursor:
                cursor.execute(sql + clause)
        except pymysql.err.OperationalError as error:
            if error.args[0] not in _NOT_SUPPORTED:
                raise
            continue
        kept = "INPLACE" if algorithm == "NOCOPY" else algorithm
        return Probed(kept, lock, rebuilds=algorithm in {"INPLACE", "COPY"})
    raise AssertionError(f"no algorithm carries out {sql}")


# ER_ALTER_OPERATION_NOT_SUPPORTED and ER_ALTER_OPERATION_NOT_SUPPORTED_REASON.
_NOT_SUPPORTED = (1845, 1846)


def waits_for(connection: MariadbConnection, reader: MariadbConnection, table: str, sql: str) -> bool:
    """Tell whether a statement waits for a transaction that has only read a table.

    If it does, it is given up after a second; else it is carried out.
    """
    import pymysql

    with reader.cursor() as reading, connection.cursor() as cursor:
        reading.execute("START TRANSACTION")
        reading.execute(f"SELECT 1 FROM {table} LIMIT 1")
        cursor.execute("SET SESSION lock_wait_timeout = 1")
        try:
            cursor.execute(sql)
        except pymysql.err.OperationalError as error:
            if error.args[0] != _LOCK_WAIT_TIMEOUT:
                raise
            return True
        finally:
            reading.execute("ROLLBACK")
    return False


_LOCK_WAIT_TIMEOUT = 1205
