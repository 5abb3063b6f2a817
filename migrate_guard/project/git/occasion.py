"""What pre-commit is run for, and therefore what a run judges: a commit, a range of commits, everything."""

from __future__ import annotations

from collections.abc import Mapping

from migrate_guard.config import Config
from migrate_guard.errors import GuardError
from migrate_guard.project.git.repository import open_repository
from migrate_guard.record import replace

_FROM, _TO = "PRE_COMMIT_FROM_REF", "PRE_COMMIT_TO_REF"


def for_pre_commit(config: Config, environ: Mapping[str, str]) -> Config:
    """Return the settings for what pre-commit is run for, in the variables that it gives to its hooks.

    With `--from-ref`, and before a push, what that commit does not have is judged; otherwise what is staged.
    Where nothing is staged it runs with `--all-files`, which it does not say, and what the configuration
    names is judged. A base that the user named stays. Raise `GuardError` where git cannot tell, and for a
    range of commits that does not end with the one that is checked out.
    https://pre-commit.com/#pre-commit-during-push
    """
    repository = open_repository(config.root, "this directory", index=True)
    if repository is None:
        raise GuardError(
            "this directory is not in a git repository, which says what is staged",
            "leave out --pre-commit to judge everything",
        )
    start, end = environ.get(_FROM), environ.get(_TO)
    if not start:
        return replace(config, staged=True) if config.staged or repository.staged() else config
    if end and repository.commit(end) != repository.head():
        raise GuardError(
            f"{_TO}: {end} is not what is checked out, and its files cannot be read", f"git checkout {end}"
        )
    return replace(config, base=config.base or start)
