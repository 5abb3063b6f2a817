"""Calls of operations that the evaluation neither reached nor left out for a reason."""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.finding import Problem, Severity
from migrate_guard.rule import RevisionView, revision_rule


@revision_rule(severity=Severity.WARNING)
def not_analysed(view: RevisionView) -> Iterator[Problem]:
    """An operation that was not reached has been judged by no rule."""
    for evaluation in (view.upgrade, view.downgrade):
        for span in evaluation.missed:
            yield Problem(
                f"this operation was not reached in reading {evaluation.direction}(): no rule has judged it",
                label="not analysed",
                help="have a look at it yourself; please report the script as a gap of migrate-guard",
                span=span,
                subject=evaluation.direction,
            )
