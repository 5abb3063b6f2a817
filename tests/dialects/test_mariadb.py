"""What MariaDB is claimed to do is what it does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TypeAlias

import pymysql
import pytest

from migrate_guard.dialect import Dialect
from migrate_guard.dialects import effect_of
from migrate_guard.operations import (
    AnyOperation,
    CreateObject,
    DropObject,
    DropTable,
    RenameTable,
    TableName,
    Truncate,
    Update,
)
from tests.dialects.mariadb_cases import CASES, SETUP, Case, T, shop
from tests.dialects.shop import SPAN
from tests.servers import MariadbServer
from tests.tracing import probe, waits_for

pytestmark = pytest.mark.server

Connection: TypeAlias = "pymysql.Connection[pymysql.cursors.Cursor]"
SHOP = shop()


@pytest.fixture(scope="module")
def database(mariadb: MariadbServer) -> str:
    """A database that holds the shop."""
    url = mariadb.fresh_database()
    with mariadb.connect(url) as made:
        for name in SETUP:
            _reset(made, name)
    return url


@pytest.fixture
def connection(mariadb: MariadbServer, database: str) -> Iterator[Connection]:
    with mariadb.connect(database) as made:
        yield made


def _reset(connection: Connection, table: str) -> None:
    """Make one table as it was; making all of them for each test would be slow."""
    with connection.cursor() as cursor:
        for statement in (f"DROP TABLE IF EXISTS {table}, moved", *SETUP[table]):
            cursor.execute(statement)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.sql[:90])
def test_claim(case: Case, connection: Connection, mariadb: MariadbServer) -> None:
    effect = effect_of(case.operation, SHOP, Dialect("mariadb", mariadb.version))
    _reset(connection, re.findall(r"\b(?:TABLE|ON) (\w+)", case.sql)[0])
    probed = probe(connection, case.sql)
    locks = {hold.lock for hold in effect.holds}
    long_locks = {hold.lock for hold in effect.holds if hold.long}
    # Since 11.2 most copies let writes go on; which do not is left open.
    assert effect.known != (probed.algorithm == "COPY" and mariadb.version >= (11, 2))
    assert effect.algorithm == probed.algorithm
    assert "metadata lock" in locks
    assert bool(effect.rewrites) == probed.rebuilds
    if probed.lock is None:
        assert not long_locks
    else:
        assert long_locks <= {f"LOCK={probed.lock}"}
    assert bool(long_locks) == bool(effect.scans)
    assert effect.sources


@pytest.mark.parametrize(
    ("sql", "operation"),
    [
        ("ALTER TABLE t ADD COLUMN x int", CASES[0].operation),
        ("TRUNCATE TABLE t", Truncate(span=SPAN, table=T)),
        ("DROP TABLE t", DropTable(span=SPAN, table=T)),
        ("RENAME TABLE t TO moved", RenameTable(span=SPAN, table=T, to=TableName("moved"))),
        (
            "CREATE TRIGGER made BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1",
            CreateObject(span=SPAN, kind="trigger", name=TableName("made"), table=T),
        ),
        ("CREATE VIEW made AS SELECT * FROM t", CreateObject(span=SPAN, kind="view", name=TableName("made"))),
        ("DROP VIEW shown", DropObject(span=SPAN, kind="view", name=TableName("shown"))),
        ("UPDATE t SET a = a", Update(span=SPAN, table=T)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_metadata_lock(
    sql: str, operation: AnyOperation, connection: Connection, mariadb: MariadbServer, database: str
) -> None:
    effect = effect_of(operation, SHOP, Dialect("mariadb", mariadb.version))
    _reset(connection, "t")
    with connection.cursor() as cursor:
        cursor.execute("CREATE OR REPLACE VIEW shown AS SELECT * FROM t")
    claimed = any(hold.lock == "metadata lock" and hold.table == T for hold in effect.holds)
    with mariadb.connect(database) as reader:
        assert waits_for(connection, reader, "t", sql) == claimed
    assert effect.known


def test_update_of_all_rows_makes_inserts_wait(
    connection: Connection, mariadb: MariadbServer, database: str
) -> None:
    effect = effect_of(Update(span=SPAN, table=T), SHOP, Dialect("mariadb", mariadb.version))
    _reset(connection, "t")
    with mariadb.connect(database) as other, other.cursor() as waiting, connection.cursor() as cursor:
        cursor.execute("START TRANSACTION")
        cursor.execute("UPDATE t SET d = 1")
        waiting.execute("SET SESSION innodb_lock_wait_timeout = 1")
        with pytest.raises(pymysql.err.OperationalError, match="Lock wait timeout"):
            waiting.execute("INSERT INTO t (id, n) VALUES (900, 900)")
        cursor.execute("ROLLBACK")
    assert [(hold.blocks, hold.long) for hold in effect.holds] == [("writes", True)]
