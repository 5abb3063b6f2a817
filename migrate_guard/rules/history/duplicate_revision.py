"""Revision ids that several files declare."""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.finding import Problem, Related, Severity
from migrate_guard.rule import ProjectView, project_rule
from migrate_guard.rules._places import header


@project_rule(severity=Severity.ERROR)
def duplicate_revision(view: ProjectView) -> Iterator[Problem]:
    """Of two files with the same revision id Alembic runs one and ignores the other."""
    for script in view.graph.duplicates:
        first = view.graph.scripts[script.revision]
        yield Problem(
            f"{script.revision} is the id of {first.source.path} too: one of the two files is never run",
            label="declared twice",
            help="give the younger one an id of its own, and let it follow the older one",
            related=(Related("declared here too", header(first, "revision")),),
            span=header(script, "revision"),
            subject=script.revision,
        )
