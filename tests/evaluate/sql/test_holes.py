"""Undecidable parts: attributes become UNKNOWN, subjects make the operation opaque."""

from __future__ import annotations

import pytest

from migrate_guard.operations import (
    UNKNOWN,
    AddColumn,
    AddConstraint,
    AlterColumn,
    Check,
    Column,
    CommentTable,
    CreateEnum,
    CreateIndex,
    CreateTable,
    Delete,
    DropConstraint,
    DropIndex,
    ForeignKey,
    Insert,
    Opaque,
    Query,
    SetParameter,
    TableName,
    Update,
)
from migrate_guard.schema import apply, empty_schema
from tests.evaluate.sql.reading import INTEGER, T, one, read


@pytest.mark.parametrize(
    ("sql", "may_touch"),
    [
        ("{…}", None),
        ("{…} TABLE t", None),
        ("DROP TABLE {…}", None),
        ("DROP TABLE a_{…}", None),
        ('DROP TABLE "a{…}"', None),
        ("DROP TABLE {…}.t", None),
        ("ALTER TABLE {…} ADD COLUMN c int", None),
        ("ALTER TABLE t ADD COLUMN {…} int", (T,)),
        ("ALTER TABLE t DROP COLUMN c_{…}", (T,)),
        ("ALTER TABLE t {…}", (T,)),
        ("ALTER TABLE t ADD CONSTRAINT k {…}", (T,)),
        ("ALTER TABLE t RENAME COLUMN a TO {…}", (T,)),
        ("ALTER TABLE t RENAME TO {…}", (T,)),
        ("ALTER TABLE t RENAME CONSTRAINT {…} TO b", (T,)),
        ("ALTER TABLE t ATTACH PARTITION p_{…} DEFAULT", None),
        ("CREATE TABLE {…} (a int)", ()),
        ("CREATE INDEX {…} ix ON t (a)", (T,)),
        ("CREATE INDEX ix ON {…} (a)", None),
        ("DROP INDEX {…}", None),
        ("DROP TYPE {…}", None),
        ("ALTER TYPE mood ADD VALUE '{…}'", None),
        ("ALTER TYPE mood RENAME VALUE 'a' TO '{…}'", None),
        ("INSERT INTO {…} VALUES (1)", None),
        ("TRUNCATE {…}", None),
        ("SET {…} = 1", ()),
    ],
)
def test_an_unknown_subject_is_opaque(sql: str, may_touch: tuple[TableName, ...] | None) -> None:
    operation = one(sql)
    assert isinstance(operation, Opaque)
    assert operation.may_touch == may_touch
    assert "\ue000" not in operation.reason


def test_an_unknown_type() -> None:
    operation = one("ALTER TABLE t ALTER COLUMN c TYPE varchar({…})")
    assert isinstance(operation, AlterColumn)
    assert operation.type is UNKNOWN
    assert operation.unknowns


def test_an_unknown_default() -> None:
    operation = one("ALTER TABLE t ADD COLUMN c int NOT NULL DEFAULT {…}")
    assert isinstance(operation, AddColumn)
    assert operation.column.nullable is False
    assert operation.column.default is not None
    assert operation.unknowns


def test_a_part_of_a_column_may_say_anything() -> None:
    operation = one("ALTER TABLE t ADD COLUMN c int {…}")
    assert isinstance(operation, AddColumn)
    assert operation.column == Column("c", INTEGER, nullable=UNKNOWN, default=UNKNOWN)


@pytest.mark.parametrize(
    ("sql", "rows_only"),
    [
        ("UPDATE HOLE SET a = 1", True),
        ("INSERT INTO HOLE VALUES (1)", True),
        ("DELETE FROM HOLE", True),
        ("TRUNCATE HOLE", True),
        ("DROP TABLE HOLE", False),
        ("ALTER TABLE HOLE ADD COLUMN a int", False),
    ],
)
def test_what_is_done_to_rows_of_an_unknown_table_leaves_the_schema(sql: str, rows_only: bool) -> None:
    operation = one(sql.replace("HOLE", "{…}"))
    assert isinstance(operation, Opaque)
    assert operation.rows_only is rows_only
    after = apply(empty_schema("postgresql"), operation)
    assert bool(after.doubt_count) is not rows_only


def test_only_the_action_with_the_hole_is_opaque() -> None:
    kinds = [type(found) for found in read("ALTER TABLE t ADD a int, {…}, DROP CONSTRAINT {…}")]
    assert kinds == [AddColumn, Opaque, DropConstraint]


def test_unknown_names_of_constraints_and_indexes() -> None:
    drop = one("ALTER TABLE t DROP CONSTRAINT {…}")
    assert isinstance(drop, DropConstraint)
    assert drop.name is UNKNOWN
    index = one("CREATE INDEX ix_{…} ON t ({…})")
    assert isinstance(index, CreateIndex)
    assert (index.index.name, index.index.parts, index.index.table) == (UNKNOWN, UNKNOWN, T)
    mysql = one("DROP INDEX {…} ON t", "mysql")
    assert isinstance(mysql, DropIndex)
    assert (mysql.name, mysql.table) == (UNKNOWN, T)


def test_unknown_parts_of_constraints() -> None:
    key = one("ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES {…} (id)")
    assert isinstance(key, AddConstraint)
    assert key.constraint == ForeignKey("f", ("a",), UNKNOWN, ("id",))
    check = one("ALTER TABLE t ADD CONSTRAINT k CHECK (a IN ({…}))")
    assert isinstance(check, AddConstraint)
    assert check.constraint == Check("k", UNKNOWN)


def test_unknown_columns_of_a_table() -> None:
    for body in ("(id int, {…})", "({…} int)"):
        operation = one(f"CREATE TABLE t {body}")
        assert isinstance(operation, CreateTable)
        assert operation.columns is UNKNOWN
        assert operation.table == T


def test_unknown_labels_and_comments_and_values() -> None:
    enum = one("CREATE TYPE mood AS ENUM ({…})")
    assert isinstance(enum, CreateEnum)
    assert enum.labels is UNKNOWN
    comment = one("COMMENT ON TABLE t IS '{…}'")
    assert isinstance(comment, CommentTable)
    assert comment.comment is UNKNOWN
    setting = one("SET lock_timeout = {…}")
    assert isinstance(setting, SetParameter)
    assert setting.value is UNKNOWN


@pytest.mark.parametrize(
    ("sql", "where"),
    [
        ("DELETE FROM t WHERE a = {…}", UNKNOWN),
        ("DELETE FROM t {…}", UNKNOWN),
        ("DELETE FROM t", None),
        ("UPDATE t SET a = {…}", None),
        ("UPDATE t SET a = {…}, b = f({…})", None),
        ("UPDATE t SET a = 1 {…}", UNKNOWN),
        ("UPDATE t SET a = b {…}", UNKNOWN),
        ("UPDATE t SET a = {…} WHERE b = 1", "b = 1"),
    ],
)
def test_a_condition_that_may_be_hidden(sql: str, where: object) -> None:
    operation = one(sql)
    assert isinstance(operation, Update | Delete)
    assert operation.where == where


def test_rows_that_are_not_counted() -> None:
    operation = one("INSERT INTO t (a, {…}) VALUES {…}")
    assert isinstance(operation, Insert)
    assert (operation.table, operation.columns, operation.rows) == (T, (), None)


def test_a_query_of_an_unknown_table() -> None:
    operation = one("SELECT * FROM a JOIN {…} ON true")
    assert isinstance(operation, Query)
    assert operation.tables == (TableName("a"),)
