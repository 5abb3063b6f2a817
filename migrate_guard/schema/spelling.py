"""One spelling per type and dialect, so that two ways to write the same type compare equal.

Part of the fourth stage of the pipeline. PostgreSQL 18 manual, Data Types, table 8.1; MySQL 8.4 manual,
Data Types; MariaDB knowledge base, JSON Data Type. SQLite keeps a type as it was
written; only the synonyms that SQLAlchemy and raw SQL spell differently are made one.
"""

from __future__ import annotations

from migrate_guard.dialect import DialectName
from migrate_guard.operations import UNKNOWN, SqlType, Unknown
from migrate_guard.record import replace

_COMMON = {"DECIMAL": "NUMERIC", "INT": "INTEGER", "BOOL": "BOOLEAN", "DEC": "NUMERIC"}
_POSTGRESQL = {
    "DATETIME": "TIMESTAMP",
    "DOUBLE": "DOUBLE PRECISION",
    "NVARCHAR": "VARCHAR",
    "VARCHAR2": "VARCHAR",
    "NCHAR": "CHAR",
    "STRING": "VARCHAR",
    "BLOB": "BYTEA",
    "CLOB": "TEXT",
}
_MYSQL = {
    "DOUBLE PRECISION": "DOUBLE",
    "REAL": "DOUBLE",
    "NVARCHAR": "VARCHAR",
    "NCHAR": "CHAR",
    "CHARACTER VARYING": "VARCHAR",
}
_SQLITE = {**_COMMON, "DOUBLE": "DOUBLE PRECISION"}
_MYSQL_INTEGERS = frozenset({"TINYINT", "SMALLINT", "MEDIUMINT", "INTEGER", "BIGINT"})
_SINGLE_PRECISION = 24


def spelled(kind: SqlType | Unknown | None, dialect: DialectName) -> str | Unknown | None:
    """Return the type as one text per dialect; `UNKNOWN` for what could not be read or followed."""
    if not isinstance(kind, SqlType):
        return kind
    if kind.item is not None:
        item = spelled(kind.item, dialect)
        return f"{item}[]" if isinstance(item, str) else UNKNOWN
    if kind.name == "CUSTOM":
        return UNKNOWN
    if kind.custom is not None:
        return kind.custom.upper()
    if kind.name == "ENUM":
        return _enum(kind, dialect)
    return _text(stored(kind, dialect))


def stored(kind: SqlType, dialect: DialectName) -> SqlType:
    """Return a type under the name, and with the lengths and precisions, under which a server keeps it."""
    if dialect == "postgresql":
        return _on_postgresql(kind)
    if dialect in ("mysql", "mariadb"):
        return _on_mysql(kind, dialect)
    return replace(kind, name=_SQLITE.get(kind.name, kind.name))


def label_length(kind: SqlType) -> int | None:
    """Return the length of the VARCHAR that stands for an enum without a type of its own.

    SQLAlchemy makes it as long as the longest label unless it is given; `None` where labels are unknown.
    """
    if kind.arguments:
        return kind.arguments[0]
    if isinstance(kind.labels, Unknown) or kind.labels is None:
        return None
    return max(map(len, kind.labels), default=0)


def _text(kind: SqlType) -> str:
    arguments = f"({', '.join(map(str, kind.arguments))})" if kind.arguments else ""
    zone = " WITH TIME ZONE" if kind.timezone else ""
    sign = " UNSIGNED" if kind.unsigned else ""
    collation = f" COLLATE {kind.collation}" if kind.collation else ""
    return f"{kind.name}{arguments}{zone}{sign}{collation}"


def _enum(kind: SqlType, dialect: DialectName) -> str | Unknown:
    if dialect == "postgresql" and kind.native:
        return UNKNOWN if kind.enum is None else f"ENUM {kind.enum.name}"
    if isinstance(kind.labels, Unknown) or kind.labels is None:
        return UNKNOWN
    if dialect in ("mysql", "mariadb") and kind.native:
        return f"ENUM({', '.join(map(repr, kind.labels))})"
    return f"VARCHAR({label_length(kind)})"


def _on_postgresql(kind: SqlType) -> SqlType:
    name = _COMMON.get(kind.name, kind.name)
    name = _POSTGRESQL.get(name, name)
    arguments = kind.arguments
    if name == "FLOAT":
        # FLOAT(1) to FLOAT(24) is real, everything else double precision (manual, 8.1.3).
        single = bool(arguments) and arguments[0] <= _SINGLE_PRECISION
        name, arguments = "REAL" if single else "DOUBLE PRECISION", ()
    elif name == "NUMERIC" and len(arguments) == 1:
        arguments = (arguments[0], 0)
    elif name == "CHAR" and not arguments:
        arguments = (1,)
    return replace(kind, name=name, arguments=arguments, unsigned=False)


def _on_mysql(kind: SqlType, dialect: DialectName) -> SqlType:
    name = _COMMON.get(kind.name, kind.name)
    name = _MYSQL.get(name, name)
    arguments = kind.arguments
    if name == "BOOLEAN":
        name, arguments = "TINYINT", (1,)
    elif name == "JSON" and dialect == "mariadb":
        name = "LONGTEXT"
    elif name == "NUMERIC":
        arguments = (*arguments, *(10, 0)[len(arguments) :])
    elif name in _MYSQL_INTEGERS and not (name == "TINYINT" and arguments == (1,)):
        arguments = ()
    elif name == "FLOAT" and len(arguments) == 1:
        name, arguments = ("FLOAT" if arguments[0] <= _SINGLE_PRECISION else "DOUBLE"), ()
    return replace(kind, name=name, arguments=arguments, timezone=False)
