"""`migrate-guard status` follows a change through the five steps, with the real commands of Flask-Migrate."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.commands import FIXTURES, migrate_guard, run

SHOWN = "migrate-guard check --database-url auto"
STEPS = ("models", "migration", "review", "apply", "verify")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The tutorial project with its faulty revision taken away, so that it is in order."""
    copy = tmp_path / "shop"
    ignored = shutil.ignore_patterns("__pycache__", "instance", "8a51edff73cf*")
    shutil.copytree(FIXTURES / "flask-migrate", copy, ignore=ignored)
    change(copy, "    email", "    # email")
    flask_db(copy, "upgrade")
    return copy


def flask_db(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run(sys.executable, "-m", "flask", "db", *arguments, cwd=project, check=True)


def change(project: Path, old: str, new: str) -> None:
    path = project / "models.py"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def states(project: Path, code: int) -> tuple[dict[str, str], str | None]:
    """Return the state of each step and what to type next."""
    done = migrate_guard("status", "--format", "json", cwd=project)
    assert done.returncode == code, done.stdout + done.stderr
    document = json.loads(done.stdout)
    assert document["version"] == 1
    (found,) = document["environments"]
    return {step["step"]: step["state"] for step in found["steps"]}, found["next"]


def test_each_forgotten_step_is_named_with_the_next_command(project: Path) -> None:
    in_order = dict.fromkeys(STEPS, "done")
    assert states(project, 0) == (in_order, None)

    change(project, "    # email", "    nick: Mapped[str | None]\n    # email")
    assert states(project, 1) == ({**in_order, "migration": "missing"}, 'flask db migrate -m "describe it"')

    flask_db(project, "migrate", "-m", "nick")
    assert states(project, 1) == ({**in_order, "apply": "missing"}, "flask db upgrade")

    flask_db(project, "upgrade")
    assert states(project, 0) == (in_order, None)

    with closing(sqlite3.connect(project / "instance" / "app.db")) as connection:
        connection.execute("ALTER TABLE user DROP COLUMN nick")
        connection.commit()
    assert states(project, 1) == ({**in_order, "verify": "missing"}, SHOWN)


def test_an_empty_revision_that_was_generated_too_early_is_named(project: Path) -> None:
    flask_db(project, "revision", "-m", "nick")
    change(project, "    # email", "    nick: Mapped[str | None]\n    # email")

    found, following = states(project, 1)

    assert found["models"] == found["migration"] == found["apply"] == "missing"
    assert following is not None
    assert following.startswith("delete migrations/versions/")
    assert following.endswith('flask db migrate -m "describe it"')


def test_a_faulty_revision_is_to_be_reviewed(tmp_path: Path) -> None:
    copy = tmp_path / "shop"
    shutil.copytree(
        FIXTURES / "flask-migrate", copy, ignore=shutil.ignore_patterns("__pycache__", "instance")
    )
    run(sys.executable, "-m", "flask", "db", "upgrade", "e70a0b263ec7", cwd=copy, check=True)

    found, following = states(copy, 1)

    assert found == {
        "models": "done",
        "migration": "done",
        "review": "missing",
        "apply": "missing",
        "verify": "done",
    }
    assert following == "migrate-guard check"


def test_the_text_has_a_line_for_each_step(project: Path) -> None:
    done = migrate_guard("status", cwd=project)

    assert done.stdout.splitlines() == [
        "migrations/alembic.ini",
        "  ok       1 change the models       loaded from env.py",
        "  ok       2 generate the migration  1 table compared, no difference",
        "  ok       3 review it               no error in the 0 revisions not applied",
        "  ok       4 apply it                the database of env.py is at e70a0b263ec7",
        "  ok       5 verify                  the database is what its revision says",
        "  nothing to do",
    ]
    assert done.stderr == ""


def test_models_that_cannot_be_loaded_are_exit_code_2_and_the_rest_is_told(project: Path) -> None:
    (project / "models.py").write_text("raise RuntimeError('no settings')\n", encoding="utf-8")

    done = migrate_guard("status", cwd=project)

    assert done.returncode == 2
    assert "the models cannot be loaded: models.py:1: RuntimeError: no settings" in done.stdout
    assert "  ?        1 change the models" in done.stdout
