"""What is not certain: conditions, unread code, tables that the history never creates."""

from __future__ import annotations

from dataclasses import replace

import pytest

from migrate_guard.operations import (
    UNKNOWN,
    AddColumn,
    AddConstraint,
    AlterColumn,
    AnyOperation,
    BatchContext,
    Check,
    Column,
    Condition,
    CreateEnum,
    CreateIndex,
    CreateObject,
    CreateTable,
    DropColumn,
    DropConstraint,
    DropIndex,
    DropTable,
    Existence,
    ForeignKey,
    Index,
    IndexPart,
    Insert,
    Opaque,
    PrimaryKey,
    RenameColumn,
    RenameTable,
    SqlType,
    TableName,
    Update,
)
from migrate_guard.schema import Schema, empty_schema
from tests.schema.build import INTEGER, ORDERS, SPAN, TEXT, USERS, maybe, orders, run, shop, table_of, users

LEGACY = TableName("legacy")
EMPTY = empty_schema("postgresql")


def _opaque(*tables: TableName) -> Opaque:
    return Opaque(span=SPAN, reason="a call of helper()", may_touch=tables or None)


def test_a_table_that_may_have_been_created_is_uncertain() -> None:
    table = table_of(run(EMPTY, maybe(users())))
    assert not table.certain
    assert table.doubts == ("it depends on flag (versions/one.py:7)",)
    assert list(table.columns) == ["id", "email", "name"]


def test_a_table_that_may_have_been_dropped_is_still_there() -> None:
    schema = run(shop(), maybe(DropTable(span=SPAN, table=USERS, cascade=True)))
    assert not table_of(schema).certain
    assert USERS not in schema.dropped
    assert len(table_of(schema, ORDERS).foreign_keys) == 1
    assert not table_of(schema, ORDERS).certain


def test_a_table_that_may_have_been_renamed_is_under_both_names() -> None:
    schema = run(shop(), maybe(RenameTable(span=SPAN, table=USERS, to=LEGACY)))
    assert not table_of(schema).certain
    assert not table_of(schema, LEGACY).certain


def test_columns_that_may_be_there() -> None:
    schema = run(shop(), maybe(AddColumn(span=SPAN, table=USERS, column=Column("age", INTEGER))))
    assert not table_of(schema).columns["age"].certain
    assert table_of(schema).columns["name"].certain
    schema = run(shop(), maybe(DropColumn(span=SPAN, table=USERS, column="name")))
    assert not table_of(schema).columns["name"].certain
    schema = run(shop(), maybe(RenameColumn(span=SPAN, table=USERS, column="name", to="title")))
    assert {n: c.certain for n, c in table_of(schema).columns.items()} == {
        "id": True,
        "email": True,
        "name": False,
        "title": False,
    }


def test_an_attribute_that_may_have_changed_is_unknown() -> None:
    altered = AlterColumn(span=SPAN, table=USERS, column="name", type=SqlType("BIGINT"), nullable=False)
    column = table_of(run(shop(), maybe(altered))).columns["name"]
    assert (column.type, column.nullable, column.comment) == (UNKNOWN, UNKNOWN, None)
    same = AlterColumn(span=SPAN, table=USERS, column="name", type=TEXT, nullable=True)
    assert table_of(run(shop(), maybe(same))).columns["name"].type == TEXT


def test_enums_and_objects_that_may_be_there() -> None:
    name = TableName("state")
    schema = run(
        EMPTY,
        maybe(CreateEnum(span=SPAN, name=name, labels=("a",))),
        maybe(CreateObject(span=SPAN, kind="view", name=name)),
    )
    enum, view = schema.enum(name), schema.object("view", name)
    assert enum is not None
    assert view is not None
    assert not enum.certain
    assert not view.certain


def test_two_sides_of_a_condition() -> None:
    schema = run(
        shop(),
        maybe(AddColumn(span=SPAN, table=USERS, column=Column("age", INTEGER))),
        maybe(AddColumn(span=SPAN, table=USERS, column=Column("age", TEXT)), holds=False),
    )
    assert table_of(schema).columns["age"].type == UNKNOWN


@pytest.mark.parametrize(
    ("text", "holds", "certain"),
    [
        ("not inspector.has_table('users')", True, True),
        ("inspector.has_table('users')", False, True),
        ("not table_exists(bind, 'users')", True, True),
        ("'users' not in inspector.get_table_names()", True, True),
        ("inspector.has_table('users')", True, False),
        ("not inspector.has_table('other')", True, False),
        ("not has_table('users') and flag", True, False),
        ("'users' not in settings", True, False),
        ("not inspector.has_table(name)", True, False),
        ("not feature('users')", True, False),
        ("not (", True, False),
    ],
)
def test_a_guard_that_asks_for_the_table_itself(text: str, holds: bool, certain: bool) -> None:
    assert table_of(run(EMPTY, maybe(users(), text, holds))).certain is certain


