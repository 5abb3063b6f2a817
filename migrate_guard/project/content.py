"""Where the revision files of an environment and their content come from: the disk, or what git holds."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from migrate_guard.errors import GuardError
from migrate_guard.project.script import BrokenScript, Script, is_revision_name, may_be_revision, read_script


class Content(Protocol):
    """The revision files of some place and time."""

    def files(self, location: Path, recursive: bool) -> Iterator[Path]:
        """Go through the files of a versions directory that Alembic would load, in path order."""

    def may_be_revision(self, file: Path) -> bool:
        """Tell whether one of these files has, at a glance, the header of a revision."""

    def script(self, file: Path, path: str) -> Script | BrokenScript | None:
        """Read one of these files as `read_script` does."""


class OnDisk:
    """The files as they are on the disk now."""

    def files(self, location: Path, recursive: bool) -> Iterator[Path]:
        """Go through the files as Alembic would; links to directories are not followed."""
        for directory, below, names in os.walk(location, onerror=_refuse):
            if directory.endswith("__pycache__"):
                continue
            base = Path(directory)
            yield from (base / name for name in sorted(names) if is_revision_name(name))
            if not recursive:
                return
            below.sort()

    def may_be_revision(self, file: Path) -> bool:
        """Read the beginning of the file only."""
        return may_be_revision(file)

    def script(self, file: Path, path: str) -> Script | BrokenScript | None:
        """Read the file."""
        return read_script(file, path)


ON_DISK = OnDisk()


def _refuse(error: OSError) -> None:
    """Stop at a directory that may not be read; Alembic passes over one that is not there."""
    if not isinstance(error, (FileNotFoundError, NotADirectoryError)):
        raise GuardError(
            f"{error.filename}: cannot be read: {error.strerror}", "see who may read it"
        ) from error
