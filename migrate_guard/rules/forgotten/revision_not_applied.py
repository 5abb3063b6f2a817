"""Databases that are behind the revisions."""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.finding import Problem, Severity
from migrate_guard.project.commands import upgrading
from migrate_guard.rule import ProjectView, project_rule
from migrate_guard.rules._facts import listed
from migrate_guard.rules._places import header

_SHOWN = 6


@project_rule(severity=Severity.INFO, needs="database")
def revision_not_applied(view: ProjectView) -> Iterator[Problem]:
    """The database is behind: some revisions have not been applied to it."""
    for one in view.databases:
        if one.standing not in ("behind", "new") or not one.pending:
            continue
        number = len(one.pending)
        what = f"{number} revision{'s' if number > 1 else ''}"
        at = f"at {listed(one.revisions, _SHOWN)}" if one.revisions else "empty"
        yield Problem(
            f"{one.title} is {at}: {what} not applied",
            label="the first of them",
            help=upgrading(view.environment, view.root, len(view.graph.heads)),
            notes=(f"in this order: {listed(one.pending, _SHOWN)}",),
            span=header(view.graph.scripts[one.pending[0]], "revision"),
            subject=one.title,
        )
