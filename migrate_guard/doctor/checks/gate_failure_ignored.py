"""A gate that lets everything pass."""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.doctor.look import Look
from migrate_guard.doctor.model import Diagnosis
from migrate_guard.doctor.read.outcome import ignored

_NAME = "gate-failure-ignored"


def gate_failure_ignored(look: Look) -> Iterator[Diagnosis]:
    """The findings of `migrate-guard check` have no consequence."""
    for script, command, around, arguments in look.gates:
        reason = ignored(script, command, around)
        if reason is not None:
            help_ = " ".join(("migrate-guard check", *arguments))
            yield Diagnosis(
                _NAME, script.path, command.line, f"whatever the gate finds passes: {reason}", help_
            )
        elif "--exit-zero" in arguments:
            rest = " ".join(one for one in arguments if one != "--exit-zero")
            yield Diagnosis(
                _NAME,
                script.path,
                command.line,
                "whatever the gate finds passes: with --exit-zero it ends with 0",
                f"migrate-guard check {rest}".rstrip(),
            )
    for job in look.contents.jobs:
        for step, arguments in look.gate_steps(job):
            line = step.forgiven or job.forgiven
            if line is not None:
                message = f"the job {job.name} is green whatever the gate finds"
                yield Diagnosis(_NAME, job.path, line, message, "delete this line")
            elif step.script is None and "--exit-zero" in arguments:
                message = "whatever the gate finds passes: with --exit-zero it ends with 0"
                yield Diagnosis(_NAME, job.path, step.line, message, "take --exit-zero out of the arguments")
