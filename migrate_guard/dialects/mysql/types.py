"""What MySQL and MariaDB do with the rows when the type of a column changes.

InnoDB online DDL, column operations: another data type copies the table; a VARCHAR may grow where the
number of its length bytes stays, an ENUM or SET may get new values at its end.
"""

from __future__ import annotations

from migrate_guard.dialect import Dialect
from migrate_guard.dialects.effect import TypeChange
from migrate_guard.dialects.type_names import canonical
from migrate_guard.operations import SqlType, Unknown

# Bytes of one character; the character set is the start of a collation's name.
_WIDTHS = {"utf8mb4": 4, "utf8mb3": 3, "utf8": 3, "latin1": 1, "ascii": 1, "binary": 1, "ucs2": 2, "utf16": 4}
_COMMON_WIDTHS = (1, 3, 4)
_ONE_LENGTH_BYTE = 255
# MariaDB 10.4.3 and newer keep short values readable when a second length byte is added.
_MARIADB_ANY_GROWTH = 127
_INTEGERS = {"TINYINT", "SMALLINT", "MEDIUMINT", "INTEGER", "BIGINT"}
_KNOWN = frozenset(
    """BINARY BIT BLOB CHAR DATE DATETIME DOUBLE ENUM FLOAT JSON LONGBLOB LONGTEXT MEDIUMBLOB MEDIUMTEXT
    NUMERIC SET TEXT TIME TIMESTAMP TINYBLOB TINYTEXT VARBINARY VARCHAR YEAR""".split()
) | frozenset(_INTEGERS)
_NAMES = {"BOOLEAN": "TINYINT", "BYTEA": "BLOB", "DOUBLE PRECISION": "DOUBLE", "REAL": "DOUBLE"}
_DEFAULT_ARGUMENTS: dict[str, tuple[int, ...]] = {
    "NUMERIC": (10, 0),
    "CHAR": (1,),
    "BINARY": (1,),
    "BIT": (1,),
}


def type_change(old: SqlType, new: SqlType, dialect: Dialect) -> TypeChange:
    """Return what changing a column from one type to another does."""
    before, after = _stored(old), _stored(new)
    if "CUSTOM" in {before.name, after.name}:
        return TypeChange("unknown", f"what the database stores for {old} or {new} is not known")
    if before.collation != after.collation:
        return TypeChange("unknown", "what another collation or character set does is not known")
    if before == after:
        return TypeChange("free", "the type stays the same")
    if before.name == after.name and before.name in {"VARCHAR", "VARBINARY"}:
        return _grows(before, after, dialect)
    if before.name == after.name and before.name in {"ENUM", "SET"}:
        return _labels(before, after)
    if before.name in _KNOWN and after.name in _KNOWN and {before.name, after.name} != {"JSON", "LONGTEXT"}:
        return TypeChange("rewrite", "another data type copies the table")
    return TypeChange("unknown", f"how {old} becomes {new} is not known")


def _stored(of: SqlType) -> SqlType:
    """Return a type as the server stores it: display widths do not count, BOOLEAN is TINYINT."""
    found = of if of.name == "DATETIME" else canonical(of)
    name = _NAMES.get(found.name, found.name)
    arguments = () if name in _INTEGERS else (found.arguments or _DEFAULT_ARGUMENTS.get(name, ()))
    if name == "NUMERIC" and len(arguments) == 1:
        arguments = (arguments[0], 0)
    if name in {"ENUM", "SET"}:
        return SqlType(name, labels=found.labels, collation=found.collation)
    return SqlType(name, arguments, collation=found.collation, unsigned=found.unsigned, custom=found.custom)


def _grows(before: SqlType, after: SqlType, dialect: Dialect) -> TypeChange:
    if not before.arguments or not after.arguments:
        return TypeChange("unknown", "the length is not known")
    old, new = before.arguments[0], after.arguments[0]
    if new < old:
        return TypeChange("rewrite", "a shorter VARCHAR copies the table")
    results = {_keeps_length_bytes(old * width, new * width, dialect) for width in _widths(before)}
    if results == {True}:
        return TypeChange("free", "the length grows within the same number of length bytes")
    if results == {False}:
        return TypeChange("rewrite", "the length passes 255 bytes, so every value gets a second length byte")
    return TypeChange("unknown", "whether the length passes 255 bytes depends on the character set")


def _keeps_length_bytes(old: int, new: int, dialect: Dialect) -> bool:
    if dialect.name == "mariadb" and dialect.at_least(10, 4, 3) and old <= _MARIADB_ANY_GROWTH:
        return True
    return (old <= _ONE_LENGTH_BYTE) == (new <= _ONE_LENGTH_BYTE)


def _widths(of: SqlType) -> tuple[int, ...]:
    """Return the possible numbers of bytes of one character."""
    if of.name == "VARBINARY":
        return (1,)
    if of.collation is None:
        return _COMMON_WIDTHS
    width = _WIDTHS.get(of.collation.partition("_")[0].lower())
    return _COMMON_WIDTHS if width is None else (width,)


def _labels(before: SqlType, after: SqlType) -> TypeChange:
    old, new = before.labels, after.labels
    if old is None or new is None or isinstance(old, Unknown) or isinstance(new, Unknown):
        return TypeChange("unknown", "the labels are not known")
    if new[: len(old)] == old and _size(before.name, len(old)) == _size(before.name, len(new)):
        return TypeChange("free", "new labels at the end leave the stored numbers as they are")
    return TypeChange("rewrite", "labels that go, move or need more bytes copy the table")


def _size(name: str, labels: int) -> int:
    """Return the bytes that a value takes (data type storage requirements)."""
    if name == "ENUM":
        return 1 if labels <= _ONE_LENGTH_BYTE else 2
    bytes_needed = (labels + 7) // 8
    return bytes_needed if bytes_needed <= 4 else 8
