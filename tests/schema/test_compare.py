"""The comparison sees every kind of difference, and says how sure it is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from migrate_guard.operations import (
    UNKNOWN,
    AddColumn,
    AddConstraint,
    AddEnumValue,
    AlterColumn,
    AnyOperation,
    Check,
    Column,
    CommentTable,
    ConstraintName,
    CreateEnum,
    CreateIndex,
    CreateObject,
    Default,
    DropColumn,
    DropConstraint,
    DropTable,
    ForeignKey,
    Index,
    IndexPart,
    Opaque,
    RenameConstraint,
    RenameTable,
    SqlType,
    TableName,
    Unique,
)
from migrate_guard.schema import EnumType, Schema
from migrate_guard.schema.compare import differences, unknowns
from migrate_guard.schema.spelling import spelled
from tests.schema.build import INTEGER, ORDERS, SPAN, TEXT, USERS, maybe, run, shop

STATE = TableName("state")


def _base() -> Schema:
    return run(
        shop(),
        CreateEnum(span=SPAN, name=STATE, labels=("a", "b")),
        AddConstraint(span=SPAN, table=USERS, constraint=Check("ck", "id > 0")),
        CreateIndex(span=SPAN, index=Index("ix", USERS, (IndexPart("name"),), where="id > 1")),
    )


def _index(**changes: object) -> AnyOperation:
    index = Index("ix", USERS, (IndexPart("name"),), where="id > 1")
    return CreateIndex(span=SPAN, index=replace(index, **changes))  # type: ignore[arg-type]  # one field each


def _key(**changes: object) -> AnyOperation:
    key = ForeignKey("orders_user_id_fkey", ("user_id",), USERS, ("id",))
    return AddConstraint(span=SPAN, table=ORDERS, constraint=replace(key, **changes))  # type: ignore[arg-type]


CASES: list[tuple[AnyOperation, str]] = [
    (DropTable(span=SPAN, table=ORDERS), "table orders: only on the left: orders"),
    (CommentTable(span=SPAN, table=USERS, comment="c"), "table users: comment: None / c"),
    (
        AddColumn(span=SPAN, table=USERS, column=Column("x", TEXT)),
        "column x of users: only on the right: x",
    ),
    (
        DropColumn(span=SPAN, table=ORDERS, column="user_id"),
        "column user_id of orders: only on the left: user_id",
    ),
    (
        AlterColumn(span=SPAN, table=USERS, column="name", type=INTEGER),
        "column name of users: type: TEXT / INTEGER",
    ),
    (
        AlterColumn(span=SPAN, table=USERS, column="name", nullable=False),
        "column name of users: nullable: true / false",
    ),
    (
        AlterColumn(span=SPAN, table=USERS, column="name", default=Default("'x'", quoted=True)),
        "column name of users: default: None / 'x'",
    ),
    (
        AlterColumn(span=SPAN, table=USERS, column="name", comment="c"),
        "column name of users: comment: None / c",
    ),
    (
        DropConstraint(span=SPAN, table=USERS, name="users_email_key"),
        "unique users_email_key of users: only on the left: users_email_key",
    ),
    (
        RenameConstraint(span=SPAN, table=USERS, name="users_email_key", to="uq"),
        "unique users_email_key of users: name: users_email_key / uq",
    ),
    (
        _key(ondelete="CASCADE"),
        "foreign key orders_user_id_fkey of orders: on delete: NO ACTION / CASCADE",
    ),
    (
        _key(onupdate="SET NULL"),
        "foreign key orders_user_id_fkey of orders: on update: NO ACTION / SET NULL",
    ),
    (_key(validated=False), "foreign key orders_user_id_fkey of orders: validated: true / false"),
    (_key(target=ORDERS), "foreign key orders_user_id_fkey of orders: target: users / orders"),
    (
        AddConstraint(span=SPAN, table=USERS, constraint=Check("ck", "id > 1")),
        "check ck of users: expression: id>0 / id>1",
    ),
    (_index(unique=True), "index ix of users: unique: false / true"),
    (_index(where="id > 2"), "index ix of users: where: id>1 / id>2"),
    (_index(method="gin"), "index ix of users: method: btree / gin"),
    (_index(parts=(IndexPart("name", sort="DESC"),)), "index ix of users: columns: name / name DESC"),
    (_index(include=("id",)), "index ix of users: include:  / id"),
    (AddEnumValue(span=SPAN, name=STATE, value="c"), "enum state: labels: a, b / a, b, c"),
    (CreateEnum(span=SPAN, name=TableName("e"), labels=()), "enum e: only on the right: e"),
    (
        CreateObject(span=SPAN, kind="view", name=TableName("v")),
        "view v: only on the right: v",
    ),
]


@pytest.mark.parametrize(("operation", "expected"), CASES)
def test_each_difference_is_seen_once(operation: AnyOperation, expected: str) -> None:
    base = _base()
    found = [d for d in differences(base, run(base, operation)) if d.kind not in ("sequence", "primary key")]
    own = [d for d in found if not (isinstance(operation, DropColumn) and d.kind == "foreign key")]
    assert [str(d) for d in own] == [expected]
    assert all(d.certain for d in found)


def test_what_is_unknown_is_no_difference() -> None:
    base = _base()
    altered = AlterColumn(
        span=SPAN, table=USERS, column="name", type=UNKNOWN, nullable=UNKNOWN, default=UNKNOWN
    )
    assert not differences(base, run(base, altered))
    assert not differences(base, run(base, _index(where=UNKNOWN)))
    assert not differences(base, run(base, _key(target=UNKNOWN)))


def test_two_spellings_are_no_difference() -> None:
    base = _base()
    same = [
        AddConstraint(span=SPAN, table=USERS, constraint=Check("ck", "((id > 0))")),
        _index(parts=(IndexPart("name", sort="ASC"),)),
        _index(method="BTREE"),
        _key(ondelete="no action"),
    ]
    for operation in same:
        assert not differences(base, run(base, operation))


def test_doubts_make_differences_uncertain() -> None:
    base = _base()
    schema = run(base, maybe(AddColumn(span=SPAN, table=USERS, column=Column("x", TEXT))))
    assert [d.certain for d in differences(base, schema)] == [False]
    unread = run(
        run(base, Opaque(span=SPAN, reason="r")), AddColumn(span=SPAN, table=USERS, column=Column("x", TEXT))
    )
    assert [d.certain for d in differences(base, unread)] == [False]
    renamed = run(base, RenameTable(span=SPAN, table=ORDERS, to=TableName("sales")))
    assert all(d.certain for d in differences(base, renamed))


def test_a_nameless_constraint_matches_by_content() -> None:
    left = run(shop("sqlite"), AddConstraint(span=SPAN, table=USERS, constraint=Unique(None, ("name",))))
    right = run(shop("sqlite"), AddConstraint(span=SPAN, table=USERS, constraint=Unique("uq", ("name",))))
    assert [str(d) for d in differences(left, right)] == ["unique name of users: name: None / uq"]
    assert not differences(left, left)


def test_on_mysql_a_unique_index_is_a_unique_constraint() -> None:
    index = CreateIndex(span=SPAN, index=Index("u", USERS, (IndexPart("name"),), unique=True))
    constraint = AddConstraint(span=SPAN, table=USERS, constraint=Unique("u", ("name",)))
    assert not differences(run(shop("mysql"), index), run(shop("mysql"), constraint))
    assert differences(run(shop(), index), run(shop(), constraint))


@pytest.mark.parametrize(
    ("kind", "dialect", "text"),
    [
        (SqlType("FLOAT"), "postgresql", "DOUBLE PRECISION"),
        (SqlType("FLOAT", (24,)), "postgresql", "REAL"),
        (SqlType("DECIMAL", (8,)), "postgresql", "NUMERIC(8, 0)"),
        (SqlType("CHAR"), "postgresql", "CHAR(1)"),
        (SqlType("TIMESTAMP", timezone=True), "postgresql", "TIMESTAMP WITH TIME ZONE"),
        (SqlType("ARRAY", item=SqlType("VARCHAR", (3,))), "postgresql", "VARCHAR(3)[]"),
        (SqlType("ENUM", enum=STATE, labels=("a",)), "postgresql", "ENUM state"),
        (SqlType("ENUM", labels=("a", "bcd"), native=False), "postgresql", "VARCHAR(3)"),
        (SqlType("BOOLEAN"), "mysql", "TINYINT(1)"),
        (SqlType("INTEGER", (11,)), "mysql", "INTEGER"),
        (SqlType("NUMERIC"), "mysql", "NUMERIC(10, 0)"),
        (SqlType("JSON"), "mariadb", "LONGTEXT"),
        (SqlType("JSON"), "mysql", "JSON"),
        (SqlType("ENUM", labels=("a", "b")), "mysql", "ENUM('a', 'b')"),
        (SqlType("CUSTOM", custom="app.types.Money"), "sqlite", UNKNOWN),
        (SqlType("DATETIME"), "sqlite", "DATETIME"),
    ],
)
def test_types_have_one_spelling(kind: SqlType, dialect: str, text: object) -> None:
    assert spelled(kind, dialect) == text  # type: ignore[arg-type]  # one of the dialects


def test_what_one_side_does_not_know_is_said_apart() -> None:
    base = run(
        _base(),
        AddConstraint(span=SPAN, table=USERS, constraint=Check("other", "id > 2")),
        CreateIndex(span=SPAN, index=Index("ix2", USERS, (IndexPart("id"),))),
    )
    altered = AlterColumn(span=SPAN, table=USERS, column="name", type=UNKNOWN, nullable=UNKNOWN)
    schema = run(base, altered, _index(where=UNKNOWN), _key(target=UNKNOWN))
    schema = replace(schema, enums=schema.enums.with_item(STATE, EnumType(STATE, UNKNOWN)))
    assert [str(d) for d in unknowns(base, schema)] == [
        "foreign key orders_user_id_fkey of orders: target: users / unknown",
        "column name of users: type: TEXT / unknown",
        "column name of users: nullable: true / unknown",
        "index ix of users: where: id>1 / unknown",
        "enum state: labels: a, b / unknown",
    ]
    assert not differences(base, schema)
    assert not unknowns(schema, run(schema, CommentTable(span=SPAN, table=USERS, comment="c")))


def test_a_name_that_nobody_knows_is_an_unknown_one() -> None:
    def with_check(name: ConstraintName) -> Schema:
        constraint = Check(name, "id > 0")
        return run(shop("sqlite"), AddConstraint(span=SPAN, table=USERS, constraint=constraint))

    found = unknowns(with_check("ck"), with_check(UNKNOWN))
    assert [str(d) for d in found] == ["check ck of users: name: ck / unknown"]


def test_a_column_that_fills_itself_has_no_default_to_compare() -> None:
    serial = run(shop(), AddColumn(span=SPAN, table=USERS, column=Column("n", INTEGER, serial=True)))
    plain = run(shop(), AddColumn(span=SPAN, table=USERS, column=Column("n", INTEGER, default=UNKNOWN)))
    assert not [d for d in (*differences(serial, plain), *unknowns(serial, plain)) if d.aspect == "default"]


@pytest.mark.parametrize(
    ("kind", "one", "other", "equal"),
    [
        ("JSONB", '\'{"a": 1, "bb": {}}\'', '\'{"bb": {}, "a": 1}\'', True),
        ("JSONB", "'{\"a\": 1}'", "'{\"a\": 2}'", False),
        ("JSONB", "'{'", "'{ '", False),
        ("JSONB", "f()", "g()", False),
        ("JSON", '\'{"a": 1, "b": 2}\'', '\'{"b": 2, "a": 1}\'', False),
        ("INTERVAL", "0", "'00:00:00'", True),
        ("INTERVAL", "'-3725'", "'-01:02:05'", True),
        ("INTERVAL", "60", "'00:00:01'", False),
        ("INTEGER", "0", "'00:00:00'", False),
    ],
)
def test_defaults_are_compared_as_values_of_their_type(kind: str, one: str, other: str, equal: bool) -> None:
    def with_default(sql: str) -> Schema:
        return run(
            shop(),
            AddColumn(span=SPAN, table=USERS, column=Column("c", SqlType(kind), default=Default(sql))),
        )

    found = differences(with_default(one), with_default(other))
    assert [d.aspect for d in found] == ([] if equal else ["default"])
