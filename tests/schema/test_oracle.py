"""The replayed schema is the schema that the database has: Alembic runs, SQLAlchemy reflects."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.schema.oracle import disagreements
from tests.schema.raw_scenarios import MARIADB_SQL, POSTGRESQL_SQL, SQLITE_SQL
from tests.schema.recorded import Step
from tests.schema.scenarios import MARIADB, PORTABLE, POSTGRESQL, SERVERS
from tests.schema.sqlite_scenarios import SQLITE
from tests.servers import MariadbServer, PostgresServer


def _told(found: list[tuple[int, object]]) -> str:
    return "\n".join(f"after step {number}: {difference}" for number, difference in found)


def _cases(*groups: dict[str, list[Step]]) -> list[object]:
    return [pytest.param(steps, id=name) for group in groups for name, steps in group.items()]


@pytest.mark.parametrize("steps", _cases(PORTABLE, SQLITE, SQLITE_SQL))
@pytest.mark.filterwarnings("ignore:Unnamed CHECK constraint")
@pytest.mark.filterwarnings("ignore:WARNING. SQL-parsed foreign key constraint")
def test_sqlite(steps: list[Step]) -> None:
    with sa.create_engine("sqlite://", poolclass=sa.NullPool).connect() as connection:
        found = disagreements(connection, "sqlite", steps)
    assert not found, _told([*found])


@pytest.mark.server
@pytest.mark.parametrize("steps", _cases(PORTABLE, SERVERS, POSTGRESQL, POSTGRESQL_SQL))
def test_postgresql(steps: list[Step], postgresql: PostgresServer) -> None:
    engine = sa.create_engine(postgresql.fresh_database(), poolclass=sa.NullPool)
    with engine.connect() as connection:
        found = disagreements(connection, "postgresql", steps)
    assert not found, _told([*found])


@pytest.mark.server
@pytest.mark.parametrize("steps", _cases(PORTABLE, SERVERS, MARIADB, MARIADB_SQL))
def test_mariadb(steps: list[Step], mariadb: MariadbServer) -> None:
    engine = sa.create_engine(mariadb.fresh_database(), poolclass=sa.NullPool)
    with engine.connect() as connection:
        found = disagreements(connection, "mariadb", steps)
    assert not found, _told([*found])
