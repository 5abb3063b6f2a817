"""The exit code: what a run's judgement means to the shell and to CI."""

from __future__ import annotations

from migrate_guard.finding import Severity
from migrate_guard.judgement import Judgement

CLEAN = 0
FINDINGS = 1
COULD_NOT_CHECK = 2


def exit_code(judgement: Judgement, fail_on: Severity | None) -> int:
    """Return 0, 1 for findings at or above `fail_on`, or 2 when something could not be looked at.

    `None` for `fail_on` means that no finding fails the run. Suppressed findings do not count.
    """
    if judgement.internal_errors or judgement.skipped:
        return COULD_NOT_CHECK
    if fail_on is None:
        return CLEAN
    counting = (finding.severity for finding in judgement.findings if finding.suppressed is None)
    return FINDINGS if any(severity >= fail_on for severity in counting) else CLEAN
