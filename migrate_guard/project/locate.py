"""Where the migrations are: the first step of the pipeline, from what the user asked for to environments."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import field
from pathlib import Path

from migrate_guard.config import Config
from migrate_guard.errors import GuardError
from migrate_guard.project.configured import bare_environments, environments_of
from migrate_guard.project.environment import Environment
from migrate_guard.project.exclude import Excluded
from migrate_guard.project.finder import Finder, covering
from migrate_guard.project.locations import is_script_directory
from migrate_guard.project.paths import absolute_path, is_directory, is_file, is_within, shown_path
from migrate_guard.project.script import Script
from migrate_guard.record import dataclass, replace

_CONFIGURATIONS = frozenset({".ini", ".cfg", ".toml", ".conf"})


@dataclass(frozen=True, slots=True)
class Selection:
    """What is to be judged.

    `files` maps the name of an environment to the only files of it that are judged, where the user named
    files; an environment that is not in it is judged whole. `skipped` are configurations that were found
    while searching and could not be used, each with its reason; the others are judged all the same.
    `excluded` is what the user keeps out: it is read where others build on it, but not judged.
    """

    environments: tuple[Environment, ...]
    files: Mapping[str, frozenset[Path]] = field(default_factory=dict)
    skipped: tuple[str, ...] = ()
    excluded: Excluded = field(default_factory=lambda: Excluded(Path()))

    def picks(self, environment: Environment, script: Script) -> bool:
        """Tell whether a revision of an environment is among what the user named, and not kept out."""
        files = self.files.get(environment.name)
        file = script.source.file
        return (files is None or real(file) in files) and file not in self.excluded


def real(path: Path) -> Path:
    """Return the file behind symbolic links, as `Selection.files` holds it."""
    return Path(os.path.realpath(path))


def find_environments(config: Config) -> Selection:
    """Find the Alembic environments that a run is about; nothing of the project is executed.

    `-c` and `-d` name them; otherwise the paths do; otherwise `ALEMBIC_CONFIG` or `FLASK_DB_DIRECTORY` of
    the process environment, which Alembic and Flask read too; otherwise the tree below `config.root` is
    searched, and if it has none, the directories above. Raise `GuardError` for anything named that is
    not there or is broken, and when nothing is found.
    """
    return replace(_find(config), excluded=Excluded(config.root, config.exclude))


def _find(config: Config) -> Selection:
    finder = Finder(config)
    named = _named(config, finder)
    if not named and not config.paths:
        named = _named(_from_process(config), finder)
    if config.paths:
        return _by_paths(config, finder, named)
    if named:
        return Selection(named)
    found = finder.below(config.root) or finder.above(config.root)
    if not found:
        raise finder.nothing_found(config.root)
    return Selection(found, skipped=finder.skipped)


def _from_process(config: Config) -> Config:
    alembic = os.environ.get("ALEMBIC_CONFIG")
    flask = os.environ.get("FLASK_DB_DIRECTORY")
    return Config(
        root=config.root,
        config_files=(Path(alembic),) if alembic and not flask else (),
        sections=config.sections,
        directory=Path(flask) if flask else None,
    )


def _named(config: Config, finder: Finder) -> tuple[Environment, ...]:
    """Return the environments of `-c` and `-d`."""
    root = config.root
    files = [absolute_path(file, root) for file in config.config_files]
    for file in files:
        if not is_file(file):
            raise GuardError(
                f"{shown_path(file, root)}: there is no such file", "name an alembic.ini or a pyproject.toml"
            )
    found = list(_from_files(files, config))
    if config.directory is not None:
        found.extend(_from_directory(absolute_path(config.directory, root), config, finder))
    return tuple(dict.fromkeys(found))


def _from_files(files: list[Path], config: Config) -> Iterable[Environment]:
    """Combine one ini and one `pyproject.toml` as Alembic does, and take further files one by one."""
    inis = [file for file in files if file.suffix != ".toml"]
    tomls = [file for file in files if file.suffix == ".toml"]
    if len(inis) == 1 and len(tomls) <= 1:
        beside = inis[0].with_name("pyproject.toml")
        toml = tomls[0] if tomls else beside if is_file(beside) else None
        yield from environments_of(inis[0], toml, config.root, config.sections)
        return
    for ini in inis:
        yield from environments_of(ini, None, config.root, config.sections)
    for toml in tomls:
        beside = toml.with_name("alembic.ini")
        ini_beside = beside if not inis and is_file(beside) else None
        found = environments_of(ini_beside, toml, config.root, config.sections)
        if not found:
            raise GuardError(
                f"{shown_path(toml, config.root)}: there is no [tool.alembic]", "name the alembic.ini instead"
            )
        yield from found


def _from_directory(directory: Path, config: Config, finder: Finder) -> tuple[Environment, ...]:
    """Return the environment of Flask-Migrate's `-d`."""
    if not is_directory(directory):
        raise GuardError(
            f"{shown_path(directory, config.root)}: there is no such directory",
            "name the directory that 'flask db init' made",
        )
    found = finder.at(directory)
    if found:
        return found
    if not is_script_directory(directory):
        raise GuardError(
            f"{shown_path(directory, config.root)}: it holds neither an alembic.ini nor a versions directory",
            "name the directory that 'flask db init' made",
        )
    return bare_environments(directory, config.root, command_is_flask=True)


