"""Revisions that follow another one than when they were merged."""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.finding import Problem, Severity
from migrate_guard.project.script import Script
from migrate_guard.rule import ProjectView, project_rule
from migrate_guard.rules._facts import listed
from migrate_guard.rules._places import header


@project_rule(severity=Severity.ERROR)
def merged_revision_reparented(view: ProjectView) -> Iterator[Problem]:
    """Databases that have run a merged revision do not run what comes before it only now."""
    changes = view.changes
    if changes is None:
        return
    for kept in changes.kept:
        script, was = kept.now, kept.bases[0]
        if any(_before(base) == _before(script) for base in kept.bases):
            continue
        if not changes.new.isdisjoint([*script.down_revisions, *script.depends_on]):
            continue  # revision-inserted says it of the new one
        yield Problem(
            f"{script.revision} follows {_named(script)}, and {_named(was)} on {changes.base}: "
            "databases that have run it do not run what comes before it now",
            label=f"another parent than on {changes.base}",
            help=f"let it follow the one that it was merged with:\n    {_line(was)}",
            span=header(script, "down_revision" if _parents(was) != _parents(script) else "depends_on"),
            subject=script.revision,
        )


def _before(script: Script) -> tuple[frozenset[str], frozenset[str]]:
    return _parents(script), frozenset(script.depends_on)


def _parents(script: Script) -> frozenset[str]:
    return frozenset(script.down_revisions)


def _named(script: Script) -> str:
    names = (*script.down_revisions, *script.depends_on)
    return listed(names) if names else "nothing"


def _line(script: Script) -> str:
    parents = script.down_revisions
    value: object = parents if len(parents) > 1 else next(iter(parents), None)
    return f"down_revision = {value!r}".replace("'", '"')
