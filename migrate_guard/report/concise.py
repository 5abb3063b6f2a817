"""The concise report: one line per finding, in the form that editors and `grep` understand."""

from __future__ import annotations

from migrate_guard.finding import Finding
from migrate_guard.judgement import Judgement
from migrate_guard.report.formats import Context
from migrate_guard.report.summary import counting
from migrate_guard.report.terminal import visible_line


def render(judgement: Judgement, context: Context) -> str:
    """Return the concise report."""
    del context
    return concise(judgement)


def concise(judgement: Judgement) -> str:
    """Return `path:line:column: severity[rule] message`, one line per finding that counts."""
    return "".join(concise_line(finding) + "\n" for finding in counting(judgement.findings))


def concise_line(finding: Finding) -> str:
    """Return one finding in one line."""
    message = " ".join(finding.message.split())
    return visible_line(f"{finding.span}: {finding.severity}[{finding.rule}] {message}")
