"""Every operation is either claimed for a dialect or listed here as not known."""

from __future__ import annotations

from typing import get_args

import pytest

from migrate_guard.dialect import Dialect, DialectName
from migrate_guard.dialects import default_volatility, effect_of, type_change
from migrate_guard.operations import (
    UNKNOWN,
    AddColumn,
    AddConstraint,
    AddEnumValue,
    Administer,
    AlterColumn,
    AlterConstraint,
    AlterObject,
    AlterTable,
    AnyOperation,
    AttachPartition,
    Column,
    CommentTable,
    CreateEnum,
    CreateObject,
    CreateTable,
    Default,
    DetachPartition,
    DropColumn,
    DropConstraint,
    DropEnum,
    DropIndex,
    DropObject,
    ForeignKey,
    LockTable,
    Maintain,
    Opaque,
    Operation,
    RenameColumn,
    RenameConstraint,
    RenameEnumValue,
    RenameIndex,
    SqlType,
    TableName,
    ValidateConstraint,
)
from migrate_guard.schema import Schema, empty_schema
from tests.dialects.mariadb_cases import CASES as MARIADB_CASES
from tests.dialects.mariadb_cases import shop as mariadb_shop
from tests.dialects.postgresql_cases import CASES as POSTGRESQL_CASES
from tests.dialects.shop import INTEGER, SPAN, postgresql_shop
from tests.dialects.test_sqlite import BATCHES as SQLITE_BATCHES
from tests.dialects.test_sqlite import CASES as SQLITE_CASES
from tests.dialects.test_sqlite import SHOP as SQLITE_SHOP

CLASSES: tuple[type[Operation], ...] = get_args(AnyOperation)
SAMPLES: list[tuple[AnyOperation, Schema]] = [
    *((case.operation, postgresql_shop()) for case in POSTGRESQL_CASES),
    *((case.operation, mariadb_shop()) for case in MARIADB_CASES),
    *((operation, SQLITE_SHOP) for _, operation in SQLITE_CASES),
    *((operation, SQLITE_SHOP) for _, _, operation in SQLITE_BATCHES),
    (Opaque(span=SPAN, reason="a loop over unknown values"), SQLITE_SHOP),
]
ONLY_POSTGRESQL: frozenset[type[Operation]] = frozenset(
    {
        AddEnumValue,
        Administer,
        AlterConstraint,
        AlterObject,
        AttachPartition,
        CreateEnum,
        DetachPartition,
        DropEnum,
        LockTable,
        Opaque,
        RenameConstraint,
        RenameEnumValue,
        ValidateConstraint,
    }
)
NOT_CLAIMED: dict[DialectName, frozenset[type[Operation]]] = {
    "postgresql": frozenset({Opaque}),
    "mysql": ONLY_POSTGRESQL | {CommentTable},
    "mariadb": ONLY_POSTGRESQL,
    "sqlite": ONLY_POSTGRESQL
    | {AlterTable, CommentTable, CreateObject, DropConstraint, DropObject, Maintain, RenameIndex},
}


@pytest.mark.parametrize("name", NOT_CLAIMED)
def test_every_operation_is_claimed_or_listed(name: DialectName) -> None:
    dialect = Dialect(name)
    claimed = {type(sample) for sample, before in SAMPLES if effect_of(sample, before, dialect).known}
    assert {type(sample) for sample, _ in SAMPLES} == set(CLASSES)
    assert set(CLASSES) - claimed == NOT_CLAIMED[name]


@pytest.mark.parametrize("name", NOT_CLAIMED)
def test_nothing_raises_on_an_empty_schema(name: DialectName) -> None:
    for sample, _ in SAMPLES:
        effect_of(sample, empty_schema(name), Dialect(name))


