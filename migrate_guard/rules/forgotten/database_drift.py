"""Databases that are not what their revision says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from migrate_guard.finding import Problem, Severity
from migrate_guard.rule import ProjectView, project_rule
from migrate_guard.rules._facts import listed
from migrate_guard.rules._places import newest
from migrate_guard.span import Span

if TYPE_CHECKING:
    from migrate_guard.evidence.database.state import DatabaseEvidence
    from migrate_guard.schema.compare import Difference


@project_rule(severity=Severity.WARNING, needs="database")
def database_drift(view: ProjectView) -> Iterator[Problem]:
    """The database differs from what its revision says: somebody changed it by hand, or a run half failed."""
    for one in view.databases:
        for difference in one.differences:
            yield Problem(
                _message(difference, one.title),
                label="created here",
                help="make the same change in a migration, or take it back in the database",
                notes=(f"it is at {listed(one.revisions, 4) or 'no revision'}",),
                span=_span(view, one, difference),
                severity=Severity.ERROR if difference.right is None and not difference.aspect else None,
                subject=f"{difference.kind} {difference.table or ''} {difference.name} {difference.aspect}",
            )


def _span(view: ProjectView, one: DatabaseEvidence, difference: Difference) -> Span:
    known = None if difference.table is None else one.created.get(difference.table)
    return newest(view) if known is None else known


def _message(one: Difference, where: str) -> str:
    of = f" of {one.table}" if one.table is not None and one.kind != "table" else ""
    what = f"{one.kind} {one.name}{of}"
    if one.aspect:
        return f"{where}: {one.aspect} of {what} is {_value(one.right)} and should be {_value(one.left)}"
    if one.right is None:
        return f"{where} lacks {what}"
    return f"{where} has {what}, which no migration made"


def _value(text: str | None) -> str:
    return "not given" if text is None else text
