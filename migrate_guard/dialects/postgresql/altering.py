"""Claims about PostgreSQL: altering a column's type, NOT NULL, default and comment."""

from __future__ import annotations

import re

from migrate_guard.dialect import Dialect
from migrate_guard.dialects.effect import NOTHING, Effect, TypeChange, combined
from migrate_guard.dialects.postgresql.locks import (
    ACCESS_EXCLUSIVE,
    ALTER_TABLE,
    SHARE_UPDATE_EXCLUSIVE,
    known_table,
    locked,
    rewritten,
    scanned,
)
from migrate_guard.dialects.postgresql.ties import is_checked, is_indexed, ties
from migrate_guard.dialects.postgresql.types import type_change
from migrate_guard.operations import AlterColumn, Check, Drop, SqlType, TableName, Unknown
from migrate_guard.schema import Schema, Table

COMMENT = "https://www.postgresql.org/docs/18/sql-comment.html"


def altered_column(operation: AlterColumn, before: Schema, dialect: Dialect) -> Effect:
    """Claim what the statements of one `alter_column` do."""
    parts = [
        *_type_effects(operation, before, dialect),
        *_nullable_effects(operation, before, dialect),
        *_catalogue_effects(operation),
    ]
    return combined(parts, held=not operation.autocommit) if parts else NOTHING


def _catalogue_effects(operation: AlterColumn) -> list[Effect]:
    """Claim what defaults, identities, generated columns and comments do."""
    parts = []
    if operation.default is not None or operation.identity is not None:
        parts.append(locked(operation.table, ACCESS_EXCLUSIVE, ALTER_TABLE))
    if isinstance(operation.computed, Drop):
        parts.append(locked(operation.table, ACCESS_EXCLUSIVE, ALTER_TABLE))
    elif operation.computed is not None:
        parts.append(rewritten(operation.table, ALTER_TABLE))  # SET EXPRESSION, from PostgreSQL 17 on
    if operation.comment is not None:
        parts.append(locked(operation.table, SHARE_UPDATE_EXCLUSIVE, COMMENT))
    return parts


def _type_effects(operation: AlterColumn, before: Schema, dialect: Dialect) -> list[Effect]:
    if operation.type is None:
        return []
    name = operation.table
    change = changed_type(operation, before, dialect)
    table = known_table(before, name)
    short = locked(name, ACCESS_EXCLUSIVE, ALTER_TABLE)
    if table is None:
        own = rewritten(name, ALTER_TABLE) if change.work == "rewrite" else short
        return [own.in_doubt()]
    if change.work == "rewrite":
        return [rewritten(name, ALTER_TABLE), *_keys_checked_again(table, operation.column, before)]
    others = [locked(n, ACCESS_EXCLUSIVE, ALTER_TABLE) for n, _ in ties(table, operation.column, before)]
    if change.work == "unknown":
        return [short.in_doubt(), *others]
    rebuilt = change.work == "scan" and is_indexed(table, operation.column)
    if rebuilt or is_checked(table, operation.column):
        return [scanned(name, ACCESS_EXCLUSIVE, ALTER_TABLE), *others]
    return [short, *others]


def _keys_checked_again(table: Table, column: str, before: Schema) -> list[Effect]:
    """Claim the foreign keys of a column with a new type: dropped, created again and, if valid, checked."""
    return [
        scanned(name, ACCESS_EXCLUSIVE, ALTER_TABLE)
        if key.validated
        else locked(name, ACCESS_EXCLUSIVE, ALTER_TABLE)
        for name, key in ties(table, column, before)
    ]


def changed_type(operation: AlterColumn, before: Schema, dialect: Dialect) -> TypeChange:
    """Return what the new type of the operation does with the rows, its USING expression considered."""
    old, new = _type_before(operation, before), operation.type
    if not isinstance(new, SqlType):
        return TypeChange("unknown", "the new type is not known")
    if operation.using is not None and not _is_plain(operation.using, operation.column, new):
        return TypeChange("rewrite", "every row is computed anew by the USING expression")
    if not isinstance(old, SqlType):
        return TypeChange("unknown", "the old type is not known")
    return type_change(old, new, dialect)


def _type_before(operation: AlterColumn, before: Schema) -> SqlType | Unknown | None:
    table = before.table(operation.table)
    column = None if table is None or not table.certain else table.columns.get(operation.column)
    if column is not None and column.certain and isinstance(column.type, SqlType):
        return column.type
    return operation.existing_type


def _is_plain(using: str, column: str, new: SqlType) -> bool:
    """Tell whether USING does no more than the assignment does without it: `c` or `c::type`."""
    text = re.sub(r'[\s"]+', " ", using).strip().lower()
    cast = re.fullmatch(r"cast ?\( ?(\w+) as (.*)\)|(\w+) ?:: ?(.*)|(\w+)", text)
    if cast is None or column.lower() not in cast.group(1, 3, 5):
        return False
    target = (cast.group(2) or cast.group(4) or str(new)).replace(" ", "")
    return target.lower() == str(new).lower().replace(" ", "")


def _nullable_effects(operation: AlterColumn, before: Schema, dialect: Dialect) -> list[Effect]:
    if operation.nullable is None:
        return []
    short = locked(operation.table, ACCESS_EXCLUSIVE, ALTER_TABLE)
    if isinstance(operation.nullable, Unknown):
        return [short.in_doubt()]
    if operation.nullable or proves_not_null(operation.table, operation.column, before, dialect):
        return [short]
    return [scanned(operation.table, ACCESS_EXCLUSIVE, ALTER_TABLE)]


def proves_not_null(name: TableName, column: str, before: Schema, dialect: Dialect) -> bool:
    """Tell whether SET NOT NULL needs no look at the rows.

    It needs none where the column is NOT NULL already, or, from PostgreSQL 12 on, where a valid CHECK
    proves it (ALTER TABLE, SET NOT NULL).
    """
    table = before.table(name)
    if table is None or not table.certain:
        return False
    found = table.columns.get(column)
    if found is not None and found.nullable is False and found.certain:
        return True
    return dialect.at_least(12) and any(_implies_not_null(check, column) for check in table.checks)


def _implies_not_null(check: Check, column: str) -> bool:
    """Tell whether a valid CHECK says `column IS NOT NULL`, alone or joined to others by AND."""
    if not check.validated or isinstance(check.sql, Unknown):
        return False
    if check.not_null is not None:
        return check.not_null == column
    text = re.sub(r"\s+", " ", check.sql).strip().lower()
    if re.search(r"\bor\b|'", text):
        return False
    wanted = {f"{column} is not null".lower(), f'"{column}" is not null'.lower()}
    return any(_bare(part) in wanted for part in re.split(r"\band\b", _bare(text)))


def _bare(text: str) -> str:
    """Return an expression without the parentheses around the whole of it."""
    text = text.strip()
    while text.startswith("(") and text.endswith(")") and _balanced(text[1:-1]):
        text = text[1:-1].strip()
    return text


def _balanced(text: str) -> bool:
    depth = 0
    for character in text:
        depth += {"(": 1, ")": -1}.get(character, 0)
        if depth < 0:
            return False
    return depth == 0
