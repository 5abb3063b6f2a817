"""Operations point to their statement, or to their own action of a list."""

from __future__ import annotations

import pytest

from migrate_guard.dialect import parse_dialect
from migrate_guard.evaluate.sql import read_sql
from migrate_guard.operations import SqlText
from tests.evaluate.sql.reading import excerpts, placed, span_of


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("  -- why\n  DROP TABLE a ; DROP TABLE b;\n", ["DROP TABLE a", "DROP TABLE b"]),
        ("/* x */ ALTER TABLE t DROP c", ["ALTER TABLE t DROP c"]),
        ("ALTER TABLE t ADD a int,\n  DROP b", ["ADD a int", "DROP b"]),
        ("DROP TABLE a, b", ["DROP TABLE a, b", "DROP TABLE a, b"]),
        ("WITH x AS (DELETE FROM a RETURNING *) INSERT INTO b SELECT 1", None),
        ("DO $$ BEGIN ALTER TABLE t ADD a int, DROP b; END $$", ["ADD a int", "DROP b"]),
        ("SELECT 'é'; DROP TABLE ü", ["SELECT 'é'", "DROP TABLE ü"]),
    ],
)
def test_spans(sql: str, expected: list[str] | None) -> None:
    if expected is None:
        expected = ["DELETE FROM a RETURNING *", sql]
    assert excerpts(sql) == expected


def test_a_mysql_client_script_keeps_its_places() -> None:
    sql = "DELIMITER //\nDROP TABLE a//\nDELIMITER ;\nDROP TABLE b;"
    assert excerpts(sql, "mysql") == ["DROP TABLE a", "DROP TABLE b"]


def test_the_text_is_that_of_the_statement() -> None:
    first, second = placed("DROP TABLE a; UPDATE t SET a = :a, b = '10\\:00'")
    assert first.sql == SqlText("DROP TABLE a")
    assert second.sql == SqlText("UPDATE t SET a = :a, b = '10:00'", parameters=True)


def test_without_parameters_a_colon_is_a_colon() -> None:
    (operation,) = read_sql("SELECT :a", parse_dialect("sqlite"), span_of, binds=False)
    assert operation.sql == SqlText("SELECT :a")
