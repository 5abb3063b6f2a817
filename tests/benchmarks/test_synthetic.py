"""The synthetic histories are histories: Alembic reads them and renders their SQL."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from benchmarks.measure import best, table
from benchmarks.synthetic import CHANGES, generate, revision_id
from tests.commands import environment, migrate_guard, run

OFFLINE_ENV = """\
from alembic import context

context.configure(dialect_name="postgresql", literal_binds=True)
with context.begin_transaction():
    context.run_migrations()
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A history in which each kind of change occurs more than once."""
    return generate(3 * len(CHANGES), tmp_path / "synthetic")


def test_ids_differ() -> None:
    assert len({revision_id(number) for number in range(10_000)}) == 10_000


def test_alembic_runs_the_history_both_ways(project: Path) -> None:
    (project / "migrations" / "env.py").write_text(OFFLINE_ENV, encoding="utf-8")
    alembic = (sys.executable, "-m", "alembic.config")
    head = revision_id(3 * len(CHANGES) - 1)
    up = run(*alembic, "upgrade", "head", "--sql", cwd=project, check=True)
    down = run(*alembic, "downgrade", f"{head}:base", "--sql", cwd=project, check=True)
    assert up.stdout.count("CREATE TABLE table_") == 3
    assert down.stdout.count("DROP TABLE table_") == 3


def test_the_check_replays_the_history(project: Path) -> None:
    """A history in which something is missing or exists already would measure another path."""
    done = migrate_guard("check", "--select", "object-missing,object-exists,opaque-operation", cwd=project)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no wait4(2)")
def test_a_run_is_measured(tmp_path: Path) -> None:
    code = "import time; data = bytearray(50_000_000); time.sleep(0.05); print('done')"
    found = best((sys.executable, "-c", code), tmp_path, environment(), times=2)
    assert (found.code, found.output) == (0, "done\n")
    assert 0.05 < found.seconds < 5
    assert 50_000_000 < found.peak < 500_000_000


def test_a_table_is_aligned() -> None:
    lines = table(["name", "s"], [["a", "1.00"], ["longer", "12.00"]]).splitlines()
    assert lines == ["| name   |     s |", "| ------ | ----: |", "| a      |  1.00 |", "| longer | 12.00 |"]
