"""The schema on which the claims are tested: as SQL for the server, and by hand as the replay has it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from migrate_guard.dialect import DialectName
from migrate_guard.operations import (
    Check,
    Column,
    Constraint,
    ForeignKey,
    Index,
    IndexPart,
    PrimaryKey,
    SqlType,
    TableName,
    Unique,
)
from migrate_guard.schema import NamedObject, Schema, Table, empty_schema
from migrate_guard.schema.store import Store
from migrate_guard.span import Span

SPAN = Span("versions/1.py", 1, 1, 1, 2)

BIGINT = SqlType("BIGINT")
INTEGER = SqlType("INTEGER")
TEXT = SqlType("TEXT")
BOOLEAN = SqlType("BOOLEAN")


def varchar(length: int, collation: str | None = None) -> SqlType:
    """Return a VARCHAR type."""
    return SqlType("VARCHAR", (length,), collation=collation)


def index(name: str, table: str, *columns: str, unique: bool = False) -> Index:
    """Return an index on plain columns."""
    return Index(name, TableName(table), tuple(IndexPart(column) for column in columns), unique)


def column(name: str, of: SqlType, *, required: bool = False) -> Column:
    """Return a column; a required one is NOT NULL."""
    return Column(name, of, nullable=not required)


def table(
    name: str,
    columns: Sequence[Column],
    constraints: Sequence[Constraint] = (),
    indexes: Sequence[Index] = (),
) -> Table:
    """Return a table of which everything is known."""
    return Table(
        TableName(name),
        {found.name: found for found in columns},
        tuple(constraints),
        tuple(indexes),
        created=SPAN,
        revision="1",
    )


def schema(dialect: DialectName, tables: Sequence[Table], domains: Sequence[str] = ()) -> Schema:
    """Return a schema that holds these tables."""
    found = empty_schema(dialect)
    index_tables: Store[TableName, TableName] = Store()
    for each in tables:
        found = found.with_table(each)
        for item in each.indexes:
            index_tables = index_tables.with_item(TableName(str(item.name)), each.name)
    objects = found.objects
    for domain in domains:
        objects = objects.with_item(
            ("domain", TableName(domain)), NamedObject("domain", TableName(domain), certain=True)
        )
    return replace(found, index_tables=index_tables, objects=objects)


def foreign_key(name: str, column_name: str, target: str, *, validated: bool = True) -> ForeignKey:
    """Return a foreign key to the column `id` of another table."""
    return ForeignKey(name, (column_name,), TableName(target), ("id",), validated=validated)


POSTGRESQL_SETUP = """
CREATE TYPE mood AS ENUM ('a', 'b');
CREATE DOMAIN posint AS int CHECK (VALUE > 0);
CREATE TABLE users (
    id bigint CONSTRAINT users_pkey PRIMARY KEY, email varchar(100), name text, age int, n int,
    amount numeric(10,2), ts timestamp, tz timestamptz, c varchar(50) NOT NULL DEFAULT 'a', loose varchar(20),
    CONSTRAINT ck_email CHECK (email IS NOT NULL));
INSERT INTO users
    SELECT i, 'e' || i, 'n' || i, i, i, i, now(), now(), 'c', 'x' FROM generate_series(1, 300) i;
ALTER TABLE users ADD CONSTRAINT ck_loose CHECK (loose IS NOT NULL) NOT VALID;
CREATE INDEX users_email_idx ON users (email);
CREATE UNIQUE INDEX uqi ON users (n);
CREATE TABLE orders (
    id bigint CONSTRAINT orders_pkey PRIMARY KEY, user_id bigint, total int, other_id bigint,
    CONSTRAINT orders_user_fk FOREIGN KEY (user_id) REFERENCES users (id));
