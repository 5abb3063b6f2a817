"""Exceptions that a revision catches: what is read is what real databases do when it runs."""

from __future__ import annotations

import sqlite3
import textwrap

import pytest
import sqlalchemy as sa
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy.exc import SQLAlchemyError

from migrate_guard.dialect import DialectName, parse_dialect
from migrate_guard.evaluate.fate import OPEN, fate
from migrate_guard.evaluate.outcome import Evaluation
from migrate_guard.operations import DropConstraint
from migrate_guard.schema.compare import differences
from tests.evaluate.running import body, shown
from tests.schema.reflected import reflect
from tests.servers import PostgresServer

SQLITE = f"sqlite:{sqlite3.sqlite_version}"
TABLES = """
op.create_table("shops", sa.Column("id", sa.Integer, primary_key=True))
op.create_table(
    "orders",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("code", sa.String(9), nullable=False),
    sa.Column("shop", sa.Integer),
    sa.UniqueConstraint("code", name="uq_code"),
    sa.ForeignKeyConstraint(["shop"], ["shops.id"], name="fk_shop"),
)
op.create_index("ix_shop", "orders", ["shop"])
"""
ALEMBIC_FAILS = """
try:
    op.alter_column("orders", "code", existing_type=sa.String(9), nullable=True)
    op.drop_constraint(None, "orders", type_="foreignkey")
    op.drop_column("orders", "shop")
except Exception:
    pass
op.create_table("later", sa.Column("id", sa.Integer, primary_key=True))
"""
ALL_IN_ORDER = """
try:
    op.alter_column("orders", "code", existing_type=sa.String(9), nullable=True)
    op.drop_constraint("fk_shop", "orders", type_="foreignkey")
    op.create_unique_constraint("uq_both", "orders", ["code", "shop"])
except Exception as error:
    print(str(error))
"""
SQLITE_CANNOT = """
try:
    op.create_unique_constraint("uq_both", "orders", ["code", "shop"])
except NotImplementedError:
    op.create_index("ix_both", "orders", ["code", "shop"])
try:
    op.alter_column("orders", "code", type_=sa.String(20))
except sa.exc.DatabaseError:
    pass
"""
IN_BATCHES = """
for name in ("fk_shop", "fk_gone", "uq_code"):
    try:
        with op.batch_alter_table("orders") as batch_op:
            batch_op.alter_column("code", existing_type=sa.String(9), nullable=True)
            batch_op.drop_constraint(op.f(name))
    except ValueError:
        pass
try:
    with op.batch_alter_table("orders") as batch_op:
        batch_op.drop_column("gone")
        batch_op.drop_column("shop")
except KeyError:
    op.create_table("later", sa.Column("id", sa.Integer, primary_key=True))
try:
    with op.batch_alter_table("shops") as batch_op:
        batch_op.alter_column("id", new_column_name="number")
except Exception:
    op.drop_table("shops")
"""
WITH_INDEXES = """
try:
    with op.batch_alter_table("orders", recreate="always") as batch_op:
        batch_op.drop_index("ix_shop")
        batch_op.create_index("ix_code_shop", ["code", "shop"])
except Exception:
    pass
"""


def _read(text: str, dialect: str) -> Evaluation:
    return body(TABLES + text, dialect=dialect)


def _disagreements(text: str, connection: sa.Connection, dialect: DialectName, judged: str) -> list[str]:
    """Return how what is read differs from the database; nothing read may be uncertain."""
    context = MigrationContext.configure(connection)
    with context.begin_transaction():
        exec(textwrap.dedent(TABLES + text), {"op": Operations(context), "sa": sa})
    connection.commit()
    after = _read(text, judged).after
    assert [str(table.name) for table in after.all_tables() if not table.certain] == []
    return list(map(str, differences(reflect(connection, dialect), after)))


@pytest.mark.parametrize("text", [ALEMBIC_FAILS, SQLITE_CANNOT, IN_BATCHES, WITH_INDEXES])
def test_sqlite(text: str) -> None:
    with sa.create_engine("sqlite://").connect() as connection:
        assert _disagreements(text, connection, "sqlite", SQLITE) == []


