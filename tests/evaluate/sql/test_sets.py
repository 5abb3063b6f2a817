"""The written sets: nothing of them is opaque, and libpg_query reads the PostgreSQL set as we do."""

from __future__ import annotations

import pytest

from benchmarks.sql.compare import compare
from migrate_guard.evaluate.sql.libpg import available
from migrate_guard.operations import Opaque
from tests.evaluate.sql.reading import read
from tests.evaluate.sql.statements import MYSQL, POSTGRESQL, SQLITE

_ALL = (
    [(sql, "postgresql") for sql in POSTGRESQL]
    + [(sql, dialect) for sql in MYSQL for dialect in ("mysql", "mariadb")]
    + [(sql, "sqlite") for sql in SQLITE]
)


@pytest.mark.parametrize(("sql", "dialect"), _ALL)
def test_every_statement_is_read(sql: str, dialect: str) -> None:
    operations = read(sql, dialect)
    assert operations
    assert not [found.reason for found in operations if isinstance(found, Opaque)]


@pytest.mark.skipif(not available(), reason="libpg_query (postgast) is not installed")
@pytest.mark.parametrize("sql", POSTGRESQL)
def test_libpg_query_reads_the_same(sql: str) -> None:
    result = compare(sql)
    assert not result.refused
    if result.compared:
        assert sorted(result.ours) == sorted(result.theirs)


@pytest.mark.skipif(not available(), reason="libpg_query (postgast) is not installed")
def test_the_comparison_covers_most_kinds() -> None:
    compared = sum(compare(sql).compared for sql in POSTGRESQL)
    assert compared >= 0.8 * len(POSTGRESQL)


@pytest.mark.skipif(not available(), reason="libpg_query (postgast) is not installed")
def test_a_difference_is_seen() -> None:
    result = compare("ALTER TABLE t ADD COLUMN c int; ALTER TABLE t DROP COLUMN d")
    assert len(result.theirs) == 3
    assert result.agree
