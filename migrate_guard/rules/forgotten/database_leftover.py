"""What interrupted runs leave behind in a database."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from migrate_guard.finding import Problem, Severity
from migrate_guard.rule import ProjectView, project_rule
from migrate_guard.rules._places import newest

if TYPE_CHECKING:
    from migrate_guard.evidence.database.state import Trouble


@project_rule(severity=Severity.WARNING, needs="database")
def database_leftover(view: ProjectView) -> Iterator[Problem]:
    """An earlier run left something behind that the next one trips over or that protects nothing."""
    for one in view.databases:
        for trouble in one.troubles:
            message, advice = _words(trouble)
            yield Problem(f"{one.title}: {message}", help=advice, span=newest(view), subject=trouble.name)


def _words(one: Trouble) -> tuple[str, str]:
    if one.kind == "invalid index":
        return (
            f"index {one.name} of {one.table} is invalid: its build failed, and no query uses it",
            f"DROP INDEX CONCURRENTLY {one.name}; and build it again",
        )
    if one.kind == "not valid":
        return (
            f"constraint {one.name} of {one.table} was never validated: older rows may break it",
            f"ALTER TABLE {one.table} VALIDATE CONSTRAINT {one.name}",
        )
    return (
        f"{one.table} is left from a batch that was interrupted: the next batch on that table fails",
        f"see that the table itself is whole, then DROP TABLE {one.table}",
    )
