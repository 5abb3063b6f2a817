"""Revisions whose upgrade does nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from migrate_guard.finding import Problem, Severity
from migrate_guard.pattern import pattern
from migrate_guard.project.commands import generating
from migrate_guard.project.script import Script
from migrate_guard.rule import RevisionView, revision_rule
from migrate_guard.rules._places import definition

_WORDS = pattern(r"\b(empty|no-?op|dummy|placeholder|merge|squash(ed)?|baseline)\b", re.IGNORECASE)


@revision_rule(severity=Severity.WARNING)
def empty_migration(view: RevisionView) -> Iterator[Problem]:
    """An upgrade that does nothing is mostly an autogenerate that saw no models."""
    script = view.script
    if not view.upgrade.defined or not view.upgrade.empty or _is_meant(script):
        return
    lacking = _lacking(view)
    yield Problem(
        f"this revision changes nothing{lacking and f', and it does not contain {lacking}'}",
        label="nothing happens here",
        help=_help(view, bool(lacking)),
        span=definition(view, "upgrade"),
        subject="upgrade",
    )


def _lacking(view: RevisionView) -> str:
    """Return in what the models differ from the migrations where this is the newest of them, or nothing."""
    models = view.project.models
    is_newest = view.script.revision in view.graph.heads
    return models.listed() if models is not None and is_newest else ""


def _help(view: RevisionView, lacks: bool) -> str:
    if lacks:
        return (
            "it was generated before the models were changed, or without seeing them; generate it again:\n"
            f"    rm {view.script.source.path}\n"
            f"    {generating(view.environment, view.project.root)}"
        )
    return (
        "if models were changed, import them in env.py and generate it again; otherwise delete the file, "
        "or say why it is there:\n"
        "    # migrate-guard: ignore[empty-migration] -- keeps the id of a release"
    )


def _is_meant(script: Script) -> bool:
    """Tell whether the revision joins or starts something, or its message says that it is empty."""
    if script.is_merge or not script.down_revisions or script.branch_labels or script.depends_on:
        return True
    return _WORDS.search(script.message) is not None
