"""What Alembic's configuration says: an ini section, `[tool.alembic]`, or both, the ini first.

The rules are those of `alembic/config.py`, Alembic 1.20 (`get_alembic_option`, `get_version_locations_list`,
`get_prepend_sys_paths_list`); nothing of Alembic is imported.
"""

from __future__ import annotations

import os
import re

from migrate_guard.errors import GuardError
from migrate_guard.pattern import pattern
from migrate_guard.project.ini import IniFile
from migrate_guard.project.pyproject import TomlFile
from migrate_guard.record import dataclass

DEFAULT_SECTION = "alembic"

_SEPARATORS = {"space": " ", "newline": "\n", "os": os.pathsep, ":": ":", ";": ";"}
_LEGACY_LOCATIONS = pattern(r", *|(?: +)")
_LEGACY_PREPEND = pattern(r", *|(?: +)|:")


@dataclass(frozen=True, slots=True, eq=False)
class Settings:
    """One Alembic configuration; at least one of the two files is there."""

    ini: IniFile | None
    toml: TomlFile | None
    section: str = DEFAULT_SECTION

    def text(self, option: str) -> str | None:
        """Return an option that is a string; raise `GuardError` for another type."""
        if self.ini is not None:
            value = self.ini.get(self.section, option)
            if value is not None:
                return value
        found = self.toml.get(option) if self.toml is not None else None
        if found is not None and not isinstance(found, str):
            raise GuardError(f"{self.place(option)}: {option} is not a string", 'write it as "…"')
        return found

    def loose_text(self, option: str) -> str:
        """Return an option as well as it can be read, empty if not given.

        For options that only `env.py` uses: what it would fill in is not known.
        """
        try:
            return self.text(option) or ""
        except GuardError:
            return (self.ini.raw(self.section, option) if self.ini is not None else None) or ""

    def flag(self, option: str) -> bool:
        """Return an option that is true or false; an ini says exactly `true`, as Alembic has it."""
        if self.ini is not None:
            value = self.ini.get(self.section, option)
            if value is not None:
                return value == "true"
        found = self.toml.get(option) if self.toml is not None else None
        if found is not None and not isinstance(found, bool):
            raise GuardError(f"{self.place(option)}: {option} is not a boolean", "write true or false")
        return bool(found)

    def version_locations(self) -> tuple[str, ...]:
        """Return `version_locations` as they are written, empty if not given."""
        text = self.ini.get(self.section, "version_locations") if self.ini is not None else None
        if not text:
            return self._toml_list("version_locations")
        separator = self._separator("path_separator", "version_path_separator")
        return _split(text, separator, _LEGACY_LOCATIONS)

    def prepend_sys_path(self) -> tuple[str, ...]:
        """Return `prepend_sys_path` as it is written, empty if not given."""
        text = self.ini.get(self.section, "prepend_sys_path") if self.ini is not None else None
        if not text:
            return self._toml_list("prepend_sys_path")
        return _split(text, self._separator("path_separator"), _LEGACY_PREPEND)

    def place(self, option: str) -> str:
        """Return file and line of an option, or the file alone where it is not given."""
        if self.ini is not None and self.ini.raw(self.section, option) is not None:
            return self.ini.place(self.section, option)
        if self.toml is not None and (self.ini is None or option in self.toml.table):
            return self.toml.place(option)
        return self.ini.shown if self.ini is not None else ""

    def _separator(self, *options: str) -> str | None:
        assert self.ini is not None  # noqa: S101 - called for values of an ini only
        for option in options:
            name = self.ini.get(self.section, option)
            if name is not None:
                if name not in _SEPARATORS:
                    raise GuardError(
                        f"{self.place(option)}: {option} is {name!r}, which Alembic does not know",
                        "use one of os, space, newline, ':' and ';'; a comment needs a line of its own",
                    )
                return _SEPARATORS[name]
        return None

    def _toml_list(self, option: str) -> tuple[str, ...]:
        found = self.toml.get(option) if self.toml is not None else None
        if found is None:
            return ()
        if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
            raise GuardError(f"{self.place(option)}: {option} is not a list of strings", 'write it as ["…"]')
        return tuple(str(one) for one in found)


def _split(text: str, separator: str | None, legacy: re.Pattern[str]) -> tuple[str, ...]:
    parts = legacy.split(text) if separator is None else text.split(separator)
    return tuple(part.strip() for part in parts if part.strip())
