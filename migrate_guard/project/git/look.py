"""Look at the repository of an environment: what is new on the branch, what is staged, what is merged."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

from migrate_guard.config import Config
from migrate_guard.errors import GuardError
from migrate_guard.project.content import Content
from migrate_guard.project.environment import Environment
from migrate_guard.project.git.base import Base, Standing, named_base, stand
from migrate_guard.project.git.changes import Changes, compare, unchanged
from migrate_guard.project.git.folders import Committed
from migrate_guard.project.git.held import Held
from migrate_guard.project.git.repository import Entry, Repository, open_repository
from migrate_guard.project.graph import Graph
from migrate_guard.project.load import graph_of
from migrate_guard.project.paths import is_directory, shown_path
from migrate_guard.project.script import Script
from migrate_guard.record import replace


class Looker:
    """What one run asks git; each repository is opened, and its base found, once."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._base = named_base(config.base, os.environ) if config.base is not None else None
        self._repositories: dict[Path, Repository] = {}
        self._standings: dict[Path, Standing] = {}

    def staged(self, environment: Environment) -> Content:
        """Return the revision files of an environment as the index has them.

        Raise `GuardError` where git cannot tell.
        """
        repository = self._repository(environment)
        entries = _entries(environment, repository, repository.index)
        return Held(repository, entries, beyond=True)

    def unchanged(self, environment: Environment, own: Graph) -> frozenset[str]:
        """Return the revisions that the last commit has as they are; while merging, either side's commit."""
        repository = self._repository(environment)
        commits = [repository.commit("MERGE_HEAD")]
        if not repository.unborn():
            commits.append(repository.head())
        return frozenset().union(
            *(
                unchanged(own, self._graph(environment, repository, commit, own).scripts)
                for commit in commits
                if commit is not None
            )
        )

    def changes(self, environment: Environment, own: Graph) -> Changes:
        """Compare an environment's history with the base. Raise `GuardError` where git cannot tell."""
        repository = self._repository(environment)
        standing = self._standing(repository)
        forks = tuple(self._graph(environment, repository, commit, own) for commit in standing.forks)
        tip = self._graph(environment, repository, standing.tip, own)
        if not tip.scripts and any(fork.scripts for fork in forks):
            # The base may have moved the files since, to where the branch does not know of.
            tip = self._graph(environment, repository, standing.tip, forks[0])
        return _with_note(compare(standing.name, own, forks, tip))

    def forks(self, environment: Environment) -> tuple[Committed, ...]:
        """Return the files as they were where the branch left the base, and so where it is running.

        Raise `GuardError` where git cannot tell.
        """
        repository = self._repository(environment)
        standing = self._standing(repository)
        return tuple(Committed(repository, commit, environment.root) for commit in standing.forks)

    def _repository(self, environment: Environment) -> Repository:
        """Return the repository that holds an environment's versions directories, or the first of them."""
        root = self._config.root
        for location in environment.version_locations:
            directory = _existing(location)
            found = self._repositories.get(directory)
            if found is None:
                found = open_repository(directory, shown_path(location, root), self._config.staged)
            if found is not None:
                self._repositories[directory] = found
                return found
        raise GuardError(
            f"{environment.name}: is not in a git repository, which says what is new and what is merged",
            "run it in a clone (a copy without .git does not do), or leave out --base and --staged",
        )

    def _standing(self, repository: Repository) -> Standing:
        if repository.top not in self._standings:
            base: Base = self._base or Base("HEAD", ("HEAD",))
            self._standings[repository.top] = stand(repository, base, os.environ)
        return self._standings[repository.top]

    def _graph(self, environment: Environment, repository: Repository, commit: str, known: Graph) -> Graph:
        """Read an environment's history as a commit has it, where the files lie now or have lain before."""
        scripts = (*known.scripts.values(), *known.duplicates)
        entries = _entries(environment, repository, partial(repository.tree, commit))
        found = graph_of(environment, self._config.root, Held(repository, entries, scripts))
        if found.scripts or found.broken:
            return found
        return self._elsewhere(environment, repository, commit, scripts)

    def _elsewhere(
        self,
        environment: Environment,
        repository: Repository,
        commit: str,
        known: tuple[Script, ...],
    ) -> Graph:
        """Read a history that lay in other directories: those in which one of its revisions is declared."""
        names = {script.source.file.name for script in known}
        ids = {script.revision for script in known}
        everything = repository.tree(commit)
        near = {path for path in everything if Path(path).name in names or _first_word(path) in ids}
        entries = {path: one for path, one in everything.items() if Path(path).suffix == ".py"}
        directories = tuple({repository.top / Path(path).parent: None for path in sorted(near)})
        everywhere = replace(environment, version_locations=directories, recursive=False)
        every = graph_of(everywhere, self._config.root, Held(repository, entries))
        homes = {script.source.file.parent for one, script in every.scripts.items() if one in ids}
        moved = replace(environment, version_locations=tuple(one for one in directories if one in homes))
        return graph_of(moved, self._config.root, Held(repository, entries))


def _entries(
    environment: Environment, repository: Repository, read: Callable[[str], dict[str, Entry]]
) -> dict[str, Entry]:
    """Return the files in an environment's versions directories, and all others if links lead to them."""
    entries: dict[str, Entry] = {}
    for location in environment.version_locations:
        inside = repository.path_of(location)
        if inside is not None:
            entries |= read(inside)
    return entries | read("") if any(entry.is_link for entry in entries.values()) else entries


def _first_word(path: str) -> str:
    """Return what Alembic's template puts first in a file's name: the id."""
    return Path(path).stem.partition("_")[0]


def _existing(location: Path) -> Path:
    return next(one for one in (location, *location.parents) if is_directory(one))


def _with_note(changes: Changes) -> Changes:
    number = len(changes.arrived)
    if not number:
        return changes
    noun = "1 revision" if number == 1 else f"{number} revisions"
    note = f"{noun} of {changes.base} that this branch does not have: read as if the two were merged"
    return replace(changes, merged=replace(changes.merged, notes=(*changes.merged.notes, note)))