@pytest.mark.parametrize(
    ("asks", "holds", "gone"),
    [
        (Existence(USERS), True, True),
        (Existence(USERS, present=False), False, True),
        (Existence(USERS), False, False),
        (Existence(ORDERS), True, False),
        (None, True, False),
    ],
)
def test_a_guard_of_which_it_is_known_what_it_asks(asks: Existence | None, holds: bool, gone: bool) -> None:
    condition = Condition("found", "versions/one.py", 6, holds, asks)
    dropped = replace(DropTable(span=SPAN, table=USERS), conditions=(condition, replace(condition, line=7)))
    assert (run(shop(), dropped).table(USERS) is None) is gone
    mixed = replace(dropped, conditions=(condition, Condition("flag", "versions/one.py", 8)))
    assert run(shop(), mixed).table(USERS) is not None


ADD_AGE = AddColumn(span=SPAN, table=USERS, column=Column("age", INTEGER))
DROP_NAME = DropColumn(span=SPAN, table=USERS, column="name")
AGE_INDEX = CreateIndex(span=SPAN, index=Index("ix_age", USERS, (IndexPart("name"),)))


@pytest.mark.parametrize(
    ("operation", "text", "certain"),
    [
        (ADD_AGE, "'age' not in [c['name'] for c in inspector.get_columns('users')]", True),
        (ADD_AGE, "'age' not in [c['name'] for c in inspector.get_columns('orders')]", False),
        (ADD_AGE, "'age' not in columns", False),
        (ADD_AGE, "not column_exists('users', 'age')", True),
        (ADD_AGE, "not column_exists('users', 'name')", False),
        (ADD_AGE, "column_exists('users', 'age')", False),
        (DROP_NAME, "column_exists('users', 'name')", True),
        (DROP_NAME, "not column_exists('users', 'name')", False),
        (AGE_INDEX, "not inspector.has_index('users', 'ix_age')", True),
        (DropIndex(span=SPAN, name="ix", table=USERS), "inspector.has_index('users', 'ix')", True),
    ],
)
def test_a_guard_that_asks_for_a_part_of_the_table(operation: AnyOperation, text: str, certain: bool) -> None:
    assert table_of(run(shop(), maybe(operation, text))).certain is certain


def test_a_guarded_creation_leaves_a_table_that_is_there_alone() -> None:
    guarded = maybe(CreateTable(span=SPAN, table=USERS, columns=()), "not has_table('users')")
    assert list(table_of(run(shop(), guarded)).columns) == ["id", "email", "name"]


def test_unread_code_puts_everything_in_doubt_that_is_there_already() -> None:
    schema = run(shop(), DropTable(span=SPAN, table=ORDERS), _opaque(), orders())
    assert not table_of(schema).certain
    assert table_of(schema).doubts == ("a call of helper() (versions/one.py:7)",)
    assert table_of(schema, ORDERS).certain
    assert schema.tables[USERS].certain, "the tables themselves are not copied"
    assert not schema.certain(LEGACY)
    assert not schema.dropped


def test_a_touched_table_keeps_its_doubts() -> None:
    schema = run(shop(), _opaque(), AddColumn(span=SPAN, table=USERS, column=Column("x", TEXT)))
    assert not table_of(schema).certain
    assert not schema.certain(USERS)
    assert len(table_of(schema).doubts) == 1


def test_many_doubts_are_counted_not_kept() -> None:
    schema = run(shop(), *(_opaque() for _ in range(1000)))
    assert schema.doubt_count == 1000
    assert len(schema.doubts) == 64
    assert not table_of(schema).certain
    assert table_of(run(schema, DropTable(span=SPAN, table=USERS), users())).certain


def test_unread_code_that_names_its_tables_touches_no_other() -> None:
    schema = run(shop(), _opaque(USERS, LEGACY))
    assert not table_of(schema).certain
    assert table_of(schema, ORDERS).certain
    assert not table_of(schema, LEGACY).known
    nothing = Opaque(span=SPAN, reason="x", may_touch=())
    assert run(shop(), nothing) == shop()


