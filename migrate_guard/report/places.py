"""Paths as the services see them that show a report beside the repository."""

from __future__ import annotations

from pathlib import PurePosixPath, PureWindowsPath
from posixpath import normpath


def is_absolute(path: str) -> bool:
    """Tell whether a path is absolute on any system."""
    return PurePosixPath(path).is_absolute() or PureWindowsPath(path).is_absolute()


def from_root(prefix: str, path: str) -> str:
    """Return a path as seen from the repository's root: no service finds a file behind a `..`.

    `prefix` is the path from that root to the working directory, with `/` at its end.
    """
    return normpath(prefix + path) if prefix and not is_absolute(path) else path
