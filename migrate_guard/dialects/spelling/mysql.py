"""Types as MySQL and MariaDB report them in COLUMN_TYPE; part of the dialects' spelling.

Sources: MySQL 8.4 manual, Numeric Type Syntax (display widths are gone since 8.0.19, but for
`tinyint(1)`), String Type Syntax (`TEXT(M)` and `BLOB(M)` become the smallest type that holds M);
MariaDB knowledge base, Data Types: integers show their display width.
"""

from __future__ import annotations

from migrate_guard.dialect import Dialect
from migrate_guard.dialects.spelling.identifiers import literal
from migrate_guard.operations import SqlType, Unknown
from migrate_guard.schema.spelling import label_length, stored

_SHORT = {"INTEGER": "int", "NUMERIC": "decimal", "BOOLEAN": "tinyint", "DOUBLE PRECISION": "double"}
# Signed, then unsigned: the digits of the greatest value, and one for the sign.
_WIDTHS = {
    "TINYINT": (4, 3),
    "SMALLINT": (6, 5),
    "MEDIUMINT": (9, 8),
    "INTEGER": (11, 10),
    "BIGINT": (20, 20),
}
_ONE = frozenset({"CHAR", "BINARY", "BIT"})
_SIZED = {"TEXT": "text", "BLOB": "blob"}
_SIZES = ((0xFF, "tiny"), (0xFFFF, ""), (0xFFFFFF, "medium"))
_BYTES_OF_A_CHARACTER = 4
"""Of utf8mb4, the default character set of MySQL since 8.0 and of MariaDB since 11.6."""


def type_text(kind: SqlType, dialect: Dialect) -> str | None:
    """Return the text of a type, `None` where the type is not known."""
    if kind.name == "CUSTOM" or kind.item is not None:
        return None
    if kind.custom is not None:
        return kind.custom.lower()
    if kind.name == "SET" or (kind.name == "ENUM" and kind.native):
        return _with_labels(kind, dialect)
    if kind.name == "ENUM":
        length = label_length(kind)
        return None if length is None else f"varchar({length})"
    return _built_in(kind, dialect)


def _with_labels(kind: SqlType, dialect: Dialect) -> str | None:
    if kind.labels is None or isinstance(kind.labels, Unknown):
        return None
    return f"{kind.name.lower()}({','.join(literal(label, dialect) for label in kind.labels)})"


def _built_in(kind: SqlType, dialect: Dialect) -> str:
    found = stored(kind, dialect.name)
    sign = " unsigned" if found.unsigned else ""
    if found.name in _SIZED and found.arguments:
        return _sized(found)
    arguments = _arguments(found, dialect)
    shown = f"({','.join(map(str, arguments))})" if arguments else ""
    return f"{_SHORT.get(found.name, found.name.lower())}{shown}{sign}"


def _arguments(found: SqlType, dialect: Dialect) -> tuple[int, ...]:
    """Return the numbers behind the name; an integer's display width is the default one.

    A width that a script asks for says nothing about the values and is not kept by the evaluation.
    """
    if found.name in _WIDTHS:
        if found.arguments or dialect.name == "mysql":
            return found.arguments
        return (_WIDTHS[found.name][found.unsigned],)
    if found.name == "YEAR":
        return (4,) if dialect.name == "mariadb" else ()
    if found.name in _ONE and not found.arguments:
        return (1,)
    return found.arguments


def _sized(kind: SqlType) -> str:
    wanted = kind.arguments[0] * (_BYTES_OF_A_CHARACTER if kind.name == "TEXT" else 1)
    prefix = next((prefix for size, prefix in _SIZES if wanted <= size), "long")
    return prefix + _SIZED[kind.name]
