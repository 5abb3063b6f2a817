"""The summary of a job on GitHub: every finding, also those beyond the number of annotations it shows.

Its limits: GitHub's manual, "Workflow commands for GitHub Actions", "Step isolation and limits".
"""

from __future__ import annotations

from migrate_guard.finding import Finding
from migrate_guard.judgement import Judgement
from migrate_guard.report.formats import Context
from migrate_guard.report.marking import SIGNS, inline, table, waits
from migrate_guard.report.places import from_root
from migrate_guard.report.summary import counting, not_checked, outcome, plural, worst_first

LIMIT = 1_048_576
"""How many bytes a step may write; GitHub refuses a longer summary whole."""

_HEAD = ("", "where", "what will happen", "what has to wait")
_LONGEST = 500
_MARGIN = 200


def step_summary(judgement: Judgement, context: Context, room: int) -> str:
    """Return Markdown of at most `room` bytes: what came out, what was not checked, a table, worst first."""
    unseen = [f"Not checked: {inline(what[:_LONGEST])}" for what in not_checked(judgement)[:20]]
    head = [
        "## migrate-guard",
        "",
        f"{inline(outcome(judgement))}.",
        "",
        *(f"- {line}" for line in unseen),
        "",
    ]
    rows = [
        table(_HEAD, [_row(finding, context)])[-1] for finding in worst_first(counting(judgement.findings))
    ]
    top = [*head, *table(_HEAD, [])] if rows else head
    left = room - sum(map(_size, top)) - _MARGIN
    if left < 0:
        return ""
    for number, row in enumerate(rows):
        left -= _size(row)
        if left < 0:
            more = f"{plural(len(rows) - number, 'more finding')}, for which there is no room here."
            return "\n".join([*top, *rows[:number], "", more, ""])
    return "\n".join([*top, *rows, ""])


def _size(line: str) -> int:
    return len(line.encode(errors="backslashreplace")) + 1


def _row(finding: Finding, context: Context) -> tuple[str, ...]:
    place = from_root(context.prefix, finding.span.path)
    said = f"{inline(finding.message)} ({inline(finding.rule)})"
    held = "<br>".join(inline(line) for line in waits(finding))
    return (SIGNS[finding.severity], f"{inline(place)}:{finding.span.line}", said, held or "—")
