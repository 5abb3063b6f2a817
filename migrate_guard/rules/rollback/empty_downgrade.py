"""Downgrades that leave everything as it is."""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.finding import Problem, Severity
from migrate_guard.rule import RevisionView, revision_rule
from migrate_guard.rules._facts import changes_schema
from migrate_guard.rules._places import definition


@revision_rule(severity=Severity.WARNING)
def empty_downgrade(view: RevisionView) -> Iterator[Problem]:
    """A downgrade that does nothing moves the version back and leaves the schema as it is."""
    if not any(changes_schema(step.operation) for step in view.steps("upgrade")):
        return
    downgrade = view.downgrade
    if downgrade.defined and not downgrade.empty:
        return
    yield Problem(
        "going back leaves the schema as it is, and the next upgrade fails on what is there already"
        if downgrade.defined
        else "there is no downgrade(): going back ends in an error",
        label="undoes nothing" if downgrade.defined else "",
        help=(
            "undo what upgrade() does, or say that there is no way back:\n"
            '    raise NotImplementedError("restore the backup instead")'
        ),
        span=definition(view, "downgrade"),
        subject="downgrade",
    )
