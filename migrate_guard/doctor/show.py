"""A checkup as text, or as JSON."""

from __future__ import annotations

import json

from migrate_guard.doctor.model import Checkup
from migrate_guard.report.summary import plural
from migrate_guard.report.terminal import Style, visible, visible_line

VERSION = 1


def checkup_text(checkup: Checkup, style: Style) -> str:
    """Return a block for each diagnosis, and at the end what was read and what was not."""
    lines: list[str] = []
    for one in checkup.diagnoses:
        place = visible_line(f"{one.path}:{one.line}")
        lines.append(f"{place}: {style.paint(f'[{one.check}]', 'yellow')} {visible_line(one.message)}")
        if one.help:
            lines.append("  help:")
            lines += [f"    {line}" for line in visible(one.help).splitlines()]
        lines.append("")
    number = len(checkup.diagnoses)
    found = plural(number, "diagnosis") if number < 2 else f"{number} diagnoses"
    lines.append(
        f"{found if number else 'Nothing found'} in {plural(len(checkup.read), 'file')} and the code."
    )
    if checkup.not_checked:
        lines.append("Not checked:")
        lines += [f"  {visible_line(line)}" for line in checkup.not_checked]
    return "\n".join(lines) + "\n"


def checkup_json(checkup: Checkup) -> str:
    """Return one JSON document; within version 1, fields may be added."""
    document = {
        "version": VERSION,
        "diagnoses": [
            {"check": d.check, "path": d.path, "line": d.line, "message": d.message, "help": d.help}
            for d in checkup.diagnoses
        ],
        "read": list(checkup.read),
        "not_checked": list(checkup.not_checked),
    }
    return json.dumps(document, indent=2) + "\n"
