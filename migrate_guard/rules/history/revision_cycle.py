"""Revisions that follow one another in a circle."""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.finding import Problem, Related, Severity
from migrate_guard.rule import ProjectView, project_rule
from migrate_guard.rules._facts import listed
from migrate_guard.rules._places import header


@project_rule(severity=Severity.ERROR)
def revision_cycle(view: ProjectView) -> Iterator[Problem]:
    """Revisions that follow one another in a circle keep every Alembic command from starting."""
    for cycle in view.graph.cycles:
        scripts = [view.graph.scripts[revision] for revision in cycle]
        first, others = scripts[0], scripts[1:]
        circle = f"{listed(tuple(cycle), 6)} follow one another" if others else f"{cycle[0]} follows itself"
        yield Problem(
            f"{circle}: every {view.environment.command} command fails",
            label="part of a circle",
            related=tuple(Related("so is this", header(script, "down_revision")) for script in others),
            span=header(first, "down_revision"),
            subject=" ".join(cycle),
        )
