"""`alembic upgrade heads`, the plural."""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.doctor.look import Look
from migrate_guard.doctor.model import Diagnosis


def upgrade_heads(look: Look) -> Iterator[Diagnosis]:
    """`heads` upgrades along every branch, so that two heads which nobody meant go out unnoticed."""
    if any(_has_branches(look)):
        return
    for script, command, _, made in look.migrations:
        if made.verb == "upgrade" and made.target == "heads":
            yield Diagnosis(
                "upgrade-heads",
                script.path,
                command.line,
                "`heads` is every head: two revisions that were written side by side are both run, in an "
                "order that nobody chose, where `head` would stop and say so",
                f"{made.tool} upgrade head",
            )


def _has_branches(look: Look) -> Iterator[bool]:
    """Tell of each environment whether it has several branches on purpose, which only `heads` upgrades."""
    for _, graph in look.environments:
        labels = any(script.branch_labels or script.depends_on for script in graph.scripts.values())
        yield labels or len(graph.bases) > 1
