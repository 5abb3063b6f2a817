"""The whole pipeline on one screen: project → evaluate → rules → verdict."""

from __future__ import annotations

from migrate_guard.config import Config
from migrate_guard.judgement import Judgement, Summary


def check(config: Config) -> Judgement:
    """Judge the revisions that the configuration names.

    Raise `GuardError` when it cannot look: nothing found, an unreadable configuration, an unknown
    revision in `since`.
    """
    del config
    return Judgement((), Summary(()))
