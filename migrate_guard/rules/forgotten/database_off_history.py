"""Databases whose revision leads nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from migrate_guard.finding import Problem, Severity
from migrate_guard.rule import ProjectView, project_rule
from migrate_guard.rules._facts import listed
from migrate_guard.rules._places import newest

if TYPE_CHECKING:
    from migrate_guard.evidence.database.state import DatabaseEvidence

_SHOWN = 4


@project_rule(severity=Severity.ERROR, needs="database")
def database_off_history(view: ProjectView) -> Iterator[Problem]:
    """The database stands at no point of the history, so `upgrade` fails or runs what is there already."""
    for one in view.databases:
        if one.standing in ("unknown", "unversioned", "overlapping"):
            message, advice = _words(one, view.environment.command)
            named = f" ({one.database})" if one.database else ""
            yield Problem(
                f"{one.where}{named} {message}",
                help=advice,
                span=newest(view),
                subject=f"{one.where} {one.standing}",
            )


def _words(one: DatabaseEvidence, command: str) -> tuple[str, str]:
    if one.standing == "unknown":
        message = f"is at {listed(one.strangers, _SHOWN)}, which no file here declares"
        advice = "get the files of the branch that was deployed there; if another revision took its place"
        return message, f"{advice}: {command} stamp --purge <revision>"
    if one.standing == "unversioned":
        message = "has tables and no revision: `upgrade` would create what is there already"
        return (
            message,
            f"if create_all() made them, say which revision they are like: {command} stamp <revision>",
        )
    message = f"is at {listed(one.revisions, _SHOWN)}, of which one comes before another"
    return message, "delete the row of the older revision from the version table"
