"""`[tool.alembic]` in `pyproject.toml`, which Alembic reads since 1.16."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from pathlib import Path

from migrate_guard.errors import GuardError
from migrate_guard.files import read_regular
from migrate_guard.pattern import pattern
from migrate_guard.record import dataclass

_MENTION = pattern(rb"tool\s*\.\s*[\"']?alembic|^\s*\[\s*tool\s*\]", re.MULTILINE)
_ERROR_LINE = pattern(r"\(at line (\d+)")


@dataclass(frozen=True, slots=True, eq=False)
class TomlFile:
    """The `[tool.alembic]` table of a file; `shown` is how messages name the file."""

    path: Path
    shown: str
    table: Mapping[str, object]
    lines: tuple[str, ...]

    def get(self, option: str) -> object:
        """Return an option with `%(here)s` filled in its strings, or `None`; raise `GuardError`."""
        value = self.table.get(option)
        if isinstance(value, str):
            return self._filled(option, value)
        if isinstance(value, list):
            return [self._filled(option, one) if isinstance(one, str) else one for one in value]
        return value

    def place(self, option: str | None = None) -> str:
        """Return `pyproject.toml:12` for the line of an option, without number if it is not found."""
        assigned = re.compile(r"\s*[\"']?" + re.escape(option or "") + r"[\"']?\s*=")
        inside = False
        for number, line in enumerate(self.lines, 1):
            if line.lstrip().startswith("["):
                inside = "alembic" in line
                if inside and option is None:
                    return f"{self.shown}:{number}"
            elif inside and option is not None and assigned.match(line):
                return f"{self.shown}:{number}"
        return self.shown

    def _filled(self, option: str, text: str) -> str:
        try:
            return text % {"here": self.path.parent.as_posix()}
        except (KeyError, ValueError, TypeError) as error:
            raise GuardError(
                f"{self.place(option)}: the value of {option} cannot be filled in: {text!r}",
                "only %(here)s is known there; write a plain percent sign as %%",
            ) from error


def parse_toml(data: bytes, shown: str) -> Mapping[str, object]:
    """Parse TOML; raise `GuardError` with the line where it is broken."""
    if sys.version_info >= (3, 11):
        import tomllib  # here, because most runs need no TOML
    else:
        import tomli as tomllib
    try:
        return tomllib.loads(data.decode("utf-8").replace("\r\n", "\n"))
    except UnicodeDecodeError as error:
        raise GuardError(f"{shown}: is not UTF-8, as TOML must be", "save it as UTF-8") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        line = _ERROR_LINE.search(str(error))
        place = f"{shown}:{line[1]}" if line else shown
        reason = str(error).partition(" (at ")[0]
        raise GuardError(f"{place}: is not valid TOML: {reason}", "correct the file") from error


def read_pyproject(path: Path, shown: str) -> TomlFile | None:
    """Return the `[tool.alembic]` table of a file, or `None` if it has none; raise `GuardError`."""
    try:
        data = read_regular(path)
    except OSError as error:
        raise GuardError(
            f"{shown}: cannot be read: {error.strerror or error}", "see who may read it"
        ) from error
    if not _MENTION.search(data):
        return None
    tool = parse_toml(data, shown).get("tool")
    if not isinstance(tool, dict) or "alembic" not in tool:
        return None
    if not isinstance(tool["alembic"], dict):
        raise GuardError(f"{shown}: tool.alembic is not a table", "write it as [tool.alembic]")
    return TomlFile(path, shown, tool["alembic"], tuple(data.decode("utf-8").splitlines()))
