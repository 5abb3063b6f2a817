"""Naming conventions name what a script leaves unnamed, as SQLAlchemy does."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.schema import CreateTable as CreateTableStatement

from migrate_guard.operations import (
    UNKNOWN,
    AddConstraint,
    Check,
    Constraint,
    DropConstraint,
    ForeignKey,
    PrimaryKey,
    TableName,
    Unique,
)
from migrate_guard.schema import empty_schema
from migrate_guard.schema.conventions import named
from tests.schema.build import SPAN, SQL, USERS, orders, run, table_of, users

USUAL = {
    "pk": "pk_%(table_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}
ITEMS = TableName("items")


@pytest.mark.parametrize(
    "convention",
    [
        USUAL,
        {
            "uq": "%(column_0_label)s_%(column_1_name)s_u",
            "fk": "%(column_0N_name)s_%(referred_column_0_name)s",
        },
        {"uq": "%(column_0_key)s%%", "pk": "key"},
        {},
    ],
)
def test_names_are_those_of_sqlalchemy(convention: dict[str, str]) -> None:
    metadata = sa.MetaData(naming_convention=convention)
    sa.Table("users", metadata, sa.Column("id", sa.Integer(), primary_key=True))
    table = sa.Table(
        "items",
        metadata,
        sa.Column("a", sa.Integer(), primary_key=True),
        sa.Column("b", sa.Integer(), sa.ForeignKey("users.id")),
        sa.UniqueConstraint("a", "b"),
    )
    ddl = str(CreateTableStatement(table))
    ours: list[Constraint] = [
        PrimaryKey(None, ("a",)),
        Unique(None, ("a", "b")),
        ForeignKey(None, ("b",), USERS, ("id",)),
    ]
    names = [named(constraint, ITEMS, convention, "postgresql").name for constraint in ours]
    assert ddl.count("CONSTRAINT") == sum(name is not None for name in names)
    for name in names:
        assert name is None or f"CONSTRAINT {name} " in ddl.replace('"', "").replace("%%", "%")


def test_a_convention_that_needs_a_name_gives_none() -> None:
    assert named(Check(None, "a > 0"), ITEMS, USUAL, "postgresql").name is None


def test_what_cannot_be_known_is_unknown() -> None:
    assert named(Unique(None, UNKNOWN), ITEMS, USUAL, "postgresql").name is UNKNOWN
    assert named(Unique(None, ("a",)), ITEMS, UNKNOWN, "postgresql").name is UNKNOWN
    assert named(Unique("u", ("a",)), ITEMS, UNKNOWN, "postgresql").name == "u"
    assert named(ForeignKey(None, ("a",), UNKNOWN), ITEMS, USUAL, "postgresql").name is UNKNOWN
    assert named(Check(None, "a"), ITEMS, {"ck": "ck_%(column_0_name)s"}, "postgresql").name is UNKNOWN


def test_the_replay_uses_the_convention_for_directives_only() -> None:
    schema = run(empty_schema("postgresql", naming=USUAL), users(), orders())
    assert {c.name for c in table_of(schema).constraints} == {"pk_users", "uq_users_email"}
    raw = AddConstraint(span=SPAN, table=USERS, constraint=Unique(None, ("name",)), sql=SQL)
    assert table_of(run(schema, raw)).constraint("users_name_key") is not None
    directive = AddConstraint(span=SPAN, table=USERS, constraint=Unique(None, ("name",)))
    assert table_of(run(schema, directive)).constraint("uq_users_name") is not None


def test_a_constraint_of_an_unknown_convention_is_dropped_by_a_name_that_fits() -> None:
    schema = run(empty_schema("postgresql", naming=UNKNOWN), users())
    drop = DropConstraint(span=SPAN, table=USERS, name="uq_users_email", kind="unique")
    assert not table_of(run(schema, drop)).uniques
    assert table_of(run(schema, drop)).certain
