"""The revision files that git holds, in a commit or in the index, in place of those on the disk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

from migrate_guard.project.content import ON_DISK
from migrate_guard.project.git.repository import Entry, Repository
from migrate_guard.project.script import BrokenScript, Script, has_header, is_revision_name, script_of
from migrate_guard.project.source import decode


class Held:
    """The files of a commit or of the index, as if they lay where the working tree has them.

    `entries` are files of the repository by their paths. `known` are scripts that were read already, by
    file: one whose text is the same is not parsed again. Versions directories outside of the repository
    are read from the disk if `beyond` says so, and are empty otherwise.
    """

    def __init__(
        self,
        repository: Repository,
        entries: Mapping[str, Entry],
        known: Iterable[Script] = (),
        beyond: bool = False,
    ) -> None:
        self._repository = repository
        self._entries = entries
        self._known = {script.source.file: script for script in known}
        self._found: dict[Path, Entry] = {}
        self._beyond = beyond

    def files(self, location: Path, recursive: bool) -> Iterator[Path]:
        """Go through the files of a versions directory that Alembic would load, in path order."""
        inside = self._repository.path_of(location)
        if inside is None:
            yield from ON_DISK.files(location, recursive) if self._beyond else ()
            return
        found = {}
        for path in self._entries:
            below = PurePosixPath(path).relative_to(inside) if _is_below(path, inside) else None
            if below is not None and _counts(below, recursive):
                entry = self._repository.followed(path, self._entries)
                if entry is not None:
                    found[below] = entry
        self._repository.load(found.values())
        for below in sorted(found, key=lambda one: (one.parent.parts, one.name)):
            file = location.joinpath(*below.parts)
            self._found[file] = found[below]
            yield file

    def may_be_revision(self, file: Path) -> bool:
        """Tell whether one of these files has, at a glance, the header of a revision."""
        entry = self._found.get(file)
        if entry is None:
            return ON_DISK.may_be_revision(file)
        return is_revision_name(file.name) and has_header(self._repository.content(entry))

    def script(self, file: Path, path: str) -> Script | BrokenScript | None:
        """Read one of these files."""
        entry = self._found.get(file)
        if entry is None:
            return ON_DISK.script(file, path)
        source = decode(self._repository.content(entry), file, path)
        if isinstance(source, BrokenScript):
            return source
        known = self._known.get(file)
        return known if known is not None and known.source.text == source.text else script_of(source)


def _is_below(path: str, directory: str) -> bool:
    return not directory or path.startswith(f"{directory}/")


def _counts(below: PurePosixPath, recursive: bool) -> bool:
    if not is_revision_name(below.name) or "__pycache__" in below.parts:
        return False
    return recursive or len(below.parts) == 1
