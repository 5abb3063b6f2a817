"""Which commits a branch is held against: the base that was named, or the one that CI says."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

from migrate_guard.errors import GuardError
from migrate_guard.project.git.repository import Repository
from migrate_guard.record import dataclass

AUTO = "auto"
_SHORT = 12
_FETCH_ALL = {
    "github": "under `with:` of actions/checkout, add: fetch-depth: 0",
    "gitlab": 'under `variables:` of the job, add: GIT_DEPTH: "0"',
}


@dataclass(frozen=True, slots=True)
class Base:
    """A base as it is named: `name` is how reports call it, `refs` are what git may know it by, best first.

    `source` is the variable or flag that it comes from.
    """

    name: str
    refs: tuple[str, ...]
    source: str = "--base"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a branch stands: the ids of the base's newest commit and of the commits where it left the base.

    Those are several where both have been merged into each other.
    """

    name: str
    tip: str
    forks: tuple[str, ...]


def named_base(base: str, environ: Mapping[str, str]) -> Base:
    """Return the base that a user named; `auto` is the one that CI says in its variables.

    Raise `GuardError` if CI says none.
    """
    if base != AUTO:
        return Base(base, (base,))
    branch = environ.get("GITHUB_BASE_REF")
    if branch:
        return Base(f"origin/{branch}", (f"origin/{branch}",), "GITHUB_BASE_REF")
    if environ.get("GITHUB_EVENT_NAME") == "merge_group":
        return _merge_group(environ.get("GITHUB_EVENT_PATH", ""))
    commit = environ.get("CI_MERGE_REQUEST_DIFF_BASE_SHA")
    if commit:
        return _merge_request(commit, environ.get("CI_MERGE_REQUEST_TARGET_BRANCH_NAME"))
    raise GuardError(
        "--base auto found no base: neither GITHUB_BASE_REF nor CI_MERGE_REQUEST_DIFF_BASE_SHA is set, "
        "and the event is no merge_group",
        "name the branch that this one will be merged into: --base origin/main",
    )


def _merge_group(path: str) -> Base:
    try:
        event = json.loads(Path(path).read_text(encoding="utf-8"))
        group = event["merge_group"]
        commit, branch = str(group["base_sha"]), str(group.get("base_ref") or group["base_sha"])
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise GuardError(
            f"GITHUB_EVENT_PATH: {path or 'it is not set'}: holds no merge_group.base_sha",
            "name the base: --base ${{ github.event.merge_group.base_sha }}",
        ) from error
    return Base(branch.removeprefix("refs/heads/"), (commit,), "merge_group.base_sha")


def _merge_request(commit: str, branch: str | None) -> Base:
    """Prefer the target branch, where it was fetched: it also has what came after the branch left it."""
    if branch:
        return Base(branch, (f"origin/{branch}", commit), "CI_MERGE_REQUEST_DIFF_BASE_SHA")
    return Base(commit[:_SHORT], (commit,), "CI_MERGE_REQUEST_DIFF_BASE_SHA")


def stand(repository: Repository, base: Base, environ: Mapping[str, str]) -> Standing:
    """Return where HEAD stands towards a base. Raise `GuardError` where git cannot tell."""
    head = repository.head()
    tips = [tip for tip in map(repository.commit, base.refs) if tip is not None]
    if not tips:
        raise _missing(repository, base, environ)
    for tip in tips:
        forks = repository.merge_bases(head, tip)
        if forks:
            return Standing(base.name, tip, forks)
    raise _apart(repository, base, environ)


def _missing(repository: Repository, base: Base, environ: Mapping[str, str]) -> GuardError:
    (ref, *_) = base.refs
    origin = "" if base.source == "--base" else f" (from {base.source})"
    message = f"{repository.shown}: git does not know the base {ref}{origin}"
    if repository.commit(f"origin/{ref}") is not None:
        return GuardError(message, f"did you mean --base origin/{ref}?")
    everything = _fetch_everything(environ)
    if everything is not None and (repository.shallow or ref.startswith("origin/")):
        return GuardError(message, everything)
    remote, slash, branch = ref.partition("/")
    if slash and remote == "origin":
        return GuardError(message, f"git fetch origin {branch}")
    if base.source == "--base" and os.path.exists(ref):  # noqa: PTH110  # unlike Path.exists, never raises
        return GuardError(message, f"git fetch origin {ref}, or if it is a path: --base=auto {ref}")
    return GuardError(message, f"git fetch origin {ref}")


def _apart(repository: Repository, base: Base, environ: Mapping[str, str]) -> GuardError:
    if repository.shallow:
        return GuardError(
            f"{repository.shown}: the clone is shallow and does not reach back to where the branch left "
            f"{base.name}",
            _fetch_everything(environ) or "git fetch --unshallow origin",
        )
    return GuardError(
        f"{repository.shown}: HEAD and {base.name} have no commit in common",
        "name the branch that this one will be merged into: --base origin/main",
    )


def _fetch_everything(environ: Mapping[str, str]) -> str | None:
    """Return the line that makes CI fetch the whole history, `None` outside of the CI systems we know."""
    if environ.get("GITHUB_ACTIONS"):
        return _FETCH_ALL["github"]
    return _FETCH_ALL["gitlab"] if environ.get("GITLAB_CI") else None
