"""The databases of a multidb environment, where only its revisions name them."""

from __future__ import annotations

import ast

from migrate_guard.project.environment import Environment
from migrate_guard.project.graph import Graph
from migrate_guard.project.script import Script
from migrate_guard.record import replace

_PREFIX = "upgrade_"


def with_databases(environment: Environment, graph: Graph) -> Environment:
    """Return the environment with the names of its databases, as its revisions know them.

    The multidb templates of Alembic and Flask-Migrate have an `upgrade(engine_name)` that calls
    `upgrade_<name>()`. Flask-Migrate takes the names from the application, so only the revisions show
    them; its default database has the empty name: `upgrade_()`.
    """
    if environment.databases:
        return environment
    names = dict.fromkeys(name for script in graph.scripts.values() for name in database_names(script))
    return replace(environment, databases=tuple(names))


def database_names(script: Script) -> tuple[str, ...]:
    """Return the databases that a multidb revision has functions for; empty for an ordinary one."""
    functions = [node for node in script.tree.body if isinstance(node, ast.FunctionDef)]
    if not any(node.name == "upgrade" and node.args.args for node in functions):
        return ()
    return tuple(node.name.removeprefix(_PREFIX) for node in functions if node.name.startswith(_PREFIX))
