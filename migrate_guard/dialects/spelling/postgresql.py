"""Types as PostgreSQL's `format_type()` spells them; part of the dialects' spelling.

Source: `format_type_extended` in `src/backend/utils/adt/format_type.c`, PostgreSQL 10 to 18.
"""

from __future__ import annotations

from migrate_guard.dialect import Dialect
from migrate_guard.dialects.spelling.identifiers import qualified
from migrate_guard.operations import SqlType
from migrate_guard.schema.spelling import label_length, stored

_DIALECT = Dialect("postgresql")
_LONG = {
    "BIT VARYING": "bit varying",
    "CHAR": "character",
    "VARBIT": "bit varying",
    "VARCHAR": "character varying",
}
_ZONED = frozenset({"TIMESTAMP", "TIME"})


def type_text(kind: SqlType) -> str | None:
    """Return the text of a type, `None` where the type is not known."""
    if kind.item is not None:
        item = type_text(kind.item)
        return None if item is None else f"{item}[]"
    if kind.name == "CUSTOM":
        return None
    if kind.custom is not None:
        return kind.custom if '"' in kind.custom else kind.custom.lower()
    if kind.name == "ENUM":
        return _enum(kind)
    return _built_in(stored(kind, "postgresql"))


def _enum(kind: SqlType) -> str | None:
    if kind.native:
        return None if kind.enum is None else qualified(kind.enum, _DIALECT)
    length = label_length(kind)
    return None if length is None else f"character varying({length})"


def _built_in(kind: SqlType) -> str:
    name = _LONG.get(kind.name, kind.name.lower())
    given = kind.arguments or ((1,) if kind.name == "BIT" else ())
    arguments = f"({','.join(map(str, given))})" if given else ""
    if kind.name not in _ZONED:
        return f"{name}{arguments}"
    return f"{name}{arguments} {'with' if kind.timezone else 'without'} time zone"
