"""What a terminal makes of text: how wide it is, which characters would disturb it, colours and links."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from migrate_guard.finding import Severity
from migrate_guard.record import dataclass

TAB = 4
_CODES = {"bold": "1", "red": "1;31", "yellow": "1;33", "cyan": "1;36", "blue": "1;34", "dim": "2"}
_SEVERITY = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}


@dataclass(frozen=True, slots=True)
class Style:
    """How the text report looks: `width` in columns, with or without colour, links and the long form.

    `verbose` adds the suppressed findings and why operations were not analysed. `links` makes names of
    rules links where the terminal knows them (OSC 8); the value is the address to which a rule's family
    and page are added, empty for none.
    """

    width: int = 120
    colour: bool = False
    verbose: bool = False
    links: str = ""

    def paint(self, text: str, colour: str) -> str:
        """Return the text in a colour, or as it is."""
        return f"\x1b[{_CODES[colour]}m{text}\x1b[0m" if self.colour and text else text

    def severity(self, text: str, severity: Severity) -> str:
        """Return the text in the colour of a severity."""
        return self.paint(text, _SEVERITY[severity])

    def link(self, text: str, family: str, rule: str) -> str:
        """Return the text as a link to a rule's page, or as it is."""
        if not self.links:
            return text
        return f"\x1b]8;;{self.links}/{family}/{rule}.md\x1b\\{text}\x1b]8;;\x1b\\"


def visible(text: str) -> str:
    """Return the text with its control characters spelled out.

    A name or a line of source must neither move the cursor nor change what stands before it.
    """
    if text.isprintable():
        return text
    return "".join(_spelled(character) for character in text)


def visible_line(text: str) -> str:
    """Return the text as `visible` does, in one line."""
    return visible(text.replace("\n", " "))


def cells(text: str, column: int = 0) -> Iterator[tuple[str, int]]:
    """Yield what stands for each character on the screen, and how many columns that takes.

    A tab reaches to the next multiple of four columns, counted from `column`.
    """
    for character in text:
        shown = " " * (TAB - column % TAB) if character == "\t" else _spelled(character)
        width = display_width(shown)
        column += width
        yield shown, width


def display_width(text: str) -> int:
    """Return how many columns a text without control characters takes."""
    if text.isascii():
        return len(text)
    return sum(_width(character) for character in text)


def _width(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def _spelled(character: str) -> str:
    if character.isprintable() or character in "\n\t":
        return character
    return character.encode("unicode_escape").decode("ascii")
