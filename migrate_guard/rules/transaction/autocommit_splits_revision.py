"""Revisions of which a part is committed before the rest has run."""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.finding import Problem, Related, Severity
from migrate_guard.operations import Operation
from migrate_guard.rule import RevisionView, Step, revision_rule
from migrate_guard.rules._facts import changes_schema


@revision_rule(severity=Severity.WARNING, dialects={"postgresql"})
def autocommit_splits_revision(view: RevisionView) -> Iterator[Problem]:
    """An autocommit block commits what stands before it, though the revision may still fail."""
    steps = view.steps("upgrade")
    first = next((step for step in steps if step.operation.autocommit), None)
    if first is None:
        return
    stuck = next((step for step in first.earlier() if not _can_be_repeated(step)), None)
    if stuck is None:
        return
    yield Problem(
        "the block commits what stands before it: if it fails, the next attempt fails there",
        label="commits the revision so far",
        help="put the block into a revision of its own",
        related=(Related("this is committed, and fails when it is done again", stuck.operation.span),),
        span=first.operation.span,
        subject="autocommit",
    )


def _can_be_repeated(step: Step[Operation]) -> bool:
    operation = step.operation
    guarded = getattr(operation, "if_not_exists", False) or getattr(operation, "if_exists", False)
    return not changes_schema(operation) or bool(guarded) or operation.conditional
