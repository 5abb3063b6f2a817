"""Column types of raw SQL as the operations' `SqlType`, in SQLAlchemy's names."""

from __future__ import annotations

from migrate_guard.evaluate.sql.cursor import Cursor
from migrate_guard.operations import UNKNOWN, SqlType, Unknown
from migrate_guard.record import dataclass

_ALIASES = {
    "BOOL": "BOOLEAN",
    "BPCHAR": "CHAR",
    "CHARACTER": "CHAR",
    "CHARACTER LARGE OBJECT": "CLOB",
    "CHARACTER VARYING": "VARCHAR",
    "CHAR VARYING": "VARCHAR",
    "DEC": "NUMERIC",
    "DECIMAL": "NUMERIC",
    "DOUBLE": "DOUBLE PRECISION",
    "FLOAT4": "REAL",
    "FLOAT8": "DOUBLE PRECISION",
    "INT": "INTEGER",
    "INT2": "SMALLINT",
    "INT4": "INTEGER",
    "INT8": "BIGINT",
    "NATIONAL CHAR": "CHAR",
    "NATIONAL CHARACTER": "CHAR",
    "NATIONAL CHARACTER VARYING": "VARCHAR",
    "NATIONAL CHAR VARYING": "VARCHAR",
    "NATIONAL VARCHAR": "VARCHAR",
    "NCHAR": "CHAR",
    "NCHAR VARYING": "VARCHAR",
    "NVARCHAR": "VARCHAR",
    "TIMESTAMPTZ": "TIMESTAMP",
    "TIMETZ": "TIME",
    "VARBIT": "BIT VARYING",
}

# MySQL 9.5 manual, "Using Data Types from Other Database Engines" and "Numeric Type Syntax".
_MYSQL_ALIASES = {
    "CHAR BYTE": "BINARY",
    "FIXED": "NUMERIC",
    "FLOAT4": "FLOAT",
    "INT1": "TINYINT",
    "INT3": "MEDIUMINT",
    "LONG": "MEDIUMTEXT",
    "LONG VARBINARY": "MEDIUMBLOB",
    "LONG VARCHAR": "MEDIUMTEXT",
    "MIDDLEINT": "MEDIUMINT",
    "SERIAL": "BIGINT",
    "VARCHARACTER": "VARCHAR",
}

# PostgreSQL 18, 8.1.4: the serial types are an integer with a sequence behind it.
_SERIALS = {
    "SERIAL": "INTEGER",
    "SERIAL4": "INTEGER",
    "BIGSERIAL": "BIGINT",
    "SERIAL8": "BIGINT",
    "SMALLSERIAL": "SMALLINT",
    "SERIAL2": "SMALLINT",
}

_KNOWN = frozenset(
    """VARCHAR CHAR TEXT INTEGER BIGINT SMALLINT NUMERIC FLOAT REAL BOOLEAN DATE TIME TIMESTAMP DATETIME
    INTERVAL JSON JSONB UUID BYTEA BLOB CLOB INET CIDR MACADDR MACADDR8 CITEXT TSVECTOR TSQUERY HSTORE
    MONEY XML OID BIT NAME POINT LINE LSEG BOX PATH POLYGON CIRCLE INT4RANGE INT8RANGE NUMRANGE TSRANGE
    TSTZRANGE DATERANGE INT4MULTIRANGE INT8MULTIRANGE NUMMULTIRANGE TSMULTIRANGE TSTZMULTIRANGE
    DATEMULTIRANGE REGCLASS REGCONFIG JSONPATH LTREE PG_LSN""".split()
) | {"DOUBLE PRECISION", "BIT VARYING"}

_MYSQL_KNOWN = frozenset(
    """TINYINT MEDIUMINT TINYTEXT MEDIUMTEXT LONGTEXT TINYBLOB MEDIUMBLOB LONGBLOB BINARY VARBINARY YEAR
    ENUM SET GEOMETRY LINESTRING MULTIPOINT MULTILINESTRING MULTIPOLYGON GEOMETRYCOLLECTION VECTOR
    INET4 INET6""".split()
)

_CONTINUES = {
    "BIT": ("VARYING",),
    "CHAR": ("VARYING", "BYTE"),
    "CHARACTER": ("VARYING", "LARGE"),
    "CHARACTER LARGE": ("OBJECT",),
    "DOUBLE": ("PRECISION",),
    "LONG": ("VARCHAR", "VARBINARY"),
    "NATIONAL": ("CHAR", "CHARACTER", "VARCHAR"),
    "NATIONAL CHAR": ("VARYING",),
    "NATIONAL CHARACTER": ("VARYING",),
    "NCHAR": ("VARYING",),
    "NATIVE": ("CHARACTER",),
}
_FIELDS = frozenset("YEAR MONTH DAY HOUR MINUTE SECOND TO".split())

# MySQL 9.5 manual, 13.1.6: the width of an integer says nothing about its values, and is deprecated.
_DISPLAY_WIDTHS = frozenset("SMALLINT MEDIUMINT INTEGER BIGINT".split())

TYPE_ENDS = frozenset(
    """CONSTRAINT PRIMARY NOT NULL UNIQUE CHECK DEFAULT COLLATE REFERENCES GENERATED AS AUTOINCREMENT
    AUTO_INCREMENT COMMENT ON KEY""".split()
)
"""Words that end the free-form type names of SQLite: they begin a constraint of the column."""


