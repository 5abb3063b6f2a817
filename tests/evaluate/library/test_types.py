# ruff: noqa: E501 - lists of types read best side by side
"""Every column type of SQLAlchemy becomes what its compilers write, on each dialect."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
import sqlalchemy.types
from sqlalchemy.dialects import mssql, mysql, oracle, postgresql, sqlite
from sqlalchemy.exc import CompileError
from sqlalchemy.sql.type_api import TypeEngine

from benchmarks.oracle.facts import type_fact
from migrate_guard.dialect import parse_dialect
from migrate_guard.evaluate.library.standard import type_class
from migrate_guard.evaluate.sql import read_sql
from migrate_guard.operations import AddColumn, AlterColumn, CreateTable, SqlType, Unknown
from tests.evaluate.library.oracle import PLACE
from tests.evaluate.library.versions import skip_newer
from tests.evaluate.running import body, run

DIALECTS = {"postgresql": postgresql.dialect(), "mysql": mysql.dialect(), "sqlite": sqlite.dialect()}  # type: ignore[no-untyped-call]  # dialect classes have no annotations
MODULES = {"postgresql": postgresql, "mysql": mysql, "sqlite": sqlite, "mssql": mssql, "oracle": oracle}

NOT_COLUMN_TYPES = {
    "Concatenable", "ExternalType", "Indexable", "NULLTYPE", "STRINGTYPE", "SchemaType", "TupleType", "TypeDecorator",
    "TypeEngine", "UserDefinedType", "Variant", "NumericCommon", "OperatorClass", "AbstractRange",
    "AbstractSingleRange", "AbstractMultiRange", "NamedType",
}  # fmt: skip
"""Bases of types, and what is no type of a column."""

ARGUMENTS = [
    "sa.String(20)", "sa.String(length=20)", "sa.String(20, collation='C')", "sa.Unicode(20)", "sa.Text(300)",
    "sa.CHAR(3)", "sa.NCHAR(3)", "sa.NVARCHAR(3)", "sa.VARCHAR(3)", "sa.Numeric(10, 2)", "sa.Numeric(10)",
    "sa.Numeric(precision=9, scale=3)", "sa.DECIMAL(5, 1)", "sa.Float(53)", "sa.Float(precision=24)", "sa.Double(53)",
    "sa.DateTime(timezone=True)", "sa.DateTime(True)", "sa.Time(timezone=True)", "sa.TIMESTAMP(timezone=True)",
    "sa.LargeBinary(16)", "sa.BINARY(16)", "sa.VARBINARY(16)", "sa.BLOB(16)", "sa.Uuid(native_uuid=False)",
    "sa.Uuid(as_uuid=False)", "sa.Interval(native=False)", "sa.Interval(second_precision=3)", "sa.Boolean(name='b')",
    "sa.Enum('a', 'bbb', name='e')", "sa.Enum('a', 'bbb', name='e', native_enum=False)",
    "sa.Enum('a', name='e', native_enum=False, length=9)", "sa.PickleType(impl=sa.Text())",
    "sa.JSON(none_as_null=True)", "sa.Integer().with_variant(sa.BigInteger(), 'postgresql')",
    "sa.String(3).with_variant(sa.Text(), 'mysql', 'sqlite')", "sa.BigInteger().with_variant(sa.Integer, 'sqlite')",
]  # fmt: skip
POSTGRESQL_ARGUMENTS = [
    "sa.ARRAY(sa.Integer)", "sa.ARRAY(sa.String(3), dimensions=2)", "postgresql.ARRAY(sa.Text(), as_tuple=True)",
    "postgresql.TIMESTAMP(precision=3)", "postgresql.TIMESTAMP(timezone=True, precision=6)", "postgresql.TIME(True, 2)",
    "postgresql.INTERVAL(precision=3)", "postgresql.BIT(8)", "postgresql.BIT(8, varying=True)",
    "postgresql.ENUM('a', 'b', name='e')", "postgresql.ENUM('a', name='e', schema='s')",
    "postgresql.JSONB(astext_type=sa.Text())", "postgresql.UUID(as_uuid=True)", "postgresql.DOUBLE_PRECISION(53)",
    "postgresql.NUMERIC(3, 1)", "postgresql.VARCHAR(7)", "sa.types.ARRAY(postgresql.UUID())",
]  # fmt: skip
MYSQL_ARGUMENTS = [
    "mysql.INTEGER(11)", "mysql.INTEGER(display_width=11, unsigned=True)", "mysql.TINYINT(1)",
    "mysql.BIGINT(unsigned=True)", "mysql.TINYINT(display_width=1)", "mysql.VARCHAR(20, charset='utf8')",
    "mysql.VARCHAR(20, collation='utf8_bin')", "mysql.DATETIME(fsp=6)", "mysql.TIMESTAMP(fsp=3)", "mysql.TIME(fsp=2)",
    "mysql.DECIMAL(10, 2)", "mysql.DOUBLE(10, 2)", "mysql.FLOAT(unsigned=True)", "mysql.ENUM('a', 'b')",
    "mysql.SET('a', 'b')", "mysql.LONGTEXT(collation='utf8_bin')", "mysql.BIT(3)", "mysql.YEAR(4)", "mysql.TEXT(20)",
    "mysql.NUMERIC(5, 2, unsigned=True)", "mysql.CHAR(3)", "mysql.NCHAR(3)",
]  # fmt: skip


def _classes() -> Iterator[tuple[str, type[TypeEngine[Any]]]]:
    for prefix, module in [
        ("", sqlalchemy.types),
        *((f"{name}.", module) for name, module in MODULES.items()),
    ]:
        for name, found in sorted(vars(module).items()):
            is_type = inspect.isclass(found) and issubclass(found, TypeEngine) and not name.startswith("_")
            if is_type and name not in NOT_COLUMN_TYPES:
                yield prefix + name, found


def _compiled(kind: Any, dialect: str) -> str | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return str(kind.compile(dialect=DIALECTS[dialect]))
    except (CompileError, AttributeError, TypeError):
        return None


def _as_read(text: str, dialect: str) -> str:
    operations = read_sql(f"CREATE TABLE t (a {text})", parse_dialect(dialect), lambda start, end: PLACE)
    created = operations[0]
    assert isinstance(created, CreateTable)
    assert not isinstance(created.columns, Unknown)
    return type_fact(created.columns[0].type)


def _of_library(source: str, dialect: str) -> str:
    code = (
        "from sqlalchemy.dialects import mssql, mysql, oracle, postgresql, sqlite\n"
        f"op.alter_column('t', 'a', type_={source})"
    )
    altered = body(code, dialect=dialect).transitions[-1].operation
    assert isinstance(altered, AlterColumn), altered
    return type_fact(altered.type)


def test_every_type_is_known() -> None:
    assert [name for name, _ in _classes() if type_class(name) is None] == []


PLAIN = [
    (f"{'sa.types.' if '.' not in name else ''}{name}", dialect, text)
    for name, found in _classes()
    for dialect in DIALECTS
    if len(inspect.signature(found).parameters) == 0
    or all(
        parameter.default is not inspect.Parameter.empty or parameter.kind in (2, 4)
        for parameter in inspect.signature(found).parameters.values()
    )
    if (text := _compiled(found(), dialect)) is not None
]


@pytest.mark.parametrize(("name", "dialect", "text"), PLAIN)
def test_a_type_without_arguments(name: str, dialect: str, text: str) -> None:
    assert _of_library(name, dialect) == _as_read(text, dialect)
    assert _of_library(f"{name}()", dialect) == _as_read(text, dialect)


GIVEN = [
    *((source, dialect) for source in ARGUMENTS for dialect in DIALECTS),
    *((source, "postgresql") for source in POSTGRESQL_ARGUMENTS),
    *((source, "mysql") for source in MYSQL_ARGUMENTS),
]


@pytest.mark.parametrize(("source", "dialect"), GIVEN)
def test_a_type_with_arguments(source: str, dialect: str) -> None:
    skip_newer(source)
    kind = eval(source, {"sa": sa, "postgresql": postgresql, "mysql": mysql})
    text = _compiled(kind, dialect)
    if text is not None:
        assert _of_library(source, dialect) == _as_read(text, dialect)


@pytest.mark.parametrize(
    ("source", "expected"),
    [("sa.Uuid(native_uuid=False)", "char(32)"), ("sa.UUID()", "uuid"), ("sa.Uuid()", "Unknown.UNKNOWN")],
)
def test_what_mariadb_makes_of_uuids(source: str, expected: str) -> None:
    """That of `sa.Uuid` depends on the version of SQLAlchemy and on the URL."""
    assert _of_library(source, "mariadb") == expected


def test_null_type_is_no_type() -> None:
    created = (
        body("op.create_table('t', sa.Column('a', sa.types.NullType()), sa.Column('b'))")
        .transitions[0]
        .operation
    )
    assert isinstance(created, CreateTable)
    assert not isinstance(created.columns, Unknown)
    assert [column.type for column in created.columns] == [None, None]


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("sa.String(3, 4, 5, 6)", "VARCHAR"),
        ("sa.String(size=3)", "takes no argument size"),
        ("sa.Enum('a', nam='e')", "takes no argument nam"),
        ("sa.String(unknown_length)", "unknown_length"),
        ("'VARCHAR'", "is no type"),
    ],
)
def test_a_type_that_cannot_be_read_says_why(source: str, reason: str) -> None:
    altered = body(f"op.alter_column('t', 'a', type_={source})").transitions[-1].operation
    text = " ".join(altered.unknowns) + str(getattr(altered, "reason", ""))
    assert reason in text or "String" in text


ENUM = """
import enum
class Mood(enum.Enum):
    HAPPY = "happy"
    SAD = "sad"
