"""Questions that each server's own catalog answers, and no inspector does."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

Document = dict[str, Any]

_POSTGRESQL_ROWS = sa.text(
    "SELECT n.nspname, c.relname, c.reltuples FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema')"
)
_POSTGRESQL_INVALID = sa.text(
    "SELECT n.nspname, t.relname, i.relname FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid"
    " JOIN pg_class t ON t.oid = x.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace"
    " WHERE NOT x.indisvalid"
)
_POSTGRESQL_UNVALIDATED = sa.text(
    "SELECT n.nspname, t.relname, c.conname FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid"
    " JOIN pg_namespace n ON n.oid = t.relnamespace WHERE NOT c.convalidated"
)
_POSTGRESQL_ENUMS = sa.text(
    "SELECT n.nspname, t.typname, e.enumlabel FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid"
    " JOIN pg_namespace n ON n.oid = t.typnamespace ORDER BY n.nspname, t.typname, e.enumsortorder"
)
_POSTGRESQL_SEQUENCES = sa.text(
    "SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE c.relkind = 'S' AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid"
    " AND d.deptype IN ('a', 'i')) ORDER BY 1, 2"
)
_MYSQL_ROWS = sa.text(
    "SELECT NULL, table_name, table_rows FROM information_schema.tables"
    " WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE'"
)
_SQLITE_DDL = sa.text(
    "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
    " ORDER BY type = 'table' DESC, type = 'view' DESC, rowid"
)
_SQLITE_TABLES = sa.text("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")


def dialect_of(connection: Any) -> str:
    """Return `mariadb` for MariaDB, whatever the URL calls it."""
    name: str = connection.dialect.name
    return "mariadb" if getattr(connection.dialect, "is_mariadb", False) else name


def sqlite_ddl(connection: Any) -> list[str]:
    """Return the statements that SQLite keeps, tables first."""
    return [str(row[0]) for row in connection.execute(_SQLITE_DDL)]


def mysql_ddl(connection: Any) -> list[str]:
    """Return what SHOW CREATE TABLE says of every table."""
    quote = connection.dialect.identifier_preparer.quote
    return [
        str(connection.exec_driver_sql(f"SHOW CREATE TABLE {quote(name)}").one()[1])
        for name in sa.inspect(connection).get_table_names()
    ]


def enum_ddl(connection: Any, schemas: Iterable[str]) -> list[str]:
    """Return the enum types of PostgreSQL as statements, those that no column uses included."""
    labels: dict[tuple[str, str], list[str]] = {}
    wanted = {connection.dialect.default_schema_name, *schemas}
    for schema, name, label in connection.execute(_POSTGRESQL_ENUMS):
        if schema in wanted:
            labels.setdefault((schema, name), []).append(label)
    quote = connection.dialect.identifier_preparer.quote
    default = connection.dialect.default_schema_name
    return [
        f"CREATE TYPE {'' if schema == default else quote(schema) + '.'}{quote(name)} AS ENUM"
        f" ({', '.join(_literal(label) for label in found)})"
        for (schema, name), found in labels.items()
    ]


def sequence_ddl(connection: Any, schemas: Iterable[str]) -> list[str]:
    """Return the sequences that belong to no column as statements."""
    default = connection.dialect.default_schema_name
    quote = connection.dialect.identifier_preparer.quote
    return [
        f"CREATE SEQUENCE {'' if schema == default else quote(schema) + '.'}{quote(name)}"
        for schema, name in connection.execute(_POSTGRESQL_SEQUENCES)
        if schema in {default, *schemas}
    ]


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def rows(connection: Any, schemas: Iterable[str | None]) -> list[Document]:
    """Return how many rows each table has: about, as the planner believes it; exactly on SQLite."""
    counted: list[tuple[str | None, str, float | None]]
    name = connection.dialect.name
    if name == "sqlite":
        tables = [str(row[0]) for row in connection.execute(_SQLITE_TABLES)]
        counted = [(None, table, _bounded(connection, table)) for table in tables]
    else:
        query = _POSTGRESQL_ROWS if name == "postgresql" else _MYSQL_ROWS
        counted = [tuple(row) for row in connection.execute(query)]
    default = connection.dialect.default_schema_name
    wanted = set(schemas)
    found: list[Document] = []
    for schema, table, number in counted:
        key = None if schema == default else schema
        # PostgreSQL says -1 of a table that was never analysed.
        if key in wanted and (number or 0) >= 0:
            found.append({"schema": key, "table": table, "rows": int(number or 0)})
    return found


_MOST_COUNTED = 100_000


def _bounded(connection: Any, table: str) -> int:
    limited = sa.select(sa.literal(1)).select_from(sa.table(table)).limit(_MOST_COUNTED).subquery()
    return int(connection.execute(sa.select(sa.func.count()).select_from(limited)).scalar_one())


def troubles(connection: Any) -> list[Document]:
    """Return indexes that a failed build left invalid, constraints that were never validated, and the
    tables that an interrupted batch left behind."""
    default = connection.dialect.default_schema_name
    found: list[Document] = []
    if connection.dialect.name == "postgresql":
        for kind, query in (("invalid index", _POSTGRESQL_INVALID), ("not valid", _POSTGRESQL_UNVALIDATED)):
            found += [
                {"kind": kind, "schema": None if schema == default else schema, "table": table, "name": part}
                for schema, table, part in connection.execute(query)
            ]
    for table in sa.inspect(connection).get_table_names():
        if table.startswith("_alembic_tmp_"):
            found.append({"kind": "leftover", "schema": None, "table": table, "name": table})
    return found
