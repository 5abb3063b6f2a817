"""How places on disk are written in reports; the first thing that every part of `project` needs."""

from __future__ import annotations

import os
from pathlib import Path, PurePath

_MOST_STEPS_UP = 3


def shown_path(path: PurePath, root: PurePath) -> str:
    """Return how a report names `path`: relative to `root` where that is readable, with `/` everywhere.

    A path that is only reached by more than three steps up is shown absolute.
    """
    return _printable(_relative(path, root))


def _relative(path: PurePath, root: PurePath) -> str:
    if path.anchor != root.anchor:
        return path.as_posix()
    here, there = root.parts, path.parts
    common = 0
    while common < min(len(here), len(there)) and here[common] == there[common]:
        common += 1
    steps_up = len(here) - common
    if steps_up > _MOST_STEPS_UP:
        return path.as_posix()
    return "/".join([".."] * steps_up + list(there[common:])) or "."


def _printable(text: str) -> str:
    """Return a path without the surrogates that stand for bytes that are no UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return text


def absolute_path(path: Path, base: Path) -> Path:
    """Return `path` seen from `base`, without `.` and `..`, symbolic links kept as they are."""
    return Path(os.path.abspath(base / path))  # noqa: PTH100 - resolve() would follow symbolic links


def is_within(path: Path, directory: Path) -> bool:
    """Tell whether `path` is `directory` or lies below it, judged by the names alone."""
    return path == directory or directory in path.parents


def is_file(path: Path) -> bool:
    """Tell whether there is a readable-looking file; anything that the system refuses counts as none."""
    try:
        return path.is_file()
    except OSError:
        return False


def is_directory(path: Path) -> bool:
    """Tell whether there is a directory; anything that the system refuses counts as none."""
    try:
        return path.is_dir()
    except OSError:
        return False


def exists(path: Path) -> bool:
    """Tell whether there is anything; what the system refuses to look at counts as nothing."""
    try:
        return path.exists()
    except (OSError, ValueError):  # a name with a NUL, or a longer one than any
        return False