op.create_table("t", sa.Column("m", {kind}))
"""


@pytest.mark.parametrize(
    ("kind", "name", "labels"),
    [
        ("sa.Enum(Mood)", "mood", ("HAPPY", "SAD")),
        ("sa.Enum(Mood, name='m')", "m", ("HAPPY", "SAD")),
        ("sa.Enum(Mood, values_callable=lambda e: [m.value for m in e])", "mood", ("happy", "sad")),
        ("sa.Enum(*[m.value for m in Mood], name='m')", "m", ("happy", "sad")),
    ],
)
def test_an_enum_class_gives_labels(kind: str, name: str, labels: tuple[str, ...]) -> None:
    created = body(ENUM.format(kind=kind)).transitions[-1].operation
    assert isinstance(created, CreateTable)
    assert not isinstance(created.columns, Unknown)
    found = created.columns[0].type
    assert isinstance(found, SqlType)
    assert (found.enum.name if found.enum else None, found.labels) == (name, labels)


_TYPES = """
import sqlalchemy as sa
from sqlalchemy.types import CHAR, TypeDecorator
class Guid(TypeDecorator[object]):
    impl = CHAR
    def load_dialect_impl(self, dialect):
        if dialect.name == "postgresql":
            return dialect.type_descriptor(sa.dialects.postgresql.UUID())
        return dialect.type_descriptor(CHAR(36))
