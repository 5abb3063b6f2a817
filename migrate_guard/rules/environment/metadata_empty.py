"""Metadata that lacks tables because nobody imports their models."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator

from migrate_guard.finding import Problem, Related, Severity
from migrate_guard.project.declared import MAY_DECLARE, DeclaredTable, declared_tables, origin
from migrate_guard.project.env_script import Configure, EnvScript
from migrate_guard.project.graph import Graph
from migrate_guard.project.modules import find_module
from migrate_guard.project.nearby import text_of
from migrate_guard.project.reach import imported_files, module_name
from migrate_guard.project.trees import nodes_of
from migrate_guard.rule import ProjectView, project_rule
from migrate_guard.rules._facts import listed

_METADATA = frozenset({"sqlalchemy.MetaData", "sqlalchemy.schema.MetaData", "sqlalchemy.sql.schema.MetaData"})
# What env.py may import besides the project; with a path of its own it may import the project unseen.
_LIBRARIES = frozenset({"alembic", "sqlalchemy", "sqlmodel", "flask", "dotenv", "pydantic", "geoalchemy2"})


@project_rule(severity=Severity.ERROR)
def metadata_empty(view: ProjectView) -> Iterator[Problem]:
    """Autogenerate drops the tables whose models `env.py` does not import: it sees no model for them."""
    env = view.env
    if env is None:
        return
    call = next((one for one in env.configured if one.online), None)
    given = call.options.get("target_metadata") if call is not None else None
    if call is None or given is None:
        return
    value = env.resolved(given)
    if _is_new(env, value):
        if _used_in_calls_only(env, given):
            yield _no_tables(view, env, value)
    elif isinstance(value, ast.Attribute) and value.attr == "metadata":
        yield from _not_imported(view, env, call, value)


def _is_new(env: EnvScript, value: ast.expr) -> bool:
    return isinstance(value, ast.Call) and env.dotted(value.func) in _METADATA


def _used_in_calls_only(env: EnvScript, given: ast.expr) -> bool:
    """Tell whether nothing but `context.configure` gets the metadata, so that no table can come into it."""
    if not isinstance(given, ast.Name):
        return True
    options = [id(call.options.get("target_metadata")) for call in env.configured]
    return all(
        id(node) in options
        for node in nodes_of(env.tree)
        if isinstance(node, ast.Name) and node.id == given.id and isinstance(node.ctx, ast.Load)
    )


def _no_tables(view: ProjectView, env: EnvScript, value: ast.expr) -> Problem:
    return Problem(
        f"this metadata has no tables: `{view.environment.generate}` drops every table of the database",
        label="nothing adds a table to it",
        help="take the metadata of the models, from a module that imports all of them:\n"
        "    from app.models import Base\n\n"
        "    target_metadata = Base.metadata",
        span=env.source.span(value),
        subject="target_metadata",
    )


def _not_imported(
    view: ProjectView, env: EnvScript, call: Configure, value: ast.Attribute
) -> Iterator[Problem]:
    base = origin(env.dotted(value.value), view.environment, view.root)
    reached = imported_files(view.environment) if base and _paths_are_known(view, env) else None
    if reached is None:
        return
    tables = [one for one in declared_tables(view.environment, view.root, reached) if one.base == base]
    made = _made(view.graph) if tables else frozenset[str]()
    missing = [one for one in tables if one.name in made]
    if not missing:
        return
    none_at_all = not any(MAY_DECLARE.search(text_of(file)) for file in reached)
    names = tuple(dict.fromkeys(one.name for one in missing))
    modules = dict.fromkeys(module_name(one.file, view.environment) for one in missing)
    imports = "\n".join(f"    import {module}  # noqa: F401" for module in modules if module)
    yield Problem(
        f"nothing that env.py imports brings in the model of {listed(names)}: "
        f"`{view.environment.generate}` drops {'the table' if len(names) == 1 else 'the tables'}",
        label="has no model at all" if none_at_all else "lacks models",
        help=f"import the models in env.py, marked so that no tool removes the import:\n{imports}",
        related=tuple(_related(one) for one in missing[:3]),
        span=env.source.span(value),
        severity=None if none_at_all else Severity.WARNING,
        subject="target_metadata",
    )


def _related(table: DeclaredTable) -> Related:
    return Related(f"{table.model} declares {table.name}", table.span)


def _paths_are_known(view: ProjectView, env: EnvScript) -> bool:
    """Tell whether each module that `env.py` imports is found, where it changes `sys.path`."""
    if "sys.path" not in env.code:
        return True
    return all(
        dotted.partition(".")[0] in _LIBRARIES or find_module(dotted.partition(".")[0], view.environment)
        for dotted in env.names.values()
        if dotted.partition(".")[0] not in sys.stdlib_module_names
    )


def _made(graph: Graph) -> frozenset[str]:
    """Return the tables that the history creates with `op.create_table` and does not drop or rename."""
    found: set[str] = set()
    for revision in graph.order:
        for function in graph.scripts[revision].tree.body:
            if not isinstance(function, ast.FunctionDef) or not function.name.startswith("upgrade"):
                continue
            for node in nodes_of(function):
                made, gone = _change(node)
                found = (found | made) - gone
    return frozenset(found)


def _change(node: ast.AST) -> tuple[set[str], set[str]]:
    method = node.func.attr if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) else ""
    first = node.args[0] if isinstance(node, ast.Call) and node.args else None
    if not isinstance(first, ast.Constant) or not isinstance(first.value, str):
        return set(), set()
    if method == "create_table":
        return {first.value}, set()
    return set(), ({first.value} if method in ("drop_table", "rename_table") else set())
