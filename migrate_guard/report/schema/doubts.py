"""What in a snapshot is not certain, and why; shared by all formats."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from migrate_guard.report.summary import plural
from migrate_guard.schema import Table
from migrate_guard.snapshot import Snapshot, Unread

ASSUMED = "the history never creates it: only what its operations name is shown"


def reasons(table: Table) -> tuple[str, ...]:
    """Return why a table may be otherwise than shown, none if it is certain."""
    assumed = (ASSUMED,) if table.assumed else ()
    return (*assumed, *dict.fromkeys(table.doubts))


def unread_line(unread: Unread) -> str:
    """Return something that could not be read in one line."""
    place = f"{unread.span.path}:{unread.span.line}: {unread.reason}"
    if unread.may_touch is None:
        return f"{place}; it may touch anything"
    return f"{place}; it may touch {', '.join(map(str, unread.may_touch))}"


def general(snapshot: Snapshot) -> Iterator[str]:
    """Go through what is uncertain of the schema as a whole, apart from single tables."""
    if snapshot.schema.doubts_left_out:
        yield f"{plural(snapshot.schema.doubts_left_out, 'earlier doubt')} about the whole schema"
    yield from dict.fromkeys(snapshot.schema.doubts)


def numbered(lines: Iterator[str]) -> Iterator[str]:
    """Go through lines, those that repeat once with their number."""
    for line, number in Counter(lines).items():
        yield line if number == 1 else f"{line} ({number} times)"
