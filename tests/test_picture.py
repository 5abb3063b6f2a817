"""The README's picture is the real output."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree

from migrate_guard.report.terminal import display_width
from tests.commands import FIXTURES, ROOT
from tests.picture import COLUMNS, PICTURE, draw, parts, wrapped

NAMESPACE = "{http://www.w3.org/2000/svg}"


def test_picture_is_the_real_output(update: bool) -> None:
    drawn = draw()
    if update:
        PICTURE.write_text(drawn, encoding="utf-8", newline="\n")
    assert PICTURE.read_text(encoding="utf-8") == drawn


def test_picture_says_what_the_text_says() -> None:
    texts = ElementTree.parse(PICTURE).iter(f"{NAMESPACE}text")
    shown = "".join("".join(text.itertext()) for text in texts)
    session = (FIXTURES / "flask-migrate" / "expected.txt").read_text(encoding="utf-8")
    wanted = session.rsplit("[exit ", 1)[0]
    assert shown.removeprefix("$ migrate-guard check") == wanted.replace("\n", "")


def test_readme_shows_the_picture() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert PICTURE.relative_to(ROOT).as_posix() in readme


def test_long_lines_are_wrapped_and_keep_their_colours() -> None:
    line = parts("\x1b[1;31merror\x1b[0m: " + "x" * COLUMNS)
    assert line == [("r", "error"), ("", ": " + "x" * COLUMNS)]
    first, second = wrapped(line, COLUMNS)
    assert sum(display_width(text) for _, text in first) == COLUMNS
    assert second == [("", "x" * 7)]
