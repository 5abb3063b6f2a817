"""Patterns of paths as CI and Docker write them.

`*` stands for anything within a name, `**` for anything at all; both also match nothing.
https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#filter-pattern-cheat-sheet
"""

from __future__ import annotations

import re
from functools import lru_cache


def matches(text: str, path: str) -> bool:
    """Tell whether a pattern matches a whole path."""
    return _compiled(text).fullmatch(path) is not None


def covers(text: str, path: str) -> bool:
    """Tell whether a pattern matches a path or a directory above it, as in a `.dockerignore`."""
    parts = path.split("/")
    wanted = text.strip("/")
    return any(matches(wanted, "/".join(parts[: count + 1])) for count in range(len(parts)))


@lru_cache(maxsize=256)
def _compiled(text: str) -> re.Pattern[str]:
    done, index = "", 0
    while index < len(text):
        if text.startswith("**/", index):
            done, index = f"{done}(?:.*/)?", index + 3
        elif text.startswith("**", index):
            done, index = f"{done}.*", index + 2
        elif text[index] == "*":
            done, index = f"{done}[^/]*", index + 1
        elif text[index] == "?":
            done, index = f"{done}[^/]", index + 1
        elif text[index] == "{" and "}" in text[index:]:
            end = text.index("}", index)
            choices = "|".join(re.escape(one) for one in text[index + 1 : end].split(","))
            done, index = f"{done}(?:{choices})", end + 1
        else:
            done, index = done + re.escape(text[index]), index + 1
    return re.compile(done)
