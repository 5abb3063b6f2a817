"""Every project in `fixtures/` through the real command, compared with its `expected.txt`.

`pytest tests/test_fixtures.py --update` rewrites the expectations.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from tests.commands import FIXTURES, ROOT, migrate_guard, run

PROJECTS = sorted(path.name for path in FIXTURES.iterdir() if path.is_dir())


def recorded_python(session: str) -> str:
    """Return the output with this Python's version, which messages about syntax name, as on record."""
    this = re.escape(f"{sys.version_info.major}.{sys.version_info.minor}")
    return re.sub(rf"(?<=valid Python ){this}|(?<=that Python, not ){this}", "3.11", session)


@pytest.mark.parametrize("project", PROJECTS)
def test_project_is_judged_as_expected(project: str, update: bool) -> None:
    """What `migrate-guard check` prints inside the project, and the exit code, are those on record."""
    expected = FIXTURES / project / "expected.txt"
    done = migrate_guard("check", cwd=FIXTURES / project)
    session = recorded_python(f"{done.stdout}{done.stderr}[exit {done.returncode}]\n")
    if update:
        expected.write_text(session, encoding="utf-8", newline="\n")
    assert session == expected.read_text(encoding="utf-8")


def test_every_rule_family_that_a_project_can_show_is_shown() -> None:
    """The fixtures are not all silent: together they show errors, warnings and a clean project."""
    exits = {(FIXTURES / project / "expected.txt").read_text(encoding="utf-8")[-9:-1] for project in PROJECTS}
    assert exits == {"[exit 0]", "[exit 1]"}


@pytest.mark.parametrize("project", PROJECTS)
def test_project_is_complete(project: str) -> None:
    """A fixture is what a user has: configuration, `env.py`, revisions; no database, no caches."""
    files = [path for path in (FIXTURES / project).rglob("*") if path.is_file()]
    names = {path.name for path in files}
    assert {"alembic.ini", "env.py", "script.py.mako"} <= names
    assert any(path.parent.name == "versions" for path in files)
    left_behind = [path.relative_to(ROOT) for path in files if path.suffix in {".db", ".pyc"}]
    assert not left_behind


# Alembic cannot load them: one is broken on purpose, the other needs SQLModel.
NOT_LOADABLE = {"broken-syntax", "sqlmodel"}
HEADS = {"multiple-heads": 2, "branch-labels": 2}
ALEMBIC, FLASK = ("-m", "alembic.config"), ("-m", "flask", "db")


def loadable() -> list[Path]:
    """Return the directories in which Alembic's or Flask-Migrate's own command can be run."""
    inis = [
        ini for name in PROJECTS if name not in NOT_LOADABLE for ini in (FIXTURES / name).rglob("alembic.ini")
    ]
    return sorted(ini.parent.parent if (ini.parent / "env.py").exists() else ini.parent for ini in inis)


@pytest.mark.parametrize("folder", loadable(), ids=lambda folder: folder.relative_to(FIXTURES).as_posix())
def test_alembic_loads_the_history(folder: Path) -> None:
    """A fixture that Alembic itself refuses would prove nothing."""
    command = FLASK if (folder / "app.py").exists() else ALEMBIC
    done = run(sys.executable, *command, "heads", cwd=folder, check=True)
    assert done.stdout.count("(head)") == HEADS.get(folder.name, 1)
