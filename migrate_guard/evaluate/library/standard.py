"""The table of SQLAlchemy's column types, generic and of each dialect.

Part of the library that gives SQLAlchemy's names their meaning (second stage). The names are those of
the standard in SQLAlchemy's spelling, with one word per type: `DECIMAL` is `NUMERIC`, `DOUBLE` is
`DOUBLE PRECISION`, `BOOL` is `BOOLEAN`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from migrate_guard.dialect import Dialect
from migrate_guard.evaluate.library.enums import read_enum, read_mysql_enum, read_postgresql_enum
from migrate_guard.evaluate.library.signature import Signature
from migrate_guard.evaluate.library.types import Read, Reader, TypeClass, TypeValue, type_value
from migrate_guard.operations import UNKNOWN, SqlType
from migrate_guard.record import replace

Names = str | tuple[str, str, str]
"""A type's name, or its names on PostgreSQL, MySQL and SQLite."""


def _named(names: Names, dialect: Dialect) -> str:
    if isinstance(names, str):
        return names
    return names[("postgresql", "mysql", "sqlite").index(dialect.family)]


def _plain(names: Names) -> Read:
    return lambda reader: SqlType(_named(names, reader.dialect))


def _sized(names: Names, *sizes: str, ignored_by: Iterable[str] = ()) -> Read:
    """Return a reader of a type with lengths or precisions, which some dialects leave out."""

    def read(reader: Reader) -> SqlType:
        arguments = () if reader.dialect.family in ignored_by else reader.numbers(*sizes)
        return SqlType(
            _named(names, reader.dialect),
            arguments,
            collation=reader.text("collation"),
            unsigned=reader.flag("unsigned"),
        )

    return read


def _zoned(names: Names, *sizes: str) -> Read:
    """Return a reader of a type with a time zone, which only PostgreSQL stores."""

    def read(reader: Reader) -> SqlType:
        zone = reader.flag("timezone") and reader.dialect.family == "postgresql"
        return SqlType(_named(names, reader.dialect), reader.numbers(*sizes), timezone=zone)

    return read


def _boolean(reader: Reader) -> TypeValue:
    native = reader.dialect.family == "postgresql"
    check = reader.flag("create_constraint") and not native
    return TypeValue(SqlType("BOOLEAN", check=check), check_name=reader.text("name"))


def _uuid(reader: Reader) -> SqlType | TypeValue:
    if reader.dialect.name not in {"postgresql", "mariadb"} or not reader.flag("native_uuid", True):
        return SqlType("CHAR", (32,))
    if reader.dialect.name == "mariadb":
        # And a URL of `mysql://` is CHAR(32) everywhere; neither can be seen in a script.
        return TypeValue(UNKNOWN, ("sa.Uuid is CHAR(32) on MariaDB before SQLAlchemy 2.1, uuid since then",))
    return SqlType("UUID")


def _interval(reader: Reader) -> SqlType:
    if reader.dialect.family != "postgresql":
        return SqlType("DATETIME")
    if not reader.flag("native", True):
        return SqlType("TIMESTAMP")
    return SqlType("INTERVAL", reader.numbers("second_precision"))


def _array(reader: Reader) -> TypeValue:
    item = type_value(reader.given["item_type"], reader.machine)
    sql = item.sql if isinstance(item.sql, SqlType) else SqlType("CUSTOM", custom="an unknown type")
    if sql.item is not None:
        sql = sql.item
    return replace(item, sql=SqlType("ARRAY", item=sql), check_name=None)


def _pickle(reader: Reader) -> SqlType | TypeValue | None:
    if reader.given.given("impl"):
        return type_value(reader.given["impl"], reader.machine)
    return SqlType(_named(_BINARY, reader.dialect))


def _bit(reader: Reader) -> SqlType:
    varying = reader.flag("varying")
    length = reader.numbers("length")
    if not varying and not length:
        length = (1,)
    return SqlType("BIT VARYING" if varying else "BIT", length)


def _domain(reader: Reader) -> SqlType:
    name = reader.given["name"]
    return SqlType("DOMAIN", custom=name if isinstance(name, str) else "an unknown domain")


def _set(reader: Reader) -> SqlType:
    labels = tuple(value for value in reader.given.rest if isinstance(value, str))
    return SqlType("SET", labels=labels)


_BINARY = ("BYTEA", "BLOB", "BLOB")
_NOT_MYSQL = ("postgresql", "sqlite")
_COLLATED = ("length", "collation", "collation_schema")
_NUMBERS = ("precision", "scale", "decimal_return_scale", "asdecimal")
_FLOATS = ("precision", "asdecimal", "decimal_return_scale")
_SCHEMA_TYPE = ("create_constraint", "name")
_ARRAY = ("item_type", "as_tuple", "dimensions", "zero_indexes")


