"""From a dotted module name to a file of the project, for following what a revision imports."""

from __future__ import annotations

import sys
from functools import lru_cache, partial
from pathlib import Path

from migrate_guard.project.environment import Environment
from migrate_guard.project.folders import DISK, Folders
from migrate_guard.project.locations import import_root

# A script directory is often called `alembic`, but what a revision imports under that name is the library.
_NEVER = frozenset({"alembic", "sqlalchemy", *sys.stdlib_module_names})


def find_module(dotted: str, environment: Environment, folders: Folders = DISK) -> Path | None:
    """Return the file of a module or package (its `__init__.py`), or `None` if the project has none.

    Looks where Python would with the environment's `prepend_sys_path`, then in places that a project
    usually has on its path: its root, `src`, the directories around the script directory, and the versions
    directories. Nothing is imported. What the disk has is remembered for the life of the process.
    """
    find = _find if folders is DISK else partial(_located, folders=folders)
    found = find(dotted, search_path(environment))
    if found is None and "." in dotted:
        # A namespace package has no __init__.py that would show where its root ends.
        found = find(dotted, environment.above)
    return found


def is_project_module(dotted: str, environment: Environment) -> bool:
    """Tell whether a dotted name belongs to the project itself, even if that very module is not there."""
    if find_module(dotted, environment) is not None:
        return True
    top = dotted.partition(".")[0]
    return bool(top) and top != dotted and find_module(top, environment) is not None


@lru_cache(maxsize=64)
def search_path(environment: Environment) -> tuple[Path, ...]:
    """Return the directories in which the project's modules are looked for, in order."""
    around: list[Path] = []
    for directory in (environment.script_location, *environment.script_location.parents):
        around.append(directory)
        if directory == environment.root or environment.root not in directory.parents:
            break
    return tuple(
        dict.fromkeys(
            [
                *environment.prepend,
                environment.root,
                environment.root / "src",
                import_root(environment.script_location),
                *reversed(around),
                *environment.version_locations,
            ]
        )
    )


@lru_cache(maxsize=4096)
def _find(dotted: str, path: tuple[Path, ...]) -> Path | None:
    return _located(dotted, path, DISK)


def _located(dotted: str, path: tuple[Path, ...], folders: Folders) -> Path | None:
    parts = dotted.split(".")
    if not all(parts) or parts[0] in _NEVER or any("/" in part or "\\" in part for part in parts):
        return None
    for directory in path:
        if len(parts) > 1 and not folders.is_directory(directory / parts[0]):
            continue
        target = directory.joinpath(*parts)
        for file in (target / "__init__.py", target.with_name(target.name + ".py")):
            if folders.is_file(file):
                return file
    return None
