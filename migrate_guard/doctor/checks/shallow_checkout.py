"""A checkout that does not reach back to where the branch left its base."""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.doctor.look import Look
from migrate_guard.doctor.model import Diagnosis
from migrate_guard.doctor.read.model import Job
from migrate_guard.doctor.read.words import has_base

_NAME = "shallow-checkout"


def shallow_checkout(look: Look) -> Iterator[Diagnosis]:
    """A gate with `--base` needs the history, and the checkout before it fetches only the last commits."""
    for job in look.contents.jobs:
        wanted = [
            step for step, args in look.gate_steps(job) if has_base(args) or look.config.base is not None
        ]
        if not wanted or _fetches(job):
            continue
        if job.kind == "gitlab":
            if job.depth != "0":
                shown = f"GIT_DEPTH is {job.depth}" if job.depth else "GitLab fetches the last 20 commits"
                yield Diagnosis(_NAME, job.path, job.line, _message(shown), 'variables:\n  GIT_DEPTH: "0"')
            continue
        position = job.steps.index(wanted[0])
        checkouts = [one for one in job.steps[:position] if one.uses.partition("@")[0] == "actions/checkout"]
        if checkouts and checkouts[-1].inputs.get("fetch-depth", "1") != "0":
            depth = checkouts[-1].inputs.get("fetch-depth")
            shown = f"fetch-depth is {depth}" if depth else "actions/checkout fetches one commit"
            yield Diagnosis(_NAME, job.path, checkouts[-1].line, _message(shown), "with:\n  fetch-depth: 0")


def _message(depth: str) -> str:
    return (
        f"{depth}: git does not find where the branch left its base, so the gate ends with exit code 2 "
        "and judges nothing"
    )


def _fetches(job: Job) -> bool:
    """Tell whether the job fetches the history itself."""
    for step in job.steps:
        for command in step.script.commands if step.script is not None else ():
            if command.words[:2] == ("git", "fetch"):
                return True
    return False
