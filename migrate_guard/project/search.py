"""Going through a project's tree for configurations and script directories."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from migrate_guard.files import read_regular
from migrate_guard.pattern import pattern
from migrate_guard.project.folders import DISK, Folders
from migrate_guard.project.script import is_revision_name, may_be_revision
from migrate_guard.record import dataclass

MOST_DIRECTORIES = 20_000

_SKIPPED = frozenset(
    {"node_modules", "bower_components", "site-packages", "dist-packages", "__pycache__", "__pypackages__"}
)
_VERSIONS_NAMES = frozenset({"versions", "alembic", "migrations"})
_ALEMBIC = pattern(rb"\balembic\b")


@dataclass(frozen=True, slots=True)
class Place:
    """A directory that holds something of Alembic, and what."""

    directory: Path
    ini: Path | None
    pyproject: Path | None
    is_script_directory: bool


class SearchLimitError(Exception):
    """A tree has more directories than a search looks into."""


def places_below(directory: Path, limit: int = MOST_DIRECTORIES) -> Iterator[Place]:
    """Go through the places at and below a directory, those higher up first.

    Passes over hidden directories, virtual environments, installed packages, caches and build output, and
    does not follow symbolic links to directories. Raise `SearchLimitError` after `limit` directories.
    """
    for current, files, directories in walk(directory, limit):
        place = place_in(current, files, directories)
        if place is not None:
            yield place


def revision_directories(directory: Path, limit: int = MOST_DIRECTORIES) -> Iterator[Path]:
    """Go through directories with revision files, as far as their names suggest any."""
    for current, files, _ in walk(directory, limit):
        if current.name in _VERSIONS_NAMES:
            names = sorted(name for name in files if is_revision_name(name))
            if any(may_be_revision(current / name) for name in names[:3]):
                yield current


def place_at(directory: Path) -> Place | None:
    """Return what a single directory holds of Alembic, or `None`."""
    entries = DISK.entries(directory)
    return None if entries is None else place_in(directory, *entries)


def place_in(directory: Path, files: frozenset[str], directories: frozenset[str]) -> Place | None:
    """Return what the given contents of a directory are to Alembic, or `None`."""
    is_script = "env.py" in files and "versions" in directories
    ini = directory / "alembic.ini" if "alembic.ini" in files else None
    pyproject = directory / "pyproject.toml" if "pyproject.toml" in files else None
    if is_script and ini is None:
        is_script = _mentions_alembic(directory / "env.py") and _has_python(directory / "versions")
    if ini is None and pyproject is None and not is_script:
        return None
    return Place(directory, ini, pyproject, is_script)


def walk(
    directory: Path, limit: int, folders: Folders = DISK
) -> Iterator[tuple[Path, frozenset[str], frozenset[str]]]:
    """Go through directories level by level, each with the names of its files and directories.

    Raise `SearchLimitError` after `limit` of them.
    """
    level = [directory]
    seen = 0
    while level:
        below: list[Path] = []
        for current in level:
            seen += 1
            entries = folders.entries(current)
            if seen > limit:
                raise SearchLimitError
            if entries is None:
                continue
            files, directories = entries
            if "pyvenv.cfg" in files and current != directory:
                continue
            yield current, files, directories
            below.extend(
                current / name for name in sorted(directories) if not _is_skipped(name, directories, files)
            )
        level = below


def _is_skipped(name: str, siblings: frozenset[str], files: frozenset[str]) -> bool:
    if name.startswith(".") or name in _SKIPPED or name.endswith(".egg-info"):
        return True
    # What setuptools and others build lies beside the project file; a package may be called so elsewhere.
    return name in ("build", "dist") and bool(files & {"pyproject.toml", "setup.py", "setup.cfg"})


def _has_python(versions: Path) -> bool:
    """Tell whether there are revisions, which the template of an environment does not have."""
    entries = DISK.entries(versions)
    if entries is None:
        return False
    files, directories = entries
    return any(is_revision_name(name) for name in files) or bool(directories - {"__pycache__"})


def _mentions_alembic(env_py: Path) -> bool:
    try:
        return _ALEMBIC.search(read_regular(env_py)[:200_000]) is not None
    except OSError:
        return False
