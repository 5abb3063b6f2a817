"""A git repository as it is read: commits, the files of a commit or of the index, the content of files."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import NoReturn

from migrate_guard.errors import GuardError
from migrate_guard.project.git.process import Git, GitError
from migrate_guard.record import dataclass

_LINK = "120000"
_FILES = frozenset({"100644", "100755", "100664", _LINK})
_MOST_LINKS = 5


@dataclass(frozen=True, slots=True)
class Entry:
    """One file that git holds: its mode and the id of its content."""

    mode: str
    content: str

    @property
    def is_link(self) -> bool:
        """Whether it is a symbolic link; its content is then where it leads to."""
        return self.mode == _LINK


class Repository:
    """A repository with a working tree; `top` is the tree's directory, `shown` how reports call it.

    `top` is the path without symbolic links, as git has it. Paths in the repository are relative to it
    and use `/`.
    """

    def __init__(self, git: Git, top: Path, shallow: bool, shown: str) -> None:
        self._git = git
        self.top = top
        self.shallow = shallow
        self.shown = shown
        self._contents: dict[str, bytes] = {}

    def path_of(self, path: Path) -> str | None:
        """Return the path inside the repository, empty for `top`, `None` for one outside of it."""
        # A link that is a file itself is tracked as such: only its directory is followed.
        real = Path(os.path.realpath(path.parent)) / path.name
        inside = Path(os.path.realpath(path)) if path.is_dir() else real
        try:
            relative = inside.relative_to(self.top).as_posix()
        except ValueError:
            return None
        return "" if relative == "." else relative

    def commit(self, name: str) -> str | None:
        """Return the id of the commit that a name stands for, `None` if there is none."""
        if not name or name.startswith("-"):
            return None
        try:
            return self._git.line("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
        except GitError:
            return None

    def head(self) -> str:
        """Return the id of the commit that is checked out. Raise `GuardError` if there is none yet."""
        found = self.commit("HEAD")
        if found is None:
            raise GuardError(
                f"{self.shown}: the branch has no commit yet, or HEAD cannot be read",
                "commit first (git fsck tells whether the repository is whole), or leave out --base",
            )
        return found

    def unborn(self) -> bool:
        """Tell whether HEAD names a branch that has no commit yet."""
        try:
            branch = self._git.line("symbolic-ref", "--quiet", "HEAD")
            return not self._git.run("for-each-ref", branch) and self.commit("HEAD") is None
        except GitError:
            return False

    def merge_bases(self, one: str, other: str) -> tuple[str, ...]:
        """Return the best common ancestors of two commits, none if their histories do not meet."""
        try:
            return tuple(self._git.line("merge-base", "--all", one, other).split())
        except GitError as failure:
            if failure.code == 1:
                return ()
            self._broken(failure)

    def tree(self, commit: str, directory: str = "") -> dict[str, Entry]:
        """Return the files of a commit below a directory, by their paths."""
        where = ("--", f"{directory}/") if directory else ()
        try:
            data = self._git.run("ls-tree", "-r", "-z", "--full-tree", commit, *where)
        except GitError as failure:
            self._broken(failure)
        return dict(self._entries(data, content=2))

    def index(self, directory: str = "") -> dict[str, Entry]:
        """Return the files of the index below a directory. Raise `GuardError` for conflicts in them."""
        where = ("--", directory) if directory else ()
        try:
            data = self._git.run("ls-files", "--stage", "-z", "--full-name", *where)
        except GitError as failure:
            self._broken(failure)
        for line in data.split(b"\0"):
            head, _, path = line.partition(b"\t")
            if line and head.split()[2] != b"0":
                raise GuardError(
                    f"{os.fsdecode(path)}: has a conflict that is not resolved", "resolve it and git add it"
                )
        return dict(self._entries(data, content=1))

    def staged(self) -> bool:
        """Tell whether the index holds anything else than the last commit."""
        try:
            self._git.run("diff", "--cached", "--quiet", "--no-ext-diff", "--no-textconv")
        except GitError as failure:
            if failure.code != 1:
                self._broken(failure)
            return True
        return False

    def load(self, entries: Iterable[Entry]) -> None:
        """Read the contents of files together, for `content` to return."""
        wanted = list(dict.fromkeys(e.content for e in entries if e.content not in self._contents))
        if not wanted:
            return
        try:
            data = self._git.run("cat-file", "--batch", data="".join(f"{one}\n" for one in wanted).encode())
        except GitError as failure:
            self._broken(failure)
        start = 0
        for one in wanted:
            end = data.index(b"\n", start)
            head = data[start:end].split()
            if len(head) != 3:
                raise GuardError(
                    f"{self.shown}: git does not have the content {one[:12]}",
                    "git fsck tells what is missing; a partial clone needs its remote",
                )
            start = end + 1 + int(head[2]) + 1
            self._contents[one] = data[end + 1 : start - 1]

    def content(self, entry: Entry) -> bytes:
        """Return the content of a file."""
        self.load([entry])
        return self._contents[entry.content]

    def followed(self, path: str, entries: Mapping[str, Entry]) -> Entry | None:
        """Return the file behind symbolic links, `None` if they lead out of these files."""
        for _ in range(_MOST_LINKS):
            entry = entries.get(path)
            if entry is None or not entry.is_link:
                return entry
            target = os.fsdecode(self.content(entry))
            path = posixpath.normpath(str(PurePosixPath(path).parent / target))
        return None

    def _entries(self, data: bytes, content: int) -> Iterable[tuple[str, Entry]]:
        for line in data.split(b"\0"):
            head, _, path = line.partition(b"\t")
            fields = head.decode().split()
            if fields and fields[0] in _FILES:
                yield os.fsdecode(path), Entry(fields[0], fields[content])

    def _broken(self, failure: GitError) -> NoReturn:
        raise GuardError(
            f"{self.shown}: git could not read the repository: {failure.message}",
            "git fsck tells what is wrong with it",
        ) from failure


def open_repository(directory: Path, shown: str, index: bool = False) -> Repository | None:
    """Return the repository whose working tree holds a directory, `None` if there is none.

    `index` tells that the index which git gives to its hooks shall be read, if it is this repository's.
    Raise `GuardError` for a repository that cannot be used, and if there is no git.
    """
    git = Git(directory)
    try:
        top = git.line("rev-parse", "--show-toplevel")
        own = git.line("rev-parse", "--absolute-git-dir")
        shallow = git.line("rev-parse", "--is-shallow-repository")
    except GitError as failure:
        _insist_on_none(failure, directory, shown)
        return None
    hooks_index = _index_of_hook(Path(own), Path(top)) if index else None
    return Repository(Git(Path(top), hooks_index), Path(top), shallow == "true", shown)


def _insist_on_none(failure: GitError, directory: Path, shown: str) -> None:
    """Raise `GuardError` where there is a repository, and it cannot be used."""
    if "dubious ownership" in failure.message:
        raise GuardError(
            f"{shown}: git does not read a repository that belongs to another user",
            f"git config --global --add safe.directory {_marked(directory)}",
        ) from failure
    if "work tree" in failure.message:
        raise GuardError(
            f"{shown}: lies in a git directory, which has no files checked out", "run it in a checkout"
        ) from failure
    marked = _marked(directory)
    if (marked / ".git").exists() or "not a git repository" not in failure.message:
        raise GuardError(
            f"{shown}: git could not read the repository: {failure.message}",
            "git status there tells the same; repair it or clone it again",
        ) from failure


def _marked(directory: Path) -> Path:
    """Return the nearest directory upwards that looks like the top of a repository, else this one."""
    return next((one for one in (directory, *directory.parents) if (one / ".git").exists()), directory)


def _index_of_hook(own: Path, top: Path) -> Path | None:
    """Return the index that `git commit` gives to its hooks: with `-a` or paths it is a temporary one."""
    given = os.environ.get("GIT_INDEX_FILE")
    if not given:
        return None
    # Hooks start at the top, where the path may be relative to.
    for start in (Path.cwd(), top):
        index = Path(os.path.abspath(start / given))  # noqa: PTH100 - resolve() would follow symbolic links
        if os.path.realpath(index.parent) == os.path.realpath(own):
            return index
    return None
