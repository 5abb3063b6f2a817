"""Types become SQLAlchemy's names, each as its dialect means it."""

from __future__ import annotations

import pytest

from migrate_guard.operations import AddColumn, SqlType
from tests.evaluate.sql.reading import TEXT, one


def column_type(written: str, dialect: str) -> object:
    """Return the type of a column that is written so."""
    operation = one(f"ALTER TABLE t ADD COLUMN c {written}", dialect)
    assert isinstance(operation, AddColumn)
    return operation.column.type


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("int", SqlType("INTEGER")),
        ("INT4", SqlType("INTEGER")),
        ("int8", SqlType("BIGINT")),
        ("smallint", SqlType("SMALLINT")),
        ("bool", SqlType("BOOLEAN")),
        ("varchar", SqlType("VARCHAR")),
        ("character varying (20)", SqlType("VARCHAR", (20,))),
        ("char(3)", SqlType("CHAR", (3,))),
        ("bpchar", SqlType("CHAR")),
        ("text", TEXT),
        ("pg_catalog.text", TEXT),
        ("numeric", SqlType("NUMERIC")),
        ("decimal(12, 2)", SqlType("NUMERIC", (12, 2))),
        ("float", SqlType("FLOAT")),
        ("float4", SqlType("REAL")),
        ("double precision", SqlType("DOUBLE PRECISION")),
        ("timestamp", SqlType("TIMESTAMP")),
        ("timestamptz", SqlType("TIMESTAMP", timezone=True)),
        ("timestamp(3) with time zone", SqlType("TIMESTAMP", (3,), timezone=True)),
        ("timestamp without time zone", SqlType("TIMESTAMP")),
        ("timetz", SqlType("TIME", timezone=True)),
        ("interval", SqlType("INTERVAL")),
        ("interval year to month", SqlType("INTERVAL")),
        ("uuid", SqlType("UUID")),
        ("jsonb", SqlType("JSONB")),
        ("bytea", SqlType("BYTEA")),
        ("citext", SqlType("CITEXT")),
        ("bit varying(5)", SqlType("BIT VARYING", (5,))),
        ("text[]", SqlType("ARRAY", item=TEXT)),
        ("int[3][3]", SqlType("ARRAY", item=SqlType("INTEGER"))),
        ("text ARRAY", SqlType("ARRAY", item=TEXT)),
        ('text COLLATE "C"', SqlType("TEXT", collation="C")),
        ("mood", SqlType("MOOD", custom="mood")),
        ("s.Mood", SqlType("MOOD", custom="s.Mood")),
        ('"Mood"', SqlType("MOOD", custom='"Mood"')),
        ("geometry(Point, 4326)", SqlType("GEOMETRY", (4326,), custom="geometry(Point, 4326)")),
        ("vector(3)", SqlType("VECTOR", (3,), custom="vector(3)")),
    ],
)
def test_postgresql(written: str, expected: SqlType) -> None:
    assert column_type(written, "postgresql") == expected


@pytest.mark.parametrize(
    ("written", "name", "serial"),
    [
        ("serial", "INTEGER", True),
        ("bigserial", "BIGINT", True),
        ("smallserial", "SMALLINT", True),
        ("integer", "INTEGER", False),
    ],
)
def test_serials(written: str, name: str, serial: bool) -> None:
    operation = one(f"ALTER TABLE t ADD COLUMN c {written}")
    assert isinstance(operation, AddColumn)
    assert operation.column.type == SqlType(name)
    assert (operation.column.serial, operation.column.nullable) == (serial, not serial)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("int(11)", SqlType("INTEGER")),
        ("int(10) unsigned", SqlType("INTEGER", unsigned=True)),
        ("BIGINT UNSIGNED ZEROFILL", SqlType("BIGINT", unsigned=True)),
        ("tinyint(1)", SqlType("TINYINT", (1,))),
        ("bool", SqlType("BOOLEAN")),
        ("double", SqlType("DOUBLE PRECISION")),
        ("decimal(10,2)", SqlType("NUMERIC", (10, 2))),
        ("datetime(6)", SqlType("DATETIME", (6,))),
        ("timestamp", SqlType("TIMESTAMP")),
        ("longtext", SqlType("LONGTEXT")),
        ("varbinary(16)", SqlType("VARBINARY", (16,))),
        ("varchar(20) CHARACTER SET utf8 COLLATE utf8_bin", SqlType("VARCHAR", (20,), collation="utf8_bin")),
        ("enum('a', 'it''s')", SqlType("ENUM", labels=("a", "it's"))),
        ("set('a','b')", SqlType("SET", labels=("a", "b"))),
        ("year", SqlType("YEAR")),
    ],
)
def test_mysql(written: str, expected: SqlType) -> None:
    assert column_type(written, "mysql") == expected
    assert column_type(written, "mariadb") == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("", None),
        ("INTEGER", SqlType("INTEGER")),
        ("VARCHAR(20)", SqlType("VARCHAR", (20,))),
        ("DATETIME", SqlType("DATETIME")),
        ("unsigned big int", SqlType("UNSIGNED BIG INT", custom="unsigned big int")),
        ("TEXT COLLATE NOCASE", SqlType("TEXT", collation="NOCASE")),
        ("NOT NULL DEFAULT 1", None),
        ('"my type"', SqlType("MY TYPE", custom='"my type"')),
    ],
)
def test_sqlite(written: str, expected: SqlType | None) -> None:
    assert column_type(written, "sqlite") == expected


def test_a_number_that_is_too_long_is_no_argument() -> None:
    assert column_type(f"varchar({'9' * 5000})", "postgresql") == SqlType("VARCHAR")
