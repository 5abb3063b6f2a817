"""Ignore comments that cannot mean what they seem to say."""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.errors import nearest
from migrate_guard.finding import Problem, Severity
from migrate_guard.rule import SuppressionView, suppression_rule


@suppression_rule(severity=Severity.ERROR)
def invalid_suppression(view: SuppressionView) -> Iterator[Problem]:
    """An ignore comment that names no rule, an unknown one or a family, does not silence what it should."""
    comment = view.comment
    if comment.fault:
        yield Problem(comment.fault, label="not understood", help=comment.hint, subject=comment.fault)
    for name in comment.rules:
        if view.families.get(name) == "suppression":
            yield Problem(
                f"{name} is about comments and cannot be ignored by one",
                help=f'name it in the configuration: ignore = ["{name}"]',
                subject=name,
            )
        elif name in view.families.values():
            rules = ", ".join(rule for rule, family in sorted(view.families.items()) if family == name)
            yield Problem(
                f"{name} is a family; a comment names single rules",
                label="ignores nothing",
                help=f"name the ones that are meant: {rules}",
                subject=name,
            )
        elif name not in view.families:
            near = nearest(name, view.families)
            yield Problem(
                f"there is no rule {name}",
                label="ignores nothing",
                help=f"did you mean {near}?" if near else "`migrate-guard rules` lists them",
                subject=name,
            )
