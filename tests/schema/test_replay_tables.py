"""Creating, dropping and renaming tables, and what a server does along with it."""

from __future__ import annotations

import pytest

from migrate_guard.dialect import DialectName
from migrate_guard.operations import (
    UNKNOWN,
    AddColumn,
    AttachPartition,
    Column,
    CommentTable,
    CreateObject,
    CreateTable,
    DetachPartition,
    DropColumn,
    DropTable,
    ForeignKey,
    Index,
    IndexPart,
    PrimaryKey,
    RenameTable,
    TableName,
)
from migrate_guard.schema import empty_schema
from tests.schema.build import INTEGER, ORDERS, SPAN, SQL, TEXT, USERS, orders, run, shop, table_of, users

PEOPLE = TableName("people")


def test_a_created_table_is_certain_and_says_where_it_comes_from() -> None:
    table = table_of(shop())
    assert table.known
    assert (table.created, table.revision) == (SPAN, "r1")
    assert list(table.columns) == ["id", "email", "name"]


def test_names_are_chosen_as_postgresql_does() -> None:
    names = [c.name for t in (USERS, ORDERS) for c in table_of(shop(), t).constraints]
    assert names == ["users_pkey", "users_email_key", "orders_pkey", "orders_user_id_fkey"]


def test_names_are_chosen_as_mysql_does() -> None:
    names = [c.name for t in (USERS, ORDERS) for c in table_of(shop("mysql"), t).constraints]
    assert names == ["PRIMARY", "email", "PRIMARY", "orders_ibfk_1"]
    assert [(i.name, i.implied) for i in table_of(shop("mysql"), ORDERS).indexes] == [("user_id", True)]


def test_sqlite_names_nothing() -> None:
    assert [c.name for c in table_of(shop("sqlite")).constraints] == [None, None]


def test_the_default_schema_is_the_empty_one() -> None:
    schema = shop()
    assert schema.table(TableName("users", "public")) is schema.table(USERS)
    assert schema.table(TableName("users", "other")) is None


def test_if_not_exists_leaves_a_table_alone() -> None:
    again = CreateTable(span=SPAN, table=USERS, columns=(), if_not_exists=True)
    assert list(table_of(run(shop(), again)).columns) == ["id", "email", "name"]
    fresh = run(empty_schema("postgresql"), again)
    assert table_of(fresh).known


@pytest.mark.parametrize(("dialect", "left"), [("postgresql", 0), ("sqlite", 1), ("mysql", 1)])
def test_dropping_a_table_drops_the_keys_that_point_to_it(dialect: DialectName, left: int) -> None:
    schema = run(shop(dialect), DropTable(span=SPAN, table=USERS, cascade=True))
    assert schema.table(USERS) is None
    assert schema.dropped[USERS] == SPAN
    assert len(table_of(schema, ORDERS).foreign_keys) == left


def test_a_table_that_is_created_again_is_not_dropped() -> None:
    schema = run(shop(), DropTable(span=SPAN, table=USERS), users())
    assert USERS not in schema.dropped
    assert table_of(schema).known


def test_a_renamed_table_takes_everything_along() -> None:
    schema = run(
        shop(),
        CreateObject(span=SPAN, kind="view", name=TableName("v"), uses=(USERS,)),
        RenameTable(span=SPAN, table=USERS, to=PEOPLE),
    )
    assert schema.table(USERS) is None
    assert USERS in schema.dropped
    assert [(t.name, k.target) for t, k in schema.referring(PEOPLE)] == [(ORDERS, PEOPLE)]
    view = schema.object("view", TableName("v"))
    assert view is not None
    assert view.uses == (PEOPLE,)
    sequence = schema.object("sequence", TableName("users_id_seq"))
    assert sequence is not None
    assert sequence.table == PEOPLE


def test_mysql_views_keep_the_old_name_and_innodb_renames_its_keys() -> None:
    schema = run(
        shop("mysql"),
        CreateObject(span=SPAN, kind="view", name=TableName("v"), uses=(ORDERS,)),
        RenameTable(span=SPAN, table=ORDERS, to=TableName("sales")),
    )
    view = schema.object("view", TableName("v"))
    assert view is not None
    assert view.uses == (ORDERS,)
    assert [k.name for k in table_of(schema, TableName("sales")).foreign_keys] == ["sales_ibfk_1"]


def test_a_self_reference_follows_its_table() -> None:
    key = ForeignKey(None, ("parent",), USERS, ("id",))
    table = CreateTable(
        span=SPAN,
        table=USERS,
        columns=(Column("id", INTEGER), Column("parent", INTEGER)),
        constraints=(PrimaryKey(None, ("id",)), key),
    )
    schema = run(empty_schema("postgresql"), table, RenameTable(span=SPAN, table=USERS, to=PEOPLE))
    assert [k.target for k in table_of(schema, PEOPLE).foreign_keys] == [PEOPLE]
    assert not list(schema.referring(USERS))


