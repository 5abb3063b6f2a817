"""Finding and parsing the project's modules, once for all evaluations of a history."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path

from migrate_guard.evaluate.interpret.modules import Module, Parsed, index_module
from migrate_guard.project.script import Script
from migrate_guard.project.source import Source

Find = Callable[[str], "Path | None"]
Read = Callable[[Path], "tuple[Source, ast.Module] | None"]


class Loader:
    """Gives the modules of one environment, for evaluations on one dialect.

    `find` returns the file of a dotted module name, or `None` if it is not the project's; `read` returns
    its text and tree, or `None` if it cannot be read. Nothing is ever imported.
    """

    def __init__(self, find: Find, read: Read) -> None:
        self._find = find
        self._read = read
        self._modules: dict[str, Module | None] = {}
        self._scripts: dict[Script, Parsed] = {}

    def revision(self, script: Script) -> Parsed:
        """Return the indexed module of a revision."""
        if script not in self._scripts:
            self._scripts[script] = index_module("", "", script.source, script.tree)
        return self._scripts[script]

    def load(self, dotted: str) -> Module | None:
        """Return the module of that name, or `None` if it is not the project's or not readable."""
        if dotted not in self._modules:
            self._modules[dotted] = self._load(dotted)
        return self._modules[dotted]

    def _load(self, dotted: str) -> Module | None:
        file = self._find(dotted)
        found = None if file is None else self._read(file)
        if file is None or found is None:
            return None
        source, tree = found
        package = dotted if file.name == "__init__.py" else dotted.rpartition(".")[0]
        return Module(index_module(dotted, package, source, tree))
