"""Changes to files: shown as a unified diff, written all or none."""

from __future__ import annotations

import contextlib
import difflib
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from migrate_guard.errors import GuardError
from migrate_guard.files import read_regular
from migrate_guard.record import dataclass

_NOTHING = "/dev/null"
_NO_NEWLINE = "\\ No newline at end of file\n"


@dataclass(frozen=True, slots=True)
class Change:
    """One file as it is, `None` where there is none, and as it will be.

    `shown` is how messages call it. Newlines are as the file has them.
    """

    file: Path
    shown: str
    before: str | None
    after: str


def read_text(file: Path, shown: str) -> str:
    """Return the text of a file as it is, newlines and byte order mark included. Raise `GuardError`."""
    try:
        return read_regular(file).decode()
    except UnicodeDecodeError as error:
        raise GuardError(f"{shown}: not UTF-8 text", "save it as UTF-8") from error
    except OSError as error:
        raise GuardError(f"{shown}: cannot be read: {error.strerror}", "see who may read it") from error


def unified_diff(changes: Iterable[Change]) -> str:
    """Return what changes, in the form that `git apply` and `patch -p1` take."""
    return "".join(line for change in changes for line in _diff(change))


def _diff(change: Change) -> Iterator[str]:
    before = _lines(change.before or "")
    source = _NOTHING if change.before is None else f"a/{change.shown}"
    for line in difflib.unified_diff(before, _lines(change.after), source, f"b/{change.shown}"):
        yield line if line.endswith("\n") else f"{line}\n{_NO_NEWLINE}"


def _lines(text: str) -> list[str]:
    """Split at newlines only, and keep them: what else ends lines for Python is text here."""
    *lines, last = text.split("\n")
    return [f"{line}\n" for line in lines] + ([last] if last else [])


def write_all(changes: Sequence[Change]) -> None:
    """Write all changes or none.

    Raise `GuardError` when one cannot be written, or a file is no longer what the change was made for.
    """
    drafts: list[Path] = []
    done: list[tuple[Path, Change]] = []
    try:
        for change in changes:
            _insist_unchanged(change)
            drafts.append(_draft(change))
        for change, draft in zip(changes, drafts, strict=True):
            target = change.file.resolve()
            draft.replace(target)
            done.append((target, change))
    except OSError as error:
        _undo(done)
        place = changes[len(done)] if len(drafts) == len(changes) else changes[len(drafts)]
        raise GuardError(
            f"nothing is written: {place.shown}: {error.strerror}", "make it writable, or write it by hand"
        ) from error
    except BaseException:
        _undo(done)
        raise
    finally:
        for draft in drafts:
            draft.unlink(missing_ok=True)


def _insist_unchanged(change: Change) -> None:
    there = os.path.lexists(change.file)
    now = read_text(change.file, change.shown) if there else None
    if now != change.before:
        raise GuardError(f"nothing is written: {change.shown} has changed meanwhile", "run it again")


def _draft(change: Change) -> Path:
    """Write the new text beside the file, or beside what a link leads to."""
    target = change.file.resolve()
    draft = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        draft.write_bytes(change.after.encode())
        if change.before is not None:
            shutil.copymode(target, draft)
    except OSError:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)
        raise
    return draft


def _undo(done: Iterable[tuple[Path, Change]]) -> None:
    """Put back what was there; a disk that refuses that too is past helping."""
    for target, change in done:
        with contextlib.suppress(OSError):
            if change.before is None:
                target.unlink()
            else:
                target.write_bytes(change.before.encode())
