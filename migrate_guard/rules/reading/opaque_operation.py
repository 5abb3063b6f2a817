"""Calls that do something to the database which cannot be read from the script."""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.finding import Problem, Severity
from migrate_guard.operations import Opaque
from migrate_guard.pattern import pattern
from migrate_guard.rule import Step, operation_rule
from migrate_guard.rules._facts import listed

_LINE = pattern(r"\bline \d+")


@operation_rule(on=Opaque, severity=Severity.INFO)
def opaque_operation(step: Step[Opaque]) -> Iterator[Problem]:
    """What cannot be read is not judged, and what it may touch is known less well from there on."""
    touched = step.operation.may_touch
    if step.operation.rows_only:
        what = "it changes rows of a table that is not known"
    elif touched is None:
        what = "it may change anything"
    elif touched:
        what = f"it may change {listed(tuple(map(str, touched)))}"
    else:
        return  # it only gives a value; what that value is used for is judged where it is used
    yield Problem(
        f"this was not judged, {what}: {step.operation.reason}",
        label="not readable",
        subject=_subject(step.operation.reason),
    )


def _subject(reason: str) -> str:
    """Return a reason without what moved lines and another layout change: reasons quote lines and source."""
    return " ".join(_LINE.sub("line", reason).replace('"', "'").split())
