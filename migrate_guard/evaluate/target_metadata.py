"""The naming convention of `target_metadata`: what `env.py` gives to Alembic, read without running it.

Part of the second stage. Alembic applies it to everything that its directives make.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from migrate_guard.dialect import Dialect
from migrate_guard.evaluate.interpret.frames import Abort, CutOff, Signal
from migrate_guard.evaluate.interpret.interpreter import Interpreter
from migrate_guard.evaluate.interpret.loader import Loader
from migrate_guard.evaluate.interpret.modules import Module, Parsed
from migrate_guard.evaluate.interpret.recorder import Recorder
from migrate_guard.evaluate.library.metadata import MetaDataValue
from migrate_guard.evaluate.values import Undecided, Value
from migrate_guard.operations import UNKNOWN, Unknown
from migrate_guard.project import (
    Environment,
    Source,
    convention_assigned,
    convention_mentioned,
)
from migrate_guard.project.trees import nodes_of
from migrate_guard.schema import empty_schema
from migrate_guard.schema.conventions import Convention

NAME = "target_metadata"
BUDGET = 20_000
Naming = Convention | Unknown | None


def naming_of(
    environment: Environment,
    env_py: tuple[Source, ast.Module] | None,
    loader: Loader,
    dialect: Dialect,
) -> Naming:
    """Return the naming convention that Alembic uses in an environment.

    It is `None` where there is none, `UNKNOWN` where there is one that could not be read, or may be: because
    `target_metadata` comes from code that cannot be followed. `env_py` is the text and tree of `env.py`,
    `None` where it is not there or not readable.
    """
    if env_py is None:
        return None if convention_mentioned(environment) is False else UNKNOWN
    source, tree = env_py
    values = _values(source, tree, loader, dialect)
    if not values:
        # `configure()` without a `target_metadata`, unless it is called elsewhere.
        passed_on = NAME in source.text or "configure(" not in source.text
        return _unseen(environment, source) if passed_on else None
    found = [_naming(value, environment, source) for value in values]
    return found[0] if all(one == found[0] for one in found) else UNKNOWN


def _values(source: Source, tree: ast.Module, loader: Loader, dialect: Dialect) -> list[Value]:
    """Return what is passed as `target_metadata`, as far as it is known."""
    module = Module(Parsed("", "", source, tree))
    recorder = Recorder("", source.path, dialect, empty_schema(dialect.name))
    interpreter = Interpreter(recorder, loader, module, BUDGET)
    return [_value(interpreter, module, node) for node in _passed(module)]


def _passed(module: Module) -> Iterator[ast.expr]:
    """Go through the expressions that are passed under the name, or that functions bind to one passed so."""
    found: dict[str | int, ast.expr] = {}
    for node in nodes_of(module.parsed.tree):
        if isinstance(node, ast.keyword) and node.arg == NAME:
            found[_identity(node.value)] = node.value
        elif isinstance(node, ast.Dict):
            pairs = zip(node.keys, node.values, strict=True)
            values = [value for key, value in pairs if isinstance(key, ast.Constant) and key.value == NAME]
            found.update({_identity(value): value for value in values})
    for value in found.values():
        if isinstance(value, ast.Name) and value.id not in module.parsed.bindings:
            yield from _bound(module, value.id)
        else:
            yield value


def _identity(node: ast.expr) -> str | int:
    """Return what is the same for two mentions of one name."""
    return node.id if isinstance(node, ast.Name) else id(node)


def _bound(module: Module, name: str) -> Iterator[ast.expr]:
    for node in nodes_of(module.parsed.tree):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name) and target.id == name:
                    yield node.value


def _value(interpreter: Interpreter, module: Module, node: ast.expr) -> Value:
    try:
        return interpreter.evaluate(node, module.scope)
    except (Signal, CutOff, Abort, RecursionError):
        return Undecided(f"{NAME}, which could not be evaluated")


def _naming(value: Value, environment: Environment, source: Source) -> Naming:
    if value is None or isinstance(value, (list, tuple)):
        # Of several MetaData, Alembic takes no convention (`SchemaObjects.metadata`, Alembic 1.20).
        return None
    if not isinstance(value, MetaDataValue):
        return _unseen(environment, source)
    if value.convention is not None:
        return value.convention.templates
    return None if convention_assigned(environment) is False else UNKNOWN


def _unseen(environment: Environment, source: Source) -> Naming:
    """Return what is known of the convention of a MetaData that could not be followed.

    That of Flask-Migrate comes from the application, so that the project's own text would speak of it.
    """
    in_project = "current_app" in source.text
    return None if in_project and convention_mentioned(environment) is False else UNKNOWN
