"""The files of a project as a commit has them; nothing is checked out."""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path, PurePosixPath

from migrate_guard.project.git.repository import Entry, Repository
from migrate_guard.project.source import MOST_BYTES

Names = tuple[set[str], set[str]]


class Committed:
    """The tree of a commit, as if its files lay where the working tree has them.

    Git is asked when the first file is looked for. The Python files below `root` are read together when the
    first of them is. Every method may raise `GuardError` where git cannot tell.
    """

    def __init__(self, repository: Repository, commit: str, root: Path) -> None:
        self._repository = repository
        self._root = root
        self._homes: dict[Path, str | None] = {}
        self.commit = commit

    def is_file(self, path: Path) -> bool:
        """Tell whether the commit has a file, or a link to one of its files."""
        return self._entry(path) is not None

    def is_directory(self, path: Path) -> bool:
        """Tell whether the commit has a file below this path."""
        inside = self._inside(path)
        return inside is not None and inside in self._directories

    def entries(self, directory: Path) -> tuple[frozenset[str], frozenset[str]] | None:
        """Return the names of the files and directories in one; links count as files."""
        inside = self._inside(directory)
        names = None if inside is None else self._directories.get(inside)
        return None if names is None else (frozenset(names[0]), frozenset(names[1]))

    def content(self, file: Path) -> bytes:
        """Return the content of a file."""
        entry = self._entry(file)
        if entry is None:
            raise FileNotFoundError(2, "it is not in the commit", str(file))
        self._repository.load(self._python)
        content = self._repository.content(entry)
        if len(content) > MOST_BYTES:
            raise OSError(27, f"it is longer than {MOST_BYTES // 1_000_000} MB", str(file))
        return content

    @cached_property
    def _tree(self) -> dict[str, Entry]:
        return self._repository.tree(self.commit)

    @cached_property
    def _python(self) -> list[Entry]:
        home = self._inside(self._root)
        start = f"{home}/" if home else ""
        return [one for path, one in self._tree.items() if path.endswith(".py") and path.startswith(start)]

    @cached_property
    def _directories(self) -> dict[str, Names]:
        """The names of the files and directories in each directory, by its path in the repository."""
        found: dict[str, Names] = {"": (set(), set())}
        for path in self._tree:
            inner = PurePosixPath(path)
            found.setdefault(_text(inner.parent), (set(), set()))[0].add(inner.name)
            for directory in inner.parents[:-1]:
                found.setdefault(_text(directory.parent), (set(), set()))[1].add(directory.name)
        return found

    def _entry(self, path: Path) -> Entry | None:
        inside = self._inside(path)
        return None if inside is None else self._repository.followed(inside, self._tree)

    def _inside(self, path: Path) -> str | None:
        """Return a path in the repository; directories that are there are followed through links."""
        home = self._home(path.parent)
        if home is None:
            return "" if Path(os.path.realpath(path)) == self._repository.top else None
        return f"{home}/{path.name}" if home else path.name

    def _home(self, directory: Path) -> str | None:
        if directory not in self._homes:
            real = Path(os.path.realpath(directory))
            top = self._repository.top
            within = real == top or top in real.parents
            self._homes[directory] = (
                _text(PurePosixPath(real.relative_to(top).as_posix())) if within else None
            )
        return self._homes[directory]


def _text(path: PurePosixPath) -> str:
    return "" if str(path) == "." else str(path)
