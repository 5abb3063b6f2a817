"""Finding and parsing the project's modules, once for all evaluations of a history."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path

from migrate_guard.evaluate.interpret.modules import Module, Parsed
from migrate_guard.project.script import Script
from migrate_guard.project.source import Source

Find = Callable[[str], "Path | None"]
Read = Callable[[Path], "tuple[Source, ast.Module] | None"]


class ModuleFiles:
    """The parsed modules of one environment, each read once for all dialects.

    `find` returns the file of a dotted module name, or `None` if it is not the project's; `read` returns
    its text and tree, or `None` if it cannot be read. Nothing is ever imported.
    """

    def __init__(self, find: Find, read: Read) -> None:
        self._find = find
        self._read = read
        self._parsed: dict[str, Parsed | None] = {}
        self._scripts: dict[Script, Parsed] = {}

    def module(self, dotted: str) -> Parsed | None:
        """Return the module of that name, or `None` if it is not the project's or not readable."""
        if dotted not in self._parsed:
            self._parsed[dotted] = self._load(dotted)
        return self._parsed[dotted]

    def revision(self, script: Script) -> Parsed:
        """Return the module of a revision."""
        if script not in self._scripts:
            self._scripts[script] = Parsed("", "", script.source, script.tree)
        return self._scripts[script]

    def _load(self, dotted: str) -> Parsed | None:
        file = self._find(dotted)
        found = None if file is None else self._read(file)
        if file is None or found is None:
            return None
        source, tree = found
        package = dotted if file.name == "__init__.py" else dotted.rpartition(".")[0]
        return Parsed(dotted, package, source, tree)


class Loader:
    """Gives the modules of one environment to the evaluations on one dialect, which share them."""

    def __init__(self, files: ModuleFiles) -> None:
        self._files = files
        self._modules: dict[str, Module | None] = {}

    def load(self, dotted: str) -> Module | None:
        """Return the module of that name, or `None` if it is not the project's or not readable."""
        if dotted not in self._modules:
            parsed = self._files.module(dotted)
            self._modules[dotted] = None if parsed is None else Module(parsed)
        return self._modules[dotted]

    def revision(self, script: Script) -> Module:
        """Return a revision as a module of its own, for one evaluation."""
        return Module(self._files.revision(script), main=True)
