"""Where a database stands, what it has, and every way of not being able to look."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from migrate_guard.dialect import Dialect
from migrate_guard.verdict import exit_code
from tests.evidence.databases import CUSTOMERS, NICK, judged, messages, write_history
from tests.servers import MariadbServer, PostgresServer

VERSION = "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY);"
UNVERSIONED = "`upgrade` would create what is there already"
TABLE = "CREATE TABLE customers (id INTEGER NOT NULL PRIMARY KEY);"


def live(root: Path, statements: str) -> str:
    """Make a SQLite database and return its URL."""
    with closing(sqlite3.connect(root / "live.db")) as connection:
        connection.executescript(statements)
    return f"sqlite:///{(root / 'live.db').as_posix()}"


def at(*revisions: str) -> str:
    return VERSION + "".join(f"INSERT INTO alembic_version VALUES ('{one}');" for one in revisions)


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        (at("r1") + TABLE, ["revision-not-applied: live.db is at r1: 1 revision not applied"]),
        ("", ["revision-not-applied: live.db is empty: 2 revisions not applied"]),
        (VERSION, ["revision-not-applied: live.db is empty: 2 revisions not applied"]),
        (
            TABLE,
            [f"database-off-history: live.db has tables and no revision: {UNVERSIONED}"],
        ),
        (at("f00d") + TABLE, ["database-off-history: live.db is at f00d, which no file here declares"]),
        (
            at("r1", "r2") + TABLE,
            ["database-off-history: live.db is at r1 and r2, of which one comes before another"],
        ),
        (at("r2") + TABLE, ["database-drift: live.db lacks column nick of customers"]),
    ],
)
def test_a_database_stands_somewhere(statements: str, expected: list[str], tmp_path: Path) -> None:
    write_history(tmp_path, CUSTOMERS, NICK)

    judgement = judged(tmp_path, live(tmp_path, statements))

    assert messages(judgement) == expected
    assert judgement.skipped == ()


def test_a_database_as_the_history_says_is_no_finding(tmp_path: Path) -> None:
    write_history(tmp_path, CUSTOMERS)

    assert messages(judged(tmp_path, live(tmp_path, at("r1") + TABLE))) == []


def test_the_version_table_may_have_another_name(tmp_path: Path) -> None:
    write_history(tmp_path, CUSTOMERS)
    url = live(tmp_path, at("r1").replace("alembic_version", "history") + TABLE)

    assert messages(judged(tmp_path, url, version_table="history")) == []
    assert [one.rule for one in judged(tmp_path, url).findings] == ["database-off-history"]


def test_a_missing_file_is_an_empty_database_and_stays_missing(tmp_path: Path) -> None:
    write_history(tmp_path, CUSTOMERS)

    judgement = judged(tmp_path, f"sqlite:///{(tmp_path / 'none.db').as_posix()}")

    assert [one.rule for one in judgement.findings] == ["revision-not-applied"]
    assert not (tmp_path / "none.db").exists()


def test_looking_changes_nothing(tmp_path: Path) -> None:
    write_history(tmp_path, CUSTOMERS)
    url = live(tmp_path, at("r1") + TABLE)
    before = (tmp_path / "live.db").read_bytes()
    (tmp_path / "live.db").chmod(0o444)

    judged(tmp_path, url)

    assert (tmp_path / "live.db").read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["live.db", "migrations"]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql+psycopg://ada:hunter2@127.0.0.1:1/shop", "Connection refused"),
        ("mysql+pymysql://ada:hunter2@127.0.0.1:1/shop", "Can't connect"),
        ("postgresql+nosuch://ada:hunter2@localhost/shop", "Can't load plugin"),
        ("not a url", "Could not parse"),
        ("sqlite://", "a database in memory has nothing to look at"),
        ("oracle+oracledb://ada:hunter2@localhost/shop", "oracledb"),
    ],
)
def test_what_cannot_be_looked_at_is_said_without_the_password(
    url: str, expected: str, tmp_path: Path
) -> None:
    write_history(tmp_path, CUSTOMERS)

    judgement = judged(tmp_path, url)

    (line,) = judgement.skipped
    assert expected in line
    assert "hunter2" not in line
    assert "\n" not in line
    assert exit_code(judgement, None) == 2


def test_a_file_that_is_no_database_is_said(tmp_path: Path) -> None:
    write_history(tmp_path, CUSTOMERS)
    (tmp_path / "live.db").write_text("hello" * 1000, encoding="utf-8")

    (line,) = judged(tmp_path, f"sqlite:///{(tmp_path / 'live.db').as_posix()}").skipped

    assert "file is not a database" in line


@pytest.mark.server
def test_postgresql_tells_what_earlier_runs_left(postgresql: PostgresServer, tmp_path: Path) -> None:
    write_history(
        tmp_path,
        CUSTOMERS.replace("))", '), sa.Column("n", sa.Integer()))'),
    )
    url = postgresql.fresh_database()
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        for statement in (
            "CREATE TABLE alembic_version (version_num VARCHAR(32) PRIMARY KEY)",
            "INSERT INTO alembic_version VALUES ('r1')",
            "CREATE TABLE customers (id SERIAL PRIMARY KEY, n INTEGER)",
            "INSERT INTO customers (n) VALUES (1), (1)",
            "ALTER TABLE customers ADD CONSTRAINT positive CHECK (n > 0) NOT VALID",
        ):
            connection.exec_driver_sql(statement)
        with pytest.raises(sa.exc.IntegrityError):
            connection.exec_driver_sql("CREATE UNIQUE INDEX CONCURRENTLY ix_n ON customers (n)")

    found = judged(tmp_path, url, Dialect("postgresql")).findings

    leftovers = sorted(one.message.partition(": ")[2] for one in found if one.rule == "database-leftover")
    assert leftovers == [
        "constraint positive of customers was never validated: older rows may break it",
        "index ix_n of customers is invalid: its build failed, and no query uses it",
    ]
    assert {one.rule for one in found} == {"database-leftover", "database-drift"}


@pytest.mark.server
def test_mariadb_is_read_as_what_it_is(mariadb: MariadbServer, tmp_path: Path) -> None:
    write_history(tmp_path, CUSTOMERS)
    url = mariadb.fresh_database()
    with sa.create_engine(url, poolclass=sa.NullPool).begin() as connection:
        connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32) PRIMARY KEY)")
        connection.exec_driver_sql("INSERT INTO alembic_version VALUES ('r1')")
        connection.exec_driver_sql("CREATE TABLE customers (id INTEGER PRIMARY KEY AUTO_INCREMENT, x INT)")

    judgement = judged(tmp_path, url, Dialect("mariadb"))

    assert [one.message.partition(" ")[2] for one in judgement.findings] == [
        "has column x of customers, which no migration made"
    ]


@pytest.mark.server
def test_a_session_cannot_write(postgresql: PostgresServer) -> None:
    from migrate_guard.evidence.probe.database import _only_read

    engine = sa.create_engine(postgresql.fresh_database(), poolclass=sa.NullPool)
    with engine.connect() as connection:
        _only_read(connection)
        with pytest.raises(sa.exc.InternalError, match="read-only transaction"):
            connection.exec_driver_sql("CREATE TABLE t (id INTEGER)")


DYNAMIC = 'for row in op.get_bind().execute(sa.text("SELECT name FROM t")):\n    op.execute(row.name)'


def test_a_table_that_the_history_does_not_fully_know_is_named(tmp_path: Path) -> None:
    write_history(tmp_path, CUSTOMERS, DYNAMIC)

    judgement = judged(tmp_path, live(tmp_path, at("r2") + TABLE.replace("id ", "other ")))

    assert messages(judgement) == []
    (line,) = [one for one in judgement.summary.not_checked if one.startswith("database: ")]
    assert line.startswith("database: customers on sqlite (")
    (found,) = judgement.stages
    assert {stage.name: stage.state for stage in found.stages}["verify"] == "unknown"
