"""Raw SQL that PostgreSQL itself does not parse."""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.evaluate.outcome import Direction
from migrate_guard.evaluate.sql import libpg
from migrate_guard.finding import Confidence, Problem, Severity
from migrate_guard.operations import Operation
from migrate_guard.rule import RevisionView, Step, revision_rule

_HOLE = "…"
"""What stands in the text of a statement for a part that is not known."""

_DIRECTIONS: tuple[Direction, ...] = ("upgrade", "downgrade")


@revision_rule(severity=Severity.ERROR, dialects={"postgresql"}, needs="libpg_query")
def sql_syntax_error(view: RevisionView) -> Iterator[Problem]:
    """SQL that PostgreSQL does not parse ends the migration; it is told with `migrate-guard[postgresql]`."""
    seen: set[tuple[object, str]] = set()
    for direction in _DIRECTIONS:
        for step in view.steps(direction):
            operation = step.operation
            if operation.sql is None or (operation.span, operation.sql.text) in seen:
                continue
            if _HOLE in operation.sql.text:
                continue
            seen.add((operation.span, operation.sql.text))
            yield from _problem(step, operation.sql.text)


def _problem(step: Step[Operation], text: str) -> Iterator[Problem]:
    try:
        error = libpg.syntax_error(text)
    except libpg.NotInstalledError:
        return
    if error is None:
        return
    message, offset = error
    line = text[:offset].count("\n") + 1
    where = f" (line {line} of the statement)" if "\n" in text.strip() else ""
    yield Problem(
        f"PostgreSQL does not parse this: {message}{where}",
        label="this statement fails",
        help="if it is meant for another database, name that with --dialect, or check the dialect around it",
        span=step.operation.span,
        subject=text,
        confidence=Confidence.POSSIBLE if step.operation.conditional else None,
    )
