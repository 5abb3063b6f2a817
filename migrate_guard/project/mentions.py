"""Which databases the revisions themselves speak of."""

from __future__ import annotations

from collections.abc import Iterable

from migrate_guard.dialect import DIALECTS, DialectName
from migrate_guard.pattern import pattern
from migrate_guard.project.script import Script

# `postgresql.JSONB(`, `postgresql_where=` after the name; an import or a comparison before it.
_AFTER = pattern(r"\.[A-Z]|_\w+\s*=[^=]")
_BEFORE = pattern(r"sqlalchemy\.dialects\.$|sqlalchemy\.dialects\s+import\b|[=!]=\s*[\"']$")


def mentioned_dialects(scripts: Iterable[Script]) -> tuple[DialectName, ...]:
    """Return the dialects that revisions import from, pass keywords for or compare with.

    Most frequent first. Raw SQL says too little to be asked.
    """
    counts: dict[DialectName, int] = {}
    for script in scripts:
        for dialect in DIALECTS:
            if _is_named(dialect, script.source.text):
                counts[dialect] = counts.get(dialect, 0) + 1
    return tuple(sorted(counts, key=lambda name: (-counts[name], name)))


def _is_named(name: str, text: str) -> bool:
    start = text.find(name)
    while start >= 0:
        end = start + len(name)
        before = text[text.rfind("\n", 0, start) + 1 : start]
        whole = not before[-1:].isidentifier()
        if whole and (_AFTER.match(text, end) or _BEFORE.search(before)):
            return True
        start = text.find(name, end)
    return False
