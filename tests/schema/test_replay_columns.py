"""Adding, dropping, altering and renaming columns, per dialect."""

from __future__ import annotations

import pytest

from migrate_guard.dialect import DialectName
from migrate_guard.operations import (
    DROP,
    UNKNOWN,
    AddColumn,
    AddConstraint,
    AlterColumn,
    Check,
    Column,
    Computed,
    CreateIndex,
    Default,
    DropColumn,
    ForeignKey,
    Identity,
    Index,
    IndexPart,
    RenameColumn,
    SqlType,
    TableName,
    Unique,
)
from migrate_guard.schema import Schema
from tests.schema.build import INTEGER, ORDERS, SPAN, SQL, TEXT, USERS, run, shop, table_of

BIGINT = SqlType("BIGINT")


def _indexed(dialect: DialectName) -> Schema:
    both = Index("ix_both", USERS, (IndexPart("email"), IndexPart("name")))
    lower = Index("ix_lower", USERS, (IndexPart(expression="lower(name)"),))
    partial = Index("ix_partial", USERS, (IndexPart("id"),), where="name IS NOT NULL")
    return run(
        shop(dialect),
        *(CreateIndex(span=SPAN, index=index) for index in (both, lower, partial)),
        AddConstraint(span=SPAN, table=USERS, constraint=Check("ck", "length(name) > 1")),
    )


@pytest.mark.parametrize(
    ("dialect", "left"),
    [("postgresql", []), ("sqlite", []), ("mysql", [("ix_both", ("email",)), ("ix_partial", ("id",))])],
)
def test_a_dropped_column_takes_its_indexes_and_checks_along(
    dialect: DialectName, left: list[tuple[str, tuple[str, ...]]]
) -> None:
    table = table_of(run(_indexed(dialect), DropColumn(span=SPAN, table=USERS, column="name")))
    assert "name" not in table.columns
    assert [(i.name, i.columns) for i in table.indexes] == left
    assert not table.checks


def test_a_column_that_others_refer_to_takes_their_keys_along() -> None:
    schema = run(shop(), DropColumn(span=SPAN, table=USERS, column="id", cascade=True))
    assert not table_of(schema, ORDERS).foreign_keys
    assert table_of(schema).primary_key is None
    assert schema.object("sequence", TableName("users_id_seq")) is None


def test_a_renamed_column_is_renamed_everywhere() -> None:
    schema = run(
        _indexed("postgresql"),
        AddColumn(span=SPAN, table=USERS, column=Column("up", TEXT, computed=Computed("upper(name)"))),
        RenameColumn(span=SPAN, table=USERS, column="name", to="title"),
        RenameColumn(span=SPAN, table=USERS, column="id", to="number"),
    )
    table = table_of(schema)
    assert list(table.columns) == ["number", "email", "title", "up"]
    assert table.columns["up"].computed == Computed("upper(title)")
    assert [c.sql for c in table.checks] == ["length(title) > 1"]
    assert [i.where for i in table.indexes if i.where] == ["title IS NOT NULL"]
    assert table.primary_key is not None
    assert table.primary_key.columns == ("number",)
    assert [k.target_columns for k in table_of(schema, ORDERS).foreign_keys] == [("number",)]
    sequence = schema.object("sequence", TableName("users_id_seq"))
    assert sequence is not None
    assert sequence.column == "number"


def test_a_new_column_brings_its_constraints_and_indexes() -> None:
    added = AddColumn(
        span=SPAN,
        table=ORDERS,
        column=Column("buyer", INTEGER),
        constraints=(ForeignKey(None, ("buyer",), USERS, ("id",)), Unique(None, ("buyer",))),
        indexes=(Index("ix_buyer", ORDERS, (IndexPart("buyer"),)),),
    )
    table = table_of(run(shop(), added), ORDERS)
    assert {c.name for c in table.constraints} >= {"orders_buyer_fkey", "orders_buyer_key"}
    assert [i.name for i in table.indexes] == ["ix_buyer"]


def test_if_not_exists_leaves_a_column_alone() -> None:
    added = AddColumn(span=SPAN, table=USERS, column=Column("name", INTEGER), if_not_exists=True)
    assert table_of(run(shop(), added)).columns["name"].type == TEXT


