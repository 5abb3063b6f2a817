"""Compare every revision of an environment, read and run, on one dialect."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.oracle.compare import Agreement, compare
from benchmarks.oracle.record import Recording, record
from migrate_guard.config import Config
from migrate_guard.dialect import Dialect
from migrate_guard.evaluate.histories import histories
from migrate_guard.project import Environment, Graph, find_environments, load_graph, with_databases


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
    for variant in histories(replace(environment, dialects=(dialect,)), graph, root):
        arguments = () if variant.database is None else (variant.database,)
        for replayed in variant.history.replay():
            script = graph.scripts[replayed.revision]
            file, location = script.source.file, environment.script_location
            recording = record(file, "upgrade", dialect, replayed.before, location, arguments)
            agreement = compare(replayed.upgrade, recording, script.tree, str(dialect.family))
            yield Compared(script.source.path, replayed.revision, str(dialect), recording, agreement)
