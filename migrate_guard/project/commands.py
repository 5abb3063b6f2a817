"""What a user types in the tool that the project uses: `alembic …` or `flask db …`."""

from __future__ import annotations

import shlex
from pathlib import Path

from migrate_guard.project.environment import Environment
from migrate_guard.project.paths import shown_path
from migrate_guard.project.settings import DEFAULT_SECTION

_FLASK_DIRECTORY = "migrations"
_FOUND_ALONE = ("alembic.ini", "pyproject.toml")


def typed(environment: Environment, root: Path, *words: str) -> str:
    """Return a command of the project's own tool as it is typed in `root`, such as `flask db upgrade`.

    `words` are the subcommand and its arguments as they are typed. The configuration is named where the
    tool would not find it alone, and an environment elsewhere is entered first: Alembic takes
    `prepend_sys_path` and Flask its application from the working directory.
    """
    command = [*_tool(environment), *words, *_directory(environment)]
    place = shown_path(environment.root, root)
    entered = [] if place == "." else ["cd", shlex.quote(place), "&&"]
    return " ".join([*entered, *command])


def generating(environment: Environment, root: Path) -> str:
    """Return the command that writes a revision out of the difference between models and database."""
    words = ("migrate",) if environment.command == "flask db" else ("revision", "--autogenerate")
    return typed(environment, root, *words, "-m", '"describe it"')


def upgrading(environment: Environment, root: Path, heads: int) -> str:
    """Return the command that brings the database to the heads, of which there are so many."""
    if heads > 1:
        return typed(environment, root, "upgrade", "heads")
    return typed(environment, root, "upgrade", *(() if environment.command == "flask db" else ("head",)))


def _tool(environment: Environment) -> list[str]:
    if environment.command == "flask db":
        return ["flask", "db"]
    config, command = environment.config_file, ["alembic"]
    if config is not None and (config.parent != environment.root or config.name not in _FOUND_ALONE):
        command += ["-c", shlex.quote(shown_path(config, environment.root))]
    return command if environment.section == DEFAULT_SECTION else [*command, "-n", environment.section]


def _directory(environment: Environment) -> list[str]:
    """Return the option that follows a subcommand of Flask-Migrate whose scripts are not in `migrations`."""
    location = shown_path(environment.script_location, environment.root)
    if environment.command != "flask db" or location == _FLASK_DIRECTORY:
        return []
    return ["-d", shlex.quote(location)]
