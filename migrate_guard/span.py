"""Places in files: the currency in which every layer says where something is."""

from __future__ import annotations

from typing import NamedTuple


class Span(NamedTuple):
    """A stretch of one file, as an editor shows it.

    `path` is relative to the working directory where that is possible and uses `/` on every system.
    Lines and columns count from 1; columns count characters, not bytes; `end_column` is exclusive.
    """

    path: str
    line: int
    column: int
    end_line: int
    end_column: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


def whole_line(path: str, line: int) -> Span:
    """Return a span for a line of which no column is known."""
    return Span(path, line, 1, line, 1)