@dataclass(slots=True)
class _Reading:
    """The parts of a type as they are found."""

    name: str
    custom: str | None = None
    arguments: tuple[int, ...] = ()
    timezone: bool = False
    collation: str | None = None
    labels: tuple[str, ...] | None = None
    array: bool = False
    unsigned: bool = False

    def finished(self) -> SqlType:
        """Return the type; an array holds what was read as its item."""
        item = SqlType(
            name=self.name,
            arguments=self.arguments,
            timezone=self.timezone,
            collation=self.collation,
            labels=self.labels,
            unsigned=self.unsigned,
            custom=self.custom,
        )
        return SqlType("ARRAY", item=item) if self.array else item


def is_serial(cursor: Cursor) -> bool:
    """Tell whether the type that comes next is filled by a sequence or AUTO_INCREMENT."""
    word = cursor.word
    return (
        word in _SERIALS if cursor.family == "postgresql" else word == "SERIAL" and cursor.family == "mysql"
    )


def read_type(cursor: Cursor) -> SqlType | Unknown:
    """Read a type; it is `UNKNOWN` when it holds an undecidable part.

    A name that no dialect defines keeps its spelling in `custom`; it may be an enum or a domain.
    """
    first = cursor.index
    if cursor.family == "sqlite":
        reading = _sqlite_name(cursor)
    elif cursor.word in _SERIALS and cursor.family == "postgresql":
        reading = _Reading(_SERIALS[cursor.word])
        cursor.index += 1
    else:
        reading = _type_name(cursor)
    if cursor.word == "(":
        _arguments(cursor, reading)
    if cursor.family == "mysql" and reading.name in _DISPLAY_WIDTHS:
        reading.arguments = ()
    if reading.name in ("TIMESTAMP", "TIME", "INTERVAL"):
        _time_words(cursor, reading)
    _suffixes(cursor, reading)
    if reading.custom is not None:
        reading.custom = " ".join(cursor.text(first).split())
    return UNKNOWN if cursor.holes(first) else reading.finished()


def _sqlite_name(cursor: Cursor) -> _Reading:
    """Read any words: SQLite takes them all as a type ("Datatypes In SQLite", 3.1)."""
    first = cursor.index
    while cursor.kind == "word" and cursor.word not in TYPE_ENDS:
        cursor.index += 1
        if cursor.accept("."):
            cursor.index += 1
    if cursor.index == first:
        return _type_name(cursor)
    written = cursor.text(first)
    return _named(" ".join(written.upper().split()), written, cursor.family)


def _type_name(cursor: Cursor) -> _Reading:
    if cursor.kind != "word" or cursor.ahead() == ".":
        return _qualified_name(cursor)
    first = cursor.index
    name = cursor.word
    cursor.index += 1
    while cursor.word in _CONTINUES.get(name, ()):
        name = f"{name} {cursor.word}"
        cursor.index += 1
    return _named(name, cursor.text(first), cursor.family)


def _qualified_name(cursor: Cursor) -> _Reading:
    first = cursor.index
    table = cursor.table_name()
    if table.schema == "pg_catalog" or (cursor.family == "sqlite" and cursor.kind != "name"):
        return _named(table.name.upper(), table.name, cursor.family)
    return _Reading(table.name.upper(), custom=cursor.text(first))


def _named(name: str, written: str, family: str) -> _Reading:
    unsigned = (name == "SERIAL" and family == "mysql") or name.endswith(" UNSIGNED")
    timezone = name in ("TIMESTAMPTZ", "TIMETZ")
    if family == "mysql":
        name = _MYSQL_ALIASES.get(name, name)
    name = _ALIASES.get(name, name)
    known = name in _KNOWN or (name in _MYSQL_KNOWN and family != "postgresql")
    return _Reading(name, custom=None if known else written, timezone=timezone, unsigned=unsigned)


def _arguments(cursor: Cursor, reading: _Reading) -> None:
    numbers: list[int] = []
    labels: list[str] = []
    for item in cursor.group().items():
        if item.kind == "string":
            labels.append(item.string())
        elif (number := _small_number(item.rest())) is not None:
            numbers.append(number)
    reading.arguments = tuple(numbers)
    if reading.name in ("ENUM", "SET"):
        reading.labels = tuple(labels)


def _small_number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _time_words(cursor: Cursor, reading: _Reading) -> None:
    if reading.name == "INTERVAL":
        while cursor.accept_one(_FIELDS):
            if cursor.word == "(":
                _arguments(cursor, reading)
    elif cursor.accept("WITH", "TIME", "ZONE"):
        reading.timezone = True
    else:
        cursor.accept("WITHOUT", "TIME", "ZONE")


def _suffixes(cursor: Cursor, reading: _Reading) -> None:
    while not cursor.at_end:
        if cursor.word == "[":
            cursor.group()
            reading.array = True
        elif cursor.accept("ARRAY"):
            reading.array = True
        elif cursor.accept("COLLATE"):
            reading.collation = cursor.table_name().name
        elif not _mysql_suffix(cursor, reading):
            return


def _mysql_suffix(cursor: Cursor, reading: _Reading) -> bool:
    if cursor.family == "postgresql":
        return False
    if cursor.accept_one(("UNSIGNED", "ZEROFILL")):
        reading.unsigned = True
        return True
    if cursor.accept("CHARACTER", "SET") or cursor.accept("CHARSET"):
        cursor.name()
        return True
    return bool(cursor.family == "mysql" and cursor.accept_one(("SIGNED", "BINARY", "ASCII", "UNICODE")))
