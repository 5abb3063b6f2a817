"""An Alembic environment: where its revisions lie and which databases they are for."""

from __future__ import annotations

from dataclasses import field
from pathlib import Path
from typing import Literal

from migrate_guard.dialect import Dialect, DialectName
from migrate_guard.record import dataclass

EnvironmentKind = Literal["alembic.ini", "pyproject.toml", "flask-migrate", "directory"]


@dataclass(frozen=True, slots=True)
class Environment:
    """What is known of an environment without running its `env.py`.

    `name` is what reports call it: the path of its configuration as the user would write it.
    `root` is the directory from which the project's own modules are imported; `prepend` are more of them
    (`prepend_sys_path`); `above` are those between `root` and the working directory, from which packages
    without `__init__.py` may be imported. `databases` are the names of a multidb environment.
    `version_path_separator` and the like are already applied: `version_locations` are directories.
    `url_dialects` are what `sqlalchemy.url` names, empty for a placeholder.
    `dialects` are those the migrations are for and `dialect_reason` how that was found.
    """

    name: str
    kind: EnvironmentKind
    root: Path
    script_location: Path
    version_locations: tuple[Path, ...]
    recursive: bool = False
    config_file: Path | None = None
    section: str = "alembic"
    env_py: Path | None = None
    prepend: tuple[Path, ...] = ()
    above: tuple[Path, ...] = ()
    databases: tuple[str, ...] = ()
    url_dialects: tuple[DialectName, ...] = ()
    dialects: tuple[Dialect, ...] = field(default_factory=tuple)
    dialect_reason: str = ""
    command: Literal["alembic", "flask db"] = "alembic"

    @property
    def generate(self) -> str:
        """The command that generates a revision from the models, without its message."""
        return "flask db migrate" if self.command == "flask db" else "alembic revision --autogenerate"
