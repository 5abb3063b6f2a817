"""The throw-away servers start, keep databases apart and leave nothing behind."""

from __future__ import annotations

import pytest

from tests.servers import MariadbServer, PostgresServer, running_mariadb, running_postgresql

pytestmark = pytest.mark.server


def test_postgresql_gives_empty_databases(postgresql: PostgresServer) -> None:
    first, second = postgresql.fresh_database(), postgresql.fresh_database()
    with postgresql.connect(first) as connection:
        connection.execute("CREATE TABLE t (id int)")
    with postgresql.connect(second) as connection:
        row = connection.execute("SELECT to_regclass('t'), current_setting('server_version_num')").fetchone()
    assert row is not None
    assert row[0] is None
    assert int(str(row[1])) // 10000 == postgresql.version[0]


def test_mariadb_gives_empty_databases(mariadb: MariadbServer) -> None:
    first, second = mariadb.fresh_database(), mariadb.fresh_database()
    with mariadb.connect(first) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE t (id int)")
    with mariadb.connect(second) as connection, connection.cursor() as cursor:
        assert cursor.execute("SHOW TABLES") == 0
    assert mariadb.version >= (10, 5)


def test_postgresql_leaves_nothing_behind(postgresql: PostgresServer, request: pytest.FixtureRequest) -> None:
    with running_postgresql(request.config.getoption("--pg-major")) as server:
        assert server.directory.exists()
    assert not server.directory.exists()


def test_mariadb_leaves_nothing_behind(mariadb: MariadbServer) -> None:
    with running_mariadb() as server:
        assert server.path.exists()
    assert not server.path.parent.exists()
