"""A drawing in the terminal, as `git log --graph` draws commits: a row for each revision, lines beside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from migrate_guard.drawing import Drawing, Layout, Node, Row, lay_out
from migrate_guard.report.graph import words
from migrate_guard.report.terminal import Style, display_width, visible_line

_UP, _DOWN, _LEFT, _RIGHT = 1, 2, 4, 8
# The characters for the sixteen sets of directions in which a line may leave a cell.
_LINES = " ╵╷│╴╯╮┤╶╰╭├─┴┬┼"
_PLAIN_LINES = " |||-+++-+++-+++"
_GLYPHS = {"head": "◆", "revision": "●", "unreadable": "✗", "missing": "○", "leaving": "┊"}
_PLAIN_GLYPHS = {"head": "@", "revision": "*", "unreadable": "x", "missing": "o", "leaving": ":"}
_PLAIN = Style()
_SHORTEST = 16


def graph_text(drawings: Sequence[Drawing], style: Style = _PLAIN, ascii_only: bool = False) -> str:
    """Return the drawings one after another, ending in a newline; a verbose style lists the findings.

    `ascii_only` draws with what every terminal has.
    """
    return "\n".join("\n".join(_Writer(one, style, ascii_only).lines()) + "\n" for one in drawings)


class _Writer:
    """Writes one drawing."""

    def __init__(self, drawing: Drawing, style: Style, ascii_only: bool) -> None:
        self._drawing = drawing
        self._style = style
        self._plain = ascii_only
        self._chars = _PLAIN_LINES if ascii_only else _LINES
        self._glyphs = _PLAIN_GLYPHS if ascii_only else _GLYPHS
        self._sign = "!" if ascii_only else "▲"
        self._ellipsis = "..." if ascii_only else "…"

    def lines(self) -> Iterator[str]:
        """Go through all lines."""
        drawing, style = self._drawing, self._style
        headline = words.headline(drawing)
        yield style.paint(visible_line(headline.replace("·", "-") if self._plain else headline), "bold")
        yield ""
        layout = lay_out(drawing.nodes)
        for row in layout.rows:
            yield from self._row(row)
        yield from self._end(layout)
        yield from map(visible_line, words.summary(drawing))
        for note in drawing.notes:
            yield style.paint(visible_line(f"note: {note}"), "yellow")

    def _row(self, row: Row) -> Iterator[str]:
        if row.joins:
            yield self._drawn(_join(row))
        cells = dict.fromkeys(row.through, _UP | _DOWN)
        yield self._revision(row, self._drawn(cells, row))
        below = dict(cells)
        if row.goes_on:
            below[row.column] = _UP | _DOWN
        fork = _fork(row)
        if row.opens or row.meets:
            yield self._drawn(fork)
            below |= dict.fromkeys((*row.opens, *row.meets), _UP | _DOWN)
        side = self._drawn(below)
        for text, colour in self._details(row):
            yield f"{side}  {self._style.paint(visible_line(text), colour)}"

    def _end(self, layout: Layout) -> Iterator[str]:
        if layout.leaving:
            width = max(layout.leaving) + 1
            shown = (self._glyphs["leaving"] if lane in layout.leaving else " " for lane in range(width))
            yield " ".join(shown)
        yield ""

    def _revision(self, row: Row, side: str) -> str:
        node, style = row.node, self._style
        marks = words.marks(node)
        name = visible_line(node.revision)
        decoration = f" ({visible_line(', '.join(marks))})" if marks else ""
        found = ", ".join(text for text, _ in words.counts(node.findings))
        tail = f"  {self._sign} {found}" if found else ""
        room = style.width - display_width(f"{side} {name}{decoration} {tail}")
        message = self._shortened(visible_line(node.message), room)
        painted = ", ".join(style.severity(text, level) for text, level in words.counts(node.findings))
        worst = words.worst(node)
        sign = "" if worst is None else f"  {style.severity(self._sign, worst)} {painted}"
        head = f"{self._coloured(side, row)} {style.paint(name, _colour(node))}"
        return f"{head}{style.paint(decoration, 'cyan')}{' ' if message else ''}{message}{sign}"

    def _coloured(self, side: str, row: Row) -> str:
        worst = words.worst(row.node)
        if not self._style.colour or worst is None:
            return side
        place = 2 * row.column
        return side[:place] + self._style.severity(side[place], worst) + side[place + 1 :]

    def _shortened(self, text: str, room: int) -> str:
        room = max(room, _SHORTEST)
        if display_width(text) <= room:
            return text
        room -= len(self._ellipsis)
        kept = ""
        for character in text:
            room -= display_width(character)
            if room < 0:
                break
            kept += character
        return kept.rstrip() + self._ellipsis

    def _details(self, row: Row) -> Iterable[tuple[str, str]]:
        for remark in words.remarks(row):
            yield f"! {remark}", "yellow"
        if self._style.verbose:
            for finding in row.node.findings:
                place = f"{finding.span.path}:{finding.span.line}"
                yield f"{finding.severity}[{finding.rule}] {finding.message} ({place})", "dim"

    def _drawn(self, cells: dict[int, int], row: Row | None = None) -> str:
        """Return a row of cells: each has its sign, and a line between two where both are joined."""
        last = max([*cells, 0 if row is None else row.column])
        text = []
        for column in range(last + 1):
            directions = cells.get(column, 0)
            here = row is not None and column == row.column
            text.append(self._glyph(row.node) if row is not None and here else self._chars[directions])
            text.append(self._chars[_LEFT | _RIGHT] if directions & _RIGHT else " ")
        return "".join(text).rstrip()

    def _glyph(self, node: Node) -> str:
        if node.reading != "read":
            return self._glyphs[node.reading]
        return self._glyphs["head" if node.head else "revision"]


def _colour(node: Node) -> str:
    return {"new": "bold", "arrived": "blue", "known": "dim", None: "bold"}[node.novelty]


def _join(row: Row) -> dict[int, int]:
    """Return the cells of the row above a revision, in which the lanes of its children come together."""
    cells = dict.fromkeys(row.through, _UP | _DOWN)
    cells[row.column] = _UP | _DOWN
    cells |= dict.fromkeys(row.joins, _UP)
    _connect(cells, [row.column, *row.joins])
    return cells


def _fork(row: Row) -> dict[int, int]:
    """Return the cells of the row below a revision, from which lines go to its further parents."""
    cells = dict.fromkeys(row.through, _UP | _DOWN)
    cells[row.column] = _UP | (_DOWN if row.goes_on else 0)
    cells |= dict.fromkeys(row.opens, _DOWN)
    _connect(cells, [row.column, *row.opens, *row.meets])
    return cells


def _connect(cells: dict[int, int], columns: Sequence[int]) -> None:
    """Lay a horizontal line through all columns from the first to the last of these."""
    first, last = min(columns), max(columns)
    for column in range(first, last + 1):
        toward = (_LEFT if column > first else 0) | (_RIGHT if column < last else 0)
        cells[column] = cells.get(column, 0) | toward
