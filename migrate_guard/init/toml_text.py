"""Put settings into a TOML file without touching a line of it."""

from __future__ import annotations

from collections.abc import Mapping

from migrate_guard.errors import GuardError
from migrate_guard.pattern import pattern
from migrate_guard.project.pyproject import parse_toml

_TABLE = pattern(r"\s*\[\s*tool\s*\.\s*([\"']?)migrate-guard\1\s*\]\s*(#.*)?")
_HEADER = pattern(r"\s*\[")
_OWN = "[tool.migrate-guard]"


def with_settings(text: str, settings: str, in_pyproject: bool) -> str | None:
    """Return the text of a file with lines of settings added, `None` where its shape is not understood.

    In a `pyproject.toml` they go to the head of our table, or into one at the end; in a file of our own
    before its first table. The result is held against what it should mean.
    """
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = text.split(newline)
    added = settings.rstrip("\n").split("\n")
    place = _in_pyproject(lines, added) if in_pyproject else _in_own(lines, added)
    if place is None:
        return None
    made = newline.join(place)
    return made if _adds(text, made, settings, in_pyproject) else None


def _in_pyproject(lines: list[str], added: list[str]) -> list[str] | None:
    tables = [number for number, line in enumerate(lines) if _TABLE.fullmatch(line)]
    if len(tables) > 1:
        return None
    if tables:
        after = tables[0] + 1
        return [*lines[:after], *added, *lines[after:]]
    return [*_with_end(lines), *([""] if any(lines[-2:]) else []), _OWN, *added, ""]


def _in_own(lines: list[str], added: list[str]) -> list[str]:
    first = next((number for number, line in enumerate(lines) if _HEADER.match(line)), None)
    if first is None:
        return [*_with_end(lines), *added, ""]
    while first > 0 and (not lines[first - 1].strip() or lines[first - 1].lstrip().startswith("#")):
        first -= 1
    return [
        *lines[:first],
        *added,
        *([] if first < len(lines) and not lines[first] else [""]),
        *lines[first:],
    ]


def _with_end(lines: list[str]) -> list[str]:
    """Return the lines without the empty one behind the last newline."""
    return lines[:-1] if lines and not lines[-1] else lines


def _adds(text: str, made: str, settings: str, in_pyproject: bool) -> bool:
    """Tell whether the new text means the old one and the settings."""
    try:
        old, new, more = (_parsed(one) for one in (text, made, settings))
    except GuardError:
        return False
    if not in_pyproject:
        return new == {**old, **more}
    tool = old.get("tool", {})
    own = tool.get("migrate-guard", {}) if isinstance(tool, Mapping) else None
    if not isinstance(tool, Mapping) or not isinstance(own, Mapping):
        return False
    return new == {**old, "tool": {**tool, "migrate-guard": {**own, **more}}}


def _parsed(text: str) -> Mapping[str, object]:
    return parse_toml(text.removeprefix("\ufeff").encode(), "")