def test_postgresql_changes_only_what_is_given() -> None:
    schema = run(
        shop(),
        AlterColumn(span=SPAN, table=USERS, column="name", default=Default("'x'", quoted=True)),
        AlterColumn(span=SPAN, table=USERS, column="name", nullable=False, comment="c"),
        AlterColumn(span=SPAN, table=USERS, column="name", type=BIGINT),
    )
    column = table_of(schema).columns["name"]
    assert (column.type, column.nullable, column.comment) == (BIGINT, False, "c")
    assert column.default == Default("'x'", quoted=True)
    dropped = run(schema, AlterColumn(span=SPAN, table=USERS, column="name", default=DROP, comment=DROP))
    column = table_of(dropped).columns["name"]
    assert (column.default, column.comment) == (None, None)


def test_mysql_loses_what_is_not_restated() -> None:
    added = AddColumn(
        span=SPAN, table=USERS, column=Column("n", INTEGER, nullable=False, default=Default("1"), comment="c")
    )
    schema = run(shop("mysql"), added)
    bare = AlterColumn(span=SPAN, table=USERS, column="n", type=BIGINT)
    column = table_of(run(schema, bare)).columns["n"]
    assert (column.type, column.nullable, column.default, column.comment) == (BIGINT, True, None, None)
    restated = AlterColumn(
        span=SPAN,
        table=USERS,
        column="n",
        type=BIGINT,
        existing_nullable=False,
        existing_default=Default("1"),
        existing_comment="c",
    )
    column = table_of(run(schema, restated)).columns["n"]
    assert (column.nullable, column.default, column.comment) == (False, Default("1"), "c")


def test_mysql_changes_a_default_alone() -> None:
    commented = AddColumn(span=SPAN, table=USERS, column=Column("n", INTEGER, nullable=False, comment="c"))
    altered = AlterColumn(span=SPAN, table=USERS, column="n", default=Default("1"))
    column = table_of(run(shop("mysql"), commented, altered)).columns["n"]
    assert (column.nullable, column.default, column.comment) == (False, Default("1"), "c")


def test_a_raw_modify_restates_and_a_raw_set_default_does_not() -> None:
    schema = run(
        shop("mysql"),
        AlterColumn(span=SPAN, table=USERS, column="email", nullable=False, existing_type=TEXT),
        AlterColumn(span=SPAN, table=USERS, column="email", default=Default("''"), sql=SQL),
    )
    assert table_of(schema).columns["email"].nullable is False
    modify = AlterColumn(span=SPAN, table=USERS, column="email", type=TEXT, restates=True, sql=SQL)
    column = table_of(run(schema, modify)).columns["email"]
    assert (column.nullable, column.default) == (True, None)


def test_a_key_column_stays_not_null() -> None:
    altered = AlterColumn(span=SPAN, table=USERS, column="id", type=BIGINT)
    assert table_of(run(shop("mysql"), altered)).columns["id"].nullable is False


def test_identity_comes_and_goes_with_its_sequence() -> None:
    added = AddColumn(span=SPAN, table=USERS, column=Column("n", INTEGER, identity=Identity()))
    schema = run(shop(), added)
    assert table_of(schema).columns["n"].nullable is False
    assert schema.object("sequence", TableName("users_n_seq")) is not None
    gone = run(schema, AlterColumn(span=SPAN, table=USERS, column="n", identity=DROP))
    assert gone.object("sequence", TableName("users_n_seq")) is None
    assert table_of(gone).columns["n"].identity is None


def test_unknown_attributes_stay_unknown() -> None:
    altered = AlterColumn(
        span=SPAN, table=USERS, column="name", type=UNKNOWN, nullable=UNKNOWN, default=UNKNOWN
    )
    column = table_of(run(shop(), altered)).columns["name"]
    assert (column.type, column.nullable, column.default) == (UNKNOWN, UNKNOWN, UNKNOWN)


def test_a_column_that_a_known_table_lacks_is_a_mistake_of_the_script() -> None:
    schema = shop()
    for operation in (
        AlterColumn(span=SPAN, table=USERS, column="nope", nullable=False),
        RenameColumn(span=SPAN, table=USERS, column="nope", to="name"),
        DropColumn(span=SPAN, table=USERS, column="nope"),
    ):
        assert table_of(run(schema, operation)).columns == table_of(schema).columns
