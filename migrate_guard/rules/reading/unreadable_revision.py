"""Files among the revisions that could not be read as one."""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.finding import Problem, Severity
from migrate_guard.rule import ProjectView, project_rule


@project_rule(severity=Severity.ERROR)
def unreadable_revision(view: ProjectView) -> Iterator[Problem]:
    """A file that cannot be read as a revision is judged by nobody, and Alembic may stumble over it."""
    for broken in view.graph.broken:
        yield Problem(
            f"this file cannot be read as a revision: {broken.reason}",
            help=broken.hint,
            span=broken.span,
            subject=broken.revision or broken.span.path.rpartition("/")[2],
        )
