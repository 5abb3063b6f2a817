"""Types as they stand in SQLite's CREATE TABLE; part of the dialects' spelling.

SQLite keeps the text that it gets ("Datatypes In SQLite", 3.1), which is SQLAlchemy's.
"""

from __future__ import annotations

from migrate_guard.operations import SqlType
from migrate_guard.schema.spelling import label_length

_SHORT = {"DOUBLE PRECISION": "DOUBLE"}


def type_text(kind: SqlType) -> str | None:
    """Return the text of a type, `None` where the type is not known."""
    if kind.name == "CUSTOM" or kind.item is not None:
        return None
    if kind.custom is not None:
        return kind.custom
    if kind.name == "ENUM":
        length = label_length(kind)
        return None if length is None else f"VARCHAR({length})"
    arguments = f"({', '.join(map(str, kind.arguments))})" if kind.arguments else ""
    zone = " WITH TIME ZONE" if kind.timezone else ""
    sign = " UNSIGNED" if kind.unsigned and not kind.name.endswith(" UNSIGNED") else ""
    return f"{_SHORT.get(kind.name, kind.name)}{arguments}{zone}{sign}"
