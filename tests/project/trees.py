"""Writing small projects into a temporary directory."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from migrate_guard.config import Config
from migrate_guard.errors import GuardError
from migrate_guard.project import (
    Environment,
    Graph,
    Selection,
    find_environments,
    load_graph,
    open_environment,
)

INI = "[alembic]\nscript_location = %(here)s/migrations\n"
ENV_PY = "from alembic import context\n"
FLASK_ENV_PY = "from flask import current_app\nfrom alembic import context\n"


def write_files(root: Path, files: dict[str, str]) -> None:
    """Write files by their paths below `root`, dedented."""
    for name, text in files.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(dedent(text), encoding="utf-8")


def revision(name: str, down: str | tuple[str, ...] | None = None, **more: object) -> str:
    """Return the text of a revision with this header."""
    header = {"revision": name, "down_revision": down, **more}
    lines = [f"{key} = {value!r}" for key, value in header.items()]
    return "\n".join(
        [*lines, "", "", "def upgrade():", "    pass", "", "", "def downgrade():", "    pass", ""]
    )


def chain(*names: str, under: str = "migrations/versions") -> dict[str, str]:
    """Return the files of a history without branches."""
    parents: tuple[str | None, ...] = (None, *names)
    return {
        f"{under}/{name}_.py": revision(name, parent) for name, parent in zip(names, parents, strict=False)
    }


def alembic_project(root: Path, *names: str) -> None:
    """Write a project with an `alembic.ini` and a history without branches."""
    write_files(root, {"alembic.ini": INI, "migrations/env.py": ENV_PY, **chain(*(names or ("a1", "b2")))})


def found(root: Path, **options: object) -> Selection:
    """Find the environments of a project."""
    return find_environments(Config(root=root, **options))  # type: ignore[arg-type]  # options of Config


def only(root: Path, **options: object) -> Environment:
    """Find the one environment of a project."""
    (environment,) = found(root, **options).environments
    return environment


def judged(root: Path, *paths: str, **options: object) -> dict[str, list[str] | None]:
    """Return which revisions of which environments the paths select; `None` for all."""
    selection = found(root, paths=tuple(Path(path) for path in paths), **options)
    result: dict[str, list[str] | None] = {}
    for environment in selection.environments:
        scripts = list(load_graph(environment, root).scripts.values())
        picked = [one.revision for one in scripts if selection.picks(environment, one)]
        result[environment.name] = picked if len(picked) < len(scripts) else None
    return result


def error(root: Path, **options: object) -> GuardError:
    """Return the error of a search, which is one line."""
    with pytest.raises(GuardError) as caught:
        found(root, **options)
    assert "\n" not in caught.value.message
    return caught.value


def names(root: Path, **options: object) -> list[str]:
    """Return the names of a project's environments."""
    return [environment.name for environment in found(root, **options).environments]


def opened(root: Path, **options: object) -> tuple[Environment, Graph]:
    """Find the one environment of a project, and read it."""
    config = Config(root=root, **options)  # type: ignore[arg-type]  # options of Config
    (environment,) = find_environments(config).environments
    return open_environment(environment, config)
