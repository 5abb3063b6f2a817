"""What hangs on a column of the replayed schema: foreign keys, indexes, checks."""

from __future__ import annotations

import re

from migrate_guard.operations import ForeignKey, Index, PrimaryKey, TableName, Unique, Unknown
from migrate_guard.schema import Schema, Table


def ties(
    table: Table, column: str, before: Schema, *, incoming: bool = True
) -> list[tuple[TableName, ForeignKey]]:
    """Return the other tables that a foreign key ties to the column, and the keys."""
    found = [
        (key.target, key)
        for key in table.foreign_keys
        if not isinstance(key.columns, Unknown)
        and column in key.columns
        and not isinstance(key.target, Unknown)
    ]
    if incoming:
        found += [
            (other.name, key)
            for other, key in before.referring(table.name)
            if not isinstance(key.target_columns, Unknown) and column in key.target_columns
        ]
    return [(name, key) for name, key in found if before.key(name) != before.key(table.name)]


def is_indexed(table: Table, column: str) -> bool:
    """Tell whether an index, or a constraint that has one, may use the column."""
    keyed = [c for c in table.constraints if isinstance(c, (PrimaryKey, Unique))]
    if any(isinstance(c.columns, Unknown) or column in c.columns for c in keyed) or table.excludes:
        return True
    return any(_may_use(index, column) for index in table.indexes)


def _may_use(index: Index, column: str) -> bool:
    if isinstance(index.parts, Unknown) or column in index.columns or index.where is not None:
        return True
    return any(part.expression is not None for part in index.parts)


def is_checked(table: Table, column: str) -> bool:
    """Tell whether a valid CHECK names the column: it is created again, which reads the rows."""
    word = re.compile(rf"\b{re.escape(column)}\b", re.IGNORECASE)
    return any(
        check.validated and (isinstance(check.sql, Unknown) or word.search(check.sql) is not None)
        for check in table.checks
    )
