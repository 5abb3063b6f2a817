"""Advice is written as code: the pieces that it is made of."""

from __future__ import annotations

import ast

import pytest

from migrate_guard.operations import (
    UNKNOWN,
    Column,
    Default,
    ForeignKey,
    Index,
    IndexPart,
    SqlType,
    TableName,
    Unknown,
)
from migrate_guard.rules._calls import (
    advice,
    call,
    create_foreign_key,
    create_index,
    in_steps,
    quoted,
    sql_table,
)
from migrate_guard.rules._facts import listed
from migrate_guard.rules._types import column_code, default_code, neutral_default, plain_text, type_code

ORDERS = TableName("orders")


def test_a_short_call_stays_on_its_line() -> None:
    assert call("op.drop_table", '"orders"', None, schema=None) == 'op.drop_table("orders")'


def test_a_long_call_breaks_into_an_argument_a_line() -> None:
    code = call("op.create_index", f'"{"ix" * 40}"', '"orders"', unique="True")
    assert code.splitlines()[0] == "op.create_index("
    assert code.splitlines()[-1] == ")"
    ast.parse(code)


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (SqlType("VARCHAR", (50,)), "sa.String(50)"),
        (SqlType("NUMERIC", (10, 2)), "sa.Numeric(10, 2)"),
        (SqlType("TIMESTAMP", timezone=True), "sa.DateTime(timezone=True)"),
        (SqlType("JSONB"), "postgresql.JSONB()"),
        (SqlType("ARRAY", item=SqlType("INTEGER")), "sa.ARRAY(sa.Integer())"),
        (SqlType("ENUM", enum=TableName("mood"), labels=("a", "b")), 'sa.Enum("a", "b", name="mood")'),
        (SqlType("ENUM", enum=TableName("mood"), labels=UNKNOWN), "..."),
        (SqlType("CUSTOM", custom="shop.types.Money"), "shop.types.Money()"),
        (SqlType("NEVER_HEARD_OF"), "..."),
        (UNKNOWN, "..."),
        (None, "..."),
    ],
)
def test_types_as_code(kind: SqlType | Unknown | None, code: str) -> None:
    assert type_code(kind) == code


@pytest.mark.parametrize(
    ("default", "code"),
    [
        (None, None),
        (Default("'new'", quoted=True), '"new"'),
        (Default("'it''s'", quoted=True), '"it\'s"'),
        (Default("now()"), 'sa.text("now()")'),
        (Default(UNKNOWN), "..."),
        (UNKNOWN, "..."),
    ],
)
def test_defaults_as_code(default: Default | Unknown | None, code: str | None) -> None:
    assert default_code(default) == code


def test_a_column_as_code_takes_another_nullability_and_default() -> None:
    column = Column("paid", SqlType("BOOLEAN"), nullable=False)
    code = column_code(column, nullable=False, default=neutral_default(column.type))
    assert code == 'sa.Column("paid", sa.Boolean(), server_default=sa.false(), nullable=False)'
    assert column_code(column, nullable=None) == 'sa.Column("paid", sa.Boolean())'


@pytest.mark.parametrize("kind", [None, UNKNOWN, SqlType("UUID"), SqlType("INET")])
def test_no_neutral_default_is_made_up(kind: SqlType | Unknown | None) -> None:
    assert neutral_default(kind) is None


def test_an_index_as_code_keeps_all_that_is_known() -> None:
    parts = (IndexPart("sku"), IndexPart(expression="lower(name)"), IndexPart("at", sort="DESC"))
    index = Index(None, TableName("orders", "shop"), parts, unique=True, method="btree", where="paid")
    assert create_index(index) == (
        "op.create_index(\n"
        '    "ix_orders_sku_at",\n'
        '    "orders",\n'
        '    ["sku", sa.text("lower(name)"), sa.text("at DESC")],\n'
        '    schema="shop",\n'
        "    unique=True,\n"
        '    postgresql_using="btree",\n'
        '    postgresql_where=sa.text("paid"),\n'
        ")"
    )


def test_unknown_keys_are_a_placeholder() -> None:
    assert create_index(Index("ix", ORDERS, UNKNOWN)) == 'op.create_index("ix", "orders", ...)'


def test_a_foreign_key_gets_a_name_and_keeps_its_actions() -> None:
    key = ForeignKey(None, ("customer_id",), TableName("customers"), ("id",), ondelete="CASCADE")
    tree = ast.parse(create_foreign_key(ORDERS, key, postgresql_not_valid="True"))
    text = ast.unparse(tree)
    assert "'fk_orders_customer_id_customers'" in text
    assert "ondelete='CASCADE', postgresql_not_valid=True" in text


@pytest.mark.parametrize(
    ("name", "text"), [("orders", "orders"), ("user", '"user"'), ("Orders", '"Orders"'), ("a b", '"a b"')]
)
def test_names_are_quoted_where_they_must_be(name: str, text: str) -> None:
    assert quoted(name) == text
    assert sql_table(TableName(name, "shop")) == f"shop.{text}"


def test_advice_sets_code_below_its_sentence() -> None:
    assert advice("do this", "a()\nb()") == "do this:\n    a()\n    b()"
    assert in_steps(("first", "a()"), ("then", "b()")) == "first:\n    a()\nthen:\n    b()"


@pytest.mark.parametrize(
    ("items", "words"),
    [((), ""), (("a",), "a"), (("a", "b"), "a and b"), (("a", "b", "c", "d", "e"), "a, b, c and 2 more")],
)
def test_names_as_words(items: tuple[str, ...], words: str) -> None:
    assert listed(items) == words


@pytest.mark.parametrize(
    ("sql", "text"), [("'a'", "a"), ("a", "a"), ("'", "'"), ("''", ""), ("'a''b'", "a'b")]
)
def test_the_text_of_a_sql_string(sql: str, text: str) -> None:
    assert plain_text(sql) == text
