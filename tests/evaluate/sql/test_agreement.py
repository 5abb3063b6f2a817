"""The benchmark that holds both readers against each other over the corpus, on a corpus of one file."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.sql_agreement import literals, main
from migrate_guard.evaluate.sql.libpg import available

REVISION = """
revision = "a"
def upgrade():
    op.execute("ALTER TABLE t ADD COLUMN c int NOT NULL")
    op.execute(f"DROP TABLE {name}")
    op.execute("ALTER TABLE t MODIFY c int")
    op.execute(sa.text("SELECT 1"))
    op.execute(statement)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with one revision."""
    (tmp_path / "one.py").write_text(REVISION)
    (tmp_path / "broken.py").write_text("revision = execute(")
    return tmp_path


def test_literals_are_found_once_each(folder: Path) -> None:
    assert set(literals(folder)) == {
        "ALTER TABLE t ADD COLUMN c int NOT NULL",
        "DROP TABLE \ue000",
        "ALTER TABLE t MODIFY c int",
        "SELECT 1",
    }


@pytest.mark.skipif(not available(), reason="libpg_query (postgast) is not installed")
def test_the_report(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(folder), "--differences", "5"]) == 0
    report = capsys.readouterr().out
    assert "4 distinct SQL strings, 1 refused by libpg_query, of which we read 1" in report
    assert "3 compared: 3 agree (100.00%)" in report


@pytest.mark.skipif(not available(), reason="libpg_query (postgast) is not installed")
def test_an_empty_corpus_is_an_error(tmp_path: Path) -> None:
    assert main([str(tmp_path)]) == 2
