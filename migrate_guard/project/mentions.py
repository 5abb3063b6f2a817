"""Which databases the revisions themselves speak of."""

from __future__ import annotations

import re
from collections.abc import Iterable

from migrate_guard.dialect import DialectName
from migrate_guard.project.script import Script

_NAMES = "postgresql|mysql|mariadb|sqlite"
_MENTION = re.compile(
    rf"sqlalchemy\.dialects\.(?P<module>{_NAMES})\b"
    rf"|from\s+sqlalchemy\.dialects\s+import\s+(?P<imported>[^\n;#]+)"
    rf"|\b(?P<keyword>{_NAMES})_\w+\s*="
    rf"|[=!]=\s*[\"'](?P<compared>{_NAMES})[\"']"
)
_WORD = re.compile(rf"\b(?:{_NAMES})\b")
_DIALECTS: dict[str, DialectName] = {
    "postgresql": "postgresql",
    "mysql": "mysql",
    "mariadb": "mariadb",
    "sqlite": "sqlite",
}


def mentioned_dialects(scripts: Iterable[Script]) -> tuple[DialectName, ...]:
    """Return the dialects that revisions import from, pass keywords for or compare with.

    Most frequent first. Raw SQL says too little to be asked.
    """
    counts: dict[DialectName, int] = {}
    for script in scripts:
        for dialect in _in_text(script.source.text):
            counts[dialect] = counts.get(dialect, 0) + 1
    return tuple(sorted(counts, key=lambda name: (-counts[name], name)))


def _in_text(text: str) -> frozenset[DialectName]:
    found: set[str] = set()
    for match in _MENTION.finditer(text):
        imported = match["imported"]
        if imported is not None:
            found.update(_WORD.findall(imported))
        else:
            found.add(match["module"] or match["keyword"] or match["compared"])
    return frozenset(_DIALECTS[name] for name in found)
