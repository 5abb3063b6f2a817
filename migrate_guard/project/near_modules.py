"""The project's own modules near an environment, parsed: for rules that look into the application's code."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from migrate_guard.project.env_script import imported_names
from migrate_guard.project.environment import Environment
from migrate_guard.project.nearby import near
from migrate_guard.project.paths import shown_path
from migrate_guard.project.source import BrokenScript, Source, read_module


class NearModule(NamedTuple):
    """A file near an environment: its text, how it parses, and what its imports bind, by name."""

    file: Path
    text: str
    source: Source
    tree: ast.Module
    names: dict[str, str]


def modules_near(
    environment: Environment, root: Path, wanted: Callable[[Path, str], object]
) -> Iterator[NearModule]:
    """Go through the files of `near` whose path and text are wanted, but for those that are no Python.

    `root` is what shown paths are relative to.
    """
    for file, text in near(environment):
        module = module_of(file, root) if wanted(file, text) else None
        if module is not None:
            source, tree = module
            yield NearModule(file, text, source, tree, imported_names(source, tree))


@lru_cache(maxsize=256)
def module_of(file: Path, root: Path) -> tuple[Source, ast.Module] | None:
    """Return text and tree of a file of the project, `None` if it cannot be read or parsed."""
    found = read_module(file, shown_path(file, root))
    return None if isinstance(found, BrokenScript) else found
