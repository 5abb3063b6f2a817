"""The project's own Python files near an environment, for the few things that only their text tells."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from migrate_guard.pattern import pattern
from migrate_guard.project.environment import Environment
from migrate_guard.project.paths import is_within
from migrate_guard.project.search import SearchLimitError, walk

_MOST_FILES = 200
_MOST_DIRECTORIES = 400
_MOST_BYTES = 300_000
_MOST_FOR_CONVENTIONS = 5_000
"""Files that are searched for a word only, and directories; a wheel of the corpus has up to 2,080 files."""
_TESTS = pattern(r"^(?:tests?|testing)$|^(?:test_.*|.*_test|conftest)\.py$")
FILTERS = ("include_object", "include_name")
_ASSIGNED = pattern(r"\.naming_convention\s*=[^=]")


def texts_near(environment: Environment) -> Iterator[tuple[Path, str]]:
    """Go through the project's own Python files, those nearest to the root first.

    Leaves out tests and revisions, and ends after a few hundred files.
    """
    with suppress(SearchLimitError):
        for file in _files_near(environment, _MOST_FILES, _MOST_DIRECTORIES):
            yield file, text_of(file)


def _files_near(environment: Environment, most: int, directories: int) -> Iterator[Path]:
    """Go through the files; raise `SearchLimitError` after the `most` of them, or so many directories."""
    left = most
    for directory, files, _ in walk(environment.root, directories):
        if any(_TESTS.match(part) for part in directory.relative_to(environment.root).parts):
            continue
        if any(is_within(directory, location) for location in environment.version_locations):
            continue
        for name in sorted(files):
            if name.endswith(".py") and not _TESTS.match(name):
                left -= 1
                if left < 0:
                    raise SearchLimitError
                yield directory / name


@lru_cache(maxsize=8)
def near(environment: Environment) -> tuple[tuple[Path, str], ...]:
    """Return what `texts_near` goes through, read once for all rules that search it."""
    return tuple(texts_near(environment))


def text_of(file: Path) -> str:
    """Return the text of a file as well as it can be read; empty for one that cannot or is very long."""
    return _text(file) or ""


def _text(file: Path) -> str | None:
    try:
        if not file.is_file() or file.stat().st_size > _MOST_BYTES:
            return None
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None


@lru_cache(maxsize=64)
def convention_mentioned(environment: Environment) -> bool | None:
    """Tell whether the project's `env.py` or own files speak of a `naming_convention`.

    Such a project's unnamed constraints may get names that the revisions do not show. A search in the text
    of a bounded number of files, made at the first question only; `None` if there are more, or one of them
    cannot be read or is very long.
    """
    return _found(environment, lambda text: "naming_convention" in text)


@lru_cache(maxsize=64)
def convention_assigned(environment: Environment) -> bool | None:
    """Tell whether the project seems to set the `naming_convention` of a MetaData after it is made.

    A search as in `convention_mentioned`.
    """
    return _found(environment, lambda text: ".naming_convention" in text and _ASSIGNED.search(text))


@lru_cache(maxsize=64)
def filters_mentioned(environment: Environment) -> bool | None:
    """Tell whether the project's own files speak of what leaves tables out of `autogenerate`.

    A search as in `convention_mentioned`.
    """
    return _found(environment, lambda text: any(name in text for name in FILTERS))


def _found(environment: Environment, test: Callable[[str], object]) -> bool | None:
    if environment.env_py is not None and test(text_of(environment.env_py)):
        return True
    all_read = True
    try:
        for file in _files_near(environment, _MOST_FOR_CONVENTIONS, _MOST_FOR_CONVENTIONS):
            # What helps the revisions gives conventions to their batches.
            if is_within(file, environment.script_location):
                continue
            text = _text(file)
            if text is None:
                all_read = False
            elif test(text):
                return True
    except SearchLimitError:
        return None
    return False if all_read else None