def test_moving_to_another_schema_moves_the_indexes() -> None:
    moved = TableName("users", "archive")
    schema = run(shop(), RenameTable(span=SPAN, table=USERS, to=moved))
    assert schema.table_of_index("users_email_key", "archive") is schema.table(moved)
    assert schema.table_of_index("users_email_key") is None
    assert schema.object("sequence", TableName("users_id_seq", "archive")) is not None


def test_comments() -> None:
    schema = run(shop(), CommentTable(span=SPAN, table=USERS, comment="who"))
    assert table_of(schema).comment == "who"
    assert table_of(run(schema, CommentTable(span=SPAN, table=USERS, comment=None))).comment is None
    assert not table_of(run(schema, CommentTable(span=SPAN, table=USERS, comment=UNKNOWN))).certain


def test_columns_from_a_query_leave_the_table_uncertain() -> None:
    made = CreateTable(span=SPAN, table=PEOPLE, columns=UNKNOWN, as_select="select * from users", sql=SQL)
    table = table_of(run(shop(), made), PEOPLE)
    assert not table.known
    assert table.doubts == ("its columns come from a query (versions/one.py:7)",)


def test_like_takes_names_types_and_not_null() -> None:
    made = CreateTable(span=SPAN, table=PEOPLE, columns=UNKNOWN, like=USERS, sql=SQL)
    table = table_of(run(shop(), made), PEOPLE)
    assert {n: (c.type, c.nullable, c.default) for n, c in table.columns.items()} == {
        "id": (INTEGER, False, UNKNOWN),
        "email": (TEXT, True, None),
        "name": (TEXT, True, None),
    }
    assert not table.known


PARENT, CHILD = TableName("events"), TableName("events_1")


def _partitioned() -> list[CreateTable]:
    parent = CreateTable(
        span=SPAN,
        table=PARENT,
        columns=(Column("id", INTEGER), Column("day", INTEGER)),
        constraints=(PrimaryKey(None, ("id", "day")), ForeignKey(None, ("id",), USERS, ("id",))),
        indexes=(Index("ix_day", PARENT, (IndexPart("day"),)),),
        partitioned=True,
        sql=SQL,
    )
    child = CreateTable(span=SPAN, table=CHILD, columns=UNKNOWN, partition_of=PARENT, sql=SQL)
    return [parent, child]


def test_a_partition_has_its_parents_columns_keys_and_indexes() -> None:
    child = table_of(run(shop(), *_partitioned()), CHILD)
    assert list(child.columns) == ["id", "day"]
    assert {c.name for c in child.constraints} == {"events_1_pkey", "events_id_fkey"}
    assert [i.name for i in child.indexes] == ["events_1_day_idx"]


def test_partitions_follow_their_parent() -> None:
    schema = run(shop(), *_partitioned())
    schema = run(schema, AddColumn(span=SPAN, table=PARENT, column=Column("note", TEXT)))
    assert "note" in table_of(schema, CHILD).columns
    schema = run(schema, DropColumn(span=SPAN, table=PARENT, column="note"))
    assert "note" not in table_of(schema, CHILD).columns
    assert run(schema, DropTable(span=SPAN, table=PARENT)).table(CHILD) is None


def test_partitions_and_heirs_follow_a_renamed_parent() -> None:
    heir = CreateTable(span=SPAN, table=PEOPLE, columns=(), inherits=(PARENT,), sql=SQL)
    moved = TableName("moved")
    schema = run(shop(), *_partitioned(), heir, RenameTable(span=SPAN, table=PARENT, to=moved))
    assert table_of(schema, CHILD).partition_of == moved
    assert table_of(schema, PEOPLE).inherits == (moved,)
    assert schema.linked("child", moved) == (CHILD, PEOPLE)
    assert schema.linked("child", PARENT) == ()


def test_a_detached_partition_stays() -> None:
    schema = run(shop(), *_partitioned(), DetachPartition(span=SPAN, table=PARENT, partition=CHILD))
    assert table_of(run(schema, DropTable(span=SPAN, table=PARENT)), CHILD).partition_of is None
    again = run(schema, AttachPartition(span=SPAN, table=PARENT, partition=CHILD))
    assert table_of(again, CHILD).partition_of == PARENT


def test_raw_sqlite_keys_may_be_null() -> None:
    raw = CreateTable(
        span=SPAN,
        table=PEOPLE,
        columns=(Column("id", TEXT),),
        constraints=(PrimaryKey(None, ("id",)),),
        sql=SQL,
    )
    assert table_of(run(empty_schema("sqlite"), raw), PEOPLE).columns["id"].nullable is True
    assert table_of(run(empty_schema("postgresql"), raw), PEOPLE).columns["id"].nullable is False


def test_a_self_referring_set_of_orders_keeps_its_look_ups_current() -> None:
    schema = run(shop(), DropTable(span=SPAN, table=ORDERS), orders(), DropTable(span=SPAN, table=ORDERS))
    assert not list(schema.referring(USERS))
    assert schema.table_of_index("orders_pkey") is None
    assert schema.object("sequence", TableName("orders_id_seq")) is None