def _by_paths(config: Config, finder: Finder, named: tuple[Environment, ...]) -> Selection:
    whole: dict[Environment, None] = {}
    files: dict[Environment, set[Path]] = {}
    for given in config.paths:
        path = absolute_path(given, config.root)
        if is_directory(path):
            for environment, some in _in_directory(path, finder, named):
                if some is None:
                    whole[environment] = None
                else:
                    files.setdefault(environment, set()).update(some)
        elif is_file(path) and path.suffix in _CONFIGURATIONS:
            whole.update(dict.fromkeys(_from_files([path], config)))
        elif path.suffix == ".py" and os.path.lexists(path):
            for environment in _of_file(path, finder, named):
                files.setdefault(environment, set()).add(real(path))
        elif os.path.lexists(path):
            raise GuardError(
                f"{shown_path(path, config.root)}: is no directory, revision file or configuration",
                "name a directory, a file of a versions directory, or an alembic.ini",
            )
        else:
            raise GuardError(
                f"{shown_path(path, config.root)}: there is no such file or directory",
                "paths count from the working directory, those of a configuration file from its own",
            )
    return Selection(
        tuple(dict.fromkeys([*whole, *files])),
        {one.name: frozenset(some) for one, some in files.items() if one not in whole},
        finder.skipped,
    )


def _in_directory(
    directory: Path, finder: Finder, named: tuple[Environment, ...]
) -> Iterable[tuple[Environment, set[Path] | None]]:
    """Go through the environments of a directory, each with the files in it, or `None` for all."""
    found = tuple(one for one in named if _lies_in(one, directory)) if named else finder.below(directory)
    if found:
        yield from ((environment, None) for environment in found)
        return
    owners = covering(named, directory) if named else finder.owners(directory)
    if not owners and named:
        raise GuardError(
            f"{shown_path(directory, finder.root)}: holds nothing of {', '.join(one.name for one in named)}",
            "leave out -c and -d to have its environments found",
        )
    owners = owners or finder.bare(directory)
    if not owners:
        raise finder.nothing_found(directory)
    for owner in owners:
        if all(is_within(location, directory) for location in owner.version_locations):
            yield owner, None
        else:
            yield owner, {real(file) for file in directory.rglob("*.py")}


def _lies_in(environment: Environment, directory: Path) -> bool:
    places = (environment.config_file, environment.script_location)
    return any(place is not None and is_within(place, directory) for place in places)


def _of_file(file: Path, finder: Finder, named: tuple[Environment, ...]) -> tuple[Environment, ...]:
    if named:
        owners = covering(named, file)
        if not owners:
            names = ", ".join(one.name for one in named)
            raise GuardError(
                f"{shown_path(file, finder.root)}: does not belong to {names}",
                "leave out -c and -d to have its environment found",
            )
        return owners
    owners = finder.owners(file) or finder.bare(file.parent)
    if not owners:
        raise GuardError(
            f"{shown_path(file, finder.root)}: is not in a versions directory of any Alembic environment",
            "name the configuration with -c",
        )
    return owners
