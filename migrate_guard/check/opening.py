"""Read the environments of a run: from the disk, or with what git knows where the user asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrate_guard.config import Config
from migrate_guard.project import Environment, Graph, Selection, open_environment
from migrate_guard.record import dataclass

if TYPE_CHECKING:
    from migrate_guard.project.git import Changes, Committed


@dataclass(frozen=True, slots=True)
class Opened:
    """An environment with its history: with `base`, the one after the merge.

    `settled` are the revisions that are not new, and are therefore replayed and not judged. `changes` are
    there with `base`, and so are `forks`: the files where the branch left it.
    """

    environment: Environment
    graph: Graph
    settled: frozenset[str] = frozenset()
    changes: Changes | None = None
    forks: tuple[Committed, ...] = ()


def open_environments(selection: Selection, config: Config) -> tuple[Opened, ...]:
    """Read every environment of a selection.

    Raise `GuardError` for one without revisions, and where git is asked and cannot tell.
    """
    if config.base is None and not config.staged:
        return tuple(Opened(*open_environment(one, config)) for one in selection.environments)
    return _with_git(selection, config)


def _with_git(selection: Selection, config: Config) -> tuple[Opened, ...]:
    # Most runs do not ask git, and none of them should pay for the import.
    from migrate_guard.project.content import ON_DISK
    from migrate_guard.project.git import Looker

    looker = Looker(config)
    opened = []
    for one in selection.environments:
        content = looker.staged(one) if config.staged else ON_DISK
        environment, own = open_environment(one, config, content)
        if config.base is None:
            opened.append(Opened(environment, own, looker.unchanged(environment, own)))
            continue
        changes = looker.changes(environment, own)
        settled = frozenset(changes.merged.scripts) - changes.new
        forks = looker.forks(environment)
        opened.append(Opened(environment, changes.merged, settled, changes, forks))
    return tuple(opened)
