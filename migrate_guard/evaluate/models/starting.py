"""Where to begin: the MetaData that `env.py` imports, or all files of the project that look like models."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from pathlib import Path

from migrate_guard.errors import GuardError
from migrate_guard.evaluate.interpret.loader import ModuleFiles
from migrate_guard.evaluate.interpret.modules import Module, Parsed
from migrate_guard.evaluate.library.metadata import MetaDataValue
from migrate_guard.evaluate.models.interpreter import ModelInterpreter
from migrate_guard.evaluate.values import Undecided, Value
from migrate_guard.pattern import pattern
from migrate_guard.project import BrokenScript, Environment, Source, find_module, read_module
from migrate_guard.project.folders import DISK, Folders
from migrate_guard.project.locations import import_root
from migrate_guard.project.paths import is_within, shown_path
from migrate_guard.project.search import SearchLimitError, walk
from migrate_guard.project.source import decode, parse
from migrate_guard.span import whole_line

MOST_DIRECTORIES = 5_000
_MODELS = pattern(
    rb"\b(?:Column|mapped_column|Mapped|Table|declarative_base|DeclarativeBase|as_declarative|SQLModel)\b"
    rb"|\.Model\b"
)
_TESTS = pattern(r"^(?:tests?|testing)$|^(?:test_.*|.*_test|conftest)\.py$")


class UnknownModelsError(GuardError):
    """There is no MetaData under a name, as far as that can be read."""


class ProjectFiles:
    """The modules of a project: those that can be imported, and files that only a search has found.

    `unread` are those that were asked for and could not be read, by their shown path, with the reason.
    """

    def __init__(self, environment: Environment, root: Path, folders: Folders = DISK) -> None:
        self._folders = folders
        self._environment = environment
        self._root = root
        self._by_name: dict[str, Path] = {}
        self.unread: dict[str, str] = {}
        self.modules = ModuleFiles(self._find, self.read)

    def _find(self, dotted: str) -> Path | None:
        return self._by_name.get(dotted) or find_module(dotted, self._environment, self._folders)

    def read(self, file: Path) -> tuple[Source, ast.Module] | None:
        """Return text and tree of a file, `None` if it cannot be read."""
        found = self._parsed(file, shown_path(file, self._root))
        if isinstance(found, BrokenScript):
            self.unread[found.span.path] = found.reason
            return None
        return found

    def _parsed(self, file: Path, shown: str) -> tuple[Source, ast.Module] | BrokenScript:
        if self._folders is DISK:
            return read_module(file, shown)
        try:
            source = decode(self._folders.content(file), file, shown)
        except OSError as error:
            return BrokenScript(whole_line(shown, 1), f"it cannot be read: {error.strerror or error}")
        if isinstance(source, BrokenScript):
            return source
        tree = parse(source)
        return tree if isinstance(tree, BrokenScript) else (source, tree)

    def candidates(self) -> Iterator[str]:
        """Go through the modules whose text speaks of models, without tests and revisions.

        Raise `SearchLimitError` when the project has too many directories.
        """
        environment = self._environment
        for directory, files, _ in walk(environment.root, MOST_DIRECTORIES, self._folders):
            parts = directory.relative_to(environment.root).parts
            if any(_TESTS.match(part) for part in parts) or _is_scripts(directory, environment):
                continue
            for name in sorted(files):
                if name.endswith(".py") and not _TESTS.match(name) and self._speaks(directory / name):
                    yield self._name(directory / name)

    def _speaks(self, file: Path) -> bool:
        try:
            return _MODELS.search(self._folders.content(file)) is not None
        except OSError as error:
            self.unread[shown_path(file, self._root)] = f"it cannot be read: {error.strerror or error}"
            return False

    def _name(self, file: Path) -> str:
        parts = list(file.with_suffix("").relative_to(import_root(file.parent, self._folders)).parts)
        if parts[-1] == "__init__" and len(parts) > 1:
            parts.pop()
        dotted = ".".join(parts)
        if self._find(dotted) != file:
            self._by_name[dotted] = file
        return dotted


def _is_scripts(directory: Path, environment: Environment) -> bool:
    return any(is_within(directory, location) for location in environment.version_locations)


def env_module(environment: Environment, files: ProjectFiles) -> Module | None:
    """Return the module of `env.py`, `None` if there is none that can be read."""
    found = None if environment.env_py is None else files.read(environment.env_py)
    return None if found is None else Module(Parsed("env", "", *found), main=True)


def empty_module(environment: Environment) -> Module:
    """Return a module that does nothing, for an environment without an `env.py`."""
    file = environment.script_location / "env.py"
    return Module(Parsed("env", "", Source(file.as_posix(), file, "", ()), ast.Module([], [])), main=True)


def named_targets(names: Sequence[str], interpreter: ModelInterpreter) -> list[MetaDataValue]:
    """Return the MetaData behind each `module:attribute`. Raise `UnknownModelsError` where there is none."""
    found: list[MetaDataValue] = []
    for name in names:
        dotted, _, attribute = name.partition(":")
        value: Value = interpreter.running.load(dotted)
        if value is None:
            raise UnknownModelsError(
                f"{name} cannot be read: there is no module {dotted} in this project",
                "name the module as env.py would import it",
            )
        for part in attribute.split("."):
            value = interpreter.get_attribute(value, part)
        if not _collected(value, None):
            raise UnknownModelsError(
                f"{name} cannot be read: no MetaData is found there without importing it",
                "name the MetaData itself, such as --models shop.db:Base.metadata",
            )
        found += _collected(value, None)
    return found


def targets(
    module: Module, interpreter: ModelInterpreter, database: str | None
) -> list[MetaDataValue] | None:
    """Return what `target_metadata` of an executed `env.py` is, `None` if that is not known.

    Where it is a dict with a MetaData for each database of a multidb environment, it is the one of
    `database`.
    """
    value = module.scope.names.get("target_metadata")
    value = None if value is None else interpreter.get_attribute(module, "target_metadata")
    found = _collected(value, database)
    if found:
        return found
    for node in ast.walk(module.parsed.tree):
        if isinstance(node, ast.keyword) and node.arg == "target_metadata" and _is_plain(node.value):
            found = _collected(interpreter.evaluate(node.value, module.scope), database)
            if found:
                return found
    return None


def _is_plain(node: ast.expr) -> bool:
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name)


def _collected(value: Value, database: str | None) -> list[MetaDataValue]:
    if isinstance(value, dict):
        value = value[database] if database in value else list(value.values())
    if isinstance(value, MetaDataValue):
        return [value]
    if isinstance(value, (list, tuple)) and not any(isinstance(one, Undecided) for one in value):
        return [one for one in value if isinstance(one, MetaDataValue)]
    return []


def read_candidates(files: ProjectFiles, interpreter: ModelInterpreter) -> None:
    """Execute all modules that look like models."""
    names: list[str] = []
    try:
        names.extend(files.candidates())
    except SearchLimitError:
        interpreter.models.note("the project has too many directories to look for models", missing=True)
    for name in names:
        interpreter.running.load(name)
