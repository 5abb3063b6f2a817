"""The source lines under a finding, with carets: the middle part of the text report."""

from __future__ import annotations

from collections.abc import Sequence

from migrate_guard.finding import Severity
from migrate_guard.record import dataclass
from migrate_guard.report.terminal import Style, cells, visible_line
from migrate_guard.span import Span

MOST_LINES = 6
HEAD, TAIL = 3, 1
_MARGIN = 10
_CUT = "…"


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A piece of source to show: the file's lines, where in them, what to say beside the carets.

    `gutter` is the width of the column of line numbers.
    """

    lines: Sequence[str]
    span: Span
    label: str
    gutter: int
    severity: Severity

    def render(self, style: Style) -> list[str]:
        """Return the lines of the excerpt between two empty gutter lines; none if there is no source."""
        last = min(self.span.end_line, len(self.lines))
        if not 0 < self.span.line <= last:
            return []
        empty = self._gutter("", style).rstrip()
        body = self._one(style) if last == self.span.line else self._many(last, style)
        return [empty, *body, empty]

    def _gutter(self, number: str, style: Style) -> str:
        return style.paint(f"{number:>{self.gutter}} |", "blue") + " "

    def _one(self, style: Style) -> list[str]:
        span, line = self.span, self.lines[self.span.line - 1]
        end = span.end_column if span.end_line == span.line else len(line) + 1
        room = max(style.width - self.gutter - 3, 20)
        shown, start, stop = _fit(line, span.column - 1, end - 1, room)
        marks = " " * start + style.severity("^" * (stop - start) + self._label(), self.severity)
        number = self._gutter(str(span.line), style)
        return [(number + shown).rstrip(), self._gutter("", style) + marks]

    def _many(self, last: int, style: Style) -> list[str]:
        room = max(style.width - self.gutter - 5, 20)
        numbers = list(range(self.span.line, last + 1))
        cut = len(numbers) > MOST_LINES
        shown = []
        for number in [*numbers[:HEAD], *numbers[-TAIL:]] if cut else numbers:
            if cut and number == numbers[-TAIL]:
                shown.append(style.paint("...", "blue") + " " * self.gutter + self._bar("|", style))
            line = self.lines[number - 1]
            bar = self._bar("/" if number == self.span.line else "|", style)
            text = _fit(line, 0, 0, room)[0]
            shown.append(f"{self._gutter(str(number), style)}{bar} {text}".rstrip())
        shown.append(self._foot(last, room, style))
        return shown

    def _foot(self, last: int, room: int, style: Style) -> str:
        line = self.lines[last - 1]
        column = self.span.end_column - 1 if self.span.end_line == last else len(line)
        before = sum(width for _, width in cells(line[: max(column - 1, 0)]))
        tail = "|" + "_" * (min(before, room - 1) + 1) + "^" + self._label()
        return self._gutter("", style) + style.severity(tail, self.severity)

    def _bar(self, sign: str, style: Style) -> str:
        return style.severity(sign, self.severity)

    def _label(self) -> str:
        return f" {visible_line(self.label)}" if self.label else ""


def _fit(line: str, start: int, end: int, room: int) -> tuple[str, int, int]:
    """Return a line as it is shown in `room` columns, and the columns of its characters start to end.

    A longer line is cut so that the marked part begins inside, with a sign where something is left out.
    The marked part is at least one column wide.
    """
    shown = list(cells(line))
    start, end = min(start, len(shown)), min(end, len(shown))
    before, marked = _total(shown[:start]), max(_total(shown[start:end]), 1)
    if before + marked < room or _total(shown) <= room:
        first, begin = 0, before
    else:
        first = start
        while first > 0 and _total(shown[first - 1 : start]) <= _MARGIN:
            first -= 1
        begin = _total(shown[first:start]) + (1 if first else 0)
    text = _cut(shown[first:], room - (1 if first else 0))
    return (_CUT if first else "") + text, begin, min(begin + marked, max(room, begin + 1))


def _cut(shown: Sequence[tuple[str, int]], room: int) -> str:
    """Return as much of a line as fits into `room` columns, with a sign if that is not all."""
    if _total(shown) <= room:
        return "".join(text for text, _ in shown)
    kept, width = "", 0
    for text, size in shown:
        if width + size > room - 1:
            break
        kept, width = kept + text, width + size
    return kept + _CUT


def _total(shown: Sequence[tuple[str, int]]) -> int:
    return sum(width for _, width in shown)
