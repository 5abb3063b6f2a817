"""The tutorial project is what Flask-Migrate really generates, and its revision really breaks on SQLite.

These tests run the real libraries; they keep the README's first screen true.
"""

from __future__ import annotations

import re
import shutil
import sqlite3
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.commands import FIXTURES, run

FIRST = "e70a0b263ec7"
SECOND = "8a51edff73cf"
NAMED = "create_unique_constraint('uq_user_email', ['email'])"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the tutorial project."""
    copy = tmp_path / "flask-migrate"
    shutil.copytree(
        FIXTURES / "flask-migrate", copy, ignore=shutil.ignore_patterns("__pycache__", "instance")
    )
    return copy


def flask_db(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `flask db …` in the project."""
    return run(sys.executable, "-m", "flask", "db", *arguments, cwd=project)


def upgraded_with_a_row(project: Path) -> None:
    """Bring the database to the first revision and put a user into it."""
    done = flask_db(project, "upgrade", FIRST)
    assert done.returncode == 0, done.stderr
    with sqlite3.connect(project / "instance" / "app.db") as database:
        database.execute("INSERT INTO user (username) VALUES ('ada')")
    database.close()


def edited(project: Path, old: str, new: str) -> None:
    """Change one place in the revision."""
    path = revision_file(project)
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def revision_file(project: Path) -> Path:
    """Return the file of the generated revision."""
    return project / "migrations" / "versions" / f"{SECOND}_add_user_email.py"


def columns(project: Path) -> list[str]:
    """Return the columns of the table `user`."""
    with sqlite3.connect(project / "instance" / "app.db") as database:
        found = [row[1] for row in database.execute("PRAGMA table_info('user')")]
    database.close()
    return found


def test_the_unnamed_constraint_stops_the_upgrade(project: Path) -> None:
    upgraded_with_a_row(project)
    done = flask_db(project, "upgrade")
    assert done.returncode != 0
    assert "Constraint must have a name" in done.stderr
    assert columns(project) == ["id", "username"]


def test_with_a_name_the_rows_stop_the_upgrade(project: Path) -> None:
    edited(project, "create_unique_constraint(None, ['email'])", NAMED)
    upgraded_with_a_row(project)
    done = flask_db(project, "upgrade")
    assert done.returncode != 0
    assert re.search(r"IntegrityError.*NOT NULL constraint failed: \S*user\.email", done.stderr)


def test_with_a_nullable_column_only_the_downgrade_breaks(project: Path) -> None:
    edited(project, "create_unique_constraint(None, ['email'])", NAMED)
    edited(project, "length=120), nullable=False", "length=120), nullable=True")
    upgraded_with_a_row(project)
    up = flask_db(project, "upgrade")
    assert up.returncode == 0, up.stderr
    down = flask_db(project, "downgrade")
    assert down.returncode != 0
    assert "Constraint must have a name" in down.stderr
    assert columns(project) == ["id", "username", "email"]


def test_without_rows_the_not_null_column_goes_unnoticed(project: Path) -> None:
    """Why a test on an empty database does not help."""
    edited(project, "create_unique_constraint(None, ['email'])", NAMED)
    done = flask_db(project, "upgrade")
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(
    not (version("alembic").startswith("1.20.") and version("flask-migrate").startswith("4.1.")),
    reason="other versions of Alembic and Flask-Migrate render revisions differently",
)
def test_the_revision_is_what_flask_migrate_generates(project: Path) -> None:
    recorded = revision_file(project).read_text(encoding="utf-8")
    revision_file(project).unlink()
    assert flask_db(project, "upgrade").returncode == 0
    done = flask_db(project, "migrate", "-m", "Add user email", "--rev-id", SECOND)
    assert done.returncode == 0, done.stderr
    generated = revision_file(project).read_text(encoding="utf-8")
    assert without_date(generated) == without_date(recorded)


def without_date(text: str) -> str:
    """Return a revision without the moment of its generation."""
    return re.sub(r"Create Date: .*", "", text)
