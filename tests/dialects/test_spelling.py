"""Types and identifiers are spelled as real servers spell them."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql

from migrate_guard.dialect import Dialect, parse_dialect
from migrate_guard.dialects.spelling import literal, qualified, quoted, type_text
from migrate_guard.dialects.spelling.identifiers import POSTGRESQL_KEYWORDS
from migrate_guard.evaluate.sql import read_sql
from migrate_guard.operations import UNKNOWN, AlterColumn, CreateTable, SqlType, TableName, Unknown
from tests.evaluate.library.oracle import PLACE
from tests.evaluate.running import body
from tests.servers import MariadbServer, PostgresServer

COMMON = """
    sa.Integer() sa.BigInteger() sa.SmallInteger() sa.String(50) sa.Unicode(7) sa.Text() sa.CHAR(3)
    sa.VARCHAR(9) sa.Numeric() sa.Numeric(10,2) sa.Numeric(7) sa.DECIMAL(5,1) sa.Float() sa.Float(24)
    sa.Float(53) sa.Double() sa.REAL() sa.Boolean() sa.Date() sa.DateTime() sa.DateTime(timezone=True)
    sa.Time() sa.TIMESTAMP() sa.LargeBinary() sa.JSON() sa.Interval() sa.Uuid()
    sa.Uuid(native_uuid=False) sa.PickleType() sa.Enum('a','bbb',name='mood')
    sa.Enum('a','bbb',name='e',native_enum=False) sa.Enum('a',name='e',native_enum=False,length=9)
    sa.INT() sa.CHAR()
""".split()
POSTGRESQL = """
    postgresql.JSONB() postgresql.UUID() postgresql.INET() postgresql.CIDR() postgresql.MACADDR()
    postgresql.TSVECTOR() postgresql.BYTEA() postgresql.BIT(8) postgresql.BIT()
    postgresql.BIT(8,varying=True) postgresql.TIMESTAMP(precision=3)
    postgresql.TIMESTAMP(timezone=True,precision=6) postgresql.TIME(True,2)
    postgresql.INTERVAL(precision=3) postgresql.INTERVAL() postgresql.MONEY() postgresql.OID()
    postgresql.DOUBLE_PRECISION() postgresql.INT4RANGE() postgresql.TSTZRANGE()
    postgresql.DATEMULTIRANGE() sa.ARRAY(sa.Integer()) sa.ARRAY(sa.String(3)) sa.ARRAY(sa.Numeric(8,2))
    postgresql.ARRAY(sa.DateTime()) postgresql.ARRAY(sa.Text(),dimensions=2) sa.Time(timezone=True)
    sa.CLOB().with_variant(sa.Text(),'postgresql')
""".split()
MYSQL = """
    mysql.INTEGER(11) mysql.INTEGER(unsigned=True) mysql.TINYINT() mysql.TINYINT(1)
    mysql.TINYINT(unsigned=True) mysql.SMALLINT(unsigned=True) mysql.MEDIUMINT()
    mysql.MEDIUMINT(unsigned=True) mysql.BIGINT(unsigned=True) mysql.DATETIME(fsp=6)
    mysql.TIMESTAMP(fsp=3) mysql.TIME(fsp=2) mysql.YEAR() mysql.DECIMAL(10,2) mysql.DOUBLE(10,2)
    mysql.DOUBLE() mysql.FLOAT() mysql.FLOAT(unsigned=True) mysql.FLOAT(20) mysql.FLOAT(30)
    mysql.ENUM('a','b') mysql.SET('a','b') mysql.LONGTEXT() mysql.MEDIUMTEXT() mysql.TINYTEXT()
    mysql.LONGBLOB() mysql.MEDIUMBLOB() mysql.TINYBLOB() mysql.BIT(3) mysql.BIT() mysql.TEXT(20)
    mysql.TEXT(300) mysql.TEXT(20000) sa.Text(5000000) sa.BINARY(16) sa.VARBINARY(16) sa.BLOB(16)
    sa.BLOB(300) sa.BINARY() mysql.NUMERIC(5,2,unsigned=True) mysql.VARCHAR(20,charset='utf8mb4')
    mysql.JSON() mysql.NCHAR(3)
