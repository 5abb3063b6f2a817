"""Finding environments by where things lie: below a directory, above it, around a file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from migrate_guard.config import Config
from migrate_guard.errors import GuardError
from migrate_guard.project.configured import UnfilledTemplateError, bare_environments, environments_of
from migrate_guard.project.environment import Environment
from migrate_guard.project.exclude import Excluded
from migrate_guard.project.paths import is_within, shown_path
from migrate_guard.project.script import may_be_revision
from migrate_guard.project.search import (
    MOST_DIRECTORIES,
    Place,
    SearchLimitError,
    place_at,
    places_below,
    revision_directories,
)

_MOST_LEVELS_UP = 30


class Finder:
    """Finds environments for one run and remembers what each directory holds.

    `skipped` are the reasons why configurations met on the way could not be used.
    """

    def __init__(self, config: Config) -> None:
        self.root = config.root
        self._sections = config.sections
        self._excluded = Excluded(config.root, config.exclude)
        self._at: dict[Path, tuple[Environment, ...]] = {}
        self._below: dict[Path, tuple[Environment, ...]] = {}
        self._places: dict[Path, Place | None] = {}
        self._errors: dict[str, GuardError] = {}
        self._failed: set[Path] = set()

    @property
    def skipped(self) -> tuple[str, ...]:
        """The messages of the configurations that could not be used."""
        return tuple(self._errors)

    def at(self, directory: Path) -> tuple[Environment, ...]:
        """Return the environments whose configuration lies right in a directory; raise `GuardError`."""
        place = place_at(directory)
        return () if place is None else self._of_place(place)

    def below(self, directory: Path) -> tuple[Environment, ...]:
        """Return the environments whose configuration or script directory lies at or below a directory.

        A configuration that cannot be used is passed over if there are others; if there are none, its
        `GuardError` is raised.
        """
        if directory not in self._below:
            self._below[directory] = self._search(directory)
        return self._below[directory]

    def above(self, directory: Path) -> tuple[Environment, ...]:
        """Return the environments of the nearest directory above one that has any, up to the repository."""
        for parent in self._parents(directory):
            found = self._usable(parent) or self._usable(parent / "migrations")
            if found:
                return found
        return ()

    def owners(self, path: Path) -> tuple[Environment, ...]:
        """Return the environments that a file or directory belongs to; more than one is rare.

        Raise `GuardError` if there is none but a configuration on the way up is broken.
        """
        before = len(self._errors)
        script_directory: Path | None = None
        for parent in (path, *self._parents(path)):
            place = self._place(parent)
            if place is None:
                continue
            if place.is_script_directory and script_directory is None:
                script_directory = parent
            found = covering(self._tolerantly(place), path)
            if found:
                return found
        if len(self._errors) > before:
            raise list(self._errors.values())[before]
        if script_directory is not None:
            return covering(bare_environments(script_directory, self.root), path)
        return covering(self.below(self.root), path)

    def bare(self, versions: Path) -> tuple[Environment, ...]:
        """Return an environment for a directory of revisions that nothing describes, if it is one."""
        if not any(may_be_revision(file) for file in sorted(versions.glob("*.py"))):
            return ()
        location = versions.parent if versions.name == "versions" else versions
        return bare_environments(location, self.root, (versions,))

    def nothing_found(self, directory: Path) -> GuardError:
        """Return the error for a directory without migrations: what was looked for and where."""
        if self._errors:
            return next(iter(self._errors.values()))
        shown = shown_path(directory, self.root)
        where = "this directory" if shown == "." else shown
        candidate = _candidate(directory)
        return GuardError(
            "no migrations found: no alembic.ini, no [tool.alembic] in a pyproject.toml, and no env.py "
            f"beside a versions directory in {where}, below it or above it",
            f"there are revision files in {shown_path(candidate, self.root)}: name it as a path"
            if candidate is not None
            else "name the configuration with -c, Flask-Migrate's directory with -d, "
            "or a versions directory as a path",
        )

    def _search(self, directory: Path) -> tuple[Environment, ...]:
        found: dict[tuple[Path, tuple[Path, ...]], Environment] = {}
        script_directories: list[Path] = []
        for place in self._places_below(directory):
            if place.is_script_directory:
                script_directories.append(place.directory)
            for environment in self._tolerantly(place):
                found.setdefault((environment.script_location, environment.version_locations), environment)
        configured = {environment.script_location for environment in found.values()}
        for script_directory in script_directories:
            if script_directory not in configured and not self._is_below_failure(script_directory, directory):
                for environment in self._described_above(script_directory):
                    found[environment.script_location, environment.version_locations] = environment
        return tuple(sorted(found.values(), key=lambda one: one.name))

    def _places_below(self, directory: Path) -> Iterator[Place]:
        try:
            yield from (place for place in places_below(directory) if place.directory not in self._excluded)
        except SearchLimitError:
            shown = shown_path(directory, self.root)
            message = f"{shown}: has more than {MOST_DIRECTORIES} directories; the rest was not searched"
            self._errors[message] = GuardError(message, "name the configuration with -c")

    def _is_below_failure(self, script_directory: Path, top: Path) -> bool:
        """Tell whether a configuration that could not be used may be that of a script directory."""
        return any(is_within(script_directory, failed) and is_within(failed, top) for failed in self._failed)

    def _described_above(self, script_directory: Path) -> tuple[Environment, ...]:
        """Return the environments of a script directory whose configuration may lie above the search."""
        for parent in self._parents(script_directory):
            found = tuple(one for one in self._usable(parent) if one.script_location == script_directory)
            if found:
                return found
        return bare_environments(script_directory, self.root)

    def _place(self, directory: Path) -> Place | None:
        if directory not in self._places:
            self._places[directory] = place_at(directory)
        return self._places[directory]

    def _usable(self, directory: Path) -> tuple[Environment, ...]:
        place = self._place(directory)
        return () if place is None else self._tolerantly(place)

    def _tolerantly(self, place: Place) -> tuple[Environment, ...]:
        try:
            return self._of_place(place)
        except UnfilledTemplateError:
            # Something fills it in before Alembic reads it; the script directory is found by itself.
            return ()
        except GuardError as error:
            self._errors.setdefault(error.message, error)
            self._failed.add(place.directory)
            return ()

    def _of_place(self, place: Place) -> tuple[Environment, ...]:
        if place.directory not in self._at:
            self._at[place.directory] = environments_of(place.ini, place.pyproject, self.root, self._sections)
        return self._at[place.directory]

    def _parents(self, path: Path) -> Iterator[Path]:
        """Go up from a path to the root of the repository or the working directory, whichever is higher."""
        for level, (below, parent) in enumerate(zip((path, *path.parents), path.parents, strict=False)):
            if level >= _MOST_LEVELS_UP:
                return
            if (below / ".git").exists() and is_within(self.root, below):
                return
            yield parent


def _candidate(directory: Path) -> Path | None:
    try:
        return next(revision_directories(directory), None)
    except SearchLimitError:
        return None


def covering(environments: tuple[Environment, ...], path: Path) -> tuple[Environment, ...]:
    """Return those to which a file belongs, or which a directory holds or is a part of.

    Revisions decide; for something else in a script directory, such as `env.py`, the directory does.
    """
    by_versions = tuple(
        one
        for one in environments
        if any(is_within(path, place) or is_within(place, path) for place in one.version_locations)
    )
    return by_versions or tuple(one for one in environments if is_within(path, one.script_location))
