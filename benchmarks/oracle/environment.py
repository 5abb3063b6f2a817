"""Compare every revision of an environment, read and run, on one dialect."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.oracle.compare import Agreement, compare
from benchmarks.oracle.record import Recording, record
from migrate_guard.config import Config
from migrate_guard.dialect import Dialect
from migrate_guard.evaluate.history import History
from migrate_guard.evaluate.interpret.loader import Loader, ModuleFiles
from migrate_guard.project import (
    BrokenScript,
    Environment,
    Graph,
    find_environments,
    find_module,
    load_graph,
    read_module,
    with_databases,
)
from migrate_guard.project.paths import shown_path


@dataclass(frozen=True, slots=True)
class Compared:
    """One revision on one dialect: what the run sent, and how far both sides agree."""

    path: str
    revision: str
    dialect: str
    recording: Recording
    agreement: Agreement


def environments(root: Path, path: Path) -> Iterator[tuple[Environment, Graph]]:
    """Go through the environments that lie at a path."""
    config = Config(root=root, paths=(path,))
    for environment in find_environments(config).environments:
        graph = load_graph(environment, root)
        yield with_databases(environment, graph), graph


def compare_all(environment: Environment, graph: Graph, dialect: Dialect, root: Path) -> Iterator[Compared]:
    """Compare all upgrades of an environment on a dialect, for each of its databases."""
    files = ModuleFiles(lambda dotted: find_module(dotted, environment), lambda file: _read(file, root))
    for database in environment.databases or (None,):
        history = History(graph, dialect, Loader(files), database)
        for replayed in history.replay():
            script = graph.scripts[replayed.revision]
            arguments = () if database is None else (database,)
            recording = record(
                script.source.file,
                "upgrade",
                dialect,
                replayed.before,
                environment.script_location,
                arguments,
            )
            agreement = compare(replayed.upgrade, recording, script.tree, str(dialect.family))
            yield Compared(script.source.path, replayed.revision, str(dialect), recording, agreement)


def _read(file: Path, root: Path):  # type: ignore[no-untyped-def]
    found = read_module(file, shown_path(file, root))
    return None if isinstance(found, BrokenScript) else found
