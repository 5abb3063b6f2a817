"""Types under one name each, so that the dialects can compare them."""

from __future__ import annotations

from migrate_guard.operations import SqlType, Unknown
from migrate_guard.record import replace

_NAMES = {
    "BOOL": "BOOLEAN",
    "CHARACTER": "CHAR",
    "NCHAR": "CHAR",
    "BPCHAR": "CHAR",
    "CHARACTER VARYING": "VARCHAR",
    "NVARCHAR": "VARCHAR",
    "STRING": "VARCHAR",
    "UNICODE": "VARCHAR",
    "CLOB": "TEXT",
    "UNICODETEXT": "TEXT",
    "INT": "INTEGER",
    "INT2": "SMALLINT",
    "INT4": "INTEGER",
    "INT8": "BIGINT",
    "SMALLSERIAL": "SMALLINT",
    "SERIAL": "INTEGER",
    "BIGSERIAL": "BIGINT",
    "DECIMAL": "NUMERIC",
    "DEC": "NUMERIC",
    "FLOAT4": "REAL",
    "FLOAT8": "DOUBLE PRECISION",
    "DOUBLE": "DOUBLE PRECISION",
    "DOUBLE_PRECISION": "DOUBLE PRECISION",
    "DATETIME": "TIMESTAMP",
    "BIT VARYING": "VARBIT",
    "LARGEBINARY": "BYTEA",
}
_ZONED = {"TIMESTAMPTZ": "TIMESTAMP", "TIMETZ": "TIME"}


def canonical(of: SqlType) -> SqlType:
    """Return the type under the name that stands for all its spellings."""
    if of.name == "ENUM" and not of.native:
        return _varchar_of_labels(of)
    item = None if of.item is None else canonical(of.item)
    if of.name in _ZONED:
        return replace(of, name=_ZONED[of.name], timezone=True, item=item)
    return replace(of, name=_NAMES.get(of.name, of.name), item=item)


def _varchar_of_labels(of: SqlType) -> SqlType:
    """Return the VARCHAR that SQLAlchemy writes for an enum that is not native: the longest label's."""
    if of.arguments:
        return SqlType("VARCHAR", of.arguments)
    if of.labels is None or isinstance(of.labels, Unknown) or not of.labels:
        return SqlType("CUSTOM", custom="an enum of unknown labels")
    return SqlType("VARCHAR", (max(map(len, of.labels)),))
