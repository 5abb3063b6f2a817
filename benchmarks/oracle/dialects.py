"""SQLAlchemy's dialects on a driver without a database, answering questions from a replayed schema."""

from __future__ import annotations

from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.mysql.mysqldb import MySQLDialect_mysqldb
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.pool import StaticPool

from benchmarks.oracle import driver, reflection
from migrate_guard.operations import TableName
from migrate_guard.schema import Schema

DEFAULT_SCHEMAS = {"postgresql": "public", "mysql": "test", "sqlite": "main"}
VERSIONS = {"postgresql": (16, 0), "mysql": (8, 0, 36), "sqlite": (3, 45, 0)}
_MULTI = (
    "columns pk_constraint foreign_keys indexes unique_constraints check_constraints"
    " table_comment table_options"
)


class Answering:
    """The questions of an inspector, answered from `known`, for any dialect."""

    known: Schema
    name: str
    ischema_names: Any

    def _table(self, name: str, schema: str | None) -> Any:
        return reflection.table_of(self.known, name, schema)

    def has_table(self, connection: Any, table_name: str, schema: str | None = None, **kw: Any) -> bool:
        return self.known.table(TableName(table_name, schema or "")) is not None

    def has_index(
        self, connection: Any, table_name: str, index_name: str, schema: str | None = None, **kw: Any
    ) -> bool:
        return any(row["name"] == index_name for row in self.get_indexes(connection, table_name, schema))

    def get_table_names(self, connection: Any, schema: str | None = None, *rest: Any, **kw: Any) -> list[str]:
        return reflection.table_names(self.known, schema)

    def get_view_names(self, connection: Any, schema: str | None = None, *rest: Any, **kw: Any) -> list[str]:
        return []

    def get_schema_names(self, connection: Any, **kw: Any) -> list[str]:
        return [DEFAULT_SCHEMAS[self.name]]

    def get_columns(self, connection: Any, table_name: str, schema: str | None = None, **kw: Any) -> Any:
        return reflection.columns(self._table(table_name, schema), self.ischema_names)

    def get_pk_constraint(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> Any:
        return reflection.primary_key(self._table(table_name, schema))

    def get_foreign_keys(self, connection: Any, table_name: str, schema: str | None = None, **kw: Any) -> Any:
        return reflection.foreign_keys(self._table(table_name, schema))

    def get_indexes(self, connection: Any, table_name: str, schema: str | None = None, **kw: Any) -> Any:
        return reflection.indexes(self._table(table_name, schema), self.name)

    def get_unique_constraints(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> Any:
        return reflection.uniques(self._table(table_name, schema))

    def get_check_constraints(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> Any:
        return reflection.checks(self._table(table_name, schema))

    def get_table_comment(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> Any:
        return {"text": self._table(table_name, schema).comment}

    def get_table_options(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> Any:
        return {}

    def get_enums(self, connection: Any, schema: str | None = None, **kw: Any) -> Any:
        enums = self.known.enums.values()
        return [
            {"name": e.name.name, "schema": e.name.schema or "public", "labels": list(e.labels)}
            for e in enums
            if isinstance(e.labels, tuple)
        ]

    def has_sequence(self, connection: Any, sequence_name: str, schema: str | None = None, **kw: Any) -> bool:
        return False

    def has_type(self, connection: Any, type_name: str, schema: str | None = None, **kw: Any) -> bool:
        return self.known.enum(TableName(type_name, schema or "")) is not None


class Silent:
    """What a dialect does with a connection, without asking a server."""

    default_paramstyle = "named"
    supports_sane_rowcount: ClassVar[bool] = False

    @classmethod
    def import_dbapi(cls) -> Any:
        return driver

    def create_connect_args(self, url: sa.URL, *rest: Any) -> Any:
        return [], {}

    def get_isolation_level(self, dbapi_connection: Any) -> Any:
        return "AUTOCOMMIT" if dbapi_connection.autocommit else "READ COMMITTED"

    def set_isolation_level(self, dbapi_connection: Any, level: str) -> None:
        dbapi_connection.autocommit = level == "AUTOCOMMIT"

    def get_default_isolation_level(self, dbapi_conn: Any) -> Any:
        return "READ COMMITTED"

    def get_isolation_level_values(self, dbapi_conn: Any) -> Any:
        return ["AUTOCOMMIT", "SERIALIZABLE", "REPEATABLE READ", "READ COMMITTED", "READ UNCOMMITTED"]

    def on_connect(self) -> Any:
        return None

    def do_execute(self, cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:
        cursor.columns = _columns(statement, context)
        cursor.execute(statement, parameters)


def _columns(statement: str, context: Any) -> tuple[str, ...] | None:
    """Return the columns of a statement's result, so that reading it finds what it looks for."""
    compiled = getattr(context, "compiled", None)
    described = getattr(compiled, "_result_columns", None)
    if described:
        return tuple(entry[0] for entry in described)
    words = statement.split(None, 1)
    reads = bool(words) and words[0].upper() in {"SELECT", "WITH", "SHOW", "PRAGMA", "VALUES", "EXPLAIN"}
    return ("column",) if reads else None


class Postgresql(Answering, Silent, PGDialect_psycopg):
    """PostgreSQL without a server; a script may ask whether it is the default dialect."""

    driver = "silent"
    supports_statement_cache = True

    def __init__(self, **options: Any) -> None:
        # What psycopg adds asks its driver for adapters.
        PGDialect.__init__(self, **options)  # type: ignore[no-untyped-call]  # SQLAlchemy has no types here


class MySql(Answering, Silent, MySQLDialect_mysqldb):
    """MySQL without a server."""

    driver = "silent"
    supports_statement_cache = True


class Sqlite(Answering, Silent, SQLiteDialect_pysqlite):
    """SQLite without a file."""

    driver = "silent"
    supports_statement_cache = True


for _cls in (Postgresql, MySql, Sqlite):
    for _what in _MULTI.split():
        setattr(_cls, f"get_multi_{_what}", getattr(DefaultDialect, f"get_multi_{_what}"))
    registry.register(f"{_cls.name}.silent", __name__, _cls.__name__)


def tell(asked: sa.Engine, known: Schema) -> None:
    """Let the inspectors of an engine made here answer from a schema."""
    dialect: Any = asked.dialect
    dialect.known = known


def engine(dialect: str, listener: driver.Listener, known: Schema) -> sa.Engine:
    """Return an engine on which statements reach the listener alone."""
    made = sa.create_engine(
        f"{dialect}+silent://",
        creator=lambda: driver.Connection(listener),
        poolclass=StaticPool,
        _initialize=False,
    )
    made.dialect.default_schema_name = DEFAULT_SCHEMAS[dialect]
    made.dialect.server_version_info = VERSIONS[dialect]
    made.dialect.default_isolation_level = "READ COMMITTED"
    tell(made, known)
    made.dialect.supports_native_boolean = dialect == "postgresql"
    return made
