"""Revisions that were deleted after they were merged."""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.finding import Problem, Related, Severity
from migrate_guard.project.script import Script
from migrate_guard.rule import ProjectView, project_rule
from migrate_guard.rules._facts import listed
from migrate_guard.rules._places import header


@project_rule(severity=Severity.ERROR)
def merged_revision_deleted(view: ProjectView) -> Iterator[Problem]:
    """A database at a deleted revision cannot be upgraded any more: Alembic does not find where it is."""
    changes = view.changes
    if changes is None or not changes.deleted:
        return
    ids = tuple(script.revision for script in changes.deleted)
    one = len(ids) == 1
    first, others = changes.deleted[0], changes.deleted[1:]
    end = [script for script in changes.deleted if script.revision in changes.tip.heads]
    stuck = f"one that is at {(end or [first])[0].revision}" if one or end else "one that is at any of them"
    renamed = _successor(view, first)
    yield Problem(
        f"{listed(ids, 4)} {'is' if one else 'are'} on {changes.base} and deleted here: databases that ran "
        f"{'it' if one else 'them'} keep the change, and {stuck} finds no way on",
        label="deleted" if renamed is None else f"{renamed.source.path} is now {renamed.revision}",
        help=(
            f"restore {'it' if one else 'them'}, and undo the change in a new revision:\n"
            f"git checkout {changes.base} -- {first.source.path}"
        ),
        related=tuple(Related("deleted too", header(script, "revision")) for script in others),
        span=header(first, "revision"),
        subject=" ".join(ids),
    )


def _successor(view: ProjectView, gone: Script) -> Script | None:
    """Return the revision that the deleted one's file declares now, if it is still there."""
    own = view.changes.own.scripts.values() if view.changes is not None else ()
    return next((script for script in own if script.source.path == gone.source.path), None)
