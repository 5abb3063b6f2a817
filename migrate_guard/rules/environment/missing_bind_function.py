"""Revisions of a multidb environment that have no function for one of its databases."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from migrate_guard.evaluate.outcome import Direction
from migrate_guard.finding import Problem, Severity
from migrate_guard.project.databases import database_names
from migrate_guard.project.script import Script
from migrate_guard.project.trees import code_of, nodes_of
from migrate_guard.rule import RevisionView, revision_rule
from migrate_guard.rules._facts import listed
from migrate_guard.rules._places import definition

_DIRECTIONS: tuple[Direction, ...] = ("upgrade", "downgrade")


@revision_rule(severity=Severity.ERROR)
def missing_bind_function(view: RevisionView) -> Iterator[Problem]:
    """A multidb revision without a function for one of the databases ends the upgrade with `KeyError`."""
    binds = _binds(view)
    if not binds:
        return
    if _takes_no_name(view.script, "upgrade"):
        if _passes_engine_name(view):
            yield _no_parameter(view)
        return
    missing = {direction: _missing(view.script, direction, binds) for direction in _DIRECTIONS}
    for direction in _DIRECTIONS:
        if missing[direction]:
            yield _no_function(view, direction, missing)
            return


def _binds(view: RevisionView) -> tuple[str, ...]:
    """Return the databases: those of the ini, or those that every head of the history has functions for."""
    ini = view.project.ini
    if ini is not None and ini.raw(view.environment.section, "databases"):
        return view.environment.databases
    heads = [view.graph.scripts[head] for head in view.graph.heads if head in view.graph.scripts]
    names = [database_names(head) for head in heads]
    return tuple(name for name in names[0] if all(name in one for one in names)) if names else ()


def _function(script: Script, name: str) -> ast.FunctionDef | None:
    found = (node for node in script.tree.body if isinstance(node, ast.FunctionDef) and node.name == name)
    return next(found, None)


def _takes_no_name(script: Script, name: str) -> bool:
    function = _function(script, name)
    if function is None:
        return False
    arguments = function.args
    return not (arguments.posonlyargs or arguments.args or arguments.kwonlyargs or arguments.kwarg)


def _missing(script: Script, direction: Direction, binds: tuple[str, ...]) -> tuple[str, ...]:
    """Return the databases for which one direction looks up a function that is not there."""
    function = _function(script, direction)
    if function is None or not _looks_up(function, direction):
        return ()
    return tuple(bind for bind in binds if _function(script, f"{direction}_{bind}") is None)


def _looks_up(function: ast.FunctionDef, direction: Direction) -> bool:
    """Tell whether a function calls `globals()["upgrade_%s" % engine_name]()` or the same as an f-string."""
    return any(
        isinstance(node, ast.Subscript)
        and code_of(node.value) == "globals()"
        and f"{direction}_" in code_of(node.slice)
        for node in nodes_of(function)
    )


def _passes_engine_name(view: RevisionView) -> bool:
    env = view.project.env
    if env is None:
        return False
    runs = [call for call in env.calls if env.dotted(call.func) == "alembic.context.run_migrations"]
    return any(keyword.arg == "engine_name" for call in runs for keyword in call.keywords)


def _no_function(
    view: RevisionView, direction: Direction, missing: dict[Direction, tuple[str, ...]]
) -> Problem:
    names = [f"{one}_{bind}" for one in _DIRECTIONS for bind in missing[one]]
    code = "\n\n".join(f"    def {name}():\n        pass" for name in names)
    binds = tuple(bind or "the default database" for bind in missing[direction])
    return Problem(
        f"`{view.environment.command} {direction}` ends here with KeyError: '{names[0]}': "
        f"there is no function for {listed(binds)}",
        label="calls a function for each database",
        help=f"add what is missing, empty where there is nothing to do:\n{code}",
        span=definition(view, direction),
        subject=" ".join(names),
    )


def _no_parameter(view: RevisionView) -> Problem:
    return Problem(
        f"`{view.environment.command} upgrade` ends here with TypeError: env.py calls upgrade() "
        "with engine_name, which it does not take",
        label="takes no engine_name",
        help=(
            "call one function for each database, and have all of them:\n"
            "    def upgrade(engine_name):\n"
            '        globals()["upgrade_%s" % engine_name]()'
        ),
        span=definition(view, "upgrade"),
        subject="upgrade",
    )
