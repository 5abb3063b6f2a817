"""The picture of the README: what a terminal shows of `migrate-guard check` in the tutorial project.

`pytest tests/test_picture.py --update` draws it anew.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from xml.sax.saxutils import escape

from migrate_guard.report.terminal import display_width
from tests.commands import FIXTURES, ROOT, environment, run

PICTURE = ROOT / "docs" / "check.svg"
COLUMNS = 138
CELL = 8.4
LINE = 19
MARGIN = 20
BAR = 34
_CODE = re.compile(r"\x1b\[([\d;]*)m")
_CLASSES = {"1": "b", "1;31": "r", "1;33": "y", "1;36": "c", "1;34": "l", "2": "d"}
_STYLE = """\
text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace;fill:#d0d7de;\
white-space:pre}.b{font-weight:700;fill:#f0f6fc}.r{font-weight:700;fill:#ff7b72}\
.y{font-weight:700;fill:#e3b341}.c{font-weight:700;fill:#76e3ea}.l{font-weight:700;fill:#79c0ff}\
.d{fill:#9198a1}"""

Part = tuple[str, str]
"""A class of `_STYLE`, empty for none, and the text in it."""


def draw() -> str:
    """Run the command and return its picture as SVG."""
    colours = {name: value for name, value in environment(FORCE_COLOR="1").items() if name != "NO_COLOR"}
    shown = run(sys.executable, "-m", "migrate_guard", "check", cwd=FIXTURES / "flask-migrate", env=colours)
    lines = [[("d", "$ "), ("b", "migrate-guard check")]]
    for line in shown.stdout.splitlines():
        lines += wrapped(parts(line), COLUMNS)
    return svg(lines)


def parts(line: str) -> list[Part]:
    """Return a line with escape codes as parts of one colour each."""
    texts = _CODE.split(line)
    found = [("", texts[0])]
    found += [(_CLASSES.get(code, ""), text) for code, text in zip(texts[1::2], texts[2::2], strict=True)]
    return [one for one in found if one[1]]


def wrapped(line: list[Part], columns: int) -> list[list[Part]]:
    """Return a line as the rows that a terminal of that many columns needs for it."""
    rows: list[list[Part]] = [[]]
    left = columns
    for colour, text in line:
        while text:
            taken, text = text[:left], text[left:]
            rows[-1].append((colour, taken))
            left -= display_width(taken)
            if text:
                rows.append([])
                left = columns
    return rows


def svg(lines: list[list[Part]]) -> str:
    """Return a terminal window with these lines."""
    width, height = round(2 * MARGIN + COLUMNS * CELL), BAR + len(lines) * LINE + MARGIN
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">',
            "<title>migrate-guard check in the tutorial project</title>",
            f"<style>{_STYLE}</style>",
            f'<rect width="{width}" height="{height}" rx="8" fill="#0d1117"/>',
            *(f'<circle cx="{MARGIN + 18 * n}" cy="17" r="5" fill="#3d444d"/>' for n in range(3)),
            *_texts(lines),
            "</svg>\n",
        )
    )


def _texts(lines: list[list[Part]]) -> Iterator[str]:
    for number, line in enumerate(lines):
        spans = "".join(
            f'<tspan class="{colour}">{escape(text)}</tspan>' if colour else escape(text)
            for colour, text in line
        )
        if spans:
            # A font with other proportions must not break the columns.
            length = round(sum(display_width(text) for _, text in line) * CELL, 1)
            top = BAR + (number + 1) * LINE - 5
            yield f'<text x="{MARGIN}" y="{top}" xml:space="preserve" textLength="{length}">{spans}</text>'
