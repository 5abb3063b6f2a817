"""Put an item or a job into a YAML file without touching a line of it.

No parser of YAML comes with migrate-guard. These functions read lines, and give up on every shape but the
plain one that such files nearly always have: then the user is told what to paste.
"""

from __future__ import annotations

from collections.abc import Sequence

from migrate_guard.pattern import pattern
from migrate_guard.record import dataclass

_REPOS = pattern(r"repos\s*:\s*(#.*)?")
_ITEM = pattern(r"( *)-(?: .*|)")
_KEY = pattern(r"(?:[\w.$&*/<-]|\"[^\"]*\"|'[^']*')[^#]*?:(?:\s.*|)")
_STAGES = pattern(r"stages\s*:\s*(?:\[(?P<flow>[^\]]*)\])?\s*(?:#.*)?")
_STAGE = pattern(r"\s*-\s+([\"']?)([\w. -]+?)\1\s*(?:#.*)?")
_SCALAR = pattern(r"[|>]\d?\s*(?:\s#.*)?$")
_KEPT = pattern(r"[|>](?:\d?\+|\+\d)\s*(?:\s#.*)?$")
_OPEN = pattern(r"(?:^\s*|[-:?,\[{]\s+)(?:'(?:[^']|'')*|\"(?:[^\"\\]|\\.)*)$")
_PREFERRED = ("lint", "check", "checks", "quality", "verify")
_DEFAULT = "test"


def add_hook_repository(text: str, item: str) -> str | None:
    """Return the text of a `.pre-commit-config.yaml` with an item at the end of `repos`, or `None`."""
    newline, lines = _split(text)
    starts = [number for number, line in enumerate(lines) if _REPOS.fullmatch(line)]
    if len(starts) != 1 or not _plain(lines):
        return None
    block = _block(lines, starts[0] + 1)
    if block is None:
        return None
    added = [" " * block.indent + line for line in item.rstrip("\n").split("\n")]
    apart = [""] if block.spaced else []
    rest = lines[block.end :]
    return newline.join([*lines[: block.end], *apart, *added, *(rest or [""])])


def add_job(text: str, job: str) -> str | None:
    """Return the text of a `.gitlab-ci.yml` with a job at its end, or `None`."""
    newline, lines = _split(text)
    outer = [line for line in lines if line.strip() and not line.startswith((" ", "#", "---"))]
    if not outer or not _balanced(lines) or not _spaced(lines):
        return None
    if not all(_KEY.fullmatch(line) or line.startswith("- ") for line in outer):
        return None
    body = lines[:-1] if not lines[-1] else lines
    return newline.join([*body, "", *job.rstrip("\n").split("\n"), ""])


def stage_for(text: str) -> str | None:
    """Return the stage for a job of a `.gitlab-ci.yml`, empty where the default will do.

    `None` where the file names stages in a form that is not understood.
    """
    _, lines = _split(text)
    starts = [number for number, line in enumerate(lines) if line.startswith("stages")]
    if not starts:
        return ""
    found = _STAGES.fullmatch(lines[starts[0]])
    if len(starts) > 1 or found is None:
        return None
    if found["flow"] is not None:
        stages = [one.strip().strip("\"'") for one in found["flow"].split(",") if one.strip()]
    else:
        stages = _stages(lines[starts[0] + 1 :])
    if _DEFAULT in stages:
        return ""
    return next((one for one in _PREFERRED if one in stages), stages[0]) if stages else None


def _stages(lines: Sequence[str]) -> list[str]:
    found = []
    for line in lines:
        item = _STAGE.fullmatch(line)
        if item is not None:
            found.append(item[2])
        elif _content(line):
            break
    return found


@dataclass(frozen=True, slots=True)
class _Block:
    """The items of a list: their column, the line after the last one, whether empty lines part them."""

    indent: int
    end: int
    spaced: bool


def _block(lines: Sequence[str], start: int) -> _Block | None:
    """Return the list that begins at a line; `None` where it is not one item under the other."""
    indent: int | None = None
    end, spaced = start, False
    for number in range(start, len(lines)):
        line = lines[number]
        item = _ITEM.fullmatch(line)
        margin = len(_margin(line))
        if not _content(line):
            # A comment of the last item, right under it.
            if line.strip() and end == number and indent is not None and margin > indent:
                end = number + 1
            continue
        if indent is None:
            if item is None:
                return None
            indent = margin
        elif margin == indent and item is not None:
            spaced = spaced or "" in (line.strip() for line in lines[end:number])
        elif margin <= indent:
            return _Block(indent, end, spaced) if _ends(lines, start, number) else None
        end = number + 1
    return _Block(indent, end, spaced) if indent is not None and _balanced(lines[start:end]) else None


def _ends(lines: Sequence[str], start: int, number: int) -> bool:
    """Tell whether a block that began at `start` is over at a line, and not in the middle of something."""
    return _KEY.fullmatch(lines[number]) is not None and _balanced(lines[start:number])


def _plain(lines: Sequence[str]) -> bool:
    """Tell whether it is one document of such lines."""
    marks = [number for number, line in enumerate(lines) if line.startswith(("---", "..."))]
    first = next((number for number, line in enumerate(lines) if _content(line)), 0)
    return marks in ([], [first]) and _spaced(lines)


def _spaced(lines: Sequence[str]) -> bool:
    """Tell whether all lines are indented with spaces and end alike, and no text depends on the last ones."""
    if any("\t" in _margin(line) or "\n" in line or "\r" in line for line in lines):
        return False
    return not any(_KEPT.search(line) or (lines[-1] and _SCALAR.search(line)) for line in lines)


def _balanced(lines: Sequence[str]) -> bool:
    """Tell whether braces and brackets are closed as often as opened, and quotes in their line."""
    if any(_OPEN.search(line) for line in lines):
        return False
    text = "\n".join(line for line in lines if _content(line))
    return text.count("[") == text.count("]") and text.count("{") == text.count("}")


def _content(line: str) -> bool:
    """Tell whether a line is more than empty or a comment."""
    return bool(line.strip()) and not line.lstrip().startswith("#")


def _margin(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _split(text: str) -> tuple[str, list[str]]:
    """Return the newline of a text, and its lines without it."""
    newline = "\r\n" if "\r\n" in text else "\n"
    return newline, text.split(newline)
