"""The histories of one environment: one for each dialect and, in multidb, each database.

They share the project's modules, so that each is read once.
"""

from __future__ import annotations

import ast
from collections.abc import Container, Iterator
from pathlib import Path

from migrate_guard.dialect import Dialect
from migrate_guard.evaluate.history import History
from migrate_guard.evaluate.interpret.loader import Loader, ModuleFiles
from migrate_guard.evaluate.target_metadata import naming_of
from migrate_guard.pattern import pattern
from migrate_guard.project import (
    BrokenScript,
    Environment,
    Graph,
    Source,
    find_module,
    read_module,
)
from migrate_guard.project.paths import shown_path
from migrate_guard.record import dataclass

# Alembic's option, unless it is given as True.
_NOT_TRANSACTIONAL = pattern(r"""transactional_ddl["']?\s*[=:](?!\s*True\b)""")


@dataclass(frozen=True, slots=True)
class Variant:
    """What a history is evaluated for; `database` is `None` outside of multidb."""

    dialect: Dialect
    database: str | None
    history: History


def histories(
    environment: Environment, graph: Graph, root: Path, judged: Container[str] = ()
) -> Iterator[Variant]:
    """Go through the histories of an environment; `root` is what shown paths are relative to.

    `judged` are the revisions under judgement, if any.
    """
    files = ModuleFiles(lambda dotted: find_module(dotted, environment), lambda file: _read(file, root))
    env_py = None if environment.env_py is None else _read(environment.env_py, root)
    transactional = env_py is not None and not _leaves_transactions(env_py[0])
    for dialect in environment.dialects:
        naming = naming_of(environment, env_py, Loader(files), dialect)
        for database in environment.databases or (None,):
            history = History(graph, dialect, Loader(files), database, naming, judged, transactional)
            yield Variant(dialect, database, history)


def _read(file: Path, root: Path) -> tuple[Source, ast.Module] | None:
    found = read_module(file, shown_path(file, root))
    return None if isinstance(found, BrokenScript) else found


def _leaves_transactions(env_py: Source) -> bool:
    """Tell whether migrations may run outside of a transaction by what `env.py` says."""
    return "AUTOCOMMIT" in env_py.text or bool(_NOT_TRANSACTIONAL.search(env_py.text))
