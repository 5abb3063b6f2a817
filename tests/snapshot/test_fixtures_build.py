"""In every fixture, the DDL builds what Alembic builds when the revisions really run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from alembic.config import Config as AlembicConfig
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory

from migrate_guard.config import Config
from migrate_guard.dialect import DialectName
from migrate_guard.operations import TableName
from migrate_guard.project import Environment, find_environments, open_environment
from migrate_guard.schema import Schema
from migrate_guard.schema.compare import differences
from migrate_guard.snapshot import Snapshot, snapshots
from tests.commands import FIXTURES
from tests.schema.reflected import reflect
from tests.servers import MariadbServer, PostgresServer
from tests.snapshot.building import build

# One is broken on purpose and one needs SQLModel; the others show revisions that fail when they run.
NOT_RUNNABLE = {"broken-syntax", "sqlmodel", "async-env", "flask-migrate"}
PROJECTS = sorted(path.name for path in FIXTURES.iterdir() if path.is_dir() and path.name not in NOT_RUNNABLE)
NEEDS_POSTGRESQL = {"long-history": (13,)}
_ALEMBICS = TableName("alembic_version")


def _environments(project: str) -> Iterator[Environment]:
    config = Config(root=FIXTURES / project)
    for environment in find_environments(config).environments:
        yield open_environment(environment, config)[0]


def _of(environment: Environment, project: str) -> list[Snapshot]:
    return [
        one for one in snapshots(Config(root=FIXTURES / project)).found if one.environment == environment.name
    ]


@contextmanager
def _database(dialect: DialectName, request: pytest.FixtureRequest) -> Iterator[sa.Connection]:
    """Open a new database; only the servers that are needed are started."""
    url = "sqlite://"
    if dialect == "postgresql":
        server: PostgresServer = request.getfixturevalue("postgresql")
        url = server.fresh_database()
    elif dialect in ("mysql", "mariadb"):
        other: MariadbServer = request.getfixturevalue("mariadb")
        url = other.fresh_database()
    engine = sa.create_engine(url, poolclass=sa.pool.StaticPool)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def _upgrade(connection: sa.Connection, environment: Environment, database: str | None) -> None:
    """Run all revisions without the project's own `env.py`."""
    config = AlembicConfig()
    config.set_main_option("script_location", str(environment.script_location))
    config.set_main_option("version_locations", "\n".join(map(str, environment.version_locations)))
    config.set_main_option("path_separator", "newline")
    script = ScriptDirectory.from_config(config)
    with EnvironmentContext(config, script, fn=lambda rev, _: script._upgrade_revs("heads", rev)) as context:
        context.configure(connection=connection)
        with context.begin_transaction():
            context.run_migrations(**({} if database is None else {"engine_name": database}))


def _reflected(connection: sa.Connection, dialect: DialectName) -> Schema:
    return reflect(connection, dialect).without_table(_ALEMBICS)


@pytest.mark.server
@pytest.mark.parametrize("project", PROJECTS)
def test_the_ddl_builds_what_the_migrations_build(
    project: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    if project in NEEDS_POSTGRESQL:
        server: PostgresServer = request.getfixturevalue("postgresql")
        if server.version < NEEDS_POSTGRESQL[project]:
            pytest.skip(f"{project} needs a newer PostgreSQL than {server.version}")
    monkeypatch.chdir(FIXTURES / project)
    for environment in _environments(project):
        monkeypatch.syspath_prepend(str(environment.root))
        for found in _of(environment, project):
            dialect = found.dialect.name
            with _database(dialect, request) as first, _database(dialect, request) as second:
                _upgrade(first, environment, found.database)
                script = build(second, found)
                left, right = _reflected(first, dialect), _reflected(second, dialect)
                assert list(map(str, differences(left, right))) == [], script
                assert left.tables
