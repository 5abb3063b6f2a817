"""Write the revisions that are missing between the models and the histories, one for each environment."""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.check.evidence import at_heads, loading
from migrate_guard.check.opening import Opened, open_environments
from migrate_guard.config import Config
from migrate_guard.errors import GuardError
from migrate_guard.evaluate.histories import histories
from migrate_guard.evidence.models.writing import Wanted, Written, write_revision
from migrate_guard.project import find_environments


def write_revisions(config: Config, message: str | None, hooks: bool) -> Iterator[Written]:
    """Write what the models need and the histories lack, and give what was written for each environment.

    `message` is that of the revisions; `hooks` tells whether Alembic's post-write hooks run. Raise
    `GuardError` where there are several heads, the models cannot be loaded or a file cannot be made;
    nothing is written in that environment then.
    """
    opened = open_environments(find_environments(config), config)
    for one in opened:
        _check_heads(one)
    for one in opened:
        variants = histories(one.environment, one.graph, config.root)
        replays = [at_heads(variant, one.graph) for variant in variants]
        wanted = Wanted(message, hooks)
        yield write_revision(one.environment, replays, config.models, wanted, loading(config), config.root)


def _check_heads(one: Opened) -> None:
    heads = one.graph.heads
    if len(heads) > 1:
        raise GuardError(
            f"{one.environment.name} has {len(heads)} heads ({', '.join(heads)}): a new revision follows one",
            f"merge them first: {one.environment.command} merge heads",
        )
