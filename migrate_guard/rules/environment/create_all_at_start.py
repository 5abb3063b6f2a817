"""Tables that `create_all()` makes beside the history."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from migrate_guard.finding import Problem, Related, Severity
from migrate_guard.pattern import pattern
from migrate_guard.project.env_script import imported_names
from migrate_guard.project.modules import is_project_module
from migrate_guard.project.script import Script
from migrate_guard.project.trees import nodes_of
from migrate_guard.rule import ProjectView, project_rule
from migrate_guard.rules._startup import StartCall, start_calls

_METHOD = "create_all"
_ALEMBIC = pattern(r"\b(?:stamp|upgrade)\(|\balembic\b")


@project_rule(severity=Severity.WARNING)
def create_all_at_start(view: ProjectView) -> Iterator[Problem]:
    """`create_all()` makes tables before their revisions can, and these then fail."""
    for revision in view.graph.order:
        if revision in view.judged:
            yield from _in_revision(view, view.graph.scripts[revision])
    calls = list(start_calls(view.environment, view.root, _METHOD))
    # A start that stamps or upgrades as well keeps the two apart.
    if calls and not any(_ALEMBIC.search(call.text) for call in calls):
        yield _at_start(view, calls[0])


def _at_start(view: ProjectView, call: StartCall) -> Problem:
    command = view.environment.command
    return Problem(
        "every start of the application makes the tables of new models before a revision can: "
        f"`{command} upgrade` then fails because they exist, and autogenerate finds nothing to do",
        label="makes all tables that are missing",
        help=f"leave the tables to the revisions: run `{command} upgrade head` before the application starts",
        related=() if call.via is None else (Related("the application's start leads to it", call.via),),
        span=call.span,
        subject="start",
    )


def _in_revision(view: ProjectView, script: Script) -> Iterator[Problem]:
    if _METHOD not in script.source.text:
        return
    names = imported_names(script.source, script.tree)
    for node in nodes_of(script.tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        if node.func.attr != _METHOD:
            continue
        root = _root(node.func)
        module = names.get(root, "").rpartition(".")[0] or names.get(root, "")
        if module and is_project_module(module, view.environment):
            yield Problem(
                f"{script.revision} makes the tables of today's models, not those of its day: "
                "on a new database the revisions after it fail because their tables and columns exist",
                label="the models go on changing",
                help="write the tables down as they were, with op.create_table",
                span=script.source.span(node),
                subject=script.revision,
            )


def _root(node: ast.expr) -> str:
    while isinstance(node, (ast.Attribute, ast.Call)):
        node = node.value if isinstance(node, ast.Attribute) else node.func
    return node.id if isinstance(node, ast.Name) else ""
