"""Ignore comments that silence nothing."""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.finding import Problem, Severity
from migrate_guard.rule import SuppressionView, suppression_rule


@suppression_rule(severity=Severity.WARNING)
def unused_suppression(view: SuppressionView) -> Iterator[Problem]:
    """An ignore comment that silences nothing would hide the next finding at its place."""
    where = "this file" if view.comment.whole_file else "this statement"
    for name in view.unused:
        yield Problem(
            f"{name} finds nothing in {where}, so the comment silences nothing",
            label="silences nothing",
            help=f"remove {name} from the comment",
            subject=name,
        )