T, OTHER = TableName("t"), TableName("other")
IN_DOUBT: list[AnyOperation] = [
    AddColumn(span=SPAN, table=T, column=Column("x", INTEGER, default=UNKNOWN)),
    AddColumn(span=SPAN, table=T, column=Column("x", INTEGER, default=Default(UNKNOWN))),
    AddColumn(span=SPAN, table=T, column=Column("x", INTEGER, default=Default("my_function()"))),
    AddColumn(span=SPAN, table=T, column=Column("x", INTEGER, computed=UNKNOWN)),
    AlterColumn(span=SPAN, table=T, column="x", type=UNKNOWN),
    AlterColumn(span=SPAN, table=T, column="x", type=INTEGER),
    AlterColumn(span=SPAN, table=T, column="x", nullable=UNKNOWN),
    AlterColumn(
        span=SPAN, table=T, column="x", type=INTEGER, existing_type=SqlType("CUSTOM", custom="app.Money")
    ),
    AddConstraint(span=SPAN, table=T, constraint=ForeignKey("fk", ("x",), UNKNOWN)),
    CreateTable(span=SPAN, table=T, columns=(), constraints=(ForeignKey("fk", ("x",), UNKNOWN),)),
    DropConstraint(span=SPAN, table=T, name=UNKNOWN),
    DropConstraint(span=SPAN, table=T, name="elsewhere"),
    DropColumn(span=SPAN, table=T, column="x"),
    DropIndex(span=SPAN, name="elsewhere"),
    Opaque(span=SPAN, reason="a loop over unknown values"),
]


@pytest.mark.parametrize("name", ["postgresql", "mysql", "mariadb"])
@pytest.mark.parametrize("operation", IN_DOUBT, ids=lambda operation: type(operation).__name__)
def test_what_depends_on_the_unknown_is_not_known(operation: AnyOperation, name: DialectName) -> None:
    before, dialect = empty_schema(name), Dialect(name)
    assert not effect_of(operation, before, dialect).known


def test_what_reaches_the_partitions_is_in_doubt() -> None:
    shop, dialect = postgresql_shop(), Dialect("postgresql")
    operation = AddColumn(span=SPAN, table=TableName("shelf_full"), column=Column("x", INTEGER))
    effect = effect_of(operation, shop, dialect)
    assert effect.hold_on(TableName("shelf_full")) is not None
    assert not effect.known


def test_identity_that_is_not_known_is_in_doubt() -> None:
    operation = AddColumn(span=SPAN, table=T, column=Column("x", INTEGER, identity=UNKNOWN))
    assert not effect_of(operation, empty_schema("postgresql"), Dialect("postgresql")).known


@pytest.mark.parametrize(
    ("name", "sql", "volatility"),
    [
        ("postgresql", "'now()'", "constant"),
        ("postgresql", "5", "constant"),
        ("postgresql", "'{}'::jsonb", "constant"),
        ("postgresql", "CAST('a' AS varchar(10))", "constant"),
        ("postgresql", "numeric(10, 2) '1'", "constant"),
        ("postgresql", "$$random()$$", "constant"),
        ("postgresql", "CURRENT_TIMESTAMP(3)", "stable"),
        ("postgresql", "pg_catalog.now()", "stable"),
        ("postgresql", "(now() + interval '1 day')", "stable"),
        ("postgresql", "nextval('s'::regclass)", "volatile"),
        ("postgresql", "public.uuid_generate_v4()", "volatile"),
        ("postgresql", "md5(random()::text)", "volatile"),
        ("postgresql", "coalesce(clock_timestamp(), now())", "volatile"),
        ("postgresql", "app.next_number()", "unknown"),
        ("mysql", "CURRENT_TIMESTAMP", "stable"),
        ("mysql", "now()", "stable"),
        ("mysql", "(uuid())", "volatile"),
        ("mysql", "(json_array())", "constant"),
        ("mysql", "(next_number())", "unknown"),
        ("sqlite", "CURRENT_TIMESTAMP", "stable"),
        ("sqlite", "(random())", "volatile"),
        ("sqlite", "'(x)'", "constant"),
    ],
)
def test_default_volatility(name: DialectName, sql: str, volatility: str) -> None:
    assert default_volatility(Default(sql), Dialect(name)) == volatility


