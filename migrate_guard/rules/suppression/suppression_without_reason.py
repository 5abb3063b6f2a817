"""Ignore comments that do not say why."""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.finding import Problem, Severity
from migrate_guard.rule import SuppressionView, suppression_rule


@suppression_rule(severity=Severity.WARNING)
def suppression_without_reason(view: SuppressionView) -> Iterator[Problem]:
    """With `require-reasons`, an ignore comment says why the finding does not matter."""
    comment = view.comment
    if view.require_reasons and comment.rules and not comment.reason and not comment.fault:
        word = "ignore-file" if comment.whole_file else "ignore"
        names = ", ".join(comment.rules)
        yield Problem(
            f"the comment that ignores {names} gives no reason",
            label="why?",
            help=f"say why it does not matter here:\n# migrate-guard: {word}[{names}] -- the table is empty",
            subject=names,
        )
