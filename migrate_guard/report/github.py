"""The GitHub report: workflow commands that become annotations on the lines of a pull request.

Commands and their escapes: GitHub's manual, "Workflow commands for GitHub Actions", and
`toolkit/packages/core/src/command.ts`, which is what reads them.
"""

from __future__ import annotations

from migrate_guard.finding import Finding, Severity
from migrate_guard.judgement import Judgement
from migrate_guard.report.concise import concise_line
from migrate_guard.report.formats import Context
from migrate_guard.report.places import from_root
from migrate_guard.report.summary import counting, worst_first
from migrate_guard.report.terminal import visible

LIMIT = 10
"""How many annotations of each kind GitHub shows per step; it drops the rest without a word."""

_KINDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def render(judgement: Judgement, context: Context) -> str:
    """Return the annotations."""
    return github(judgement, context.prefix)


def github(judgement: Judgement, prefix: str = "") -> str:
    """Return one command per finding, worst first, at most ten of each kind; the others as plain lines.

    `prefix` is the path from the repository's root to the working directory, with `/` at its end: GitHub
    resolves paths from that root.
    """
    left = dict.fromkeys(_KINDS, LIMIT)
    commands, more = [], []
    for finding in worst_first(counting(judgement.findings)):
        left[finding.severity] -= 1
        if left[finding.severity] >= 0:
            commands.append(_command(finding, prefix))
        else:
            more.append(f"- {_plain(concise_line(finding))}")
    if more:
        more.append(f"{len(more)} more, listed above: GitHub shows {LIMIT} annotations of a kind per step.")
    return "".join(line + "\n" for line in commands + more)


def _command(finding: Finding, prefix: str) -> str:
    span = finding.span
    place = {"file": from_root(prefix, span.path), "line": str(span.line), "endLine": str(span.end_line)}
    if span.line == span.end_line:
        # GitHub refuses columns of an annotation that spans lines.
        place |= {"col": str(span.column), "endColumn": str(span.end_column)}
    place["title"] = finding.rule
    properties = ",".join(f"{name}={_property(visible(value))}" for name, value in place.items())
    return f"::{_KINDS[finding.severity]} {properties}::{_data(visible(_message(finding)))}"


def _message(finding: Finding) -> str:
    parts = [finding.message, finding.help or "", *finding.notes]
    return "\n\n".join(part for part in parts if part)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _plain(line: str) -> str:
    """Return a line that the runner cannot take for a command: `##[` is one anywhere in a line."""
    return line.replace("##[", "## [")
