"""The pages of the rules: where they are, and how a terminal shows one. Beside `check`, at the top."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path

from migrate_guard.errors import GuardError, nearest
from migrate_guard.pattern import pattern

_PACKAGE = Path(__file__).parent
_PLACES = (_PACKAGE / "_pages", _PACKAGE.parent / "rules")
"""A wheel holds the pages in the package; in a checkout they are the folder `rules` beside it."""

_STRONG = pattern(r"\*\*(.+?)\*\*|`([^`]+)`")

Paint = Callable[[str, str], str]


@lru_cache(maxsize=1)
def pages() -> dict[str, Path]:
    """Return the file of each rule's page by the rule's name.

    Raise `GuardError` when the pages were not installed.
    """
    for place in _PLACES:
        found = {file.stem: file for file in sorted(place.glob("*/*.md"))}
        if found:
            return found
    raise GuardError("the pages of the rules are missing", "install migrate-guard again")


def page(name: str) -> str:
    """Return the page of a rule as Markdown.

    Raise `GuardError` for a name that is no rule; its hint names the nearest rule, or those of the family.
    """
    known = pages()
    if name in known:
        return known[name].read_text(encoding="utf-8")
    family = sorted(stem for stem, file in known.items() if file.parent.name == name)
    if family:
        raise GuardError(f"{name} is a family, not a rule", f"its rules are: {', '.join(family)}")
    near = nearest(name, known)
    hint = f"did you mean {near!r}?" if near else "`migrate-guard rules` lists the rules"
    raise GuardError(f"unknown rule {name!r}", hint)


def for_terminal(markdown: str, paint: Paint) -> str:
    """Return a page as a terminal shows it: headings and code set apart, the marks of Markdown left out.

    `paint` gives a text a colour by its name (`bold`, `cyan`, `dim`), or leaves it as it is.
    """
    return "\n".join(_lines(markdown, paint)).rstrip() + "\n"


def _lines(markdown: str, paint: Paint) -> Iterator[str]:
    in_code = False
    for line in markdown.splitlines():
        if line.startswith("```"):
            in_code = not in_code
        elif in_code:
            yield f"    {paint(line, 'cyan')}".rstrip()
        elif line.startswith("#"):
            yield paint(line.lstrip("#").strip(), "bold")
        else:
            yield _STRONG.sub(lambda match: paint(match[1] or match[2], "bold" if match[1] else "cyan"), line)
