"""Environments whose `env.py` picks one of several histories, such as one for each database server."""

from __future__ import annotations

from pathlib import Path

from migrate_guard.project.environment import Environment
from migrate_guard.project.header import guess_header
from migrate_guard.project.nearby import text_of
from migrate_guard.project.paths import is_directory
from migrate_guard.project.script import may_be_revision
from migrate_guard.record import replace


def histories(environment: Environment) -> tuple[Environment, ...]:
    """Return an environment for each history where the versions directory holds several, or just this one.

    Some projects keep `versions/postgresql` and `versions/sqlite` and set `version_locations` when they
    run, where it cannot be read. They are recognised by a versions directory without revisions of its own
    whose subdirectories do not refer to each other.
    """
    if environment.recursive or len(environment.version_locations) != 1:
        return (environment,)
    (location,) = environment.version_locations
    if not is_directory(location) or any(may_be_revision(file) for file in _python_files(location)):
        return (environment,)
    files = {part: _revisions(part) for part in _subdirectories(location)}
    files = {part: found for part, found in files.items() if found}
    if len(files) < 2 or _are_connected(list(files.values())):
        return (environment,)
    return tuple(
        replace(environment, name=f"{environment.name} ({part.name})", version_locations=(part,))
        for part in files
    )


def _python_files(directory: Path) -> list[Path]:
    return sorted(directory.glob("*.py"))


def _subdirectories(directory: Path) -> list[Path]:
    return sorted(
        one for one in directory.iterdir() if is_directory(one) and not one.name.startswith(("_", "."))
    )


def _revisions(directory: Path) -> list[Path]:
    return [file for file in sorted(directory.rglob("*.py")) if may_be_revision(file)]


def _are_connected(parts: list[list[Path]]) -> bool:
    """Tell whether a revision of one part names one of another as its parent."""
    headers = [[guess_header(text_of(file)) for file in files] for files in parts]
    ids = [{revision for revision, _ in part} for part in headers]
    for own, part in zip(ids, headers, strict=True):
        wanted = {parent for _, down in part for parent in down} - own
        if any(wanted & other for other in ids):
            return True
    return False
