"""Any text ends quickly, and nothing is ever raised."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrate_guard.dialect import DIALECTS, Dialect, DialectName
from migrate_guard.evaluate.sql import HOLE, read_sql
from migrate_guard.evaluate.sql.reader import LIMIT
from migrate_guard.operations import DropTable, Opaque
from tests.evaluate.sql.reading import span_of
from tests.evaluate.sql.statements import MYSQL, POSTGRESQL, SQLITE

_STATEMENTS = POSTGRESQL + MYSQL + SQLITE
_DIALECTS = st.sampled_from([Dialect(name) for name in DIALECTS])
_SIGNS = """( ) , ; ' " ` $$ [ ] -- /* */ /*!50003 \\ . :: :x %s E' U&' BEGIN END DECLARE IF LOOP
EXCEPTION""".split()
_WORDS = {word for sql in _STATEMENTS for word in sql.split()}
_PIECES = st.sampled_from([*sorted(_WORDS), *_SIGNS, HOLE, "\n", "\0", "\nDELIMITER //\n"])


@given(st.text(), _DIALECTS, st.booleans())
def test_any_text(text: str, dialect: Dialect, binds: bool) -> None:
    read_sql(text, dialect, span_of, binds=binds)


@given(st.lists(_PIECES, max_size=30), st.sampled_from(["", " "]), _DIALECTS)
@settings(max_examples=500)
def test_any_words_in_any_order(words: list[str], between: str, dialect: Dialect) -> None:
    text = between.join(words)
    for operation in read_sql(text, dialect, span_of):
        assert 0 <= operation.span.column < operation.span.end_column <= len(text)


@given(st.lists(_PIECES, max_size=25), _DIALECTS)
@settings(max_examples=300)
def test_any_body_of_a_block(words: list[str], dialect: Dialect) -> None:
    read_sql(f"DO $a$ BEGIN {' '.join(words)} END $a$", dialect, span_of)


@given(st.sampled_from(_STATEMENTS), st.data(), _DIALECTS)
@settings(max_examples=500)
def test_statements_cut_and_holed(sql: str, data: st.DataObject, dialect: Dialect) -> None:
    start = data.draw(st.integers(0, len(sql)))
    end = data.draw(st.integers(start, len(sql)))
    for text in (sql[:end], sql[start:end], sql[:start] + HOLE + sql[end:]):
        for operation in read_sql(text, dialect, span_of):
            assert HOLE not in repr(operation)


@pytest.mark.parametrize(
    "text",
    [
        "'" * 150_000,
        "(" * 150_000,
        ";" * 150_000,
        "/*" * 200_000,
        "$a$" * 100_000,
        "SELECT '" + "a''" * 100_000,
        "SELECT '" + "a\\'" * 100_000,
        "SELECT " + "(SELECT 1 FROM a WHERE x IN " * 10_000,
        "WITH " + "a (b) AS " * 30_000,
        "SELECT * FROM a " + ", b c" * 40_000,
        "ALTER TABLE t " + ",".join(f"ADD c{number} int" for number in range(8_000)),
        "CREATE TABLE t (" + ",".join(f"c{number} int" for number in range(10_000)) + ")",
        "CREATE TRIGGER a BEGIN " + "CASE END " * 100_000,
        "DO $$ BEGIN " + "IF a THEN DROP TABLE b; END IF; " * 8_000 + "END $$",
        "DELIMITER x\n" * 30_000,
        "INSERT INTO t VALUES " + ",".join("('xxxxxxxx')" for _ in range(60_000)),
    ],
    ids=lambda text: text[:24],
)
@pytest.mark.parametrize("name", ["postgresql", "mysql", "sqlite"])
def test_large_texts_end(text: str, name: DialectName) -> None:
    dialect = Dialect(name)
    start = time.process_time()
    read_sql(text, dialect, span_of)
    # Measured below 1 s on a slow machine; a quadratic step would need hours.
    assert time.process_time() - start < 20


def test_what_lies_behind_the_limit_is_opaque() -> None:
    text = "DROP TABLE a;" + " " * LIMIT + "DROP TABLE b"
    first, rest = read_sql(text, Dialect("postgresql"), span_of)
    assert isinstance(first, DropTable)
    assert isinstance(rest, Opaque)
    assert rest.may_touch is None
    assert "1,000,000" in rest.reason


def test_an_ordinary_statement_is_read_in_a_tenth_of_a_millisecond() -> None:
    sql = "ALTER TABLE users ADD COLUMN email varchar(255) NOT NULL DEFAULT ''"
    best = min(_seconds(sql) for _ in range(20))
    # 0.06 ms here; the bound leaves room for slower machines.
    assert best < 0.001


def _seconds(sql: str) -> float:
    start = time.perf_counter()
    for _ in range(20):
        read_sql(sql, Dialect("postgresql"), span_of)
    return (time.perf_counter() - start) / 20
