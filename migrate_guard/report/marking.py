"""Text of a project inside Markdown as GitHub reads it, so that it shows as it is and does nothing.

What is special: the specification of GitHub Flavored Markdown. On top of it GitHub makes links of `@name` and
`#1` in what is shown, and tells the people so named; nothing but a character between prevents that.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from migrate_guard.finding import Finding, Severity
from migrate_guard.pattern import pattern
from migrate_guard.report.terminal import visible, visible_line

SIGNS = {Severity.ERROR: "🔴", Severity.WARNING: "🟠", Severity.INFO: "🔵"}

_PUNCTUATION = pattern(r"([!#$&()*+.<=>@\[\\\]_`{|}~-])")
_MENTION = pattern(r"(?<=[@#])(?=[\w-])")
_APART = "&#8203;"  # a space of no width
_FENCE = pattern(r"`{3,}")


def inline(text: str) -> str:
    """Return a text as one line of Markdown that shows it; it fits into the cell of a table."""
    line = " ".join(visible_line(text).split())
    return _PUNCTUATION.sub(r"\\\1", _MENTION.sub("\0", line)).replace("\0", _APART)


def html(text: str) -> str:
    """Return a text as one line of HTML inside Markdown."""
    line = " ".join(visible_line(text).split())
    return escape(_MENTION.sub("\0", line)).replace("\0", _APART)


def fenced(text: str, language: str = "") -> str:
    """Return lines as a block of code, in a fence longer than any in it."""
    shown = visible(text)
    longest = max((len(found) for found in _FENCE.findall(shown)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}{language}\n{shown}\n{fence}"


def waits(finding: Finding) -> list[str]:
    """Return what the statement of a finding makes the application wait for, and how long that can last."""
    dialects = {lock.dialect for lock in finding.locks}
    return [
        f"{lock.blocks} on {lock.table} ({lock.name}{f', {lock.dialect}' if len(dialects) > 1 else ''}): "
        + (
            "as long as work on the rows takes"
            if lock.long
            else "until running transactions and this one end"
        )
        for lock in finding.locks
    ]


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    """Return the lines of a table; the cells are Markdown without newlines."""
    names = list(head)
    lines = [names, ["---"] * len(names), *(list(row) for row in rows)]
    return [f"| {' | '.join(line)} |" for line in lines]
