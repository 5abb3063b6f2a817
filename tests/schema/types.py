"""SQLAlchemy's types as ours, by way of the DDL that SQLAlchemy writes for them."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect

from migrate_guard.operations import SqlType, TableName

_TYPE = re.compile(
    r"""
    ([A-Z][A-Z0-9 ]*?) \s*
    (?:\(([^)]*)\))? \s*
    (WITH(?:OUT)?\ TIME\ ZONE)? \s*
    (UNSIGNED)?
    (?:\s+(?:CHARACTER\ SET|COLLATE).*)? $
    """,
    re.VERBOSE,
)


def sql_type(given: sa.types.TypeEngine[Any], dialect: Dialect) -> SqlType:
    """Return a type as our reader would give it."""
    if isinstance(given, sa.ARRAY):
        return SqlType("ARRAY", item=sql_type(given.item_type, dialect))
    if isinstance(given, sa.Enum):
        native = bool(given.native_enum and dialect.supports_native_enum)
        named = given.name is not None and native and dialect.name == "postgresql"
        return SqlType(
            "ENUM",
            arguments=() if native or given.length is None else (given.length,),
            enum=TableName(str(given.name), given.schema or "") if named else None,
            labels=tuple(given.enums),
            native=native,
            check=given.create_constraint,
        )
    assert not isinstance(given, sa.types.NullType), "a type that SQLAlchemy does not know"
    collation = getattr(given, "collation", None) if dialect.name == "sqlite" else None
    return replace(parse(given.compile(dialect=dialect)), collation=collation)


def parse(text: str) -> SqlType:
    """Read one type from its DDL."""
    match = _TYPE.match(text)
    assert match is not None, text
    name, arguments, zone, unsigned = match.groups()
    numbers = tuple(int(part) for part in (arguments or "").split(",") if part.strip().isdigit())
    return SqlType(name.strip(), numbers, timezone=zone == "WITH TIME ZONE", unsigned=unsigned is not None)
