"""Alembic's `.ini` files as `configparser` reads them, with the line of each option for error messages."""

from __future__ import annotations

import configparser
from pathlib import Path

from migrate_guard.errors import GuardError
from migrate_guard.files import read_regular
from migrate_guard.pattern import pattern
from migrate_guard.record import dataclass

_SECTION = pattern(r"\[(?P<name>.+)\]")
_OPTION = pattern(r"(?P<name>[^\s#;=:][^=:]*?)\s*(?:[=:]|$)")


@dataclass(frozen=True, slots=True, eq=False)
class IniFile:
    """A parsed file; `shown` is how messages name it."""

    path: Path
    shown: str
    lines: tuple[str, ...]
    parser: configparser.ConfigParser

    @property
    def sections(self) -> tuple[str, ...]:
        """The sections in the order of the file, `DEFAULT` left out."""
        return tuple(self.parser.sections())

    def get(self, section: str, option: str) -> str | None:
        """Return an option with `%(…)s` filled in; raise `GuardError` where that fails."""
        try:
            return self.parser.get(section, option, fallback=None)
        except configparser.InterpolationError as error:
            reason = str(error).split("\n")[0].rstrip(":")
            raise GuardError(
                f"{self.place(section, option)}: the value of {option} cannot be filled in: {reason}",
                "write a plain percent sign as %%, or define the name in the same section",
            ) from error

    def raw(self, section: str, option: str) -> str | None:
        """Return an option as it is written."""
        return self.parser.get(section, option, raw=True, fallback=None)

    def owns(self, section: str, option: str) -> bool:
        """Tell whether the section itself sets an option, not only `[DEFAULT]`."""
        return self._line(section, option) is not None

    def line(self, section: str, option: str) -> int | None:
        """Return the line of an option, in its section or in `[DEFAULT]`."""
        return self._line(section, option) or self._line("DEFAULT", option)

    def place(self, section: str, option: str | None = None) -> str:
        """Return `alembic.ini:5` for the line of an option or section, without number if there is none."""
        line = self._line(section, option) or (self._line("DEFAULT", option) if option else None)
        return self.shown if line is None else f"{self.shown}:{line}"

    def _line(self, section: str, option: str | None) -> int | None:
        current = None
        for number, line in enumerate(self.lines, 1):
            header = _SECTION.match(line)
            if header:
                current = header["name"]
                if option is None and current == section:
                    return number
            elif current == section and option is not None:
                found = _OPTION.match(line)
                if found and found["name"].lower() == option.lower():
                    return number
        return None


def read_ini(path: Path, shown: str) -> IniFile:
    """Read an ini file; raise `GuardError` with the line if it cannot be read or parsed."""
    text = _text(path, shown)
    # Alembic defines `here` alike: `Config.file_config` in alembic/config.py, Alembic 1.20.
    here = path.parent.as_posix().replace("%", "%%")
    parser = configparser.ConfigParser({"here": here})
    try:
        parser.read_string(text, source=shown)
    except configparser.MissingSectionHeaderError as error:
        raise GuardError(
            f"{shown}:{error.lineno}: there is text before the first [section]",
            "it must begin with [alembic]",
        ) from error
    except (configparser.DuplicateOptionError, configparser.DuplicateSectionError) as error:
        what = (
            f"option {error.option!r}" if isinstance(error, configparser.DuplicateOptionError) else "section"
        )
        raise GuardError(
            f"{shown}:{error.lineno}: {what} stands twice in [{error.section}]"
            if what != "section"
            else f"{shown}:{error.lineno}: section [{error.section}] stands twice",
            "remove one of them",
        ) from error
    except configparser.ParsingError as error:
        line = error.errors[0][0] if error.errors else 1
        raise GuardError(
            f"{shown}:{line}: it is neither a [section] nor 'option = value'", "correct the line"
        ) from error
    return IniFile(path, shown, tuple(text.splitlines()), parser)


def _text(path: Path, shown: str) -> str:
    try:
        data = read_regular(path)
    except OSError as error:
        raise GuardError(
            f"{shown}: cannot be read: {error.strerror or error}", "see who may read it"
        ) from error
    if b"\0" in data:
        raise GuardError(f"{shown}: is not a text file: it contains null bytes", "save it as UTF-8")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Only comments and passwords are likely to hold such bytes, and Latin-1 can read any.
        return data.decode("latin-1")
