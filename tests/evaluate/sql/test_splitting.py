"""Where statements end: quotes, comments, bodies, delimiters."""

from __future__ import annotations

import pytest

from migrate_guard.dialect import parse_dialect
from migrate_guard.evaluate.sql.tokens import tokenise
from migrate_guard.operations import CreateObject, DropColumn, DropTable, Opaque, Query, SetParameter
from tests.evaluate.sql.reading import excerpts, read


@pytest.mark.parametrize(
    ("sql", "dialect", "count"),
    [
        ("", "postgresql", 0),
        (" ;; -- x", "postgresql", 0),
        ("SELECT ';'; SELECT 1", "postgresql", 2),
        ("SELECT ''';'; SELECT 1", "postgresql", 2),
        (r"SELECT '\'; SELECT 1", "postgresql", 2),
        (r"SELECT '\'; SELECT 1'", "mysql", 1),
        (r"SELECT E'\'; SELECT 1'", "postgresql", 1),
        ('SELECT ";"; SELECT 1', "postgresql", 2),
        ('SELECT ";\\""; SELECT 1', "mysql", 2),
        ("SELECT $$;$$; SELECT $a$ $$ ; $b$ $a$", "postgresql", 2),
        ("SELECT a$1$b; SELECT 1", "postgresql", 2),
        ("SELECT 1 /* ; /* ; */ ; */; SELECT 2", "postgresql", 2),
        ("SELECT 1 /* ; /* ; */; SELECT 2", "sqlite", 2),
        ("SELECT 1 -- ;\n; SELECT 2", "postgresql", 2),
        ("SELECT 1 # ;\n; SELECT 2", "mysql", 2),
        ("SELECT 1--2; SELECT 2", "mysql", 2),
        ("SELECT [;]; SELECT 2", "sqlite", 2),
        ("SELECT (1; SELECT 2", "postgresql", 2),
        ("SELECT `;`; SELECT 2", "mysql", 2),
        ("BEGIN; SELECT 1; END", "postgresql", 3),
    ],
)
def test_statements_are_told_apart(sql: str, dialect: str, count: int) -> None:
    assert len(read(sql, dialect)) == count


@pytest.mark.parametrize("dialect", ["mysql", "mariadb", "sqlite"])
def test_the_body_of_a_trigger_is_one_statement(dialect: str) -> None:
    sql = (
        "CREATE TRIGGER x AFTER INSERT ON t FOR EACH ROW BEGIN "
        "UPDATE u SET a = CASE WHEN b THEN 1 ELSE 2 END; DELETE FROM w; END; DROP TABLE z"
    )
    trigger, drop = read(sql, dialect)
    assert isinstance(trigger, CreateObject)
    assert isinstance(drop, DropTable)


def test_if_and_loop_end_nothing_but_themselves() -> None:
    sql = (
        "CREATE PROCEDURE p() BEGIN IF a THEN SELECT 1; END IF; WHILE b DO SELECT 2; END WHILE; "
        "CASE a WHEN 1 THEN SELECT 3; END CASE; BEGIN SELECT 4; END; END; SELECT 5"
    )
    assert [type(found) for found in read(sql, "mysql")] == [CreateObject, Query]


def test_begin_atomic_keeps_its_semicolons() -> None:
    sql = "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END; DROP TABLE t"
    assert [type(found) for found in read(sql)] == [CreateObject, DropTable]


@pytest.mark.parametrize(
    ("sql", "dialect", "kinds"),
    [
        ("/*!50003 ALTER TABLE t DROP c */", "mysql", [DropColumn]),
        ("/*!50003 ALTER TABLE t DROP c */", "mariadb", [DropColumn]),
        ("/*! ALTER TABLE t DROP c */", "mariadb", [DropColumn]),
        ("/*!80000 ALTER TABLE t DROP c */", "mysql", [DropColumn]),
        ("/*!80000 ALTER TABLE t DROP c */", "mariadb", []),
        ("/*!100100 ALTER TABLE t DROP c */", "mysql", []),
        ("/*!100100 ALTER TABLE t DROP c */", "mariadb", [DropColumn]),
        ("/*M!100100 ALTER TABLE t DROP c */", "mariadb", [DropColumn]),
        ("/*M!100100 ALTER TABLE t DROP c */", "mysql", []),
        ("/*!50003 ALTER TABLE t DROP c */", "postgresql", []),
        ("SELECT 2*/* x */3", "mysql", [Query]),
        ("SET a = 2 */* x */ 3", "mysql", [SetParameter]),
    ],
)
def test_comments_that_a_server_executes(sql: str, dialect: str, kinds: list[type]) -> None:
    assert [type(found) for found in read(sql, dialect)] == kinds


def test_a_delimiter_holds_until_the_next() -> None:
    sql = (
        "DROP TABLE a;\ndelimiter $$\nCREATE PROCEDURE p() BEGIN SELECT 1; END$$\n"
        "DROP TABLE b$$\nDELIMITER ;\nDROP TABLE c"
    )
    assert excerpts(sql, "mysql") == [
        "DROP TABLE a",
        "CREATE PROCEDURE p() BEGIN SELECT 1; END",
        "DROP TABLE b",
        "DROP TABLE c",
    ]


@pytest.mark.parametrize("sql", ["DROP TABLE 'a", 'ALTER TABLE "t DROP c', "DROP TABLE a /* b", "DO $$ x"])
def test_a_quote_that_never_ends_makes_the_statement_opaque(sql: str) -> None:
    (operation,) = read(sql)
    assert isinstance(operation, Opaque)
    assert "never ends" in operation.reason
    assert operation.may_touch is None


def test_binds_are_tokens_and_casts_are_not() -> None:
    kinds = [token.kind for token in tokenise("a :b %(c)s %s ? $1 ::d := x", parse_dialect("postgresql"))]
    assert kinds == ["word", "bind", "bind", "bind", "bind", "bind", "sign", "word", "sign", "word"]
