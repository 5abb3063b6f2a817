"""Reading all revision files of an environment into its graph."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from migrate_guard.config import Config
from migrate_guard.errors import GuardError
from migrate_guard.project.content import ON_DISK, Content
from migrate_guard.project.databases import with_databases
from migrate_guard.project.detect import with_dialects
from migrate_guard.project.environment import Environment
from migrate_guard.project.graph import Graph, build_graph
from migrate_guard.project.paths import shown_path
from migrate_guard.project.script import BrokenScript, Script
from migrate_guard.record import dataclass, replace


def open_environment(
    environment: Environment, config: Config, content: Content = ON_DISK
) -> tuple[Environment, Graph]:
    """Read an environment's revisions, and complete it with what they and the project tell.

    Returns it with its `databases`, `dialects` and `dialect_reason`, and the graph. Raise `GuardError` if
    there is no revision file.
    """
    graph = load_graph(environment, config.root, content)
    return with_dialects(with_databases(environment, graph), graph, config), graph


def load_graph(environment: Environment, root: Path, content: Content = ON_DISK) -> Graph:
    """Read every revision of an environment once; `root` is what shown paths are relative to.

    Files that cannot be read are in `Graph.broken`. Raise `GuardError` if there is no revision file.
    """
    graph = graph_of(environment, root, content)
    if not graph.scripts and not graph.broken:
        raise _no_revisions(environment, root)
    return graph


def graph_of(environment: Environment, root: Path, content: Content) -> Graph:
    """Return what `load_graph` does; without any revision file, an empty graph."""
    with _no_collection():
        found = _read(revision_files(environment, content), root, content)
        extra, notes = _subdirectories(environment, root, found, content)
    graph = build_graph([*found.scripts, *extra.scripts], [*found.broken, *extra.broken])
    return replace(graph, notes=notes)


def revision_files(environment: Environment, content: Content = ON_DISK) -> tuple[Path, ...]:
    """Return the files that Alembic would load, in path order within each location, none twice.

    Follows `Script._list_py_dir` and `_load_revisions` in alembic/script/base.py, Alembic 1.20: links to
    directories are not followed, and a file reached by two ways counts once.
    """
    found: dict[str, Path] = {}
    for location in environment.version_locations:
        for file in content.files(location, environment.recursive):
            found.setdefault(os.path.realpath(file) if file.is_symlink() else str(file), file)
    return tuple(found.values())


@dataclass(frozen=True, slots=True)
class _Read:
    scripts: tuple[Script, ...] = ()
    broken: tuple[BrokenScript, ...] = ()


def _read(files: Iterable[Path], root: Path, content: Content) -> _Read:
    results = [content.script(file, shown_path(file, root)) for file in files]
    return _Read(
        tuple(one for one in results if isinstance(one, Script)),
        tuple(one for one in results if isinstance(one, BrokenScript)),
    )


def _subdirectories(
    environment: Environment, root: Path, above: _Read, content: Content
) -> tuple[_Read, tuple[str, ...]]:
    """Return the revisions of subdirectories that belong to the history, though no option says so.

    Some projects set `version_locations` when they call Alembic, where it cannot be read. Their revisions
    are those that follow, or are followed by, a revision above them. Others keep old revisions there that
    Alembic shall not see; these are left alone, with a note.
    """
    if environment.recursive:
        return _Read(), ()
    locations = environment.version_locations
    known = {str(file) for location in locations for file in content.files(location, False)}
    files = [
        file
        for location in locations
        for file in content.files(location, True)
        if str(file) not in known and content.may_be_revision(file)
    ]
    if not files:
        return _Read(), ()
    below = _read(files, root, content)
    place = shown_path(files[0].parent, root)
    count = f"{len(files)} revisions in subdirectories such as"
    if _continues(above.scripts, below.scripts):
        note = "are read too, because they continue the history: recursive_version_locations is not set"
        return below, (f"{count} {place} {note}",)
    return _Read(), (f"{count} {place} are not read: recursive_version_locations is not set",)


def _continues(above: tuple[Script, ...], below: tuple[Script, ...]) -> bool:
    if not above:
        return True
    upper, lower = {one.revision for one in above}, {one.revision for one in below}
    wanted = {parent for one in above for parent in one.down_revisions} - upper
    return bool(wanted & lower) or any(
        one.revision not in upper and not upper.isdisjoint(one.down_revisions) for one in below
    )


def _no_revisions(environment: Environment, root: Path) -> GuardError:
    places = ", ".join(shown_path(location, root) for location in environment.version_locations)
    return GuardError(
        f"{environment.name}: no revisions found: there is no revision file in {places}",
        "create the first one, or correct version_locations",
    )


@contextmanager
def _no_collection() -> Iterator[None]:
    """Keep the collector of reference cycles away from the syntax trees, which have none.

    It would go through all of them again and again: for a thousand revisions that takes twice as long as
    parsing them. Freed trees are still released, by their reference counts.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.freeze()
            gc.enable()