def _classes(
    names: str, parameters: Iterable[str], read: Read, options: bool = False
) -> dict[str, TypeClass]:
    made = {}
    for name in names.split():
        made[name] = TypeClass(name, Signature(name, tuple(parameters), options=options), read)
    return made


GENERIC: Mapping[str, TypeClass] = {
    **_classes("Integer INTEGER INT", (), _plain("INTEGER")),
    **_classes("BigInteger BIGINT", (), _plain("BIGINT")),
    **_classes("SmallInteger SMALLINT", (), _plain("SMALLINT")),
    **_classes("String VARCHAR Unicode", _COLLATED, _sized("VARCHAR", "length")),
    **_classes("NVARCHAR", _COLLATED, _sized("VARCHAR", "length")),
    **_classes("CHAR", _COLLATED, _sized("CHAR", "length")),
    **_classes("NCHAR", _COLLATED, _sized("CHAR", "length")),
    **_classes("Text TEXT UnicodeText", _COLLATED, _sized("TEXT", "length")),
    **_classes("CLOB", _COLLATED, _sized("CLOB", "length")),
    **_classes("Numeric NUMERIC DECIMAL", _NUMBERS, _sized("NUMERIC", "precision", "scale")),
    **_classes("Float FLOAT", _FLOATS, _sized("FLOAT", "precision", ignored_by=("sqlite",))),
    **_classes("Double DOUBLE DOUBLE_PRECISION", _FLOATS, _plain("DOUBLE PRECISION")),
    **_classes("REAL", _FLOATS, _plain("REAL")),
    **_classes("Boolean BOOLEAN MatchType", _SCHEMA_TYPE, _boolean),
    **_classes("Date DATE", (), _plain("DATE")),
    **_classes("Time TIME", ("timezone",), _zoned("TIME")),
    **_classes("DateTime", ("timezone",), _zoned(("TIMESTAMP", "DATETIME", "DATETIME"))),
    **_classes("DATETIME", ("timezone",), _plain("DATETIME")),
    **_classes("TIMESTAMP", ("timezone",), _zoned("TIMESTAMP")),
    **_classes("Interval", ("native", "second_precision", "day_precision"), _interval),
    **_classes("LargeBinary Binary", ("length",), _sized(_BINARY, "length", ignored_by=_NOT_MYSQL)),
    **_classes("BLOB", ("length",), _sized("BLOB", "length", ignored_by=_NOT_MYSQL)),
    **_classes("BINARY", ("length",), _sized("BINARY", "length")),
    **_classes("VARBINARY", ("length",), _sized("VARBINARY", "length")),
    **_classes("JSON", ("none_as_null",), _plain("JSON")),
    **_classes("Uuid", ("as_uuid", "native_uuid"), _uuid),
    **_classes("UUID", ("as_uuid",), _plain("UUID")),
    **_classes("ARRAY", _ARRAY, _array),
    **_classes("PickleType", ("protocol", "pickler", "comparator", "impl"), _pickle),
    **_classes("NullType NULLTYPE", (), lambda reader: None),
    "Enum": TypeClass("Enum", Signature("Enum", positional=0, options=True), read_enum),
}  # fmt: skip
"""The types of `sqlalchemy` itself, by name."""

_RANGES = """INT4RANGE INT8RANGE NUMRANGE DATERANGE TSRANGE TSTZRANGE INT4MULTIRANGE INT8MULTIRANGE
NUMMULTIRANGE DATEMULTIRANGE TSMULTIRANGE TSTZMULTIRANGE"""


def _each(names: str, parameters: Iterable[str] = ()) -> dict[str, TypeClass]:
    return {
        name: found
        for word in names.split()
        for name, found in _classes(word, parameters, _plain(word)).items()
    }


_POSTGRESQL: Mapping[str, TypeClass] = {
    **_each(f"INET CIDR MACADDR MACADDR8 MONEY OID REGCLASS REGCONFIG TSQUERY TSVECTOR JSONPATH {_RANGES}"),
    **_each("JSON JSONB", ("none_as_null", "astext_type")),
    **_each("HSTORE", ("text_type",)),
    **_each("UUID", ("as_uuid",)),
    **_each("BYTEA", ("length",)),
    **_classes("CITEXT", _COLLATED, _sized("CITEXT")),
    **_classes("BIT", ("length", "varying"), _bit),
    **_classes("TIMESTAMP", ("timezone", "precision"), _zoned("TIMESTAMP", "precision")),
    **_classes("TIME", ("timezone", "precision"), _zoned("TIME", "precision")),
    **_classes("INTERVAL", ("precision", "fields"), _sized("INTERVAL", "precision")),
    **_classes("ARRAY", _ARRAY, _array),
    **_classes("DOMAIN", ("name", "data_type"), _domain, options=True),
    "ENUM": TypeClass("postgresql.ENUM", Signature("ENUM", positional=0, options=True), read_postgresql_enum),
}  # fmt: skip


