"""What ALTER TABLE can do on SQLite outside batch mode, and since which version.

Source: https://www.sqlite.org/lang_altertable.html, tried with 3.40 and 3.53.4. Alembic sends no statement
for constraints on SQLite but raises `NotImplementedError` (`SQLiteImpl.add_constraint`, 1.20).
"""

from __future__ import annotations

from typing import TypeAlias

from migrate_guard.operations import (
    AddColumn,
    AddConstraint,
    AlterColumn,
    AnyOperation,
    Check,
    DropConstraint,
    ForeignKey,
    Unique,
)
from migrate_guard.schema import Schema

Version: TypeAlias = tuple[int, ...]

ALWAYS: Version = ()
_NOT_NULL_AND_CHECKS: Version = (3, 53)


def works_since(operation: AnyOperation, before: Schema) -> Version | None:
    """Return the version of SQLite from which an operation works outside batch mode.

    `ALWAYS` is for those that all versions know, or about which nothing is said here; `None` is for those
    that none knows. `before` is the schema before the operation.
    """
    if isinstance(operation, AddColumn):
        # Alembic writes these as statements of their own; a CHECK of a type goes with the column.
        apart = not operation.inline and any(
            isinstance(c, (Unique, ForeignKey)) for c in operation.constraints
        )
        return None if apart else ALWAYS
    if isinstance(operation, AlterColumn):
        if operation.type is not None or operation.default is not None:
            return None
        return ALWAYS if operation.nullable is None else _NOT_NULL_AND_CHECKS
    if isinstance(operation, AddConstraint):
        in_sql = operation.sql is not None
        return _NOT_NULL_AND_CHECKS if in_sql and isinstance(operation.constraint, Check) else None
    if isinstance(operation, DropConstraint):
        return _NOT_NULL_AND_CHECKS if _may_be_dropped(operation, before) else None
    return ALWAYS


def _may_be_dropped(operation: DropConstraint, before: Schema) -> bool:
    """Tell whether a statement may be known: there is no IF EXISTS, and keys and UNIQUE stay."""
    if operation.sql is None or operation.if_exists:
        return False
    table = before.table(operation.table)
    found = () if table is None else table.constraints
    return not any(one.name == operation.name and not isinstance(one, Check) for one in found)
