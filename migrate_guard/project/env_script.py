"""What an environment's `env.py` says: facts read from its syntax tree; the file is never run."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import TypeAlias

from migrate_guard.operations import UNKNOWN, Unknown
from migrate_guard.project.environment import Environment
from migrate_guard.project.imports import absolute_name
from migrate_guard.project.paths import shown_path
from migrate_guard.project.source import BrokenScript, Source, read_module
from migrate_guard.project.trees import code_of, dotted_name, nodes_of
from migrate_guard.record import dataclass
from migrate_guard.span import Span

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_URL_OPTION = "sqlalchemy.url"


@dataclass(frozen=True, slots=True, eq=False)
class Configure:
    """One call of `context.configure`.

    `options` are the expressions of its keywords, those of a `**dictionary` that stands in the file
    included. `open` tells that it may get others that cannot be read.
    """

    span: Span
    options: Mapping[str, ast.expr]
    open: bool = False

    @property
    def online(self) -> bool:
        """Whether it is given a connection, as far as it can be read."""
        return "connection" in self.options


@dataclass(frozen=True, slots=True, eq=False)
class FileConfig:
    """A call of `logging.config.fileConfig`.

    `keeps_loggers` tells that it leaves existing loggers alone, or cannot be decided. `always` tells that it
    runs whenever there is a configuration file.
    """

    span: Span
    keeps_loggers: bool | Unknown
    always: bool


@dataclass(frozen=True, slots=True, eq=False)
class UrlOption:
    """A call that sets `sqlalchemy.url` in the Alembic configuration; `value` is the expression."""

    span: Span
    value: ast.expr


@dataclass(frozen=True, eq=False)
class EnvScript:
    """An `env.py` and what its text tells. Each fact is found when it is first asked for."""

    source: Source
    tree: ast.Module

    @cached_property
    def names(self) -> Mapping[str, str]:
        """The dotted name behind each name that an import binds, wherever in the file it stands."""
        return imported_names(self.source, self.tree)

    @cached_property
    def functions(self) -> Mapping[str, Function]:
        """The functions at the top level of the file, in `if` and `try` too."""
        return {node.name: node for node in _outside_functions(self.tree) if isinstance(node, _FUNCTIONS)}

    @cached_property
    def assigned(self) -> Mapping[str, tuple[ast.expr | None, ...]]:
        """What each name is assigned anywhere in the file; `None` for a value that is not an expression."""
        found: dict[str, list[ast.expr | None]] = {}
        for node in nodes_of(self.tree):
            for name, value in _assignments(node):
                found.setdefault(name, []).append(value)
        return {name: tuple(values) for name, values in found.items()}

    @cached_property
    def configured(self) -> tuple[Configure, ...]:
        """The calls of `context.configure`, in the order of the text."""
        calls = (node for node in self.calls if self.dotted(node.func) == "alembic.context.configure")
        return tuple(self._configure(call) for call in calls)

    @cached_property
    def file_configs(self) -> tuple[FileConfig, ...]:
        """The calls of `logging.config.fileConfig`."""
        try:
            return tuple(self._file_configs(self.tree.body, always=True))
        except RecursionError:  # a chain of hundreds of `elif` is as many blocks in each other
            return ()

    @cached_property
    def url_options(self) -> tuple[UrlOption, ...]:
        """The calls that set `sqlalchemy.url`, of the main section or of another one."""
        found = []
        for call in self.calls:
            method = call.func.attr if isinstance(call.func, ast.Attribute) else ""
            place = {"set_main_option": 0, "set_section_option": 1}.get(method)
            if place is None or len(call.args) != place + 2:
                continue
            if self.value(call.args[place]) == _URL_OPTION:
                found.append(UrlOption(self.source.span(call), call.args[place + 1]))
        return tuple(found)

    @cached_property
    def calls(self) -> tuple[ast.Call, ...]:
        """Every call in the file."""
        found = [node for node in nodes_of(self.tree) if isinstance(node, ast.Call)]
        return tuple(sorted(found, key=lambda node: (node.lineno, node.col_offset)))

    @cached_property
    def code(self) -> str:
        """The text without its comment lines, for questions about words."""
        return "\n".join(line for line in self.source.lines if not line.lstrip().startswith("#"))

    def dotted(self, node: ast.expr) -> str:
        """Return the dotted name that an expression stands for by the imports, empty if it is no such."""
        return dotted_name(node, self.names)

    def resolved(self, node: ast.expr) -> ast.expr:
        """Return the expression behind a name that is assigned once in the file, or the node itself."""
        seen: set[str] = set()
        while isinstance(node, ast.Name) and node.id not in seen:
            seen.add(node.id)
            values = self.assigned.get(node.id, ())
            if len(values) != 1 or values[0] is None:
                break
            node = values[0]
        return node

    def value(self, node: ast.expr) -> object:
        """Return what an expression is if it is a literal, or a name for one; otherwise `UNKNOWN`."""
        try:
            return ast.literal_eval(self.resolved(node))
        except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
            return UNKNOWN

    def option(self, call: Configure, name: str, default: object = None) -> object:
        """Return the value of an option of `context.configure`, `UNKNOWN` if it cannot be decided."""
        if name in call.options:
            return self.value(call.options[name])
        return UNKNOWN if call.open else default

    def _configure(self, call: ast.Call) -> Configure:
        options: dict[str, ast.expr] = {}
        more = False
        for keyword in call.keywords:
            if keyword.arg is not None:
                options[keyword.arg] = keyword.value
                continue
            given = _dictionary(self.resolved(keyword.value))
            if given is None or self._is_changed(keyword.value):
                more = True
            else:
                options.update(given)
        if call.args:
            options.setdefault("connection", call.args[0])
        return Configure(self.source.span(call), options, more)

    def _is_changed(self, node: ast.expr) -> bool:
        """Tell whether a dictionary is used elsewhere, where it may get or lose keys."""
        if not isinstance(node, ast.Name):
            return False
        uses = [
            one
            for one in nodes_of(self.tree)
            if isinstance(one, ast.Name) and one.id == node.id and isinstance(one.ctx, ast.Load)
        ]
        spread = sum(
            isinstance(keyword.value, ast.Name) and keyword.value.id == node.id
            for call in self.calls
            for keyword in call.keywords
            if keyword.arg is None
        )
        return len(uses) > spread

    def _file_configs(self, body: list[ast.stmt], *, always: bool) -> Iterator[FileConfig]:
        for statement in body:
            nested = bodies(statement)
            if not nested:
                yield from (
                    self._file_config(node, always=always)
                    for node in nodes_of(statement)
                    if isinstance(node, ast.Call) and self.dotted(node.func) == "logging.config.fileConfig"
                )
            plain = isinstance(statement, ast.If) and _asks_for_the_file(statement.test)
            for inner in nested:
                yield from self._file_configs(inner, always=always and plain)

    def _file_config(self, call: ast.Call, *, always: bool) -> FileConfig:
        given = {one.arg: one.value for one in call.keywords}
        option = call.args[2] if len(call.args) > 2 else given.get("disable_existing_loggers")
        disabled = True if option is None else self.value(option)
        if None in given or disabled is UNKNOWN:
            return FileConfig(self.source.span(call), UNKNOWN, always)
        return FileConfig(self.source.span(call), not disabled, always)


def read_env_script(environment: Environment, root: Path) -> EnvScript | None:
    """Return what the `env.py` of an environment says, `None` without one that can be parsed.

    `root` is what shown paths are relative to.
    """
    if environment.env_py is None:
        return None
    read = read_module(environment.env_py, shown_path(environment.env_py, root))
    return None if isinstance(read, BrokenScript) else EnvScript(*read)


def unreadable_env_script(environment: Environment, root: Path) -> str | None:
    """Return which `env.py` of an environment is there and tells nothing, with the reason; else `None`."""
    if environment.env_py is None:
        return None
    shown = shown_path(environment.env_py, root)
    read = read_module(environment.env_py, shown)
    return f"{shown} ({read.reason})" if isinstance(read, BrokenScript) else None


def imported_names(source: Source, tree: ast.Module) -> dict[str, str]:
    """Return the dotted name behind each name that the imports of a file bind."""
    found: dict[str, str] = {}
    for node in nodes_of(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                first = alias.name.partition(".")[0]
                found.setdefault(alias.asname or first, alias.name if alias.asname else first)
        elif isinstance(node, ast.ImportFrom):
            module = absolute_name(source, node.module, node.level)
            for alias in node.names:
                found.setdefault(alias.asname or alias.name, f"{module}.{alias.name}".strip("."))
    return found


def _outside_functions(tree: ast.Module) -> Iterator[ast.stmt]:
    pending = list(reversed(tree.body))
    while pending:
        statement = pending.pop()
        yield statement
        if not isinstance(statement, (*_FUNCTIONS, ast.ClassDef)):
            pending.extend(inner for body in reversed(bodies(statement)) for inner in reversed(body))


def bodies(statement: ast.stmt) -> list[list[ast.stmt]]:
    """Return the blocks of statements inside a statement."""
    found = [getattr(statement, name, []) for name in ("body", "orelse", "finalbody")]
    found += [handler.body for handler in getattr(statement, "handlers", [])]
    found += [case.body for case in getattr(statement, "cases", [])]
    return [body for body in found if body]


def _assignments(node: ast.AST) -> Iterator[tuple[str, ast.expr | None]]:
    """Go through the names that a node binds to a value."""
    if isinstance(node, ast.Assign):
        for target in node.targets:
            if isinstance(target, ast.Name):
                yield target.id, node.value
            else:
                yield from ((name, None) for name in _target_names(target))
    elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        yield node.target.id, node.value
    elif isinstance(node, (ast.AugAssign, ast.For, ast.AsyncFor, ast.NamedExpr)):
        yield from ((name, None) for name in _target_names(node.target))
    elif isinstance(node, ast.withitem) and node.optional_vars is not None:
        yield from ((name, None) for name in _target_names(node.optional_vars))
    elif isinstance(node, ast.arg):
        yield node.arg, None


def _target_names(target: ast.expr) -> Iterator[str]:
    """Go through the plain names of a target; `a[0] = …` and `a.b = …` bind none."""
    if isinstance(target, ast.Name):
        yield target.id
    elif isinstance(target, ast.Starred):
        yield from _target_names(target.value)
    elif isinstance(target, (ast.Tuple, ast.List)):
        for one in target.elts:
            yield from _target_names(one)


def _dictionary(node: ast.expr) -> dict[str, ast.expr] | None:
    """Return the entries of `{"a": 1}` or `dict(a=1)`, `None` for anything else."""
    if isinstance(node, ast.Dict):
        keys = [key.value if isinstance(key, ast.Constant) else None for key in node.keys]
        if all(isinstance(key, str) for key in keys):
            return {str(key): value for key, value in zip(keys, node.values, strict=True)}
    is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "dict"
    if not isinstance(node, ast.Call) or not is_call or node.args:
        return None
    if any(keyword.arg is None for keyword in node.keywords):
        return None
    return {str(keyword.arg): keyword.value for keyword in node.keywords}


def _asks_for_the_file(test: ast.expr) -> bool:
    """Tell whether a condition is `config.config_file_name`, `… is not None` or `not … is None`."""
    text = code_of(test)
    return text.removesuffix(" is not None").endswith("config_file_name") and " and " not in text
