"""New revisions that follow another one than the newest."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from migrate_guard.finding import Problem, Severity
from migrate_guard.project.graph import Graph, reached
from migrate_guard.project.script import Script
from migrate_guard.rule import ProjectView, project_rule
from migrate_guard.rules._facts import listed
from migrate_guard.rules._heads import are_branches
from migrate_guard.rules._places import header

if TYPE_CHECKING:
    from migrate_guard.project.git import Changes


@project_rule(severity=Severity.ERROR)
def parent_not_base_head(view: ProjectView) -> Iterator[Problem]:
    """A new revision that follows an older one than the base's head leaves two heads behind."""
    changes, graph = view.changes, view.graph
    if changes is None or graph.missing or graph.cycles:
        return
    heads = [graph.scripts[head] for head in graph.heads]
    # Where only the base went on, multiple-heads says it, except of branches with a label.
    branches = are_branches(graph, heads)
    for revision in graph.order:
        script = graph.scripts[revision]
        if revision not in changes.new or script.branch_labels or "branch_labels" in script.undecided:
            continue
        for parent in script.down_revisions or (None,):
            newest = _gone_on(changes, parent, branches)
            # An old fork may have been joined on the branch, whatever the base did after that.
            forked = parent is None or parent in changes.fork.children
            if newest and _is_apart(changes.own if forked else graph, revision, parent):
                yield _problem(changes, script, parent, newest)


def _gone_on(changes: Changes, parent: str | None, branches: bool) -> tuple[str, ...]:
    """Return the heads of the base that come after a merged parent, none if it is the one to follow."""
    tip, fork = changes.tip, changes.fork
    if parent is None:
        return () if branches else tip.heads
    if not changes.is_merged(parent) or not (branches or fork.children.get(parent)):
        return ()
    after = reached(tip.children, [parent]) - {parent}
    return tuple(head for head in tip.heads if head in after)


def _is_apart(graph: Graph, revision: str, parent: str | None) -> bool:
    """Tell whether a head that does not come after the revision comes after its parent all the same."""
    own = reached(graph.children, [revision])
    rivals = set(graph.heads) - own
    return bool(rivals if parent is None else rivals & reached(graph.children, [parent]))


def _problem(changes: Changes, script: Script, parent: str | None, newest: tuple[str, ...]) -> Problem:
    what = f"follows {parent}" if parent is not None else "follows no other revision"
    return Problem(
        f"{script.revision} {what}, and {changes.base} has gone on to {listed(newest)}: "
        "both are heads, and the upgrade does not know which one is meant",
        label=f"not the head of {changes.base}",
        help=f'let it follow the newest one:\n    down_revision = "{newest[-1]}"',
        span=header(script, "down_revision"),
        subject=script.revision,
    )
