"""A naming convention gives the names that Alembic gives with it: it runs, and SQLAlchemy reflects."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from alembic.operations import Operations

from migrate_guard.operations import UNKNOWN, Unknown
from migrate_guard.schema.conventions import Convention
from tests.schema.oracle import disagreements
from tests.schema.recorded import Step
from tests.servers import PostgresServer

CONVENTION = {
    "ix": "idx_%(column_0_N_label)s",
    "uq": "%(table_name)s_%(column_0_N_name)s_uq",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "%(table_name)s_%(column_0_name)s_fkey",
    "pk": "%(table_name)s_pk",
}
ALL_GIVEN = {"ck": "ck_%(constraint_name)s", "uq": "uq_%(table_name)s_%(constraint_name)s"}


def _create(op: Operations) -> None:
    op.create_table(
        "people",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("a", sa.Integer(), index=True),
        sa.Column("b", sa.Integer(), sa.CheckConstraint("b > 1", name="on_column")),
        sa.CheckConstraint("a > 0", name="positive"),
        sa.CheckConstraint("a > 2", name=op.f("final")),
        sa.UniqueConstraint("a", "b", name="given_uq"),
        sa.Index("given_ix", "b"),
    )


def _typed(op: Operations) -> None:
    op.create_table(
        "kinds",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("kind", sa.Enum("x", "y", name="kinds", native_enum=False, create_constraint=True)),
        sa.Column("flag", sa.Boolean(name=op.f("is_flag"), create_constraint=True)),
    )


def _given(op: Operations) -> None:
    op.create_table(
        "people",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("a", sa.Integer()),
        sa.UniqueConstraint("a", name="one"),
        sa.UniqueConstraint("id", name=op.f("two")),
        sa.CheckConstraint("a > 0", name="positive"),
    )


SERVER: list[Step] = [
    _create,
    lambda op: op.add_column("people", sa.Column("c", sa.Integer(), unique=True)),
    lambda op: op.add_column("people", sa.Column("d", sa.Integer(), index=True, unique=True)),
    lambda op: op.create_check_constraint("later", "people", sa.text("c > 0")),
    lambda op: op.create_check_constraint(op.f("later_final"), "people", sa.text("c > 1")),
    lambda op: op.create_check_constraint("n" * 60, "people", sa.text("c > 3")),
    lambda op: op.create_unique_constraint(None, "people", ["b", "c"]),
    lambda op: op.create_foreign_key(None, "people", "people", ["b"], ["c"]),
    lambda op: op.create_index(None, "people", ["a", "c"]),
    lambda op: op.drop_constraint("positive", "people", type_="check"),
    lambda op: op.drop_constraint("ck_people_later", "people"),
    lambda op: op.drop_constraint(op.f("later_final"), "people", type_="check"),
    lambda op: op.drop_constraint("n" * 60, "people", type_="check"),
    lambda op: op.drop_index("idx_people_a", table_name="people"),
    lambda op: op.drop_constraint("people_b_fkey", "people", type_="foreignkey"),
]


def _batch(op: Operations) -> None:
    with op.batch_alter_table("people") as batch:
        batch.create_check_constraint("later", sa.text("b > 5"))
        batch.create_unique_constraint("batch_uq", ["b"])
        batch.drop_constraint("positive", type_="check")
        batch.drop_constraint(batch.f("final"), type_="check")


KNOWN = [
    pytest.param(CONVENTION, CONVENTION, id="known"),
    pytest.param(CONVENTION, UNKNOWN, id="not read"),
    pytest.param({"ix": CONVENTION["ix"]}, UNKNOWN, id="not read, of indexes"),
    pytest.param(None, UNKNOWN, id="not there after all"),
]


@pytest.mark.server
@pytest.mark.parametrize(("convention", "naming"), KNOWN[:2])
def test_on_postgresql(
    convention: dict[str, str], naming: Convention | Unknown, postgresql: PostgresServer
) -> None:
    engine = sa.create_engine(postgresql.fresh_database(), poolclass=sa.NullPool)
    with engine.connect() as connection:
        found = disagreements(connection, "postgresql", SERVER, convention, naming)
    assert not [one for one in found if one[1].certain and one[1].aspect == "name"]
    assert not found or isinstance(naming, Unknown)


@pytest.mark.parametrize(("convention", "naming"), KNOWN)
def test_in_batches_on_sqlite(convention: dict[str, str] | None, naming: Convention | Unknown) -> None:
    with sa.create_engine("sqlite://").connect() as connection:
        assert not disagreements(connection, "sqlite", [_create, _typed, _batch], convention, naming)


@pytest.mark.parametrize("naming", [CONVENTION, UNKNOWN])
def test_an_index_is_dropped_by_the_name_that_the_convention_gives(naming: Convention | Unknown) -> None:
    steps: list[Step] = [_create, lambda op: op.drop_index("idx_people_a", table_name="people")]
    with sa.create_engine("sqlite://").connect() as connection:
        assert not disagreements(connection, "sqlite", steps, CONVENTION, naming)


def test_a_convention_that_renames_every_given_name() -> None:
    with sa.create_engine("sqlite://").connect() as connection:
        assert not disagreements(connection, "sqlite", [_given], ALL_GIVEN, ALL_GIVEN)


def test_without_the_convention_the_names_would_be_wrong() -> None:
    with sa.create_engine("sqlite://").connect() as connection:
        found = disagreements(connection, "sqlite", [_create], CONVENTION, None)
    assert {one.left for _, one in found if one.aspect == "name"} >= {"ck_people_positive", "idx_people_a"}
