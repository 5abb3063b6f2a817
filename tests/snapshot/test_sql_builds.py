"""The DDL builds the schema that running the migrations builds: on SQLite, PostgreSQL and MariaDB."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from migrate_guard.dialect import DialectName
from migrate_guard.schema import empty_schema
from migrate_guard.schema.compare import differences
from tests.schema.raw_scenarios import MARIADB_SQL, POSTGRESQL_SQL, SQLITE_SQL
from tests.schema.recorded import Step
from tests.schema.reflected import reflect
from tests.schema.scenarios import MARIADB, PORTABLE, POSTGRESQL, SERVERS
from tests.schema.sqlite_scenarios import SQLITE
from tests.servers import MariadbServer, PostgresServer
from tests.snapshot.building import build, migrated, snapshot


def _cases(*groups: dict[str, list[Step]]) -> list[object]:
    return [pytest.param(steps, id=name) for group in groups for name, steps in group.items()]


@contextmanager
def _connected(url: str) -> Iterator[sa.Connection]:
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        yield connection


def _assert_same(
    first: sa.Connection,
    second: sa.Connection,
    dialect: DialectName,
    steps: list[Step],
    version: tuple[int, ...],
) -> None:
    replayed = migrated(first, empty_schema(dialect), steps)
    script = build(second, snapshot(replayed, version))
    found = differences(reflect(first, dialect), reflect(second, dialect))
    assert not found, "\n".join([*map(str, found), script])
    assert not differences(replayed, reflect(second, dialect))


@pytest.mark.parametrize("steps", _cases(PORTABLE, SQLITE, SQLITE_SQL))
@pytest.mark.filterwarnings("ignore:Unnamed CHECK constraint")
@pytest.mark.filterwarnings("ignore:WARNING. SQL-parsed foreign key constraint")
def test_sqlite(steps: list[Step]) -> None:
    with _connected("sqlite://") as first, _connected("sqlite://") as second:
        _assert_same(first, second, "sqlite", steps, (3,))


@pytest.mark.server
@pytest.mark.parametrize("steps", _cases(PORTABLE, SERVERS, POSTGRESQL, POSTGRESQL_SQL))
def test_postgresql(steps: list[Step], postgresql: PostgresServer) -> None:
    urls = postgresql.fresh_database(), postgresql.fresh_database()
    with _connected(urls[0]) as first, _connected(urls[1]) as second:
        _assert_same(first, second, "postgresql", steps, postgresql.version)


@pytest.mark.server
@pytest.mark.parametrize("steps", _cases(PORTABLE, SERVERS, MARIADB, MARIADB_SQL))
def test_mariadb(steps: list[Step], mariadb: MariadbServer) -> None:
    urls = mariadb.fresh_database(), mariadb.fresh_database()
    with _connected(urls[0]) as first, _connected(urls[1]) as second:
        _assert_same(first, second, "mariadb", steps, mariadb.version)
