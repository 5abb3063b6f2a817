"""Ids of merged revisions that another revision takes."""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.finding import Problem, Related, Severity
from migrate_guard.rule import ProjectView, project_rule
from migrate_guard.rules._places import header


@project_rule(severity=Severity.ERROR)
def revision_id_reused(view: ProjectView) -> Iterator[Problem]:
    """A database that has run a merged revision never runs another one with the same id."""
    changes = view.changes
    if changes is None:
        return
    for base, now in changes.reused:
        place = f" ({base.source.path})" if base.source.path != now.source.path else ""
        yield Problem(
            f"{now.revision} is the id of another revision on {changes.base}{place}: "
            "databases that have run that one never run this one",
            label="an id that is taken",
            help="give it an id of its own, here and in the revisions that follow it",
            related=(Related(f"what {changes.base} has", header(base, "revision")),)
            if base.source.path in {one.source.path for one in changes.own.scripts.values()}
            else (),
            span=header(now, "revision"),
            subject=now.revision,
        )
