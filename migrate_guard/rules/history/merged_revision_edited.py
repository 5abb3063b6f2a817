"""Revisions that were changed after they were merged."""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.finding import Problem, Severity
from migrate_guard.rule import ProjectView, project_rule
from migrate_guard.rules._places import header


@project_rule(severity=Severity.ERROR)
def merged_revision_edited(view: ProjectView) -> Iterator[Problem]:
    """Databases that have run a merged revision never see what it is changed to."""
    changes = view.changes
    if changes is None:
        return
    # Only runs that ask git compare scripts.
    from migrate_guard.project.git.meaning import same_meaning

    for kept in changes.kept:
        script = kept.now
        if any(same_meaning(base, script) for base in kept.bases):
            continue
        yield Problem(
            f"{script.revision} is on {changes.base} and does something else there: "
            "databases that have run it never get the change, new ones do",
            label=f"edited since {changes.base}",
            help=(
                f"restore it, and make the change in a new revision:\n"
                f"git checkout {changes.base} -- {_quoted(kept.bases[-1].source.path)}"
            ),
            notes=("docstrings, comments, layout and unused imports do not count",),
            span=header(script, "revision"),
            subject=script.revision,
        )


def _quoted(path: str) -> str:
    return f"'{path}'" if " " in path else path
