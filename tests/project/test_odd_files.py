"""Files that are no files: pipes, directories, loops and endless ones where a configuration is expected."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from migrate_guard.config import load_config
from migrate_guard.errors import GuardError
from migrate_guard.files import MOST_BYTES, read_regular
from tests.project.trees import alembic_project, error, judged

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")


def _pipe_at(file: Path) -> None:
    file.unlink(missing_ok=True)
    os.mkfifo(file)


@pytest.mark.parametrize("name", ["migrations/env.py", "app.py", "config.py", ".env"])
def test_no_pipe_is_waited_for(tmp_path: Path, name: str) -> None:
    alembic_project(tmp_path, "a1")
    _pipe_at(tmp_path / name)
    judged(tmp_path)


def test_a_pipe_is_no_configuration(tmp_path: Path) -> None:
    alembic_project(tmp_path, "a1")
    _pipe_at(tmp_path / "alembic.ini")
    assert error(tmp_path).message == "alembic.ini: cannot be read: it is not a regular file"
    _pipe_at(tmp_path / "pyproject.toml")
    assert error(tmp_path, config_files=(Path("pyproject.toml"),)).message.startswith("pyproject.toml: ")
    _pipe_at(tmp_path / "migrate-guard.toml")
    with pytest.raises(GuardError, match=r"^migrate-guard\.toml: cannot be read: it is not a regular file$"):
        load_config(tmp_path, {}, file=Path("migrate-guard.toml"))


def test_what_never_ends_is_not_read(tmp_path: Path) -> None:
    endless = tmp_path / "endless"
    with endless.open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    with pytest.raises(OSError, match="longer than 6 MB"):
        read_regular(endless)
    with pytest.raises(IsADirectoryError):
        read_regular(tmp_path)
