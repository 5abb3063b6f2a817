"""An upgrade whose failure has no consequence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from migrate_guard.doctor.look import Look
from migrate_guard.doctor.model import Diagnosis
from migrate_guard.doctor.read.model import Script
from migrate_guard.doctor.read.outcome import ignored
from migrate_guard.doctor.read.shell import Command
from migrate_guard.doctor.read.words import Migration, is_server


def _remedy(script: Script, around: Sequence[Command], made: Migration) -> str:
    server = next((" ".join(one.words) for one in around if is_server(one.words)), None)
    if script.kind == "shell" or server is None:
        return f"set -e\n{made.shown}" if script.kind == "shell" else made.shown
    return f"{made.shown} && {server}"


def upgrade_failure_ignored(look: Look) -> Iterator[Diagnosis]:
    """The deploy goes on after an upgrade that failed, with code that the database does not fit."""
    for script, command, around, made in look.migrations:
        if made.verb != "upgrade":
            continue
        reason = ignored(script, command, around)
        if reason is not None:
            yield Diagnosis(
                "upgrade-failure-ignored",
                script.path,
                command.line,
                f"a failed `{made.tool} upgrade` is not noticed: {reason}",
                _remedy(script, around, made),
            )
    for job in look.contents.jobs:
        for step in job.steps:
            line = step.forgiven or job.forgiven
            own = [made for script, _, _, made in look.migrations if script is step.script]
            if line is not None and any(made.verb == "upgrade" for made in own):
                yield Diagnosis(
                    "upgrade-failure-ignored",
                    job.path,
                    line,
                    f"the job {job.name} is green although its upgrade failed",
                    "delete this line",
                )
