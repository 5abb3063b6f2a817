"""What leads to the migration's connection: whoever is given it may change the database."""

from __future__ import annotations

import ast

from migrate_guard.evaluate.interpret.objects import Deferred, FunctionValue, Outside, Partial
from migrate_guard.evaluate.library import is_connection
from migrate_guard.evaluate.values import Undecided, Value
from migrate_guard.project.trees import nodes_of

_DEEPEST = 4


def reaches(value: Value, depth: int = 0) -> bool:
    """Tell whether a value, or an item of it, leads to the migration's connection.

    So does a function of the revision that names something that does: whoever is given it may call it.
    """
    if isinstance(value, FunctionValue):
        return value.scope.module.main and _names_connection(value, depth)
    if isinstance(value, Partial):
        return any(reaches(one, depth + 1) for one in (value.function, *value.given.values()))
    if depth < _DEEPEST and isinstance(value, (list, tuple, set)):
        return any(reaches(item, depth + 1) for item in value)
    if depth < _DEEPEST and isinstance(value, dict):
        return any(reaches(item, depth + 1) for item in value.values())
    return is_connection(value)


def _names_connection(function: FunctionValue, depth: int) -> bool:
    """Tell whether the body of a function names what leads to the connection, or cannot be told from it."""
    if depth >= _DEEPEST:
        return True
    names = {node.id for node in nodes_of(function.node) if isinstance(node, ast.Name)}
    for name in names:
        scope = function.scope.find(name)
        if scope is None and name in function.scope.module.parsed.bindings:
            return True
        value = None if scope is None else scope.names[name]
        if isinstance(value, Deferred) or (isinstance(value, Undecided) and not value.data):
            return True
        if isinstance(value, Outside) and value.dotted.partition(".")[0] == "alembic":
            return True
        if value is not function and reaches(value, depth + 1):
            return True
    return False
