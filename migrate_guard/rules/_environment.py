"""What the rules about `env.py` and the ini file share."""

from __future__ import annotations

from migrate_guard.project.ini import IniFile
from migrate_guard.span import Span, whole_line

URL = "sqlalchemy.url"


def option_span(ini: IniFile, section: str, option: str) -> Span:
    """Return the line of an option of an ini file, the first line where it has none."""
    line = ini.line(section, option)
    if line is None:
        return whole_line(ini.shown, 1)
    return Span(ini.shown, line, 1, line, len(ini.lines[line - 1].rstrip()) + 1)