def test_a_quoted_default_is_constant() -> None:
    for name in NOT_CLAIMED:
        assert default_volatility(Default("'random()'", quoted=True), Dialect(name)) == "constant"
        assert default_volatility(None, Dialect(name)) == "constant"
        assert default_volatility(UNKNOWN, Dialect(name)) == "unknown"


def test_a_type_that_is_not_known_is_unknown() -> None:
    for name in NOT_CLAIMED:
        dialect = Dialect(name)
        assert type_change(UNKNOWN, INTEGER, dialect).work == "unknown"
        assert type_change(INTEGER, None, dialect).work == "unknown"


@pytest.mark.parametrize(
    ("old", "new", "version", "work"),
    [
        (SqlType("VARCHAR", (50,)), SqlType("VARCHAR", (60,)), (8, 0, 36), "free"),
        (SqlType("VARCHAR", (50,)), SqlType("VARCHAR", (100,)), (8, 0, 36), "unknown"),
        (SqlType("VARCHAR", (50,), collation="utf8mb4_bin"), None, (8, 0, 36), "rewrite"),
        (SqlType("VARCHAR", (50,), collation="latin1_bin"), None, (8, 0, 36), "free"),
        (SqlType("VARCHAR", (300,)), SqlType("VARCHAR", (400,)), (8, 0, 36), "free"),
        (SqlType("VARCHAR", (50,)), SqlType("VARCHAR", (40,)), (8, 0, 36), "rewrite"),
        (SqlType("INTEGER", (11,)), SqlType("INTEGER"), (8, 0, 36), "free"),
        (SqlType("BOOLEAN"), SqlType("TINYINT", (1,)), (8, 0, 36), "free"),
        (SqlType("INTEGER"), SqlType("BIGINT"), (8, 0, 36), "rewrite"),
    ],
)
def test_type_change_in_mysql(old: SqlType, new: SqlType | None, version: tuple[int, ...], work: str) -> None:
    wider = new or SqlType("VARCHAR", (100,), collation=old.collation)
    assert type_change(old, wider, Dialect("mysql", version)).work == work


def _algorithm(operation: AnyOperation, *version: int) -> tuple[str | None, bool]:
    effect = effect_of(operation, mariadb_shop(), Dialect("mysql", version))
    return effect.algorithm, bool(effect.rewrites)


def test_versions_of_mysql() -> None:
    """The tables of the manual: InnoDB and online DDL, 5.7, 8.0 and 8.4."""
    add = AddColumn(span=SPAN, table=T, column=Column("x", INTEGER))
    drop = DropColumn(span=SPAN, table=T, column="c")
    rename = RenameColumn(span=SPAN, table=T, column="c", to="c2")
    assert _algorithm(add, 5, 7, 44) == ("INPLACE", True)
    assert _algorithm(add, 8, 0, 12) == ("INSTANT", False)
    assert _algorithm(drop, 8, 0, 28) == ("INPLACE", True)
    assert _algorithm(drop, 8, 0, 29) == ("INSTANT", False)
    assert _algorithm(rename, 8, 0, 27) == ("INPLACE", False)
    assert _algorithm(rename, 8, 4) == ("INSTANT", False)


def test_mariadb_copies_online_from_11_2_on() -> None:
    operation = AlterColumn(span=SPAN, table=T, column="a", type=SqlType("BIGINT"), nullable=True)
    for version, blocks in (((11, 1), "writes"), ((), "writes"), ((11, 4), "reads and writes")):
        effect = effect_of(operation, mariadb_shop(), Dialect("mariadb", version))
        assert effect.algorithm == "COPY"
        assert effect.holds[0].blocks == blocks
        assert effect.known == (blocks == "writes")
