"""Find the files that test and deploy a project, and read them; nothing is run."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from migrate_guard.doctor.read.compose import read_compose
from migrate_guard.doctor.read.dockerfile import read_dockerfile
from migrate_guard.doctor.read.gitlab import read_gitlab
from migrate_guard.doctor.read.model import Contents
from migrate_guard.doctor.read.small import read_ignore, read_pre_commit, read_procfile, read_script
from migrate_guard.doctor.read.words import GATE, MOVES
from migrate_guard.doctor.read.workflow import read_workflow
from migrate_guard.doctor.read.yaml import YamlError
from migrate_guard.files import read_regular
from migrate_guard.pattern import pattern
from migrate_guard.project.paths import shown_path
from migrate_guard.project.search import SearchLimitError, walk
from migrate_guard.record import dataclass, replace

Reader = Callable[[str, str], Contents]

MOST_BYTES = 500_000
MOST_DIRECTORIES = 5_000
_READERS: tuple[tuple[str, Reader], ...] = (
    (r"\.github/workflows/[^/]+\.ya?ml|\.github/actions/.*action\.ya?ml", read_workflow),
    (r"(?:^|/)\.gitlab-ci\.ya?ml|.*\.gitlab-ci\.ya?ml|(?:^|.*/)\.gitlab/.*\.ya?ml", read_gitlab),
    (r"(?:.*/)?(?:Docker|Container)file(?:\.(?!dockerignore)[^/]+)?|.*\.[Dd]ockerfile", read_dockerfile),
    (r"(?:.*/)?(?:docker-)?compose[^/]*\.ya?ml", read_compose),
    (r"(?:.*/)?Procfile(?:\.[^/]+)?", read_procfile),
    (r"(?:.*/)?(?:[^/]+)?\.dockerignore", read_ignore),
    (r"(?:^|/)\.pre-commit-config\.ya?ml", read_pre_commit),
    (r".*\.(?:sh|bash)", read_script),
)
_COMPILED = tuple((pattern(text), reader) for text, reader in _READERS)
# Formats that are not read here, but may run migrations.
_OTHERS = frozenset(".yml .yaml .toml .mk .tf .service .ps1 .bat .cmd .fish .nix".split())
_UPGRADES = "in a format that is not read"
_GATES = "and whether CI does so is not known"
_NAMES = frozenset(
    "Makefile GNUmakefile makefile justfile Justfile Jenkinsfile Vagrantfile Tiltfile tox.ini noxfile.py "
    "tasks.py package.json app.json devcontainer.json".split()
)
_SHEBANG = pattern(rb"#!.*\b(?:ba|da|a|z)?sh\b")
_HIDDEN = (".github", ".gitlab", ".circleci", ".docker", ".devcontainer")


@dataclass(frozen=True, slots=True)
class Gathered:
    """What all files together say. `read` are those that were read, `not_read` the others with the reason.

    `failed` are those of the latter that are of a known kind and could not be read.
    """

    contents: Contents
    read: tuple[str, ...]
    not_read: tuple[str, ...]
    failed: tuple[str, ...]


def gather(root: Path) -> Gathered:
    """Read what lies below a directory, as far as the names of files tell what they are."""
    found: list[Contents] = []
    read: list[str] = []
    unread: list[str] = []
    failed: list[str] = []
    try:
        for file in _files(root):
            shown = shown_path(file, root)
            reader = _reader(shown, file)
            if reader is None:
                unread += _unknown(shown, file, root)
                continue
            try:
                found.append(reader(shown, _text(file, root)))
                read.append(shown)
                unread += found[-1].unread
            except YamlError as error:
                failed.append(f"{shown}:{error.line}: could not be read: {error.reason}")
            except (OSError, ValueError) as error:
                reason = error.strerror if isinstance(error, OSError) else error
                failed.append(f"{shown}: could not be read: {reason}")
    except SearchLimitError:
        failed.append(f"there are more than {MOST_DIRECTORIES} directories: the rest was not searched")
    contents = replace(_joined(found), gate_elsewhere=any(line.endswith(_GATES) for line in unread))
    return Gathered(contents, tuple(read), (*unread, *failed), tuple(failed))


def _files(root: Path) -> Iterator[Path]:
    for name in _HIDDEN:
        hidden = root / name
        if hidden.is_dir() and not hidden.is_symlink():
            for directory, files, _ in walk(hidden, MOST_DIRECTORIES):
                yield from (directory / one for one in sorted(files))
    for directory, files, _ in walk(root, MOST_DIRECTORIES):
        yield from (directory / one for one in sorted(files))


def _reader(shown: str, file: Path) -> Reader | None:
    for found, reader in _COMPILED:
        if found.fullmatch(shown):
            return reader
    if not file.suffix and file.name not in _NAMES and _is_script(file):
        return read_script
    return None


def _is_script(file: Path) -> bool:
    """Tell whether a file without suffix is a shell script, as entry points often are."""
    try:
        if not file.is_file():
            return False
        with file.open("rb") as stream:
            return _SHEBANG.match(stream.read(80)) is not None
    except OSError:
        return False


def _unknown(shown: str, file: Path, root: Path) -> list[str]:
    """Say of a file of another format that it was not read, if it runs migrations or the gate."""
    if file.suffix not in _OTHERS and file.name not in _NAMES:
        return []
    try:
        text = _text(file, root)
    except (OSError, ValueError):
        return []
    made = []
    for found, note in ((MOVES.search(text), _UPGRADES), (GATE.search(text), _GATES)):
        if found is not None:
            line = text.count("\n", 0, found.start()) + 1
            made.append(f"{shown}:{line}: runs `{' '.join(found[0].split())}`, {note}")
    return made


def _text(file: Path, root: Path) -> str:
    """Return the text of a file. Raise `OSError` or `ValueError` for what is no text of the project."""
    if file.is_symlink() and not Path(os.path.realpath(file)).is_relative_to(os.path.realpath(root)):
        raise ValueError("it is a link that leads out of the project")
    data = read_regular(file)
    if len(data) > MOST_BYTES:
        raise ValueError(f"it is longer than {MOST_BYTES // 1000} kB")
    if b"\0" in data:
        raise ValueError("it is no text")
    return data.decode(errors="replace")


def _joined(found: list[Contents]) -> Contents:
    return Contents(
        scripts=tuple(one for contents in found for one in contents.scripts),
        jobs=tuple(one for contents in found for one in contents.jobs),
        images=tuple(one for contents in found for one in contents.images),
        services=tuple(one for contents in found for one in contents.services),
        hooks=tuple(one for contents in found for one in contents.hooks),
        ignored=tuple(one for contents in found for one in contents.ignored),
    )
