# ruff: noqa: E501 - one case is one line
"""Statements, connections and sessions: what is sent when something is executed."""

from __future__ import annotations

import pytest

from migrate_guard.operations import (
    UNKNOWN,
    AnyOperation,
    ControlTransaction,
    Delete,
    Insert,
    Opaque,
    Query,
    TableName,
    Update,
)
from tests.evaluate.running import body, run

T = TableName("t")
SETUP = """
from sqlalchemy.orm import Session, sessionmaker
t = sa.table("t", sa.column("id"), sa.column("name"))
u = sa.table("u", sa.column("t_id"), schema="s")
bind = op.get_bind()
"""


def only(text: str, dialect: str = "postgresql") -> AnyOperation:
    """Return the one operation of statements that use `t`, `u` and `bind`."""
    operations = [transition.operation for transition in body(SETUP + text, dialect=dialect).transitions]
    assert len(operations) == 1, operations
    return operations[0]


@pytest.mark.parametrize(
    ("text", "columns", "where"),
    [
        ("op.execute(t.update().values(name='x'))", ("name",), None),
        ('op.execute(t.update().where(t.c.id == 5).values({"name": None}))', ("name",), "id = 5"),
        ("op.execute(sa.update(t).where(t.c.name.is_(None)).values({'name': 'x'}))", ("name",), "name IS NULL"),
        ("bind.execute(sa.update(t).values(name=sa.func.lower(t.c.name)))", ("name",), None),
        ("op.execute(t.update().where(t.c.name == op.inline_literal('a')).values(name='b'))", ("name",), "name = 'a'"),
        ("op.execute(t.update().where(t.c.id == 1).where(t.c.name != 'b'))", (), "id = 1 AND name != 'b'"),
        ("op.execute(t.update().where((t.c.id > 1) & (t.c.name == 'b')))", (), "id > 1 AND name = 'b'"),
        ("op.execute(t.update().where(sa.or_(t.c.id > 1, t.c.id.in_([2, 3]))))", (), "id > 1 OR id IN (2, 3)"),
        ("op.execute(t.update().where(~t.c.name.like('a%')))", (), "NOT name LIKE 'a%'"),
        ("op.execute(t.update().where(sa.text('id > 7')))", (), "id > 7"),
        ("op.execute(t.update().where(sa.false()))", (), "false"),
        ("op.execute(t.update().where(t.c.id.between(1, 3)))", (), "id BETWEEN 1 AND 3"),
        ("op.execute(t.update().where(t.c.id == sa.bindparam('i')))", (), "id = :i"),
    ],
)  # fmt: skip
def test_an_update_names_its_columns_and_condition(
    text: str, columns: tuple[str, ...], where: str | None
) -> None:
    found = only(text)
    assert isinstance(found, Update)
    assert (found.table, found.columns, found.where) == (T, columns, where)


def test_a_condition_on_an_undecided_value_stays_a_condition() -> None:
    found = only("import os\nop.execute(t.update().where(t.c.id == os.environ['X']).values(name='x'))")
    assert isinstance(found, Update)
    assert found.where == "id = ?"


def test_an_undecided_condition_is_unknown_with_a_reason() -> None:
    found = only("import os\nop.execute(t.update().where(os.environ['X']).values(name='x'))")
    assert isinstance(found, Update)
    assert found.where is UNKNOWN
    assert "os.environ" in found.unknowns[0]


def test_a_delete_without_condition_has_none() -> None:
    found = only("op.execute(sa.delete(t))")
    assert isinstance(found, Delete)
    assert found.where is None


@pytest.mark.parametrize(
    ("text", "rows", "columns"),
    [
        ("op.execute(t.insert().values(id=1, name='x'))", 1, ("id", "name")),
        ("op.execute(t.insert().values([{'id': 1}, {'id': 2}]))", 2, ("id",)),
        ("bind.execute(t.insert(), [{'id': 1}, {'id': 2}, {'id': 3}])", 3, ("id",)),
        ("bind.execute(sa.insert(t), {'id': 1})", 1, ("id",)),
        ("op.bulk_insert(t, [{'id': i} for i in range(4)])", 4, ("id",)),
        ("op.execute(t.insert().from_select(['id'], sa.select(u.c.t_id)))", None, ("id",)),
        ("import os\nop.bulk_insert(t, os.listdir('.'))", None, ()),
    ],
)  # fmt: skip
def test_an_insert_counts_its_rows(text: str, rows: int | None, columns: tuple[str, ...]) -> None:
    found = only(text)
    assert isinstance(found, Insert)
    assert (found.table, found.rows, found.columns) == (T, rows, columns)
    assert found.from_select is ("from_select" in text)


@pytest.mark.parametrize(
    "text",
    [
        "bind.execute(sa.select(t.c.id).where(t.c.id > 3)).fetchall()",
        "bind.execute(sa.select([t.c.id])).scalar()",
        "bind.scalar(sa.select(sa.func.count()).select_from(t))",
        "bind.execute(t.select())",
        "Session(bind=bind).execute(sa.select(t))",
        "sessionmaker(bind=bind)().query(t).all()",
    ],
)
def test_a_select_reads_its_tables(text: str) -> None:
    found = only(text)
    assert isinstance(found, Query)
    assert found.tables == (T,)


