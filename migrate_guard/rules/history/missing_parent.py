"""Revisions that follow one that no file declares."""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.errors import nearest
from migrate_guard.finding import Problem, Severity
from migrate_guard.rule import ProjectView, project_rule
from migrate_guard.rules._places import header


@project_rule(severity=Severity.ERROR)
def missing_parent(view: ProjectView) -> Iterator[Problem]:
    """A revision that follows a missing one keeps every Alembic command from starting."""
    graph = view.graph
    for revision, parents in graph.missing.items():
        script = graph.scripts[revision]
        for parent in parents:
            near = nearest(parent, graph.scripts)
            name = "depends_on" if parent in script.depends_on else "down_revision"
            yield Problem(
                f"no file declares the revision {parent} that {revision} {_word(name)}: "
                f"every {view.environment.command} command fails",
                label=f"no {parent}",
                help=f'did you mean {near}?\n    {name} = "{near}"' if near else None,
                span=header(script, name),
                subject=f"{revision} {parent}",
            )


def _word(name: str) -> str:
    return "depends on" if name == "depends_on" else "follows"
