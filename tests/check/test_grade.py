"""Findings about locks are graded by the rows that a database really has."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from migrate_guard.check import check
from migrate_guard.check.grade import SMALL, graded
from migrate_guard.config import Config
from migrate_guard.dialect import Dialect
from migrate_guard.evidence.database.state import DatabaseEvidence
from migrate_guard.finding import Severity
from migrate_guard.operations import TableName
from tests.evidence.databases import CUSTOMERS, write_history
from tests.judgements import finding
from tests.servers import PostgresServer


def database(rows: int) -> DatabaseEvidence:
    """Return a database whose table `orders` has so many rows."""
    return DatabaseEvidence(
        "db", Dialect("postgresql"), None, (), "current", rows={TableName("orders"): rows}
    )


@pytest.mark.parametrize(("rows", "expected"), [(SMALL, Severity.INFO), (SMALL + 1, Severity.ERROR)])
def test_few_rows_make_a_lock_harmless(rows: int, expected: Severity) -> None:
    (found,) = graded([finding(table="orders", dialects=("postgresql 15",))], [database(5), database(rows)])

    assert found.severity is expected
    assert found.notes == (f"orders has about {rows:,} rows in the database that was looked at",)


@pytest.mark.parametrize(
    "changes",
    [
        {"table": "customers", "dialects": ("postgresql",)},
        {"table": "", "dialects": ("postgresql",)},
        {"table": "orders", "dialects": ("mysql",)},
        {"table": "orders", "dialects": ("postgresql", "mysql")},
        {"table": "orders", "dialects": ("postgresql",), "family": "data-loss"},
    ],
)
def test_what_the_database_does_not_tell_stays(changes: dict[str, object]) -> None:
    given = finding(**changes)

    assert list(graded([given], [database(5)])) == [given]


@pytest.mark.server
def test_rows_come_from_the_database(postgresql: PostgresServer, tmp_path: Path) -> None:
    versions = write_history(tmp_path, CUSTOMERS, 'op.create_index("ix", "customers", ["id"])')
    url = postgresql.fresh_database()
    with sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool).connect() as connection:
        connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32) PRIMARY KEY)")
        connection.exec_driver_sql("INSERT INTO alembic_version VALUES ('r1')")
        connection.exec_driver_sql("CREATE TABLE customers (id SERIAL PRIMARY KEY)")
        connection.exec_driver_sql("INSERT INTO customers SELECT generate_series(1, 1234)")
        connection.exec_driver_sql("ANALYZE customers")
    config = Config(
        root=tmp_path,
        paths=(versions,),
        dialects=(Dialect("postgresql"),),
        database_url=url,
        select=("index-blocks-writes",),
    )

    (found,) = check(config).findings

    assert found.severity is Severity.INFO
    assert "customers has about 1,234 rows in the database that was looked at" in found.notes
