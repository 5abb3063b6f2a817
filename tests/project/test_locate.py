from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from migrate_guard.config import Config
from migrate_guard.project import find_environments
from migrate_guard.project.search import Place, SearchLimitError, place_at, places_below
from tests.project.trees import (
    ENV_PY,
    FLASK_ENV_PY,
    alembic_project,
    chain,
    error,
    found,
    names,
    only,
    opened,
    write_files,
)


def test_an_alembic_ini(tmp_path: Path) -> None:
    alembic_project(tmp_path)
    environment = only(tmp_path)
    assert (environment.name, environment.kind, environment.command) == (
        "alembic.ini",
        "alembic.ini",
        "alembic",
    )
    assert environment.root == tmp_path
    assert environment.script_location == tmp_path / "migrations"
    assert environment.env_py == tmp_path / "migrations" / "env.py"
    assert environment.config_file == tmp_path / "alembic.ini"


def test_runs_nothing_of_the_project(tmp_path: Path) -> None:
    alembic_project(tmp_path)
    write_files(tmp_path, {"migrations/env.py": "from alembic import context\nraise SystemExit(1)\n"})
    _, graph = opened(tmp_path)
    assert graph.heads == ("b2",)


def test_a_tool_table_in_pyproject(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {"pyproject.toml": '[tool.alembic]\nscript_location = "db"\n', **chain("a", under="db/versions")},
    )
    environment = only(tmp_path)
    assert (environment.name, environment.kind) == ("pyproject.toml", "pyproject.toml")
    assert environment.script_location == tmp_path / "db"


def test_pyproject_and_ini_together(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {
            "alembic.ini": "[alembic]\nsqlalchemy.url = mysql://localhost/shop\n",
            "pyproject.toml": '[tool.alembic]\nscript_location = "%(here)s/db"\nprepend_sys_path = ["lib"]\n',
            "lib/x.py": "",
            **chain("a", under="db/versions"),
        },
    )
    environment = only(tmp_path)
    assert (environment.kind, environment.prepend) == ("pyproject.toml", (tmp_path / "lib",))
    assert environment.url_dialects == ("mysql",)


def test_the_ini_wins_over_pyproject(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {
            "alembic.ini": "[alembic]\nscript_location = one\n",
            "pyproject.toml": '[tool.alembic]\nscript_location = "two"\n',
            **chain("a", under="one/versions"),
            **chain("b", under="two/versions"),
        },
    )
    assert only(tmp_path).script_location == tmp_path / "one"


def test_flask_migrate(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {
            "migrations/alembic.ini": "[alembic]\n",
            "migrations/env.py": FLASK_ENV_PY,
            "app/__init__.py": "",
            **chain("a"),
        },
    )
    environment = only(tmp_path)
    assert (environment.name, environment.kind) == ("migrations/alembic.ini", "flask-migrate")
    assert (environment.command, environment.root) == ("flask db", tmp_path)
    assert environment.script_location == tmp_path / "migrations"


def test_flask_migrate_takes_its_own_directory_whatever_the_ini_says(tmp_path: Path) -> None:
    ini = "[alembic]\nscript_location = somewhere/else\n"
    write_files(tmp_path, {"migrations/alembic.ini": ini, "migrations/env.py": FLASK_ENV_PY, **chain("a")})
    assert only(tmp_path).kind == "flask-migrate"


@pytest.mark.parametrize("how", ["flag", "variable", "path"])
def test_flask_migrate_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    under = "db/schema/versions"
    write_files(
        tmp_path,
        {"db/schema/alembic.ini": "[alembic]\n", "db/schema/env.py": FLASK_ENV_PY, **chain("a", under=under)},
    )
    alembic_project(tmp_path / "other")
    if how == "variable":
        monkeypatch.setenv("FLASK_DB_DIRECTORY", "db/schema")
    options: dict[str, dict[str, object]] = {
        "flag": {"directory": Path("db/schema")},
        "variable": {},
        "path": {"paths": (Path("db/schema"),)},
    }
    assert names(tmp_path, **options[how]) == ["db/schema/alembic.ini"]


def test_alembic_config_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alembic_project(tmp_path / "one")
    alembic_project(tmp_path / "two")
    monkeypatch.setenv("ALEMBIC_CONFIG", "two/alembic.ini")
    assert names(tmp_path) == ["two/alembic.ini"]
    monkeypatch.setenv("ALEMBIC_CONFIG", "three/alembic.ini")
    assert error(tmp_path).message == "three/alembic.ini: there is no such file"


