"""New revisions in front of merged ones."""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.finding import Problem, Related, Severity
from migrate_guard.project.graph import reached
from migrate_guard.rule import ProjectView, project_rule
from migrate_guard.rules._places import header


@project_rule(severity=Severity.ERROR)
def revision_inserted(view: ProjectView) -> Iterator[Problem]:
    """A new revision in front of a merged one never runs on databases that are past it."""
    changes = view.changes
    if changes is None:
        return
    graph = view.graph
    followers: dict[str, list[str]] = {}
    for revision, parents in graph.parents.items():
        for parent in parents:
            followers.setdefault(parent, []).append(revision)
    for revision in sorted(changes.new & graph.scripts.keys(), key=graph.order.index):
        after = reached(followers, [revision]) - {revision}
        merged = next((one for one in graph.order if one in after and changes.is_merged(one)), None)
        if merged is None:
            continue
        script = graph.scripts[revision]
        heads = [head for head in changes.tip.heads if head in changes.tip.scripts]
        yield Problem(
            f"{revision} stands before {merged}, which is on {changes.base}: "
            f"databases that are at {merged} or later never run it",
            label=f"new, and before {merged}",
            help=f'let it come last:\n    down_revision = "{heads[-1]}"' if heads else None,
            related=(Related(f"{merged} is merged", header(graph.scripts[merged], "down_revision")),),
            span=header(script, "revision"),
            subject=revision,
        )
