"""What a live database is like, read without changing anything or waiting for anybody."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url
from sqlalchemy.schema import AddConstraint

from . import catalog
from .ddl import statements

Document = dict[str, Any]

_CONNECT_SECONDS = 5
_STATEMENT_SECONDS = 10
_LOCK_SECONDS = 2
_CONNECT_ARGUMENTS: dict[str, Document] = {
    "psycopg": {"connect_timeout": _CONNECT_SECONDS},
    "psycopg2": {"connect_timeout": _CONNECT_SECONDS},
    "pg8000": {"timeout": _CONNECT_SECONDS},
    "asyncpg": {"timeout": _CONNECT_SECONDS},
    "pymysql": {"connect_timeout": _CONNECT_SECONDS},
    "mysqldb": {"connect_timeout": _CONNECT_SECONDS},
    "mysqlconnector": {"connection_timeout": _CONNECT_SECONDS},
    "aiomysql": {"connect_timeout": _CONNECT_SECONDS},
    "asyncmy": {"connect_timeout": _CONNECT_SECONDS},
}


class DatabaseError(Exception):
    """A database that cannot be looked at; the message has no password."""

    speaks_for_itself = True


def look(url_text: str, version_table: str, version_schema: str | None, schemas: Iterable[str]) -> Document:
    """Return what a database has: its revisions, its objects as DDL, and what its catalog tells.

    `schemas` are looked at besides the default one. The session is read only and gives up after seconds
    on a connection, a statement or a lock. Raise `DatabaseError` when it cannot be reached.
    """
    url = make_url(url_text)

    def read(connection: Any) -> Document:
        _only_read(connection)
        return {
            "dialect": catalog.dialect_of(connection),
            "server": ".".join(map(str, connection.dialect.server_version_info or ())),
            **_versions(connection, version_table, version_schema),
            **_objects(connection, list(schemas), {version_table}),
        }

    try:
        return _connected(url, read)
    except (sa.exc.SQLAlchemyError, OSError, ImportError, sqlite3.Error) as error:
        raise DatabaseError(_without_password(_first_line(error), url)) from None


def _connected(url: URL, read: Callable[[Any], Document]) -> Document:
    # `future` is what SQLAlchemy 2 always is: a connection of 1.4 has no `commit` without it.
    if url.get_backend_name() == "sqlite":
        with _sqlite(url) as connection:
            return read(connection)
    arguments = _CONNECT_ARGUMENTS.get(url.get_driver_name(), {})
    if getattr(url.get_dialect(), "is_async", False):
        return asyncio.run(_asynchronously(url, arguments, read))
    engine = sa.create_engine(url, connect_args=arguments, poolclass=sa.pool.NullPool, future=True)
    with engine.connect() as connection:
        return read(connection)


async def _asynchronously(url: URL, arguments: Document, read: Callable[[Any], Document]) -> Document:
    from sqlalchemy.ext.asyncio import create_async_engine

    engine = create_async_engine(url, connect_args=arguments, poolclass=sa.pool.NullPool)
    async with engine.connect() as connection:
        return await connection.run_sync(read)


@contextlib.contextmanager
def _sqlite(url: URL) -> Iterator[Any]:
    """Open a file that is there, and never make or change one, whatever driver the URL names."""
    if not url.database or url.database == ":memory:":
        raise DatabaseError("a database in memory has nothing to look at")
    path = Path(url.database.removeprefix("file:").partition("?")[0])
    # A file that is not there is a database that `upgrade` would make: it is empty.
    address = f"{path.resolve().as_uri()}?mode=ro" if path.exists() else ":memory:"
    engine = sa.create_engine(
        "sqlite://",
        creator=lambda: sqlite3.connect(address, uri=True, timeout=_LOCK_SECONDS),
        poolclass=sa.pool.NullPool,
        future=True,
    )
    with engine.connect() as connection:
        yield connection


def _only_read(connection: Any) -> None:
    name = connection.dialect.name
    if name == "postgresql":
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")
        connection.exec_driver_sql(f"SET LOCAL statement_timeout = '{_STATEMENT_SECONDS}s'")
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{_LOCK_SECONDS}s'")
    elif name in ("mysql", "mariadb"):
        connection.exec_driver_sql("SET SESSION TRANSACTION READ ONLY")
        connection.exec_driver_sql(f"SET SESSION lock_wait_timeout = {_LOCK_SECONDS}")
        connection.commit()


def _versions(connection: Any, table: str, schema: str | None) -> Document:
    inspector = sa.inspect(connection)
    if not inspector.has_table(table, schema=schema):
        return {"version_table": False, "revisions": []}
    version = sa.table(table, sa.column("version_num"), schema=schema)
    rows = connection.execute(sa.select(version.c.version_num))
    return {"version_table": True, "revisions": sorted(str(row[0]) for row in rows)}


def _objects(connection: Any, schemas: list[str], left_out: set[str]) -> Document:
    name = connection.dialect.name
    failed: list[Any] = []
    if name == "sqlite":
        ddl = catalog.sqlite_ddl(connection)
    elif name in ("mysql", "mariadb"):
        ddl = catalog.mysql_ddl(connection)
    else:
        ddl, failed = _reflected(connection, schemas)
    return {
        "ddl": ddl,
        "failed": failed,
        "rows": catalog.rows(connection, [None, *schemas]),
        "troubles": catalog.troubles(connection),
        "version_tables": sorted(left_out),
    }


def _reflected(connection: Any, schemas: list[str]) -> tuple[list[str], list[Any]]:
    """Return PostgreSQL's objects as the statements that SQLAlchemy would make them with again.

    The tables for which it has none come apart, as schema, name and reason.
    """
    metadata = sa.MetaData()
    for schema in [None, *schemas]:
        metadata.reflect(connection, schema=schema, resolve_fks=False)
    dialect = type(connection.dialect)(paramstyle="named")
    # In CREATE TABLE, PostgreSQL makes one of two unique constraints on the same columns.
    uniques = [text for table in metadata.tables.values() for text in _taken_uniques(table, dialect)]
    made = statements(metadata, dialect)
    before = [*catalog.enum_ddl(connection, schemas), *catalog.sequence_ddl(connection, schemas)]
    return [*before, *made["ddl"], *uniques], made["failed"]


def _taken_uniques(table: sa.Table, dialect: Any) -> list[str]:
    """Take the unique constraints off a table and return the statements that add them."""
    found = [one for one in table.constraints if isinstance(one, sa.UniqueConstraint)]
    made = [str(AddConstraint(one).compile(dialect=dialect)) for one in found]
    table.constraints.difference_update(found)
    return sorted(made)


def _first_line(error: BaseException) -> str:
    original = getattr(error, "orig", None) or error
    lines = [line.strip() for line in str(original).splitlines() if line.strip()]
    return f"{type(original).__name__}: {lines[0]}" if lines else type(original).__name__


def _without_password(text: str, url: URL) -> str:
    password = str(url.password or "")
    return text.replace(password, "***") if password else text