def test_a_monorepo(tmp_path: Path) -> None:
    alembic_project(tmp_path / "services" / "billing")
    alembic_project(tmp_path / "services" / "shop")
    write_files(tmp_path, {"legacy/env.py": ENV_PY, **chain("z", under="legacy/versions")})
    assert names(tmp_path) == ["legacy", "services/billing/alembic.ini", "services/shop/alembic.ini"]


@pytest.mark.parametrize(
    "place",
    [
        "node_modules/x",
        ".tox/py",
        "venv",
        "lib/python3/site-packages/x",
        "__pycache__",
        "x.egg-info",
        "build/lib",
    ],
)
def test_passes_over_what_is_not_the_project(tmp_path: Path, place: str) -> None:
    alembic_project(tmp_path / place)
    alembic_project(tmp_path / "own")
    write_files(tmp_path, {"venv/pyvenv.cfg": "", "pyproject.toml": "[project]\nname = 'x'\n"})
    assert names(tmp_path) == ["own/alembic.ini"]


def test_survives_loops_of_links(tmp_path: Path) -> None:
    alembic_project(tmp_path)
    (tmp_path / "migrations" / "again").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    assert names(tmp_path) == ["alembic.ini"]


def test_finds_the_project_from_a_subdirectory(tmp_path: Path) -> None:
    alembic_project(tmp_path)
    (tmp_path / ".git").mkdir()
    deep = tmp_path / "app" / "models"
    deep.mkdir(parents=True)
    assert names(deep) == ["../../alembic.ini"]
    assert names(tmp_path / "migrations" / "versions") == ["../../alembic.ini"]
    assert names(tmp_path / "migrations") == ["../alembic.ini"]


def test_does_not_look_beyond_the_repository(tmp_path: Path) -> None:
    alembic_project(tmp_path)
    (tmp_path / "repository" / ".git").mkdir(parents=True)
    assert "no migrations found" in error(tmp_path / "repository").message


def test_nothing_found(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    caught = error(tmp_path)
    assert "alembic.ini" in caught.message
    assert "-c" in (caught.hint or "")
    assert "in app, below it" in error(tmp_path, paths=(Path("app"),)).message
    write_files(tmp_path, chain("a", under="app/alembic"))
    assert error(tmp_path).hint == "there are revision files in app/alembic: name it as a path"


def test_several_configurations(tmp_path: Path) -> None:
    write_files(tmp_path, {"a.ini": "[alembic]\nscript_location = one\n", **chain("a", under="one/versions")})
    write_files(tmp_path, {"b.ini": "[alembic]\nscript_location = two\n", **chain("b", under="two/versions")})
    assert names(tmp_path, config_files=(Path("a.ini"), Path("b.ini"))) == ["a.ini", "b.ini"]
    assert names(tmp_path, config_files=(Path("b.ini"),)) == ["b.ini"]


def test_an_ini_and_a_pyproject_are_combined(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {"conf/a.ini": "[alembic]\nsqlalchemy.url = sqlite:///x.db\n", **chain("a", under="one/versions")},
    )
    write_files(tmp_path, {"pyproject.toml": '[tool.alembic]\nscript_location = "one"\n'})
    environment = only(tmp_path, config_files=(Path("conf/a.ini"), Path("pyproject.toml")))
    assert (environment.kind, environment.url_dialects) == ("pyproject.toml", ("sqlite",))


def test_a_search_is_bounded(tmp_path: Path) -> None:
    for number in range(30):
        (tmp_path / f"d{number:02}").mkdir()
    alembic_project(tmp_path / "d29")
    assert [one.directory.name for one in places_below(tmp_path)] == ["d29", "migrations"]
    with pytest.raises(SearchLimitError):
        list(places_below(tmp_path, limit=10))


def test_says_that_a_search_was_cut_short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def cut(directory: Path) -> Iterator[Place]:
        place = place_at(directory / "a")
        assert place is not None
        yield place
        raise SearchLimitError

    alembic_project(tmp_path / "a")
    monkeypatch.setattr("migrate_guard.project.finder.places_below", cut)
    selection = found(tmp_path)
    assert [one.name for one in selection.environments] == ["a/alembic.ini"]
    assert "more than 20000 directories" in selection.skipped[0]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="permissions do not bind this user")
def test_directories_and_files_that_may_not_be_read(tmp_path: Path) -> None:
    alembic_project(tmp_path)
    (tmp_path / "secret").mkdir(mode=0)
    assert names(tmp_path) == ["alembic.ini"]
    (tmp_path / "alembic.ini").chmod(0)
    assert "cannot be read" in error(tmp_path).message


def test_the_working_directory_is_the_root(tmp_path: Path) -> None:
    alembic_project(tmp_path / "x")
    selection = find_environments(Config(root=tmp_path / "x"))
    assert [one.name for one in selection.environments] == ["alembic.ini"]
