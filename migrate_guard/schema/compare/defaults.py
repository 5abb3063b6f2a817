"""Defaults that a server reads before it keeps them, as it keeps them; part of the comparison.

PostgreSQL keeps the value of a default, not its text: JSONB without the order of its keys (manual 18, 8.14),
an interval in hours, minutes and seconds, where a number without a unit counts seconds (8.5.4).
"""

from __future__ import annotations

import json
import re

from migrate_guard.dialect import DialectName
from migrate_guard.operations import Column, Default, SqlType, Unknown
from migrate_guard.pattern import pattern
from migrate_guard.schema.spelling import stored
from migrate_guard.schema.text import canonical

# MySQL's further part of a default, which raw SQL is read without.
_ON_UPDATE = pattern(r"\s+ON\s+UPDATE\s.*", re.IGNORECASE | re.DOTALL)
_SECONDS = pattern(r"-?\d{1,9}")


def defaults_of(left: Column, right: Column, dialect: DialectName) -> tuple[str | Unknown | None, ...]:
    """Return two defaults of one column in the form in which two spellings of them are equal."""
    names = {stored(one.type, dialect).name for one in (left, right) if isinstance(one.type, SqlType)}
    found = (default_text(left.default), default_text(right.default))
    if dialect != "postgresql":
        return found
    if "JSONB" in names:
        return tuple(_json(one) if isinstance(one, str) else one for one in found)
    if "INTERVAL" in names:
        return tuple(_interval(one) if isinstance(one, str) else one for one in found)
    return found


def default_text(default: Default | Unknown | None) -> str | Unknown | None:
    """Return a default in the form in which two spellings of it are equal; NULL is no default."""
    if not isinstance(default, Default):
        return default
    if isinstance(default.sql, Unknown):
        return default.sql
    text = canonical(_ON_UPDATE.sub("", default.sql))
    return None if text == "null" else text


def _json(text: str) -> str:
    if not text.startswith("'"):
        return text
    try:
        return json.dumps(json.loads(text[1:-1].replace("''", "'")), sort_keys=True)
    except (ValueError, RecursionError):
        return text


def _interval(text: str) -> str:
    if not _SECONDS.fullmatch(text):
        return text
    minutes, seconds = divmod(abs(int(text)), 60)
    hours, minutes = divmod(minutes, 60)
    sign = "-" if text.startswith("-") and int(text) else ""
    return f"'{sign}{hours:02}:{minutes:02}:{seconds:02}'"
