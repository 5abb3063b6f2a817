"""What PostgreSQL does with the rows when the type of a column changes.

ALTER TABLE, Notes: a change of type normally writes the table and its indexes anew, except where the old
type is binary coercible to the new one, or where a length or precision only grows. Which pairs those are
is proven by the tests on every pair of these types.
"""

from __future__ import annotations

from migrate_guard.dialect import Dialect
from migrate_guard.dialects.effect import TypeChange
from migrate_guard.dialects.type_names import canonical
from migrate_guard.operations import SqlType
from migrate_guard.record import replace

# A cast "WITHOUT FUNCTION" in `pg_cast`, or a relabelling: the stored bytes are valid in the new type.
_BINARY_COERCIBLE = frozenset(
    {
        ("CIDR", "INET"),
        ("VARCHAR", "TEXT"),
        ("TEXT", "VARCHAR"),
        ("CITEXT", "TEXT"),
        ("TEXT", "CITEXT"),
        ("CITEXT", "VARCHAR"),
        ("VARCHAR", "CITEXT"),
        ("XML", "TEXT"),
        ("XML", "VARCHAR"),
        ("BIT", "VARBIT"),
    }
)
# The types of which every change that is not listed as free is known to rewrite.
_BUILT_IN = frozenset(
    """BIGINT BIT BOOLEAN BYTEA CHAR CIDR DATE INET INTEGER INTERVAL JSON JSONB MACADDR MONEY NUMERIC REAL
    SMALLINT TEXT TIME TIMESTAMP TSVECTOR UUID VARBIT VARCHAR XML""".split()
) | {"DOUBLE PRECISION"}
_PRECISE = {"TIME", "TIMESTAMP", "INTERVAL"}
_FULL_PRECISION = 6
_SINGLE_DIGITS = 24


def type_change(old: SqlType, new: SqlType, dialect: Dialect) -> TypeChange:
    """Return what changing a column from one type to another does, without a USING expression."""
    before, after = _stored(old), _stored(new)
    if replace(before, collation=None) == replace(after, collation=None):
        return _same_type(before, after)
    if before.item is not None or after.item is not None:
        return _arrays(before, after)
    if before.name == after.name:
        return _same_name(before, after, dialect)
    return _other_name(before, after)


def _stored(of: SqlType) -> SqlType:
    """Return a type as the server stores it: `FLOAT(n)` is REAL or DOUBLE PRECISION, CHAR is CHAR(1)."""
    found = canonical(of)
    if found.name == "FLOAT":
        single = bool(found.arguments) and found.arguments[0] <= _SINGLE_DIGITS
        return SqlType("REAL" if single else "DOUBLE PRECISION")
    if found.name in {"CHAR", "BIT"} and not found.arguments:
        return replace(found, arguments=(1,))
    if found.name == "NUMERIC" and len(found.arguments) == 1:
        return replace(found, arguments=(found.arguments[0], 0))
    if found.name in _PRECISE and found.arguments == (_FULL_PRECISION,):
        return replace(found, arguments=())
    if found.name == "ENUM":
        return SqlType("ENUM", enum=found.enum)
    return found


def _same_type(before: SqlType, after: SqlType) -> TypeChange:
    if before.name == "CUSTOM":
        return TypeChange("unknown", f"what the database stores for {before} is not known")
    if before.collation != after.collation:
        return TypeChange("scan", "another collation keeps the rows but rebuilds the column's indexes")
    return TypeChange("free", "the type stays the same")


def _arrays(before: SqlType, after: SqlType) -> TypeChange:
    """Compare arrays: only taking away a length or precision keeps the elements as they are stored."""
    old, new = (_stored(before.item or before), _stored(after.item or after))
    if before.item is not None and after.item is not None and old.name == new.name and not new.arguments:
        return TypeChange("free", "the elements are no longer limited")
    if _is_convertible(old) and _is_convertible(new):
        return TypeChange("rewrite", "every element of every row is converted")
    return TypeChange("unknown", f"how {before} becomes {after} is not known")


def _same_name(before: SqlType, after: SqlType, dialect: Dialect) -> TypeChange:
    """Compare lengths, precisions, scales and time zones of the same type."""
    if before.timezone != after.timezone:
        return _time_zone(before, after, dialect)
    if before.name in _PRECISE:
        return _grows(before, after, "precision")
    if before.name in {"VARCHAR", "VARBIT"}:
        return _grows(before, after, "length")
    if before.name == "NUMERIC":
        return _numeric(before, after)
    if before.name in {"CHAR", "BIT"}:
        return TypeChange("rewrite", "values of a fixed length are padded anew")
    if before.name == "ENUM" and before.enum is not None and after.enum is not None:
        return TypeChange("rewrite", "every row is converted to the labels of another enum")
    return TypeChange("unknown", f"how {before} becomes {after} is not known")


def _grows(before: SqlType, after: SqlType, what: str) -> TypeChange:
    if not after.arguments or (before.arguments and after.arguments[0] >= before.arguments[0]):
        return TypeChange("free", f"the {what} only grows")
    return TypeChange("rewrite", f"the {what} shrinks, so every value is checked and stored anew")


def _numeric(before: SqlType, after: SqlType) -> TypeChange:
    if not after.arguments:
        return TypeChange("free", "precision and scale are no longer limited")
    if before.arguments and before.arguments[1] == after.arguments[1]:
        return _grows(before, after, "precision")
    return TypeChange("rewrite", "another scale stores every value anew")


def _time_zone(before: SqlType, after: SqlType, dialect: Dialect) -> TypeChange:
    """Tell what adding or dropping the time zone does; release notes of PostgreSQL 12, E.1.3.2."""
    if before.name != "TIMESTAMP" or not dialect.at_least(12):
        return TypeChange("rewrite", "every value is converted between local time and UTC")
    if _grows(before, after, "precision").work != "free":
        return TypeChange("rewrite", "the precision shrinks, so every value is stored anew")
    return TypeChange("unknown", "free when the session's TimeZone is UTC, else every row is converted")


def _other_name(before: SqlType, after: SqlType) -> TypeChange:
    before, after = _stored(before), _stored(after)
    if (before.name, after.name) in _BINARY_COERCIBLE and not after.arguments:
        return TypeChange("free", f"{before.name} is binary coercible to {after.name}")
    if _is_convertible(before) and _is_convertible(after):
        return TypeChange("rewrite", f"every value is converted from {before.name} to {after.name}")
    return TypeChange("unknown", f"how {before} becomes {after} is not known")


def _is_convertible(of: SqlType) -> bool:
    return of.name in _BUILT_IN or (of.name == "ENUM" and of.enum is not None)