@pytest.mark.server
@pytest.mark.parametrize("text", [ALEMBIC_FAILS, ALL_IN_ORDER])
def test_postgresql(text: str, postgresql: PostgresServer) -> None:
    engine = sa.create_engine(postgresql.fresh_database(), poolclass=sa.NullPool)
    with engine.connect() as connection:
        assert _disagreements(text, connection, "postgresql", "postgresql") == []


MISSING = """
try:
    op.drop_column("orders", "gone")
except Exception:
    op.drop_column("orders", "shop")
"""


@pytest.mark.server
def test_postgresql_does_not_get_past_a_caught_error(postgresql: PostgresServer) -> None:
    """Nothing that follows can run, not even what a handler would do instead."""
    engine = sa.create_engine(postgresql.fresh_database(), poolclass=sa.NullPool)
    with engine.connect() as connection, pytest.raises(SQLAlchemyError, match="InFailedSqlTransaction"):
        _disagreements(MISSING, connection, "postgresql", "postgresql")
    assert shown(_read(MISSING, "postgresql"))[-1] == "DropColumn orders gone"


def _both(text: str, dialect: str = "postgresql") -> list[str]:
    return shown(_read(text, dialect))[3:]


AUTOCOMMIT = """
try:
    with op.get_context().autocommit_block():
        op.drop_table("orders")
except Exception:
    pass
"""[1:]
FAILS = "DropColumn orders shop if nothing fails in the try block at line 15"
TRY = 'try:\n    op.drop_column("orders", "shop")\nexcept Exception:\n    '


@pytest.mark.parametrize(
    "handler",
    [
        'op.execute("ROLLBACK")',
        "op.get_bind().rollback()",
        "op.get_bind().get_transaction().rollback()",
        "recover(op.get_bind())",
        "helpers.recover()",
        "with op.get_context().autocommit_block():\n        pass",
    ],
)
def test_a_handler_that_may_end_the_transaction_leaves_it_open(handler: str) -> None:
    assert FAILS in _both(TRY + handler)


@pytest.mark.parametrize(
    ("text", "dialect"),
    [
        (TRY + "pass", "mysql"),
        (TRY + "pass", "sqlite"),
        (
            'try:\n    helper()\n    op.drop_column("orders", "shop")\nexcept Exception:\n    pass',
            "postgresql",
        ),
        ('try:\n    op.drop_column("orders", NAMES[0])\nexcept Exception:\n    pass', "postgresql"),
        (AUTOCOMMIT, "postgresql"),
        (
            'try:\n    op.add_column("orders", sa.Column("n", unseen()))\nexcept Exception:\n    pass',
            "postgresql",
        ),
        (
            'try:\n    op.alter_column("orders", "code", nullable=True)\nexcept Exception:\n    pass',
            "sqlite:3.53",
        ),
        (
            'try:\n    op.create_unique_constraint("u", "orders", ["id"])\nexcept KeyError:\n    pass',
            "sqlite",
        ),
    ],
)
def test_what_may_fail_for_other_reasons_is_open(text: str, dialect: str) -> None:
    found = _read(text, dialect).transitions[-1].operation
    assert [str(one) for one in found.conditions] == ["nothing fails in the try block at line 15"]


def test_without_a_transaction_an_error_is_survived() -> None:
    dropped = _read(TRY + "pass", "postgresql").transitions[-1]
    assert not dropped.operation.conditions
    assert fate(dropped.before, dropped.operation, parse_dialect("postgresql"), aborts=False) == OPEN


def test_what_certainly_fails_is_still_there_to_be_told() -> None:
    found = _read(ALEMBIC_FAILS, "postgresql")
    (dropped,) = (t for t in found.transitions if isinstance(t.operation, DropConstraint))
    assert dropped.before is dropped.after
    assert not any("op.drop_column" in span.path for span in found.missed)


def test_what_a_batch_around_the_block_does_is_done_at_its_end() -> None:
    text = """
with op.batch_alter_table("orders") as batch_op:
    try:
        batch_op.drop_column("shop")
    except TypeError:
        batch_op.drop_column("orders", "shop")
"""
    assert _both(text) == ["DropColumn orders shop"]
    assert _both(text, "mysql") == ["DropColumn orders shop"]
