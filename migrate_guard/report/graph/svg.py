"""A drawing as an SVG picture, readable on light and dark ground and without any script or font of its own.

https://www.w3.org/TR/SVG11/
"""

from __future__ import annotations

import xml.etree.ElementTree as ET  # writes only
from collections.abc import Sequence

from migrate_guard.drawing import Drawing, Edge, Layout, Node, Row, lay_out
from migrate_guard.report.graph import words
from migrate_guard.report.terminal import display_width, visible_line

_ROW, _LANE, _MARGIN, _DOT = 24, 16, 20, 5
_CHARACTER = 7.3
"""Pixels that a character of the text takes at most, wide ones twice."""
_LONGEST = 90
_STYLE = """
svg { color-scheme: light dark; font: 12px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
.ground { fill: #ffffff; } text { fill: #1f2328; } .dim { fill: #59636e; } .title { font-weight: bold; }
.line { fill: none; stroke: #8c959f; stroke-width: 2; } .needs { stroke-dasharray: 3 3; stroke-width: 1; }
.dot { fill: #59636e; stroke: #ffffff; stroke-width: 1; } .new { fill: #1a7f37; } .arrived { fill: #0969da; }
.error { fill: #cf222e; } .warning { fill: #9a6700; } .info { fill: #0969da; }
.unreadable, .missing { fill: none; stroke: #cf222e; stroke-width: 2; }
@media (prefers-color-scheme: dark) {
.ground { fill: #0d1117; } text { fill: #e6edf3; } .dim { fill: #9198a1; }
.dot { fill: #9198a1; stroke: #0d1117; } .new { fill: #3fb950; } .arrived { fill: #58a6ff; }
.error { fill: #ff7b72; } .warning { fill: #d29922; } .info { fill: #58a6ff; }
.unreadable, .missing { fill: none; stroke: #ff7b72; } }
"""


def graph_svg(drawings: Sequence[Drawing]) -> str:
    """Return one picture with the drawings below one another, as XML of ASCII characters and a newline."""
    picture = _Picture()
    for drawing in drawings:
        picture.add(drawing)
    return picture.written()