""".split()


def _read(source: str, dialect: str) -> SqlType | Unknown | None:
    code = f"from sqlalchemy.dialects import mysql, postgresql\nop.alter_column('t', 'a', type_={source})"
    altered = body(code, dialect=dialect).transitions[-1].operation
    assert isinstance(altered, AlterColumn), altered
    assert altered.type is None or isinstance(altered.type, (SqlType, Unknown))
    return altered.type


def _expected(source: str, dialect: str) -> str | None:
    return type_text(_read(source, dialect), parse_dialect(dialect))


def _is_known(source: str, version: tuple[int, ...]) -> bool:
    return version >= (14,) or "MULTIRANGE" not in source


def _made(source: str, engine: sa.Engine) -> None:
    kind: Any = eval(source, {"sa": sa, "mysql": mysql, "postgresql": postgresql})
    table = sa.Table("t", sa.MetaData(), sa.Column("a", kind))
    with engine.begin() as connection:
        table.drop(connection, checkfirst=True)
        table.create(connection)


@pytest.mark.server
def test_postgresql(postgresql: PostgresServer) -> None:
    engine = sa.create_engine(postgresql.fresh_database(), poolclass=sa.NullPool)
    query = (
        "SELECT format_type(atttypid, atttypmod) FROM pg_attribute"
        " WHERE attrelid = 't'::regclass AND attnum = 1"
    )
    wrong = {}
    for source in (one for one in COMMON + POSTGRESQL if _is_known(one, postgresql.version)):
        _made(source, engine)
        with engine.connect() as connection:
            told = connection.execute(sa.text(query)).scalar()
        if told != _expected(source, "postgresql"):
            wrong[source] = (told, _expected(source, "postgresql"))
    assert wrong == {}


@pytest.mark.server
def test_mariadb(mariadb: MariadbServer) -> None:
    version = ".".join(map(str, mariadb.version))
    engine = sa.create_engine(mariadb.fresh_database(), poolclass=sa.NullPool)
    query = "SELECT column_type FROM information_schema.columns WHERE table_schema = database()"
    wrong = {}
    # What `sa.Uuid` is there depends on the version of SQLAlchemy, which no script says.
    for source in (one for one in COMMON + MYSQL if one != "sa.Uuid()"):
        _made(source, engine)
        with engine.connect() as connection:
            told = connection.execute(sa.text(query)).scalar()
        expected = type_text(_read(source, f"mariadb:{version}"), Dialect("mariadb", mariadb.version))
        if told != expected:
            wrong[source] = (told, expected)
    assert wrong == {}


def test_sqlite() -> None:
    """DECIMAL is left out: it is read as the NUMERIC that it is to every server."""
    wrong = {}
    for source in (one for one in COMMON if "DECIMAL" not in one):
        engine = sa.create_engine("sqlite://")
        _made(source, engine)
        with engine.connect() as connection:
            told = connection.execute(sa.text("SELECT type FROM pragma_table_info('t')")).scalar()
        if told != _expected(source, "sqlite"):
            wrong[source] = (told, _expected(source, "sqlite"))
        engine.dispose()
    assert wrong == {}


@pytest.mark.parametrize("dialect", ["postgresql", "mysql", "mariadb", "sqlite"])
@pytest.mark.parametrize("kind", [None, UNKNOWN, SqlType("CUSTOM", custom="shop.types.Money")])
def test_a_type_that_is_not_known_has_no_text(kind: SqlType | Unknown | None, dialect: str) -> None:
    assert type_text(kind, parse_dialect(dialect)) is None


@pytest.mark.parametrize("dialect", ["postgresql", "mysql", "mariadb"])
def test_an_enum_without_its_labels_has_no_text(dialect: str) -> None:
    enum = SqlType("ENUM", labels=UNKNOWN, native=dialect != "postgresql")

    assert type_text(enum, parse_dialect(dialect)) is None


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("CITEXT", "citext"),
        ("geometry(Point,4326)", "geometry(point,4326)"),
        ('"Odd Type"', '"Odd Type"'),
        ("shop.money_amount", "shop.money_amount"),
    ],
)
def test_a_type_of_raw_sql_keeps_its_words(written: str, text: str) -> None:
    created = read_sql(f"CREATE TABLE t (a {written})", Dialect("postgresql"), lambda start, end: PLACE)[0]

    assert isinstance(created, CreateTable)
    assert not isinstance(created.columns, Unknown)
    assert type_text(created.columns[0].type, Dialect("postgresql")) == text


def test_mysql_8_shows_no_display_widths() -> None:
    kinds = [SqlType("INTEGER", unsigned=True), SqlType("BOOLEAN"), SqlType("BIGINT"), SqlType("JSON")]

    assert [type_text(kind, Dialect("mysql")) for kind in kinds] == [
        "int unsigned",
        "tinyint(1)",
        "bigint",
        "json",
    ]


@pytest.mark.server
def test_postgresql_quotes_the_same_words(postgresql: PostgresServer) -> None:
    """Only words that this version of the server knows are compared; the list is that of the newest."""
    with postgresql.connect() as connection:
        rows = connection.execute("SELECT word, quote_ident(word) FROM pg_get_keywords()").fetchall()
    told = {str(word): str(text) for word, text in rows}

    assert {word: quoted(word, Dialect("postgresql")) for word in told} == told
    if postgresql.version >= (18,):
        assert set(told) >= POSTGRESQL_KEYWORDS


@pytest.mark.server
def test_identifiers_and_literals_reach_the_server_unchanged(
    postgresql: PostgresServer, mariadb: MariadbServer
) -> None:
    odd = ["plain", "Upper", "with space", 'a"b', "a`b", "order", "ünïcode", "a$b", "1a", "a'b", "a\\b"]
    for server, name in ((postgresql, "postgresql"), (mariadb, "mariadb")):
        dialect = parse_dialect(name)
        engine = sa.create_engine(server.fresh_database(), poolclass=sa.NullPool)
        with engine.connect() as connection:
            for text in odd:
                told = connection.exec_driver_sql(
                    f"SELECT {literal(text, dialect)} AS {quoted(text, dialect)}"
                )
                assert list(told.keys()) == [text]
                assert told.scalar() == text


def test_a_name_has_its_schema_unless_that_is_the_default() -> None:
    assert qualified(TableName("order", "Shop"), Dialect("postgresql")) == '"Shop"."order"'
    assert qualified(TableName("orders"), Dialect("postgresql")) == "orders"
    assert qualified(TableName("orders", "shop"), Dialect("mysql")) == "`shop`.`orders`"