def _mysql(names: str, parameters: str, *sizes: str) -> dict[str, TypeClass]:
    """Return types of MySQL, each of its own name; they take UNSIGNED, collations and more."""
    made: dict[str, TypeClass] = {}
    for name in names.split():
        read = _sized(_MYSQL_NAMES.get(name, name), *sizes)
        made.update(_classes(name, parameters.split(), read, options=True))
    return made


_MYSQL_NAMES = {"DECIMAL": "NUMERIC", "DOUBLE": "DOUBLE PRECISION", "NCHAR": "CHAR", "NVARCHAR": "VARCHAR"}

_MYSQL: Mapping[str, TypeClass] = {
    # The width of an integer is no size, but TINYINT(1) is MySQL's BOOLEAN (MySQL 8.4 manual, 13.1.1).
    **_mysql("SMALLINT MEDIUMINT INTEGER BIGINT", "display_width"),
    **_mysql("TINYINT YEAR", "display_width", "display_width"),
    **_mysql("DECIMAL NUMERIC FLOAT REAL DOUBLE", "precision scale asdecimal", "precision", "scale"),
    **_mysql("TEXT VARCHAR CHAR NCHAR NVARCHAR BIT", "length", "length"),
    **_mysql("TINYTEXT MEDIUMTEXT LONGTEXT TINYBLOB MEDIUMBLOB LONGBLOB INET4 INET6", "length"),
    **_classes("DATETIME", ("timezone", "fsp"), _sized("DATETIME", "fsp")),
    **_classes("TIMESTAMP", ("timezone", "fsp"), _zoned("TIMESTAMP", "fsp")),
    **_classes("TIME", ("timezone", "fsp"), _zoned("TIME", "fsp")),
    "SET": TypeClass("mysql.SET", Signature("SET", positional=0, options=True), _set),
    "ENUM": TypeClass("mysql.ENUM", Signature("ENUM", positional=0, options=True), read_mysql_enum),
}

_SQLITE: Mapping[str, TypeClass] = {
    **_each("JSONB", ("none_as_null",)),
    **_classes(
        "DATETIME", ("storage_format", "regexp"), _plain(("TIMESTAMP", "DATETIME", "DATETIME")), options=True
    ),
    **_classes("DATE", ("storage_format", "regexp"), _plain("DATE"), options=True),
    **_classes("TIME", ("storage_format", "regexp"), _plain("TIME"), options=True),
}

_FOREIGN = frozenset(
    """TINYINT NTEXT DATETIME2 DATETIMEOFFSET SMALLDATETIME BIT IMAGE ROWVERSION SMALLMONEY MONEY
    UNIQUEIDENTIFIER SQL_VARIANT XML NUMBER BFILE NCLOB RAW LONG ROWID BINARY_DOUBLE
    BINARY_FLOAT VECTOR INTERVAL""".split()
)
"""Types of SQL Server and Oracle that the generic table does not have: kept by name."""

_OF_DIALECT: Mapping[str, Mapping[str, TypeClass]] = {
    "postgresql": _POSTGRESQL,
    "mysql": _MYSQL,
    "mariadb": _MYSQL,
    "sqlite": _SQLITE,
    "mssql": {},
    "oracle": {},
}


def type_class(name: str) -> TypeClass | None:
    """Return a type by its canonical name, such as `Integer` or `postgresql.JSONB`, or `None`."""
    dialect, _, last = name.rpartition(".")
    if not dialect:
        return GENERIC.get(last)
    own = _OF_DIALECT.get(dialect)
    if own is None:
        return None
    found = own.get(last)
    if found is not None:
        return found
    if last in {"VARCHAR2", "NVARCHAR2"}:
        return GENERIC["VARCHAR"]
    if dialect in {"mssql", "oracle"} and last in _FOREIGN:
        signature = Signature(last, ("length", "scale"), options=True)
        return TypeClass(name, signature, _sized(last, "length", "scale"))
    return GENERIC.get(last) if last.isupper() else None