@pytest.mark.parametrize(
    ("operation", "columns"),
    [
        (AddColumn(span=SPAN, table=LEGACY, column=Column("a", TEXT)), {"a": TEXT}),
        (AlterColumn(span=SPAN, table=LEGACY, column="a", nullable=False, existing_type=TEXT), {"a": TEXT}),
        (RenameColumn(span=SPAN, table=LEGACY, column="a", to="b"), {"b": None}),
        (
            CreateIndex(span=SPAN, index=Index("i", LEGACY, (IndexPart("a"),), include=("b",))),
            {"a": None, "b": None},
        ),
        (Insert(span=SPAN, table=LEGACY, columns=("a",)), {"a": None}),
        (Update(span=SPAN, table=LEGACY, columns=("a", "b")), {"a": None, "b": None}),
        (DropColumn(span=SPAN, table=LEGACY, column="a"), {}),
    ],
)
def test_the_first_use_of_a_table_brings_it_into_being(
    operation: AnyOperation, columns: dict[str, SqlType | None]
) -> None:
    schema = run(EMPTY, operation)
    table = table_of(schema, LEGACY)
    assert table.assumed
    assert table.certain
    assert not table.known
    assert {name: column.type for name, column in table.columns.items()} == columns
    assert not schema.complete
    assert not schema.certain(TableName("another"))


def test_what_is_not_said_of_an_assumed_column_is_unknown() -> None:
    altered = AlterColumn(span=SPAN, table=LEGACY, column="a", nullable=False)
    column = table_of(run(EMPTY, altered), LEGACY).columns["a"]
    assert (column.type, column.nullable, column.default) == (None, False, UNKNOWN)


def test_a_key_assumes_its_target() -> None:
    key = ForeignKey("fk", ("user_id",), LEGACY, ("number",))
    schema = run(shop(), AddConstraint(span=SPAN, table=ORDERS, constraint=key))
    assert table_of(schema, LEGACY).assumed
    assert list(table_of(schema, LEGACY).columns) == ["number"]


def test_a_dropped_table_is_not_assumed_again() -> None:
    schema = run(
        shop(),
        DropTable(span=SPAN, table=ORDERS),
        AddColumn(span=SPAN, table=ORDERS, column=Column("a", TEXT)),
    )
    assert schema.table(ORDERS) is None
    assert schema.certain(ORDERS)
    assert schema.complete


def test_dropping_an_unknown_table_makes_its_absence_known() -> None:
    schema = run(EMPTY, Insert(span=SPAN, table=TableName("x")), DropTable(span=SPAN, table=LEGACY))
    assert schema.certain(LEGACY)
    assert not schema.certain(TableName("y"))


@pytest.mark.parametrize(
    "name", [TableName("alembic_version"), TableName("pg_class"), TableName("tables", "information_schema")]
)
def test_tables_of_the_server_and_of_alembic_are_not_assumed(name: TableName) -> None:
    assert run(EMPTY, Update(span=SPAN, table=name)) == EMPTY


def test_a_view_is_no_assumed_table() -> None:
    schema = run(EMPTY, CreateObject(span=SPAN, kind="view", name=LEGACY), Insert(span=SPAN, table=LEGACY))
    assert schema.table(LEGACY) is None


def test_a_known_schema_is_certain_of_what_it_lacks() -> None:
    schema: Schema = shop()
    assert schema.certain(LEGACY)
    assert schema.certain(USERS)
    checked = run(schema, AddConstraint(span=SPAN, table=USERS, constraint=Check("c", UNKNOWN)))
    assert checked.certain(USERS)


def test_the_doubt_of_what_may_have_happened_is_kept_beside_the_condition() -> None:
    dropped = DropConstraint(span=SPAN, table=USERS, name=UNKNOWN, kind="unique")
    assert table_of(run(shop(), maybe(dropped))).doubts == (
        "a constraint without a known name is dropped (versions/one.py:7)",
        "it depends on flag (versions/one.py:7)",
    )


def test_a_batch_that_may_have_named_a_constraint_leaves_its_name_open() -> None:
    batch = BatchContext(USERS, 1, naming_convention=(("uq", "uq_%(table_name)s_%(column_0_name)s"),))
    alter = AlterColumn(span=SPAN, table=USERS, column="name", type=TEXT, batch=batch)
    table = table_of(run(shop("sqlite"), maybe(alter)))
    assert [(unique.name, unique.given) for unique in table.uniques] == [(UNKNOWN, "uq_users_email")]
    assert [key.name for key in table.constraints if isinstance(key, PrimaryKey)] == [None]
