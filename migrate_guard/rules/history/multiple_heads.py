"""Histories that end in several heads."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from migrate_guard.finding import Problem, Related, Severity
from migrate_guard.project.script import Script
from migrate_guard.rule import ProjectView, project_rule
from migrate_guard.rules._facts import listed
from migrate_guard.rules._places import header


@project_rule(severity=Severity.ERROR)
def multiple_heads(view: ProjectView) -> Iterator[Problem]:
    """With several heads `upgrade head` fails: Alembic cannot tell which one is meant."""
    graph = view.graph
    heads = [graph.scripts[head] for head in graph.heads if head in graph.scripts]
    broken = bool(
        graph.missing or graph.cycles
    )  # no command works until that is mended, and heads may vanish
    if len(heads) < 2 or broken or _are_branches(view, heads):
        return
    last = heads[-1]
    others = heads[:-1]
    command = view.environment.command
    yield Problem(
        f"the history has {len(heads)} heads, {listed(graph.heads, 4)}: `{command} upgrade head` fails",
        label="one of the heads",
        help=(
            f"if nobody has run {last.revision} yet, let it follow the other one:\n"
            f'    down_revision = "{others[-1].revision}"\n'
            f"otherwise join them: {command} merge -m merge {' '.join(head.revision for head in heads)}"
        ),
        related=tuple(Related(f"{head.revision} is a head too", header(head, "revision")) for head in others),
        span=header(last, "down_revision"),
        subject=" ".join(graph.heads),
    )


def _are_branches(view: ProjectView, heads: list[Script]) -> bool:
    """Tell whether every head but one is a branch with a label, which is meant to have its own head."""
    unlabelled = [head for head in heads if not _labelled(view, head)]
    return len(unlabelled) <= 1


def _labelled(view: ProjectView, head: Script) -> bool:
    seen: set[str] = set()
    waiting = [head.revision]
    while waiting:
        script = view.graph.scripts.get(waiting.pop())
        if script is None or script.revision in seen:
            continue
        seen.add(script.revision)
        if script.branch_labels or _label_is_not_literal(script):
            return True
        waiting.extend(script.down_revisions)
    return False


def _label_is_not_literal(script: Script) -> bool:
    """Tell whether the header takes its label from somewhere else, so that it has one that is not known."""
    for node in script.tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else ()
        if any(isinstance(target, ast.Name) and target.id == "branch_labels" for target in targets):
            return isinstance(node, ast.Assign) and not isinstance(node.value, ast.Constant)
    return False
