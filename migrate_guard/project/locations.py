"""From a location as a configuration writes it to a directory on disk; nothing is imported for it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path

from migrate_guard.project.folders import DISK, Folders
from migrate_guard.project.paths import absolute_path, is_directory, is_file, is_within

_PROJECT_FILES = ("pyproject.toml", "setup.py", "setup.cfg", "requirements.txt", "Pipfile")


def is_script_directory(path: Path) -> bool:
    """Tell whether a directory looks like what `alembic init` makes: an `env.py` or a `versions`."""
    return is_file(path / "env.py") or is_directory(path / "versions")


def bases(here: Path, root: Path) -> tuple[Path, ...]:
    """Return the directories that a relative location may start from, the most likely first.

    Alembic takes the working directory, which is `root`. A file that is read from elsewhere is meant to be
    used from its own directory or from one above it.
    """
    above = [one for one in here.parents if is_within(one, root)]
    return tuple(dict.fromkeys([root, here, *above]))


def find_directory(text: str, starts: Iterable[Path], packages: Iterable[Path]) -> Path | None:
    """Return the directory that a location means, or `None`.

    `text` is absolute, relative to one of `starts`, or `package.name:directory`, where the package is
    looked for below `packages`. Of several that exist, one that looks like a script directory wins.
    """
    found = [one for one in candidates(text, starts, packages) if is_directory(one)]
    return next((one for one in found if is_script_directory(one)), found[0] if found else None)


def candidates(text: str, starts: Iterable[Path], packages: Iterable[Path]) -> tuple[Path, ...]:
    """Return every directory that a location may mean, whether it is there or not."""
    if not os.path.isabs(text) and ":" in text:  # noqa: PTH117 - Alembic's own test for a resource
        package, *parts = text.split(":")
        return tuple(absolute_path(Path(*package.split("."), *parts), one) for one in packages)
    spellings = [text] if os.sep == "\\" or "\\" not in text else [text, text.replace("\\", "/")]
    return tuple(absolute_path(Path(one), start) for start in starts for one in spellings)


def package_paths(here: Path, root: Path, prepend: Iterable[Path]) -> tuple[Path, ...]:
    """Return where the packages of `package:directory` locations are looked for."""
    near = [*prepend, *bases(here, root)]
    sources = [one / "src" for one in (here, root)]
    return tuple(dict.fromkeys([*near, *sources, *(Path(one) for one in sys.path if one)]))


def import_root(directory: Path, folders: Folders = DISK) -> Path:
    """Return the nearest directory at or above one that is not inside a Python package.

    A directory with a project file is not, whatever lies above it.
    """
    there = folders.is_file
    while directory.parent != directory and not any(there(directory / name) for name in _PROJECT_FILES):
        if not there(directory / "__init__.py") and not there(directory.parent / "__init__.py"):
            break
        directory = directory.parent
    return directory


def directories_above(directory: Path, root: Path) -> tuple[Path, ...]:
    """Return the directories above one up to `root`, nearest first; empty if it is not below `root`."""
    return tuple(one for one in directory.parents if is_within(one, root))
