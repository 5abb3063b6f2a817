"""Revisions that import the application, which goes on changing after they are written."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from migrate_guard.finding import Problem, Severity
from migrate_guard.project.environment import Environment
from migrate_guard.project.imports import Import, imports
from migrate_guard.project.modules import find_module, is_project_module
from migrate_guard.project.trees import nodes_of
from migrate_guard.rule import RevisionView, revision_rule
from migrate_guard.rules._facts import listed


@revision_rule(severity=Severity.WARNING)
def imports_application_code(view: RevisionView) -> Iterator[Problem]:
    """A revision that imports the application breaks when the application changes or moves."""
    found = [one for one in imports(view.script) if _is_application(one.module, view.environment)]
    types = [one for one in found if _stands_in_columns_only(view.script.tree, frozenset(one.bound))]
    code = [one for one in found if one not in types]
    if code:
        yield _problem(code, None, _DESCRIBE)
    elif types:
        yield _problem(types, Severity.INFO, "write the type as the one of SQLAlchemy that it is made of")


_DESCRIBE = (
    "describe the tables that it needs as they are now, in the revision itself:\n"
    '    users = sa.table("users", sa.column("id", sa.Integer), sa.column("name", sa.String))'
)


def _problem(found: list[Import], severity: Severity | None, help_: str) -> Problem:
    modules = tuple(dict.fromkeys(one.module for one in found))
    verb = "changes" if len(modules) == 1 else "change"
    return Problem(
        f"this revision changes its meaning, or fails, when {listed(modules)} {verb}",
        label="code that is not frozen with the revision",
        help=help_,
        span=found[0].span,
        severity=severity,
        subject="imports",
    )


def _is_application(module: str, environment: Environment) -> bool:
    if not is_project_module(module, environment):
        return False
    file = find_module(module, environment)
    return file is None or not any(place in file.parents for place in _beside(environment))


def _beside(environment: Environment) -> tuple[Path, ...]:
    """Return the directories whose modules are part of the history, not of the application."""
    scripts = environment.script_location
    if scripts in (environment.root, *environment.root.parents):
        return environment.version_locations
    return (scripts, *environment.version_locations)


def _stands_in_columns_only(tree: ast.Module, names: frozenset[str]) -> bool:
    """Tell whether the names are used for the types of columns and nothing else."""
    inside = sum(
        _uses(argument, names)
        for node in nodes_of(tree)
        if isinstance(node, ast.Call) and _called(node) == "Column"
        for argument in (*node.args, *(keyword.value for keyword in node.keywords))
    )
    return inside > 0 and inside == _uses(tree, names)


def _uses(node: ast.AST, names: frozenset[str]) -> int:
    found = (part for part in nodes_of(node) if isinstance(part, ast.Name))
    return sum(part.id in names for part in found)


def _called(node: ast.Call) -> str:
    function = node.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""
