"""The Code Quality report: what GitLab shows in a merge request and in its diff.

Its form: GitLab's manual, "Code Quality", section "Code Quality report format".
"""

from __future__ import annotations

import json
from collections import Counter

from migrate_guard.finding import Finding, Severity
from migrate_guard.judgement import Judgement
from migrate_guard.report.formats import Context
from migrate_guard.report.places import from_root
from migrate_guard.report.summary import counting
from migrate_guard.report.terminal import visible_line

_SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "major", Severity.INFO: "info"}


def render(judgement: Judgement, context: Context) -> str:
    """Return the findings that count as a JSON array of ASCII characters, ending in a newline."""
    seen: Counter[str] = Counter()
    issues = []
    for finding in counting(judgement.findings):
        again = seen[finding.fingerprint]
        seen[finding.fingerprint] += 1
        issues.append(_issue(finding, again, context.prefix))
    return json.dumps(issues, indent=2) + "\n"


def _issue(finding: Finding, again: int, prefix: str) -> dict[str, object]:
    """Return one issue. GitLab drops all but one of those with the same fingerprint."""
    return {
        "check_name": finding.rule,
        "description": visible_line(f"{finding.rule}: {finding.message}"),
        "fingerprint": f"{finding.fingerprint}-{again}" if again else finding.fingerprint,
        "severity": _SEVERITIES[finding.severity],
        "location": {
            "path": visible_line(from_root(prefix, finding.span.path)),
            "lines": {"begin": finding.span.line},
        },
    }
