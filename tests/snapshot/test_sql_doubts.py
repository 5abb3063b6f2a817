"""The DDL of what is not certain runs, and says in comments what is missing from it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from migrate_guard.dialect import DialectName, parse_dialect
from migrate_guard.evaluate.sql import read_sql
from migrate_guard.operations import (
    UNKNOWN,
    AddColumn,
    AddConstraint,
    AnyOperation,
    Check,
    Column,
    CreateEnum,
    CreateIndex,
    CreateTable,
    Default,
    ForeignKey,
    Index,
    IndexPart,
    Opaque,
    PrimaryKey,
    SqlType,
    TableName,
    Unique,
)
from migrate_guard.report.schema import sql
from migrate_guard.schema import Schema, apply, empty_schema
from tests.schema.build import INTEGER, SPAN, USERS, given, run
from tests.servers import MariadbServer, PostgresServer
from tests.snapshot.building import build, snapshot

MONEY = SqlType("CUSTOM", custom="shop.types.Money")
OLD = TableName("old")


def _doubtful(dialect: DialectName) -> Schema:
    """Return a schema in which nearly everything can be otherwise."""
    table = CreateTable(
        span=SPAN,
        table=USERS,
        columns=(
            Column("id", INTEGER, nullable=False),
            Column("price", MONEY, default=Default(UNKNOWN)),
            Column("old_id", INTEGER, nullable=UNKNOWN),
        ),
        constraints=(
            PrimaryKey("pk_users", ("id",)),
            Unique(UNKNOWN, ("old_id",)),
            Unique("uq_unknown", UNKNOWN),
            Check("ck_unknown", UNKNOWN),
            Check("ck_price", "price > 0"),
            ForeignKey("fk_old", ("old_id",), OLD, ("id",)),
            ForeignKey("fk_lost", ("old_id",), UNKNOWN, ("id",)),
        ),
    )
    later: list[AnyOperation] = [
        AddColumn(span=SPAN, table=USERS, column=Column("maybe", INTEGER), conditions=given()),
        AddConstraint(span=SPAN, table=USERS, constraint=Unique("uq_maybe", ("maybe",))),
        AddConstraint(
            span=SPAN, table=USERS, constraint=Unique("uq_maybe", ("id", "maybe")), conditions=given()
        ),
        AddConstraint(
            span=SPAN, table=USERS, constraint=PrimaryKey("pk_other", ("maybe",)), conditions=given()
        ),
        CreateIndex(span=SPAN, index=Index("ix_unknown", USERS, UNKNOWN)),
        CreateIndex(span=SPAN, index=Index("ix_price", USERS, (IndexPart("id"),), unique=UNKNOWN)),
        AddColumn(span=SPAN, table=OLD, column=Column("extra", INTEGER)),
        AddConstraint(span=SPAN, table=OLD, constraint=Check("ck_old", "somewhere > 0")),
        Opaque(span=SPAN, reason="a call of helper()", may_touch=(OLD,)),
    ]
    return run(empty_schema(dialect), table, *later)


def _comments(script: str) -> list[str]:
    return [
        line.strip().removeprefix("-- ") for line in script.splitlines() if line.strip().startswith("-- ")
    ]


LEFT_OUT = [
    "left out, its columns are not known: unique uq_unknown (?)",
    "left out, its expression is not known: check ck_unknown (?)",
    "left out, the table that it refers to is not known: foreign key fk_lost (old_id) → ? (id)",
    "left out, another one has the same name: unique uq_maybe (id, maybe)",
    "left out, there is another primary key: primary key pk_other (maybe)",
    "left out, its columns are not known: index ix_unknown (?)",
    "left out, it may name columns that are not known: check ck_old (somewhere > 0)",
]
REMARKS = [
    "unknown: the type of price (shop.types.Money)",
    "unknown: the default of price",
    "unknown: the nullable of old_id",
    "possible: maybe",
    "unknown: the name of the following",
    "unknown: whether the following is unique",
    "not certain: old: a call of helper() (versions/one.py:7)",
    "not certain: old: the history never creates it: only what its operations name is shown",
]


@pytest.mark.parametrize("dialect", ["postgresql", "mariadb", "sqlite"])
def test_comments_say_what_is_missing(dialect: DialectName) -> None:
    told = [
        line.removeprefix("users: ").removeprefix("old: ")
        for line in _comments(sql([snapshot(_doubtful(dialect))]))
    ]

    assert [line for line in LEFT_OUT + REMARKS if line not in told] == (
        # MySQL calls every primary key PRIMARY.
        [LEFT_OUT[4]] if dialect == "mariadb" else []
    )


def test_sqlite_runs_it() -> None:
    engine = sa.create_engine("sqlite://", poolclass=sa.NullPool)
    with engine.connect() as connection:
        build(connection, snapshot(_doubtful("sqlite")))
        assert sa.inspect(connection).get_table_names() == ["old", "users"]


@pytest.mark.server
def test_postgresql_runs_it(postgresql: PostgresServer) -> None:
    engine = sa.create_engine(postgresql.fresh_database(), poolclass=sa.NullPool)
    with engine.connect() as connection:
        script = build(connection, snapshot(_doubtful("postgresql")))
        assert sorted(sa.inspect(connection).get_table_names()) == ["old", "users"]
    assert "left out, old is not shown to have a key that it could refer to" in script
    assert "left out, the type of price is not known: check ck_price (price > 0)" in script


@pytest.mark.server
def test_mariadb_runs_it(mariadb: MariadbServer) -> None:
    engine = sa.create_engine(mariadb.fresh_database(), poolclass=sa.NullPool)
    with engine.connect() as connection:
        build(connection, snapshot(_doubtful("mariadb")))
        assert sorted(sa.inspect(connection).get_table_names()) == ["old", "users"]


OBJECTS = """
CREATE SCHEMA "Shop";
CREATE DOMAIN positive AS integer CHECK (VALUE > 0);
CREATE TYPE "Shop".pair AS (a integer, b text);
CREATE FUNCTION one() RETURNS integer LANGUAGE sql AS $$ SELECT 1 $$;
CREATE TABLE "Shop"."order"
    (id serial PRIMARY KEY, n positive DEFAULT one(), p "Shop".pair, "a b" text COLLATE "C");
