"""The lowest Alembic and SQLAlchemy that revisions may be written for do what we read in them, and a project
that has them is compared with its models and its database."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.test_write import AFTER, UPGRADE, add_template
from tests.commands import migrate_guard, run
from tests.evidence.projects import Project
from tests.servers import MariadbServer, PostgresServer

ROOT = Path(__file__).parents[1]
LOWEST = ("alembic==1.8.1", "sqlalchemy==1.4.54")
DRIVERS = ("psycopg2-binary", "pymysql")
TESTS = ("tests/evaluate/library/test_directives.py", "tests/evaluate/library/test_types.py")

pytestmark = pytest.mark.skipif(
    sys.version_info >= (3, 13), reason="SQLAlchemy 1.4 is older than this Python"
)


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> str:
    """An interpreter that has the lowest versions."""
    venv = tmp_path_factory.mktemp("lowest") / "venv"
    found = str(venv / ("Scripts" if os.name == "nt" else "bin") / "python")
    _run(sys.executable, "-m", "venv", str(venv))
    wanted = ("click", "pytest", "hypothesis", "tomli", *DRIVERS, *LOWEST)
    installed = _run(found, "-m", "pip", "install", "-q", *wanted)
    if installed.returncode != 0:
        say = pytest.fail if os.environ.get("CI") else pytest.skip
        say(f"the lowest versions cannot be installed: {installed.stderr.strip()[-300:]}")
    return found


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)


def test_the_lowest_versions(python: str) -> None:
    done = _run(python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-o", "addopts=", *TESTS)
    assert done.returncode == 0, done.stdout[-3000:]


def _write(root: Path, url: str | None) -> None:
    Project("sqlite", AFTER, UPGRADE, "render_as_batch=True").write(root)
    add_template(root / "migrations")
    if url is not None:
        ini = root / "alembic.ini"
        text = ini.read_text(encoding="utf-8")
        ini.write_text(text.replace("sqlite:///shop.db", url.replace("%", "%%")), encoding="utf-8")


def _is_written_upgraded_and_in_line(python: str, root: Path, dialect: str) -> None:
    flags = ("--python", python, "--dialect", dialect)
    done = migrate_guard("check", "--models=auto", "--write", "--select=model-not-migrated", *flags, cwd=root)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "wrote migrations/versions/" in done.stderr
    run(python, "-m", "alembic.config", "upgrade", "head", cwd=root, check=True)
    done = migrate_guard("status", *flags, cwd=root)
    assert "nothing to do" in done.stdout
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_project_on_sqlite(python: str, tmp_path: Path) -> None:
    _write(tmp_path, None)
    _is_written_upgraded_and_in_line(python, tmp_path, "sqlite")


@pytest.mark.server
def test_a_project_on_postgresql(python: str, tmp_path: Path, postgresql: PostgresServer) -> None:
    _write(tmp_path, postgresql.fresh_database().replace("+psycopg:", "+psycopg2:"))
    _is_written_upgraded_and_in_line(python, tmp_path, "postgresql")


@pytest.mark.server
def test_a_project_on_mariadb(python: str, tmp_path: Path, mariadb: MariadbServer) -> None:
    _write(tmp_path, mariadb.fresh_database())
    _is_written_upgraded_and_in_line(python, tmp_path, "mariadb")