class Moment(TypeDecorator):
    impl = sa.TIMESTAMP(timezone=True)
    def load_dialect_impl(self, dialect):
        if dialect.name == "mysql":
            return dialect.type_descriptor(sa.DateTime())
        return super().load_dialect_impl(dialect)
class Chosen(TypeDecorator):
    impl = Guid
    def __init__(self, kind, stored=None):
        super().__init__()
        if stored is not None:
            self.impl = stored
class Wrapped(TypeDecorator):
    impl = Guid
    def __init__(self, kind):
        super().__init__()
        self.kind = kind
"""


@pytest.mark.parametrize(
    ("used", "dialect", "text"),
    [
        ("Guid()", "postgresql", "UUID"),
        ("Guid", "sqlite", "CHAR(36)"),
        ("Moment", "postgresql", "TIMESTAMP WITH TIME ZONE"),
        ("Moment()", "mysql", "DATETIME"),
        ("Wrapped(int)", "postgresql", "UUID"),
        ("Chosen(int)", "postgresql", "myapp.types.Chosen"),
    ],
)
def test_a_type_of_a_project_module_is_what_it_is_stored_as(used: str, dialect: str, text: str) -> None:
    revision = f"""
        from myapp import types
        def upgrade():
            op.add_column("t", sa.Column("a", types.{used}))
        """
    added = run(revision, dialect=dialect, modules={"myapp": "", "myapp.types": _TYPES}).transitions[-1]
    assert isinstance(added.operation, AddColumn)
    assert str(added.operation.column.type) == text


def test_an_alias_in_an_enum_class_is_no_label() -> None:
    text = ENUM.format(kind="sa.Enum(Mood)").replace('SAD = "sad"', 'SAD = "sad"\n    GLAD = "happy"')
    created = body(text).transitions[-1].operation
    assert isinstance(created, CreateTable)
    assert not isinstance(created.columns, Unknown)
    assert isinstance(created.columns[0].type, SqlType)
    assert created.columns[0].type.labels == ("HAPPY", "SAD")
