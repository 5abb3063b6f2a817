"""Revisions whose upgrade does nothing."""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.finding import Problem, Severity
from migrate_guard.rule import RevisionView, revision_rule
from migrate_guard.rules._places import definition


@revision_rule(severity=Severity.WARNING)
def empty_migration(view: RevisionView) -> Iterator[Problem]:
    """An upgrade that does nothing is mostly an autogenerate that saw no models."""
    script = view.script
    joins_or_starts = (
        script.is_merge or not script.down_revisions or script.branch_labels or script.depends_on
    )
    if joins_or_starts or not view.upgrade.defined or not view.upgrade.empty:
        return
    yield Problem(
        "this revision changes nothing",
        label="nothing happens here",
        help=(
            "if models were changed, import them in env.py and generate it again; otherwise delete the file, "
            "or say why it is there:\n"
            "    # migrate-guard: ignore[empty-migration] -- keeps the id of a release"
        ),
        span=definition(view, "upgrade"),
        subject="upgrade",
    )
