"""Histories that end in several heads."""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.finding import Problem, Related, Severity
from migrate_guard.project.script import Script
from migrate_guard.rule import ProjectView, project_rule
from migrate_guard.rules._facts import listed
from migrate_guard.rules._heads import are_branches
from migrate_guard.rules._places import header


@project_rule(severity=Severity.ERROR)
def multiple_heads(view: ProjectView) -> Iterator[Problem]:
    """With several heads `upgrade head` fails: Alembic cannot tell which one is meant."""
    graph = view.graph
    heads = [graph.scripts[head] for head in graph.heads if head in graph.scripts]
    broken = bool(
        graph.missing or graph.cycles
    )  # no command works until that is mended, and heads may vanish
    if len(heads) < 2 or broken or are_branches(graph, heads):
        return
    last = _place(view, heads)
    others = [head for head in heads if head is not last]
    command = view.environment.command
    base = _base(view, heads)
    count = f"{len(heads)} heads, {listed(graph.heads, 4)}"
    subject = f"merged into {base} the history has" if base else "the history has"
    yield Problem(
        f"{subject} {count}: `{command} upgrade head` fails",
        label="one of the heads",
        help=(
            f"if nobody has run {last.revision} yet, let it follow the other one:\n"
            f'    down_revision = "{others[-1].revision}"\n'
            f"otherwise join them: {command} merge -m merge {' '.join(head.revision for head in heads)}"
        ),
        notes=(f"take over {base} first: git merge {base}",) if base else (),
        related=tuple(Related(f"{head.revision} is a head too", header(head, "revision")) for head in others),
        span=header(last, "down_revision"),
        subject=" ".join(graph.heads),
    )


def _place(view: ProjectView, heads: list[Script]) -> Script:
    """Return the head that is pointed at: one that is new on the branch, where git tells."""
    if view.changes is None:
        return heads[-1]
    new = [head for head in heads if head.revision in view.changes.new]
    own = [head for head in heads if head.revision in view.changes.own.scripts]
    return (new or own or heads)[-1]


def _base(view: ProjectView, heads: list[Script]) -> str:
    """Return what the branch is merged into, where only that brings one of the heads."""
    changes = view.changes
    if changes is None or all(head.revision in changes.own.scripts for head in heads):
        return ""
    return changes.base