def test_a_select_of_an_unknown_function_may_do_anything() -> None:
    found = only("bind.execute(sa.select(sa.func.create_hypertable('t', 'id')))")
    assert isinstance(found, Opaque)
    assert "create_hypertable" in found.reason
    assert found.may_touch is None
    assert isinstance(only("bind.execute(sa.select(sa.func.setval('s', 3)))"), Query)


def test_a_statement_that_is_not_known_may_do_anything() -> None:
    found = only("import os\nbind.execute(os.environ['SQL'])")
    assert isinstance(found, Opaque)
    assert found.may_touch is None


MODEL = """
from sqlalchemy.orm import declarative_base, Session
Base = declarative_base()
class Mixin:
    created = sa.Column(sa.DateTime)
class User(Mixin, Base):
    __tablename__ = "users"
    __table_args__ = {"schema": "s"}
    id = sa.Column(sa.Integer, primary_key=True)
    name = sa.Column("full_name", sa.String(3))
def upgrade():
    session = Session(bind=op.get_bind())
    TEXT
"""


@pytest.mark.parametrize(
    ("text", "kind", "columns", "where"),
    [
        ("session.query(User).update({'name': 1})", Update, ("name",), None),
        ("session.query(User).filter(User.id == 3).update({'name': 1}, synchronize_session=False)", Update,
         ("name",), "id = 3"),
        ("session.execute(sa.update(User).where(User.created.is_(None)).values(name=1))", Update, ("name",),
         "created IS NULL"),
        ("session.query(User).filter_by(id=3).delete()", Delete, None, "id = 3"),
        ("session.add(User(id=1, name='x'))", Insert, ("id", "full_name"), None),
        ("session.add_all([User(id=1)])", Insert, ("id",), None),
        ("session.bulk_insert_mappings(User, [{'id': 1}])", Insert, (), None),
        ("session.query(User).order_by(User.id).all()", Query, None, None),
        ("session.query(User).filter(User.id == 1).first().name = 'x'", Query, None, None),
    ],
)  # fmt: skip
def test_a_session_works_on_the_tables_of_declarative_classes(
    text: str, kind: type[AnyOperation], columns: tuple[str, ...] | None, where: str | None
) -> None:
    found = run(MODEL.replace("TEXT", text)).transitions[0].operation
    users = TableName("users", "s")
    assert isinstance(found, kind)
    assert users in (getattr(found, "table", None), *getattr(found, "tables", ()))
    assert getattr(found, "columns", None) == columns
    assert getattr(found, "where", None) == where


def test_setting_an_attribute_of_a_row_is_an_update() -> None:
    source = MODEL.replace(
        "TEXT", "row = session.query(User).first()\n    row.name = 'x'\n    session.commit()"
    )
    operations = [transition.operation for transition in run(source).transitions]
    assert [type(operation) for operation in operations] == [Query, Update]


def test_a_query_of_an_unknown_class_that_writes_may_touch_anything() -> None:
    text = "from app.models import User\nSession(bind).query(User).update({'a': 1})"
    found = only(text)
    assert isinstance(found, Opaque)
    assert found.may_touch is None


@pytest.mark.parametrize(
    ("text", "commands"),
    [
        ("bind.commit()", ["commit"]),
        ("with bind.begin_nested():\n    pass", ["savepoint"]),
        ("trans = bind.begin()\ntrans.commit()", ["begin", "commit"]),
        ("Session(bind).commit()", []),
    ],
)
def test_transactions_of_the_connection_are_recorded(text: str, commands: list[str]) -> None:
    operations = [transition.operation for transition in body(SETUP + text).transitions]
    assert [one.command for one in operations if isinstance(one, ControlTransaction)] == commands


@pytest.mark.parametrize(
    "text",
    [
        "with op.get_context().autocommit_block():\n    op.execute('DELETE FROM t')",
        "bind.execution_options(isolation_level='AUTOCOMMIT').execute(sa.text('DELETE FROM t'))",
        "with op.get_context().autocommit_block():\n    bind.exec_driver_sql('DELETE FROM t')",
    ],
)
def test_autocommit_is_outside_the_transaction(text: str) -> None:
    found = only(text)
    assert isinstance(found, Delete)
    assert found.autocommit


def test_run_async_and_run_sync_hand_on_the_connection() -> None:
    text = """
    async def work(connection, name):
        await connection.execute(sa.text(f"DELETE FROM {name}"))
    def sync(connection):
        connection.execute(sa.text("DELETE FROM u"))
    def upgrade():
        op.run_async(work, "t")
        op.get_bind().run_sync(sync)
    """
    operations = [transition.operation for transition in run(text).transitions]
    assert [one.table.name for one in operations if isinstance(one, Delete)] == ["t", "u"]
