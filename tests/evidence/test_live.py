"""What is read of a live database is what the replay says: no history that really ran shows a drift."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext

from migrate_guard.dialect import Dialect, DialectName
from migrate_guard.evidence.built import built
from migrate_guard.evidence.database.look import drift
from migrate_guard.evidence.probe.database import look
from migrate_guard.schema import apply, empty_schema
from tests.schema.raw_scenarios import MARIADB_SQL, POSTGRESQL_SQL, SQLITE_SQL
from tests.schema.recorded import Step, record
from tests.schema.scenarios import MARIADB, PORTABLE, POSTGRESQL, SERVERS
from tests.schema.sqlite_scenarios import SQLITE
from tests.servers import MariadbServer, PostgresServer


def _cases(*groups: dict[str, list[Step]]) -> list[object]:
    return [pytest.param(steps, id=name) for group in groups for name, steps in group.items()]


def _drift(url: str, dialect: DialectName, steps: Iterable[Step]) -> list[str]:
    """Run the steps on a database, and return how it then differs from the replay of the same steps."""
    replayed = empty_schema(dialect)
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        for number, step in enumerate(steps):
            for operation in record(step, context, number):
                replayed = apply(replayed, operation, str(number))
            step(Operations(context))
            connection.commit()
    answer = look(url, "alembic_version", None, [])
    return [str(one) for one in drift(replayed, built(answer["ddl"], Dialect(dialect)), set())]


@pytest.mark.parametrize("steps", _cases(PORTABLE, SQLITE, SQLITE_SQL))
@pytest.mark.filterwarnings("ignore:Unnamed CHECK constraint")
@pytest.mark.filterwarnings("ignore:WARNING. SQL-parsed foreign key constraint")
def test_sqlite(steps: list[Step], tmp_path: Path) -> None:
    assert _drift(f"sqlite:///{tmp_path / 'live.db'}", "sqlite", steps) == []


@pytest.mark.server
@pytest.mark.parametrize("steps", _cases(PORTABLE, SERVERS, POSTGRESQL, POSTGRESQL_SQL))
def test_postgresql(steps: list[Step], postgresql: PostgresServer) -> None:
    assert _drift(postgresql.fresh_database(), "postgresql", steps) == []


@pytest.mark.server
@pytest.mark.parametrize("steps", _cases(PORTABLE, SERVERS, MARIADB, MARIADB_SQL))
def test_mariadb(steps: list[Step], mariadb: MariadbServer) -> None:
    assert _drift(mariadb.fresh_database(), "mariadb", steps) == []