CREATE SEQUENCE free START 5;
CREATE FUNCTION total() RETURNS bigint LANGUAGE sql AS $$ SELECT count(*) FROM "Shop"."order" $$;
CREATE VIEW "Shop".big AS SELECT id FROM "Shop"."order" WHERE n > 10;
CREATE VIEW an_even_bigger AS SELECT id FROM "Shop".big;
CREATE MATERIALIZED VIEW counted AS SELECT total() AS n;
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.n := 2; RETURN NEW; END $$;
CREATE TRIGGER touched BEFORE UPDATE ON "Shop"."order" FOR EACH ROW EXECUTE FUNCTION touch();
CREATE POLICY mine ON "Shop"."order" USING (n > 1);
CREATE TABLE parent (a integer, CONSTRAINT ck CHECK (a > 0));
CREATE TABLE a_child (b integer) INHERITS (parent);
CREATE TABLE spans (r int4range, CONSTRAINT apart EXCLUDE USING gist (r WITH &&));
COMMENT ON COLUMN spans.r IS 'it''s a range'
"""
_KINDS = sa.text(
    "SELECT concat(n.nspname, '.', c.relname, ' ', c.relkind) FROM pg_class c"
    " JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE n.nspname IN ('public', 'Shop') AND c.relkind <> 't'"
    " UNION SELECT p.proname || ' function' FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
    " WHERE n.nspname = 'public' UNION SELECT concat(t.typname, ' ', t.typtype) FROM pg_type t"
    " JOIN pg_namespace n ON n.oid = t.typnamespace WHERE n.nspname IN ('public', 'Shop')"
    " UNION SELECT tgname || ' trigger' FROM pg_trigger WHERE NOT tgisinternal"
    " UNION SELECT polname || ' policy' FROM pg_policy"
    " UNION SELECT concat(conname, ' ', contype) FROM pg_constraint"
    " UNION SELECT description || ' comment' FROM pg_description"
    " WHERE classoid = 'pg_class'::regclass AND objsubid = 1 AND objoid >= 16384"
)


@pytest.mark.server
def test_objects_come_in_an_order_in_which_they_run(postgresql: PostgresServer) -> None:
    schema = empty_schema("postgresql")
    for operation in read_sql(OBJECTS, parse_dialect("postgresql"), lambda start, end: SPAN):
        schema = apply(schema, operation, "abc")
    engines = [sa.create_engine(postgresql.fresh_database(), poolclass=sa.NullPool) for _ in range(2)]
    with engines[0].connect() as first, engines[1].connect() as second:
        raw = first.connection.driver_connection
        assert raw is not None
        raw.execute(OBJECTS)
        script = build(second, snapshot(schema, postgresql.version))
        made = set(first.execute(_KINDS).scalars())
        built = set(second.execute(_KINDS).scalars())
    assert built == made, script
    assert {"Shop.big v", "public.counted m", "touched trigger", "mine policy", "apart x"} <= built
    assert "it's a range comment" in built


def test_views_come_after_the_views_that_they_read() -> None:
    schema = empty_schema("postgresql")
    text = (
        "CREATE VIEW b AS SELECT 1 AS x; CREATE VIEW a AS SELECT x FROM b; CREATE VIEW c AS SELECT x FROM a"
    )
    for operation in read_sql(text, parse_dialect("postgresql"), lambda start, end: SPAN):
        schema = apply(schema, operation, "abc")
    script = sql([snapshot(schema)])

    assert script.index("VIEW b ") < script.index("VIEW a ") < script.index("VIEW c ")


def test_an_object_whose_table_was_renamed_is_left_out() -> None:
    schema = empty_schema("postgresql")
    text = "CREATE TABLE a (id int); CREATE VIEW v AS SELECT id FROM a; ALTER TABLE a RENAME TO b"
    for operation in read_sql(text, parse_dialect("postgresql"), lambda start, end: SPAN):
        schema = apply(schema, operation, "abc")

    assert "-- left out, b had another name when it was made: view v" in sql([snapshot(schema)])


def test_a_body_of_several_statements_has_a_delimiter_of_its_own() -> None:
    schema = empty_schema("mysql")
    text = "CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW BEGIN SET NEW.a = 1; SET NEW.b = 2; END"
    for operation in read_sql(text, parse_dialect("mysql"), lambda start, end: SPAN):
        schema = apply(schema, operation, "abc")

    assert "DELIMITER //\nCREATE TRIGGER `tr` BEFORE INSERT ON t" in sql([snapshot(schema)])


def test_an_enum_of_unknown_labels_is_marked() -> None:
    schema = run(empty_schema("postgresql"), CreateEnum(span=SPAN, name=TableName("mood"), labels=UNKNOWN))

    assert "-- unknown: the labels of mood\nCREATE TYPE mood AS ENUM ();" in sql([snapshot(schema)])
