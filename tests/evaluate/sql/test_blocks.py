"""DO blocks: static statements are read with their conditions, the rest is opaque in its place."""

from __future__ import annotations

import pytest

from migrate_guard.operations import (
    AddColumn,
    AddConstraint,
    AnyOperation,
    CreateEnum,
    CreateTable,
    DropObject,
    DropTable,
    Opaque,
    Update,
)
from tests.evaluate.sql.reading import one, read


def block(body: str) -> list[AnyOperation]:
    """Read the body of a DO block."""
    return read(f"DO $$ {body} $$")


def conditions(operation: AnyOperation) -> list[str]:
    """Return an operation's conditions as text."""
    return [str(condition) for condition in operation.conditions]


def test_plain_statements() -> None:
    found = block("BEGIN CREATE TABLE t (a int); ALTER TABLE t ADD b int; END")
    assert [type(operation) for operation in found] == [CreateTable, AddColumn]
    assert not any(operation.conditional for operation in found)


def test_a_caught_duplicate_is_if_not_exists() -> None:
    (operation,) = block(
        "BEGIN CREATE TYPE mood AS ENUM ('a'); EXCEPTION WHEN duplicate_object THEN NULL; END;"
    )
    assert isinstance(operation, CreateEnum)
    assert operation.if_not_exists
    assert not operation.conditional


def test_each_inner_block_has_its_own_handler() -> None:
    found = block("""
        BEGIN
          BEGIN
            ALTER TABLE t ADD CONSTRAINT k CHECK (a > 0);
          EXCEPTION WHEN duplicate_object OR duplicate_table THEN
            RAISE NOTICE 'there already';
          END;
          BEGIN DROP TYPE x; EXCEPTION WHEN undefined_object THEN NULL; END;
        END
    """)
    assert isinstance(found[1], DropObject)
    assert found[1].if_exists
    assert isinstance(found[0], AddConstraint)
    assert found[0].if_not_exists


@pytest.mark.parametrize(
    "body",
    [
        "BEGIN CREATE TABLE a (x int); CREATE TABLE b (x int); EXCEPTION WHEN duplicate_table THEN NULL; END",
        "BEGIN CREATE TABLE a (x int); EXCEPTION WHEN OTHERS THEN NULL; END",
        "BEGIN UPDATE a SET x = 1; EXCEPTION WHEN undefined_table THEN NULL; END",
    ],
)
def test_other_handlers_make_their_block_conditional(body: str) -> None:
    found = block(body)
    assert all(conditions(operation) == ["no exception is caught"] for operation in found)


def test_what_a_handler_does_is_conditional() -> None:
    found = block("BEGIN DROP TABLE a; EXCEPTION WHEN OTHERS THEN DROP TABLE b; END; ")
    assert conditions(found[0]) == ["no exception is caught"]
    assert conditions(found[1]) == ["WHEN OTHERS"]


def test_if_and_else() -> None:
    found = block(
        "BEGIN IF a THEN DROP TABLE x; ELSIF b THEN DROP TABLE y; ELSE DROP TABLE z; END IF; "
        "DROP TABLE w; END"
    )
    assert [conditions(operation) for operation in found] == [
        ["a"],
        ["not (a)", "b"],
        ["not (a)", "not (b)"],
        [],
    ]


def test_an_early_return_guards_what_follows() -> None:
    found = block("BEGIN IF EXISTS (SELECT 1 FROM t) THEN RETURN; END IF; DROP TABLE x; END")
    assert [conditions(operation) for operation in found] == [["not (EXISTS (SELECT 1 FROM t))"]]
    found = block("BEGIN IF a THEN RAISE EXCEPTION 'no'; END IF; DROP TABLE x; END")
    assert [conditions(operation) for operation in found] == [["not (a)"]]


def test_loops_are_conditional() -> None:
    found = block(
        "BEGIN FOR i IN 1..3 LOOP UPDATE t SET a = i; END LOOP; WHILE x LOOP DROP TABLE t; END LOOP; END"
    )
    assert [type(operation) for operation in found] == [Update, DropTable]
    assert [conditions(operation) for operation in found] == [["FOR i IN 1..3"], ["WHILE x"]]


@pytest.mark.parametrize(
    "body",
    [
        "BEGIN EXECUTE 'DROP TABLE ' || x; END",
        "DECLARE r record; BEGIN FOR r IN SELECT 1 LOOP EXECUTE format('x', r); END LOOP; END",
        "BEGIN PERFORM my_function(); END",
        "BEGIN x := my_function(); END",
        "DECLARE x int := my_function(); BEGIN END",
        "BEGIN IF my_function() THEN NULL; END IF; END",
        "BEGIN CALL p(); END",
        "BEGIN SELECT my_function() INTO x; END",
        "BEGIN GIBBERISH; END",
        "BEGIN CASE a WHEN 1 THEN DROP TABLE t; END CASE; END",
        "BEGIN DROP TABLE t;",
        "BEGIN IF a THEN DROP TABLE t; END",
        "DROP TABLE t",
        "END",
        "BEGIN END LOOP; END",
    ],
)
def test_what_cannot_be_followed_may_touch_anything(body: str) -> None:
    found = block(body)
    assert any(isinstance(operation, Opaque) and operation.may_touch is None for operation in found)


@pytest.mark.parametrize(
    "body",
    [
        "BEGIN END",
        "BEGIN NULL; END",
        "<<a>> BEGIN NULL; END a",
        "DECLARE x int; BEGIN x := 1; SELECT count(*) INTO x FROM t; PERFORM pg_advisory_lock(1); END",
        "BEGIN RAISE NOTICE 'x %', 1; GET DIAGNOSTICS x = ROW_COUNT; END",
    ],
)
def test_what_changes_nothing(body: str) -> None:
    assert block(body) == []


@pytest.mark.parametrize(
    "sql",
    [
        "DO 'BEGIN DROP TABLE t; END'",
        "DO LANGUAGE plpython3u $$ x $$",
        "DO $$$$",
        "DO",
        "DO $$ BEGIN END $$ 5",
    ],
)
def test_other_blocks_are_opaque(sql: str) -> None:
    operation = one(sql)
    assert isinstance(operation, Opaque)
    assert operation.may_touch is None


def test_the_language_stands_on_either_side() -> None:
    assert isinstance(one("DO LANGUAGE plpgsql $a$ BEGIN DROP TABLE t; END $a$"), DropTable)
    assert isinstance(one("DO $a$ BEGIN DROP TABLE t; END $a$ LANGUAGE 'plpgsql'"), DropTable)
