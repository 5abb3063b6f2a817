"""What a change of type does is what PostgreSQL does, on every pair of these types."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from itertools import product

import psycopg
import pytest

from migrate_guard.dialect import Dialect
from migrate_guard.dialects import type_change
from migrate_guard.operations import SqlType, TableName
from tests.servers import PostgresServer
from tests.tracing import trace

pytestmark = pytest.mark.server

Connection = psycopg.Connection[tuple[object, ...]]


def _array(of: SqlType) -> SqlType:
    return SqlType("ARRAY", item=of)


# As the server reads them, and as the operations have them, with a value that each can hold.
TYPES: dict[str, tuple[SqlType, str]] = {
    "bigint": (SqlType("BIGINT"), "1"),
    "int": (SqlType("INTEGER"), "1"),
    "smallint": (SqlType("SMALLINT"), "1"),
    "boolean": (SqlType("BOOLEAN"), "true"),
    "real": (SqlType("REAL"), "1"),
    "float(20)": (SqlType("FLOAT", (20,)), "1"),
    "float": (SqlType("FLOAT"), "1"),
    "double precision": (SqlType("DOUBLE PRECISION"), "1"),
    "money": (SqlType("MONEY"), "1"),
    "numeric": (SqlType("NUMERIC"), "1"),
    "numeric(8)": (SqlType("NUMERIC", (8,)), "1"),
    "numeric(8,2)": (SqlType("DECIMAL", (8, 2)), "1"),
    "numeric(10,2)": (SqlType("NUMERIC", (10, 2)), "1"),
    "numeric(10,4)": (SqlType("NUMERIC", (10, 4)), "1"),
    "text": (SqlType("TEXT"), "1"),
    "varchar": (SqlType("VARCHAR"), "1"),
    "varchar(10)": (SqlType("VARCHAR", (10,)), "1"),
    "varchar(20)": (SqlType("VARCHAR", (20,)), "1"),
    "char(1)": (SqlType("CHAR"), "1"),
    "char(10)": (SqlType("CHAR", (10,)), "1"),
    "bytea": (SqlType("BYTEA"), "1"),
    "date": (SqlType("DATE"), "2020-01-01"),
    "time": (SqlType("TIME"), "10:00"),
    "time(3)": (SqlType("TIME", (3,)), "10:00"),
    "timestamp": (SqlType("DATETIME"), "2020-01-01"),
    "timestamp(3)": (SqlType("TIMESTAMP", (3,)), "2020-01-01"),
    "timestamp(6)": (SqlType("TIMESTAMP", (6,)), "2020-01-01"),
    "timestamptz": (SqlType("TIMESTAMP", timezone=True), "2020-01-01"),
    "timestamptz(3)": (SqlType("TIMESTAMP", (3,), timezone=True), "2020-01-01"),
    "interval": (SqlType("INTERVAL"), "1 day"),
    "interval(3)": (SqlType("INTERVAL", (3,)), "1 day"),
    "json": (SqlType("JSON"), "1"),
    "jsonb": (SqlType("JSONB"), "1"),
    "uuid": (SqlType("UUID"), "6c84fb90-12c4-11e1-840d-7b25c5ee775a"),
    "inet": (SqlType("INET"), "10.0.0.0"),
    "cidr": (SqlType("CIDR"), "10.0.0.0"),
    "macaddr": (SqlType("MACADDR"), "08:00:2b:01:02:03"),
    "bit(4)": (SqlType("BIT", (4,)), "1010"),
    "varbit": (SqlType("VARBIT"), "1010"),
    "varbit(4)": (SqlType("BIT VARYING", (4,)), "1010"),
    "varbit(8)": (SqlType("VARBIT", (8,)), "1010"),
    "tsvector": (SqlType("TSVECTOR"), "a"),
    "xml": (SqlType("XML"), "<a/>"),
    "citext": (SqlType("CITEXT"), "1"),
    "mood": (SqlType("ENUM", enum=TableName("mood"), labels=("a", "b")), "a"),
    "other": (SqlType("ENUM", enum=TableName("other"), labels=("a", "c")), "a"),
    "int[]": (_array(SqlType("INTEGER")), "{1}"),
    "bigint[]": (_array(SqlType("BIGINT")), "{1}"),
    "text[]": (_array(SqlType("TEXT")), "{1}"),
    "varchar[]": (_array(SqlType("VARCHAR")), "{1}"),
    "varchar(10)[]": (_array(SqlType("VARCHAR", (10,))), "{1}"),
    "varchar(20)[]": (_array(SqlType("VARCHAR", (20,))), "{1}"),
}


@pytest.fixture(scope="module")
def database(postgresql: PostgresServer) -> Iterator[Connection]:
    with postgresql.connect(postgresql.fresh_database()) as connection:
        with suppress(psycopg.errors.UndefinedFile, psycopg.errors.FeatureNotSupported):
            connection.execute("CREATE EXTENSION citext")
        connection.execute("CREATE TYPE mood AS ENUM ('a', 'b'); CREATE TYPE other AS ENUM ('a', 'c')")
        yield connection


def _exists(name: str, connection: Connection) -> bool:
    try:
        connection.execute(f"SELECT '{TYPES[name][1]}'::{name}")
    except (psycopg.errors.FeatureNotSupported, psycopg.errors.UndefinedObject):  # no libxml, no contrib
        return False
    return True


@pytest.mark.parametrize("old", TYPES)
def test_every_pair(old: str, database: Connection, postgresql: PostgresServer) -> None:
    if not _exists(old, database):
        pytest.skip(f"this server has no {old}")
    dialect = Dialect("postgresql", postgresql.version)
    database.execute("DROP TABLE IF EXISTS t")
    database.execute(f"CREATE TABLE t (c {old})")
    database.execute(f"INSERT INTO t VALUES ('{TYPES[old][1]}')")
    wrong = []
    for new in TYPES:
        done = _done(database, new)
        claimed = type_change(TYPES[old][0], TYPES[new][0], dialect).work
        if done is not None and claimed not in {done, "unknown"}:
            wrong.append(f"{old} to {new}: claimed {claimed}, did {done}")
    assert wrong == []


def _done(connection: Connection, new: str) -> str | None:
    """Return what the change did; `None` if there is no such cast, or the value does not fit."""
    for using in ("", f" USING c::{new}"):
        try:
            traced = trace(connection, f"ALTER TABLE t ALTER COLUMN c TYPE {new}{using}")
        except psycopg.Error:
            continue
        return "rewrite" if "t" in traced.rewrites else "free"
    return None


def test_few_pairs_are_unknown() -> None:
    dialect = Dialect("postgresql", (18, 0))
    unknown = {
        (old, new)
        for old, new in product(TYPES, TYPES)
        if type_change(TYPES[old][0], TYPES[new][0], dialect).work == "unknown"
    }
    zones = {"timestamp", "timestamp(3)", "timestamp(6)", "timestamptz", "timestamptz(3)"}
    assert {pair for pair in unknown if "citext" not in pair and not set(pair) <= zones} == set()


@pytest.mark.parametrize(("zone", "work"), [("UTC", "free"), ("Europe/Berlin", "rewrite")])
def test_time_zone_depends_on_the_session(zone: str, work: str, database: Connection) -> None:
    database.execute("DROP TABLE IF EXISTS t")
    database.execute("CREATE TABLE t (c timestamp)")
    database.execute(f"SET timezone = '{zone}'")
    done = _done(database, "timestamptz")
    database.execute("RESET timezone")
    assert done == (work if database.info.server_version >= 120000 else "rewrite")
