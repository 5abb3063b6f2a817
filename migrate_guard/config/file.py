"""The configuration file: where it is found, what it holds, and in which line a key stands."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from migrate_guard.errors import GuardError
from migrate_guard.files import read_regular
from migrate_guard.pattern import pattern
from migrate_guard.record import dataclass

OWN_FILE = "migrate-guard.toml"
PYPROJECT = "pyproject.toml"
TABLE = ("tool", "migrate-guard")
_AT_LINE = pattern(r"\s*\(at line (\d+), column \d+\)$")


@dataclass(frozen=True, slots=True)
class ConfigFile:
    """A configuration file that was read; `values` are the raw values of our table."""

    file: Path
    shown: str
    text: str
    values: Mapping[str, object]

    def place(self, key: str, value: str | None = None) -> str:
        """Return the file, with the line of a key (or of a value under it) where that can be found."""
        line = _line_of(self.text, key, value)
        return f"{self.shown}:{line}" if line else self.shown


def find_file(directory: Path) -> ConfigFile | None:
    """Return the nearest configuration file, searched from a directory up to the repository's root.

    `migrate-guard.toml` wins over a `pyproject.toml` beside it; a `pyproject.toml` without our table
    is passed over. Raise `GuardError` for a file that cannot be read.
    """
    for folder in _upwards(directory):
        own = folder / OWN_FILE
        if os.path.lexists(own):  # what bears our name is meant, also a link whose target is gone
            return read_file(own, directory)
        pyproject = folder / PYPROJECT
        if pyproject.is_file() and _mentions_us(pyproject):
            found = read_file(pyproject, directory)
            if found.values:
                return found
    return None


def read_file(file: Path, directory: Path) -> ConfigFile:
    """Read one configuration file; messages show its path relative to `directory`.

    Raise `GuardError` when it is missing, unreadable or not TOML.
    """
    shown = _shown(file, directory)
    text = _read_text(file, shown)
    document = _parse(text, shown)
    values: object = document
    if file.name == PYPROJECT:
        for name in TABLE:
            values = values.get(name, {}) if isinstance(values, Mapping) else {}
    if not isinstance(values, Mapping):
        raise GuardError(f"{shown}: {'.'.join(TABLE)} is not a table", "write [tool.migrate-guard]")
    return ConfigFile(file, shown, text, values)


def _upwards(directory: Path) -> Iterator[Path]:
    for folder in (directory, *directory.parents):
        yield folder
        if (folder / ".git").exists():
            return


def _mentions_us(file: Path) -> bool:
    """Tell whether it is worth parsing; a broken file that is not about us is not our business."""
    try:
        return b"migrate-guard" in read_regular(file)
    except OSError:
        return False


def _shown(file: Path, directory: Path) -> str:
    try:
        return file.relative_to(directory).as_posix()
    except ValueError:
        return file.as_posix()


def _read_text(file: Path, shown: str) -> str:
    try:
        return read_regular(file).decode("utf-8-sig").replace("\r\n", "\n")
    except FileNotFoundError as error:
        raise GuardError(f"{shown}: no such file", "name an existing file with --config") from error
    except UnicodeDecodeError as error:
        raise GuardError(f"{shown}: not UTF-8 text", "TOML files are UTF-8") from error
    except OSError as error:
        raise GuardError(
            f"{shown}: cannot be read: {error.strerror}", "name a TOML file that may be read"
        ) from error


def _parse(text: str, shown: str) -> Mapping[str, object]:
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message = str(error)
        at = _AT_LINE.search(message)
        place = f"{shown}:{at[1]}" if at else shown
        what = _AT_LINE.sub("", message)
        raise GuardError(f"{place}: not valid TOML: {what}", "correct the file") from error
    except RecursionError as error:
        raise GuardError(f"{shown}: not valid TOML: nested too deeply", "correct the file") from error


def _line_of(text: str, key: str, value: str | None) -> int | None:
    """Return the line of a key of our table, of a value under it when that is found, or `None`.

    This reads lines, not TOML: it only has to point, and points at nothing where it is not sure.
    """
    lines = text.splitlines()
    start = next(
        (i for i, line in enumerate(lines) if re.match(r"\s*\[\s*tool\s*\.\s*\"?migrate-guard\b", line)), 0
    )
    name = rf"[\"']?{re.escape(key)}[\"']?"
    assigned = re.compile(rf"\s*{name}\s*[=.]|\s*\[[^\]]*\b{name}\s*\]")
    at = next((i for i in range(start, len(lines)) if assigned.match(lines[i])), None)
    if at is None:
        return None
    if value is not None:
        wanted = re.compile(rf"(?<![\w-]){re.escape(value)}(?![\w-])")
        at = next((i for i in range(at, len(lines)) if wanted.search(lines[i])), at)
    return at + 1
