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
    """One direction of a revision on a dialect: what the run sent, and how far both sides agree."""

    path: str
    direction: str
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
    """Compare all upgrades and downgrades of an environment on a dialect, for each of its databases."""
    for variant in histories(replace(environment, dialects=(dialect,)), graph, root):
        arguments = () if variant.database is None else (variant.database,)
        for replayed in variant.history.replay():
            script = graph.scripts[replayed.revision]
            for evaluation in (replayed.upgrade, variant.history.downgrade(replayed)):
                if not evaluation.defined:
                    continue
                recording = record(
                    script.source.file,
                    evaluation.direction,
                    dialect,
                    evaluation.before,
                    environment.script_location,
                    arguments,
                )
                agreement = compare(evaluation, recording, script.tree, str(dialect.family))
                yield Compared(script.source.path, evaluation.direction, str(dialect), recording, agreement)
