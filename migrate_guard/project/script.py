"""One revision file: its text, its syntax tree and its header."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from pathlib import Path

from migrate_guard.span import Span


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """The text of a Python file; `path` is what reports show, `file` is where it lies."""

    path: str
    file: Path
    text: str
    lines: tuple[str, ...] = field(repr=False)

    def span(self, node: ast.AST) -> Span:
        """Return where a node stands; `ast` counts columns in UTF-8 bytes, spans in characters."""
        line = getattr(node, "lineno", 1)
        end_line = getattr(node, "end_lineno", None) or line
        return Span(
            self.path,
            line,
            self._column(line, getattr(node, "col_offset", 0)),
            end_line,
            self._column(end_line, getattr(node, "end_col_offset", None) or 0),
        )

    def _column(self, line: int, offset: int) -> int:
        text = self.lines[line - 1] if 0 < line <= len(self.lines) else ""
        if text.isascii():
            return offset + 1
        return len(text.encode()[:offset].decode(errors="replace")) + 1


@dataclass(frozen=True, slots=True, eq=False)
class Script:
    """A revision as its file declares it.

    `down_revisions`, `depends_on` and `branch_labels` are tuples however the header spells them.
    `header` maps the header's names to where they are assigned.
    """

    source: Source
    tree: ast.Module
    revision: str
    down_revisions: tuple[str, ...] = ()
    depends_on: tuple[str, ...] = ()
    branch_labels: tuple[str, ...] = ()
    message: str = ""
    header: dict[str, Span] = field(default_factory=dict)

    @property
    def is_merge(self) -> bool:
        """Whether it joins several revisions."""
        return len(self.down_revisions) > 1


@dataclass(frozen=True, slots=True)
class BrokenScript:
    """A file in a versions directory that could not be read as a revision; `reason` says why."""

    span: Span
    reason: str
    hint: str | None = None