INSERT INTO orders SELECT i, i, i, i FROM generate_series(1, 300) i;
ALTER TABLE orders ADD CONSTRAINT orders_other_fk FOREIGN KEY (other_id) REFERENCES users (id) NOT VALID;
CREATE TABLE plain (id int NOT NULL, a int, b text, ref bigint);
INSERT INTO plain SELECT i, i, 'b', i FROM generate_series(1, 300) i;
CREATE INDEX plain_a_idx ON plain (a);
CREATE UNIQUE INDEX plain_id_idx ON plain (id);
CREATE UNIQUE INDEX plain_ref_idx ON plain (ref);
CREATE TABLE marks (
    id bigint CONSTRAINT marks_pkey PRIMARY KEY, v int CONSTRAINT marks_v_key UNIQUE,
    CONSTRAINT marks_ck CHECK (v > 0));
INSERT INTO marks SELECT i, i FROM generate_series(1, 300) i;
ALTER TABLE marks ADD CONSTRAINT marks_late_ck CHECK (v < 1000) NOT VALID;
CREATE TABLE shelf (k int, v int) PARTITION BY RANGE (k);
CREATE TABLE shelf_full (k int, v int) PARTITION BY RANGE (k);
CREATE TABLE shelf_1 PARTITION OF shelf_full FOR VALUES FROM (0) TO (100);
CREATE TABLE loose_shelf (k int, v int);
INSERT INTO loose_shelf SELECT 150, i FROM generate_series(1, 300) i;
CREATE MATERIALIZED VIEW summary AS SELECT id, v FROM marks;
CREATE UNIQUE INDEX summary_id_idx ON summary (id);
CREATE VIEW glance AS SELECT id FROM marks;
CREATE SEQUENCE numbers;
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER touched BEFORE INSERT ON plain FOR EACH ROW EXECUTE PROCEDURE touch();
CREATE RULE quiet AS ON DELETE TO plain DO INSTEAD NOTHING;
CREATE POLICY own ON plain USING (true);
"""


def postgresql_shop() -> Schema:
    """Return the schema that `POSTGRESQL_SETUP` makes."""
    users = table(
        "users",
        [
            column("id", BIGINT, required=True),
            column("email", varchar(100)),
            column("name", TEXT),
            column("age", INTEGER),
            column("n", INTEGER),
            column("amount", SqlType("NUMERIC", (10, 2))),
            column("ts", SqlType("TIMESTAMP")),
            column("tz", SqlType("TIMESTAMP", timezone=True)),
            column("c", varchar(50), required=True),
            column("loose", varchar(20)),
        ],
        [
            PrimaryKey("users_pkey", ("id",)),
            Check("ck_email", "email IS NOT NULL"),
            Check("ck_loose", "loose IS NOT NULL", validated=False),
        ],
        [index("users_email_idx", "users", "email"), index("uqi", "users", "n", unique=True)],
    )
    orders = table(
        "orders",
        [
            column("id", BIGINT, required=True),
            column("user_id", BIGINT),
            column("total", INTEGER),
            column("other_id", BIGINT),
        ],
        [
            PrimaryKey("orders_pkey", ("id",)),
            foreign_key("orders_user_fk", "user_id", "users"),
            foreign_key("orders_other_fk", "other_id", "users", validated=False),
        ],
    )
    plain = table(
        "plain",
        [
            column("id", INTEGER, required=True),
            column("a", INTEGER),
            column("b", TEXT),
            column("ref", BIGINT),
        ],
        [],
        [
            index("plain_a_idx", "plain", "a"),
            index("plain_id_idx", "plain", "id", unique=True),
            index("plain_ref_idx", "plain", "ref", unique=True),
        ],
    )
    marks = table(
        "marks",
        [column("id", BIGINT, required=True), column("v", INTEGER)],
        [
            PrimaryKey("marks_pkey", ("id",)),
            Unique("marks_v_key", ("v",)),
            Check("marks_ck", "v > 0"),
            Check("marks_late_ck", "v < 1000", validated=False),
        ],
    )
    shelf = [column("k", INTEGER), column("v", INTEGER)]
    shelves = [
        replace(table("shelf", shelf), partitioned=True),
        replace(table("shelf_full", shelf), partitioned=True),
        replace(table("shelf_1", shelf), partition_of=TableName("shelf_full")),
        table("loose_shelf", shelf),
    ]
    return schema("postgresql", [users, orders, plain, marks, *shelves], domains=["posint"])