class _Picture:
    """A picture that grows downwards."""

    def __init__(self) -> None:
        self._root = ET.Element("svg", xmlns="http://www.w3.org/2000/svg", role="img")
        ET.SubElement(self._root, "title").text = "Revision graph"
        ET.SubElement(self._root, "style").text = _STYLE
        self._ground = ET.SubElement(self._root, "rect", {"class": "ground"})
        self._y = _MARGIN
        self._width = 0.0

    def add(self, drawing: Drawing) -> None:
        """Draw one environment below what is there."""
        layout = lay_out(drawing.nodes)
        self._text(_MARGIN, words.headline(drawing), "title")
        top = self._y
        group = ET.SubElement(self._root, "g")
        for edge in layout.edges:
            _line(group, _path(edge, layout, top))
        _dependencies(group, layout, top)
        for position, row in enumerate(layout.rows):
            self._row(group, row, layout, top + position * _ROW)
        self._y = top + len(layout.rows) * _ROW + (_ROW // 2 if layout.leaving else 0)
        for sentence in (*words.summary(drawing), *(f"note: {note}" for note in drawing.notes)):
            self._text(_MARGIN, sentence, "dim")
        self._y += _ROW

    def written(self) -> str:
        """Return the picture."""
        width, height = str(round(self._width) + _MARGIN), str(self._y)
        self._root.set("viewBox", f"0 0 {width} {height}")
        for element in (self._root, self._ground):
            element.set("width", width)
            element.set("height", height)
        for element in self._root.iter():
            # Lines of their own, except where a blank would be drawn.
            element.tail = None if element.tag == "tspan" else "\n"
        written: bytes = ET.tostring(self._root, encoding="us-ascii", xml_declaration=True)
        return written.decode("ascii").rstrip("\n") + "\n"

    def _text(self, x: float, text: str, kind: str) -> None:
        shown = visible_line(text)
        element = ET.SubElement(self._root, "text", {"x": str(x), "y": str(self._y), "class": kind})
        element.text = shown
        self._width = max(self._width, x + display_width(shown) * _CHARACTER)
        self._y += _ROW

    def _row(self, group: ET.Element, row: Row, layout: Layout, y: int) -> None:
        node = row.node
        own = ET.SubElement(group, "g")
        ET.SubElement(own, "title").text = visible_line(" · ".join(_tooltip(row)))
        _dot(own, node, _x(row.column), y)
        x = _x(layout.width) + _LANE // 2
        text = ET.SubElement(own, "text", {"x": str(x), "y": str(y + 4), "xml:space": "preserve"})
        length = 0
        for part, kind in _parts(row):
            span = ET.SubElement(text, "tspan", {"class": kind} if kind else {})
            span.text = visible_line(part)
            length += display_width(span.text)
        self._width = max(self._width, x + length * _CHARACTER)


def _parts(row: Row) -> list[tuple[str, str]]:
    """Return the parts of a row's text with their classes."""
    node = row.node
    marks = words.marks(node)
    message = node.message if len(node.message) <= _LONGEST else f"{node.message[:_LONGEST]}…"
    parts = [(node.revision, "title"), (f" ({', '.join(marks)})" if marks else "", "dim")]
    parts.append((f" {message}" if message else "", ""))
    parts += [(f"  ▲ {text}", str(level)) for text, level in words.counts(node.findings)]
    parts += [(f"  ! {remark}", "warning") for remark in words.remarks(row)]
    return [(text, kind) for text, kind in parts if text]


def _tooltip(row: Row) -> list[str]:
    node = row.node
    found = (f"{finding.severity}[{finding.rule}] {finding.message}" for finding in node.findings)
    return [part for part in (node.revision, node.message, node.path, *found) if part]


def _dot(group: ET.Element, node: Node, x: int, y: int) -> None:
    worst = words.worst(node)
    kinds = ["dot", "" if node.novelty in (None, "known") else str(node.novelty)]
    kinds += ["" if worst is None else str(worst), "" if node.reading == "read" else node.reading]
    attributes = {"class": " ".join(kind for kind in kinds if kind)}
    if node.head:
        corners = f"{x},{y - 7} {x + 7},{y} {x},{y + 7} {x - 7},{y}"
        ET.SubElement(group, "polygon", {**attributes, "points": corners})
    else:
        ET.SubElement(group, "circle", {**attributes, "cx": str(x), "cy": str(y), "r": str(_DOT)})


def _line(group: ET.Element, path: str, more: str = "") -> None:
    ET.SubElement(group, "path", {"class": f"line{more}", "d": path})


def _path(edge: Edge, layout: Layout, top: int) -> str:
    """Return the way of a line: a bend from the child into its lane, down, and a bend into the parent."""
    start, lane = _x(layout.rows[edge.child].column), _x(edge.lane)
    y = top + edge.child * _ROW
    drawn = f"M{start} {y}" + _bend(start, lane, y, y + _ROW)
    if edge.parent is None:
        return f"{drawn}V{top + len(layout.rows) * _ROW}"
    end, below = _x(layout.rows[edge.parent].column), top + edge.parent * _ROW
    if start == lane == end:
        return f"M{start} {y}V{below}"
    if below - _ROW <= y:
        return f"M{start} {y}" + _bend(start, lane, y, y + _ROW // 2) + _bend(lane, end, y + _ROW // 2, below)
    return f"{drawn}V{below - _ROW}" + _bend(lane, end, below - _ROW, below)


def _bend(start: int, end: int, y: int, below: int) -> str:
    middle = (y + below) // 2
    return f"V{below}" if start == end else f"C{start} {middle} {end} {middle} {end} {below}"


def _dependencies(group: ET.Element, layout: Layout, top: int) -> None:
    """Draw a dashed bow to each revision that another one depends on."""
    places = {row.node.revision: position for position, row in enumerate(layout.rows)}
    for position, row in enumerate(layout.rows):
        for name in row.node.depends_on:
            if name in places:
                x, end = _x(row.column), _x(layout.rows[places[name]].column)
                y, below = top + position * _ROW, top + places[name] * _ROW
                _line(
                    group,
                    f"M{x} {y}C{x - _LANE} {y + _ROW} {end - _LANE} {below - _ROW} {end} {below}",
                    " needs",
                )


def _x(column: int) -> int:
    return _MARGIN + column * _LANE
