"""Databases whose revision leads nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from migrate_guard.finding import Problem, Severity
from migrate_guard.project.commands import typed
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
            message, advice = _words(one, view)
            yield Problem(
                f"{one.title} {message}",
                help=advice,
                span=newest(view),
                subject=f"{one.title} {one.standing}",
            )


def _words(one: DatabaseEvidence, view: ProjectView) -> tuple[str, str]:
    if one.standing == "unknown":
        message = f"is at {listed(one.strangers, _SHOWN)}, which no file here declares"
        advice = "get the files of the branch that was deployed there; if another revision took its place"
        return message, f"{advice}: {_typed(view, 'stamp', '--purge', '<revision>')}"
    if one.standing == "unversioned":
        message = "has tables and no revision: `upgrade` would create what is there already"
        command = _typed(view, "stamp", "<revision>")
        return message, f"if create_all() made them, say which revision they are like: {command}"
    message = f"is at {listed(one.revisions, _SHOWN)}, of which one comes before another"
    return message, "delete the row of the older revision from the version table"


def _typed(view: ProjectView, *words: str) -> str:
    return typed(view.environment, view.root, *words)
