"""Reading all revision files of an environment into its graph."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from migrate_guard.errors import GuardError
from migrate_guard.project.environment import Environment
from migrate_guard.project.graph import Graph, build_graph
from migrate_guard.project.paths import shown_path
from migrate_guard.project.script import BrokenScript, Script, is_revision_name, read_script


def load_graph(environment: Environment, root: Path) -> Graph:
    """Read every revision of an environment once; `root` is what shown paths are relative to.

    Files that cannot be read are in `Graph.broken`. Raise `GuardError` if there is no revision file.
    """
    scripts: list[Script] = []
    broken: list[BrokenScript] = []
    with _no_collection():
        for file in revision_files(environment):
            script = read_script(file, shown_path(file, root))
            if isinstance(script, Script):
                scripts.append(script)
            elif script is not None:
                broken.append(script)
    if not scripts and not broken:
        places = ", ".join(shown_path(location, root) for location in environment.version_locations)
        raise GuardError(
            f"{environment.name}: no revisions found: there is no revision file in {places}",
            "create the first one, or correct version_locations"
            + ("" if environment.recursive else "; subdirectories need recursive_version_locations = true"),
        )
    return build_graph(scripts, broken)


def revision_files(environment: Environment) -> tuple[Path, ...]:
    """Return the files that Alembic would load, in path order within each location, none twice.

    Follows `Script._list_py_dir` and `_load_revisions` in alembic/script/base.py, Alembic 1.20: links to
    directories are not followed, and a file reached by two ways counts once.
    """
    found: dict[str, Path] = {}
    for location in environment.version_locations:
        for directory, name in _files(location, environment.recursive):
            if is_revision_name(name):
                path = os.path.join(directory, name)  # noqa: PTH118 - much faster than Path for thousands
                found.setdefault(os.path.realpath(path), Path(path))
    return tuple(found.values())


def _files(location: Path, recursive: bool) -> Iterator[tuple[str, str]]:
    for directory, below, names in os.walk(location):
        if directory.endswith("__pycache__"):
            continue
        for name in sorted(names):
            yield directory, name
        if not recursive:
            return
        below.sort()


@contextmanager
def _no_collection() -> Iterator[None]:
    """Pause the search for reference cycles: syntax trees have none, and it would walk all of them."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
