from __future__ import annotations

from pathlib import PurePath, PurePosixPath, PureWindowsPath

import pytest

from migrate_guard.project.paths import shown_path


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        (PurePosixPath("/repo/db/versions/a.py"), "db/versions/a.py"),
        (PurePosixPath("/repo"), "."),
        (PurePosixPath("/alembic.ini"), "../alembic.ini"),
        (PurePosixPath("/other/x/a.py"), "../other/x/a.py"),
    ],
)
def test_shows_posix_paths_relative_to_the_root(path: PurePath, shown: str) -> None:
    assert shown_path(path, PurePosixPath("/repo")) == shown


def test_shows_a_far_path_absolute() -> None:
    assert shown_path(PurePosixPath("/x/y.py"), PurePosixPath("/a/b/c/d")) == "/x/y.py"


def test_shows_windows_paths_with_slashes() -> None:
    root = PureWindowsPath(r"C:\repo")
    assert shown_path(PureWindowsPath(r"C:\repo\db\versions\a.py"), root) == "db/versions/a.py"
    assert shown_path(PureWindowsPath(r"D:\repo\db\a.py"), root) == "D:/repo/db/a.py"
