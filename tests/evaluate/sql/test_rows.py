"""Statements on rows: which table, which columns, which condition."""

from __future__ import annotations

import pytest

from migrate_guard.operations import (
    AnyOperation,
    CreateTable,
    Delete,
    Insert,
    Opaque,
    Query,
    TableName,
    Truncate,
    Update,
)
from tests.evaluate.sql.reading import NOWHERE, T, one, read

A, B, U = TableName("a"), TableName("b"), TableName("u")


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        (
            "INSERT INTO t (a, b) VALUES (1, 2), (3, 4)",
            Insert(span=NOWHERE, table=T, columns=("a", "b"), rows=2),
        ),
        ("INSERT INTO t DEFAULT VALUES", Insert(span=NOWHERE, table=T, rows=1)),
        (
            "INSERT INTO t (a) SELECT a FROM u",
            Insert(span=NOWHERE, table=T, columns=("a",), from_select=True),
        ),
        ("INSERT INTO t (SELECT a FROM u)", Insert(span=NOWHERE, table=T, from_select=True)),
        (
            "INSERT INTO t WITH x AS (SELECT 1) SELECT * FROM x",
            Insert(span=NOWHERE, table=T, from_select=True),
        ),
        ("COPY t (a) FROM STDIN", Insert(span=NOWHERE, table=T, columns=("a",))),
        ("COPY t TO STDOUT", Query(span=NOWHERE, tables=(T,))),
        ("COPY (SELECT * FROM u) TO STDOUT", Query(span=NOWHERE, tables=(U,))),
        ("UPDATE t SET a = 1, b = 2", Update(span=NOWHERE, table=T, columns=("a", "b"))),
        (
            "UPDATE ONLY t x SET a = 1 WHERE x.b = 2",
            Update(span=NOWHERE, table=T, columns=("a",), where="x.b = 2"),
        ),
        ("UPDATE t SET (a, b) = (1, 2) FROM u", Update(span=NOWHERE, table=T, columns=("a", "b"))),
        (
            "UPDATE t SET a = (SELECT 1 FROM u WHERE v) WHERE b RETURNING c",
            Update(span=NOWHERE, table=T, columns=("a",), where="b"),
        ),
        ("DELETE FROM t", Delete(span=NOWHERE, table=T)),
        ("SELECT 1 FROM d.s.u", Query(span=NOWHERE, tables=(TableName("u", "s"),))),
        ("DELETE FROM t x USING u WHERE x.a = u.a", Delete(span=NOWHERE, table=T, where="x.a = u.a")),
        ("TRUNCATE TABLE ONLY t CASCADE", Truncate(span=NOWHERE, table=T, cascade=True)),
        ("SELECT * FROM a, b x WHERE EXISTS (SELECT 1 FROM u)", Query(span=NOWHERE, tables=(A, B, U))),
        ("SELECT a IS DISTINCT FROM b, extract(year FROM c) FROM t", Query(span=NOWHERE, tables=(T,))),
        ("WITH a AS (SELECT 1 FROM u) SELECT * FROM a JOIN t USING (b)", Query(span=NOWHERE, tables=(U, T))),
        (
            "SELECT * FROM generate_series(1, 2), LATERAL (SELECT 1 FROM t) x",
            Query(span=NOWHERE, tables=(T,)),
        ),
        ("SELECT setval('s', 1), now(), pg_advisory_lock(1)", Query(span=NOWHERE)),
        ("EXPLAIN SELECT * FROM t", Query(span=NOWHERE, tables=(T,))),
    ],
)
def test_postgresql(sql: str, expected: AnyOperation) -> None:
    assert one(sql) == expected


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        (
            "UPDATE t x JOIN u y ON x.i = y.i SET x.a = 1, y.b = 2",
            [
                Update(span=NOWHERE, table=T, columns=("a",), where="x.i = y.i"),
                Update(span=NOWHERE, table=U, columns=("b",), where="x.i = y.i"),
            ],
        ),
        ("UPDATE t SET a = 1 ORDER BY b LIMIT 5", [Update(span=NOWHERE, table=T, columns=("a",))]),
        (
            "DELETE x, y FROM t x JOIN u AS y ON x.a = y.a WHERE x.b",
            [Delete(span=NOWHERE, table=T, where="x.b"), Delete(span=NOWHERE, table=U, where="x.b")],
        ),
        (
            "DELETE FROM x USING t x LEFT JOIN u ON x.a = u.a",
            [Delete(span=NOWHERE, table=T, where="x.a = u.a")],
        ),
        ("DELETE t.* FROM t JOIN u USING (a)", [Delete(span=NOWHERE, table=T, where="USING (a)")]),
        ("REPLACE INTO t SET a = 1", [Insert(span=NOWHERE, table=T, rows=1)]),
        ("INSERT INTO t VALUES ROW(1), ROW(2)", [Insert(span=NOWHERE, table=T, rows=2)]),
        ('INSERT INTO t VALUES ("a;b")', [Insert(span=NOWHERE, table=T, rows=1)]),
    ],
)
def test_mysql(sql: str, expected: list[AnyOperation]) -> None:
    assert read(sql, "mysql") == expected


def test_ctes_that_write() -> None:
    found = read("WITH a AS (DELETE FROM t WHERE x RETURNING *), b AS (SELECT 1) UPDATE u SET y = 1")
    assert found == [
        Delete(span=NOWHERE, table=T, where="x"),
        Update(span=NOWHERE, table=U, columns=("y",)),
    ]


def test_merge_is_what_its_branches_do() -> None:
    found = read(
        "MERGE INTO t USING u ON t.a = u.a WHEN MATCHED AND u.b THEN DELETE "
        "WHEN MATCHED THEN UPDATE SET b = 1 WHEN NOT MATCHED THEN INSERT (a) VALUES (1)"
    )
    assert [type(operation) for operation in found] == [Update, Delete, Insert]
    assert found[0] == Update(span=NOWHERE, table=T, where="t.a = u.a")


def test_select_into_makes_a_table_only_in_postgresql() -> None:
    assert isinstance(one("SELECT a INTO t FROM u"), CreateTable)
    assert isinstance(one("SELECT a INTO @x FROM u", "mysql"), Query)


@pytest.mark.parametrize(
    "sql",
    ["SELECT f(1)", "SELECT * FROM s.f(1)", "SELECT s.f(1), now()", 'SELECT "now"()', "SELECT lower(f(1))"],
)
def test_a_function_that_is_not_known_may_do_anything(sql: str) -> None:
    operation = one(sql)
    assert isinstance(operation, Opaque)
    assert operation.may_touch is None
