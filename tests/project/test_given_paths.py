from __future__ import annotations

from pathlib import Path

import pytest

from tests.project.trees import (
    ENV_PY,
    alembic_project,
    chain,
    error,
    judged,
    names,
    only,
    revision,
    write_files,
)


def test_paths_that_are_not_there(tmp_path: Path) -> None:
    alembic_project(tmp_path)
    assert error(tmp_path, paths=(Path("nowhere"),)).message == "nowhere: there is no such file or directory"
    assert error(tmp_path, config_files=(Path("x.ini"),)).message == "x.ini: there is no such file"
    assert error(tmp_path, directory=Path("x")).message == "x: there is no such directory"
    (tmp_path / "empty").mkdir()
    assert "neither an alembic.ini nor" in error(tmp_path, directory=Path("empty")).message
    (tmp_path / "notes.txt").write_text("")
    assert "notes.txt: is no directory" in error(tmp_path, paths=(Path("notes.txt"),)).message


def test_single_files(tmp_path: Path) -> None:
    alembic_project(tmp_path, "a1", "b2", "c3")
    assert judged(tmp_path, "migrations/versions/b2_.py") == {"alembic.ini": ["b2"]}
    both = ("migrations/versions/b2_.py", "migrations/versions/a1_.py")
    assert judged(tmp_path, *both) == {"alembic.ini": ["a1", "b2"]}
    assert judged(tmp_path, *both, "alembic.ini") == {"alembic.ini": None}
    assert judged(tmp_path, "migrations/versions") == {"alembic.ini": None}
    assert judged(tmp_path, "migrations/env.py") == {"alembic.ini": []}


def test_a_file_whose_ini_is_elsewhere(tmp_path: Path) -> None:
    write_files(tmp_path, {"deploy/alembic.ini": "[alembic]\nscript_location = ../db/migrations\n"})
    write_files(tmp_path, {**chain("a", "b", under="db/migrations/versions")})
    assert judged(tmp_path, "db/migrations/versions/a_.py") == {"deploy/alembic.ini": ["a"]}


def test_a_file_of_a_broken_project(tmp_path: Path) -> None:
    alembic_project(tmp_path)
    write_files(tmp_path, {"alembic.ini": "nonsense\n"})
    assert error(tmp_path, paths=(Path("migrations/versions/a1_.py"),)).message.startswith("alembic.ini:1: ")


def test_a_file_with_its_configuration_named(tmp_path: Path) -> None:
    alembic_project(tmp_path / "one")
    alembic_project(tmp_path / "two")
    options = {"config_files": (Path("one/alembic.ini"),)}
    assert judged(tmp_path, "one/migrations/versions/a1_.py", **options) == {"one/alembic.ini": ["a1"]}
    caught = error(tmp_path, paths=(Path("two/migrations/versions/a1_.py"),), **options)
    assert "does not belong to one/alembic.ini" in caught.message
    assert error(tmp_path, paths=(Path("two"),), **options).hint


def test_one_of_several_version_directories(tmp_path: Path) -> None:
    ini = "[alembic]\nscript_location = m\npath_separator = :\nversion_locations = one/v:two/v\n"
    write_files(tmp_path, {"alembic.ini": ini, "m/env.py": ENV_PY, **chain("a", "b", under="one/v")})
    write_files(tmp_path, {"two/v/c.py": revision("c", "b")})
    assert judged(tmp_path, "two") == {"alembic.ini": ["c"]}


@pytest.mark.parametrize("path", ["stuff/versions", "stuff"])
def test_a_bare_versions_directory(tmp_path: Path, path: str) -> None:
    write_files(tmp_path, chain("a", "b", under=path))
    environment = only(tmp_path, paths=(Path(path),))
    assert (environment.kind, environment.version_locations) == ("directory", (tmp_path / path,))
    assert environment.name == "stuff"
    assert judged(tmp_path, f"{path}/b_.py") == {"stuff": ["b"]}


def test_a_file_that_belongs_to_no_migrations(tmp_path: Path) -> None:
    write_files(tmp_path, {"app.py": "x = 1\n"})
    assert error(tmp_path, paths=(Path("app.py"),)).message.startswith(
        "app.py: is not in a versions directory"
    )


def test_what_is_excluded(tmp_path: Path) -> None:
    alembic_project(tmp_path / "app", "a1", "b2")
    alembic_project(tmp_path / "examples" / "shop")
    exclude = ("examples/**", "*/a1_*.py")
    assert judged(tmp_path, exclude=exclude) == {"app/alembic.ini": ["b2"]}
    assert judged(tmp_path, exclude=("ex*les/", "app/migrations/versions/b2_.py")) == {
        "app/alembic.ini": ["a1"]
    }
    assert judged(tmp_path, "app/migrations/versions/a1_.py", exclude=exclude) == {"app/alembic.ini": []}
    assert names(tmp_path, exclude=("app",)) == ["examples/shop/alembic.ini"]
    assert "no migrations found" in error(tmp_path, exclude=("app", "examples")).message
