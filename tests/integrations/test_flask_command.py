"""`flask migrate-guard` is the command, with the application that Flask was told of."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from tests.commands import FIXTURES, environment, run


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The tutorial project, its application in a module that only `--app` finds."""
    copy = tmp_path / "shop"
    shutil.copytree(
        FIXTURES / "flask-migrate", copy, ignore=shutil.ignore_patterns("__pycache__", "instance")
    )
    (copy / "app.py").rename(copy / "shop.py")
    return copy


def test_status_uses_the_application(project: Path) -> None:
    flask = (sys.executable, "-m", "flask", "--app", "shop")
    done = run(*flask, "migrate-guard", "status", cwd=project)

    assert "ok       1 change the models       loaded from env.py" in done.stdout, done.stdout + done.stderr
    assert "next: migrate-guard check" in done.stdout
    assert done.returncode == 1


def test_findings_and_errors_are_exit_codes(project: Path) -> None:
    flask = (sys.executable, "-m", "flask", "--app", "shop", "migrate-guard")

    assert run(*flask, "check", cwd=project).returncode == 1
    assert run(*flask, "check", "--select", "no-such-rule", cwd=project).returncode == 2
    assert "Say before a deploy" in run(*flask, "--help", cwd=project).stdout


def test_other_commands_of_flask_load_nothing_heavy(project: Path) -> None:
    code = (
        "import sys; from flask.cli import cli; cli.list_commands(cli.make_context('flask', ['routes']));"
        " print(*sorted(m for m in sys.modules if m.startswith('migrate_guard')))"
    )
    done = run(sys.executable, "-c", code, cwd=project, env=environment(FLASK_APP="shop"), check=True)

    assert done.stdout.split() == [
        "migrate_guard",
        "migrate_guard.integrations",
        "migrate_guard.integrations.flask_command",
    ]
