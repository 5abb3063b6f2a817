"""The files of a project as they are on the disk, or as something else has them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Protocol

from migrate_guard.files import read_regular
from migrate_guard.project.paths import is_directory, is_file


class Folders(Protocol):
    """A tree of files; paths are those that the files have, or would have, on the disk."""

    def is_file(self, path: Path) -> bool:
        """Tell whether there is a file."""

    def is_directory(self, path: Path) -> bool:
        """Tell whether there is a directory."""

    def entries(self, directory: Path) -> tuple[frozenset[str], frozenset[str]] | None:
        """Return the names of the files and directories in one, `None` if it is not there or not readable."""

    def content(self, file: Path) -> bytes:
        """Return the content of a file. Raise `OSError` for one that cannot be read."""


class OnDisk:
    """The files as they are on the disk now."""

    def is_file(self, path: Path) -> bool:
        """Ask the system."""
        return is_file(path)

    def is_directory(self, path: Path) -> bool:
        """Ask the system."""
        return is_directory(path)

    def entries(self, directory: Path) -> tuple[frozenset[str], frozenset[str]] | None:
        """Read the directory; links to directories count as files."""
        files: set[str] = set()
        directories: set[str] = set()
        try:
            with os.scandir(directory) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        directories.add(entry.name)
                    else:
                        files.add(entry.name)
        except OSError:
            return None
        return frozenset(files), frozenset(directories)

    def content(self, file: Path) -> bytes:
        """Read the file, unless it is a pipe or very long."""
        return read_regular(file)


DISK = OnDisk()
