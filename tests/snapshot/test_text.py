"""What a person reads of a schema and of a change."""

from __future__ import annotations

from dataclasses import replace

from migrate_guard.dialect import Dialect
from migrate_guard.evaluate.sql import read_sql
from migrate_guard.operations import UNKNOWN, AddColumn, Column, CreateEnum, TableName
from migrate_guard.report import Style
from migrate_guard.report.schema import changes_text, schema_text
from migrate_guard.report.schema.text_form import MOST_REASONS
from migrate_guard.schema import Schema, apply, empty_schema
from migrate_guard.snapshot import Change, Snapshot, Unread, compared
from migrate_guard.span import Span
from tests.schema.build import INTEGER, SPAN, given, run
from tests.snapshot.building import snapshot

POSTGRESQL = Dialect("postgresql")
BEFORE = """
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TABLE shop.orders (
    id bigint GENERATED ALWAYS AS IDENTITY,
    "a b" varchar(20) NOT NULL DEFAULT 'x',
    doubled integer GENERATED ALWAYS AS (id * 2) STORED,
    feeling mood,
    CONSTRAINT pk PRIMARY KEY (id), CONSTRAINT uq UNIQUE ("a b"),
    CONSTRAINT ck CHECK (id > 0) NOT VALID
);
CREATE TABLE lines (order_id bigint REFERENCES shop.orders (id) ON DELETE CASCADE);
CREATE UNIQUE INDEX ix ON lines USING btree (order_id DESC, (lower('x'))) WHERE order_id > 5;
COMMENT ON TABLE lines IS 'what was ordered';
COMMENT ON COLUMN lines.order_id IS 'the order';
CREATE VIEW big AS SELECT id FROM shop.orders;
CREATE SEQUENCE free;
"""
AFTER = """
ALTER TYPE mood ADD VALUE 'glad';
ALTER TABLE lines ADD COLUMN amount numeric(8,2) NOT NULL DEFAULT 1;
ALTER TABLE lines ALTER COLUMN order_id TYPE integer;
ALTER TABLE shop.orders DROP COLUMN doubled;
DROP INDEX ix;
CREATE INDEX ix2 ON lines (amount);
CREATE OR REPLACE VIEW big AS SELECT 1 AS id;
DROP SEQUENCE free;
CREATE TABLE extra (x text);
DROP TABLE lines2;
"""
TEXT = """\
alembic.ini · postgresql · at abc

lines
  what was ordered
  column    type    null  default  key
  order_id  bigint  yes            FK
  foreign key   lines_order_id_fkey  (order_id) → shop.orders (id) on delete cascade
  unique index  ix                   (order_id DESC, (lower('x'))) using btree where order_id > 5
  comment       order_id             the order

shop.orders
  column   type                   null  default                       key
  id       bigint                 no    generated always as identity  PK
  a b      character varying(20)  no    'x'                           UQ
  doubled  integer                yes   generated as (id * 2) stored
  feeling  mood                   yes
  primary key  pk  (id)
  unique       uq  (a b)
  check        ck  (id > 0) not valid

enums
  mood  'sad', 'ok'

views
  big

sequences
  free

2 tables, 1 enum, 1 view and 1 sequence, all of it certain.
"""
CHANGE = """\
alembic.ini · postgresql · from abc to def

+ table extra
    +  column  x  text

~ lines
    ~  column  order_id  type: bigint → integer
    +  column  amount    numeric(8,2) not null default 1
    -  index   ix        (order_id DESC, (lower('x'))) using btree where order_id > 5
    +  index   ix2       (amount)

~ shop.orders
    -  column  doubled  integer generated as (id * 2) stored

~  enum      mood  labels: sad, ok → sad, ok, glad
-  sequence  free
~  view      big   definition: AS SELECT id FROM shop.orders → AS SELECT 1 AS id

9 differences.
"""


def _applied(schema: Schema, text: str) -> Schema:
    for operation in read_sql(text, POSTGRESQL, lambda start, end: SPAN):
        schema = apply(schema, operation, "abc")
    return schema


def _change(before: Schema, after: Schema) -> Change:
    later = replace(snapshot(after), revisions=("def",))
    return compared(snapshot(before), later)


def test_a_schema_as_text() -> None:
    assert schema_text([snapshot(_applied(empty_schema("postgresql"), BEFORE))]) == TEXT


def test_a_change_as_text() -> None:
    before = _applied(empty_schema("postgresql"), BEFORE)
    shown = changes_text([_change(before, _applied(before, AFTER))])

    assert shown == CHANGE


def test_what_may_not_have_happened_has_a_mark() -> None:
    before = _applied(empty_schema("postgresql"), "CREATE TABLE t (a text)")
    added = AddColumn(span=SPAN, table=TableName("t"), column=Column("b", INTEGER), conditions=given())
    after = run(before, added)

    assert "    +  column  b  integer ?\n" in changes_text([_change(before, after)])
    assert "1 difference, 1 of them not certain (?).\n" in changes_text([_change(before, after)])
    shown = schema_text([snapshot(after)])
    assert "t? (not certain)\n" in shown
    assert "\n  ?  b       integer  yes\n" in shown
    assert "\n  ? it depends on flag (versions/one.py:7)\n" in shown


def test_attributes_that_are_not_known_are_question_marks() -> None:
    table = _applied(
        empty_schema("postgresql"), "ALTER TABLE t ADD COLUMN a integer; ALTER TABLE t DROP COLUMN b"
    )
    shown = schema_text([snapshot(run(table, CreateEnum(span=SPAN, name=TableName("mood"), labels=UNKNOWN)))])

    assert "t? (assumed)\n" in shown
    assert "\n  ? the history never creates it: only what its operations name is shown\n" in shown
    assert "\n  ?  mood  ?\n" in shown
    assert "1 table and 1 enum; 1 table assumed.\n" in shown


def test_reasons_are_counted_and_a_long_list_is_cut() -> None:
    many = [Unread(Span(f"v/{n}.py", n, 1, n, 2), "a call of helper()", None) for n in range(1, 26)]
    found = Snapshot("a.ini", POSTGRESQL, None, ("r",), empty_schema("postgresql"), unread=(*many, many[0]))
    short, long = schema_text([found]), schema_text([found], Style(verbose=True))

    assert "No tables; 26 operations not analysed.\n" in short
    assert "  v/1.py:1: a call of helper(); it may touch anything (2 times)\n" in short
    assert f"and {25 - MOST_REASONS} more, listed with --verbose\n" in short
    assert "v/25.py" not in short
    assert "v/25.py" in long


def test_names_cannot_disturb_the_terminal() -> None:
    table = _applied(empty_schema("postgresql"), 'CREATE TABLE "a\x1b[31m\nb" ("c\td" text)')

    assert schema_text([snapshot(table)]).replace("\n", "").isprintable()
