"""Claims about PostgreSQL: adding, dropping and altering columns."""

from __future__ import annotations

import re

from migrate_guard.dialect import Dialect
from migrate_guard.dialects.effect import NOTHING, Effect, TypeChange, Volatility, combined
from migrate_guard.dialects.groups import ColumnOperation
from migrate_guard.dialects.postgresql.constraints import added_constraint
from migrate_guard.dialects.postgresql.indexes import built_index
from migrate_guard.dialects.postgresql.locks import (
    ACCESS_EXCLUSIVE,
    ALTER_TABLE,
    SHARE_ROW_EXCLUSIVE,
    SHARE_UPDATE_EXCLUSIVE,
    known_table,
    locked,
    rewritten,
    scanned,
)
from migrate_guard.dialects.postgresql.types import type_change
from migrate_guard.dialects.postgresql.volatility import expression_volatility
from migrate_guard.operations import (
    AddColumn,
    AlterColumn,
    Check,
    Column,
    Computed,
    Constraint,
    Default,
    Drop,
    DropColumn,
    ForeignKey,
    Index,
    PrimaryKey,
    RenameColumn,
    SqlType,
    TableName,
    Unique,
    Unknown,
    assert_never,
)
from migrate_guard.schema import Schema, Table

COMMENT = "https://www.postgresql.org/docs/18/sql-comment.html"


def effect_of(operation: ColumnOperation, before: Schema, dialect: Dialect) -> Effect:
    """Return what PostgreSQL does for an operation on columns."""
    match operation:
        case AddColumn():
            return _added_with_all(operation, before, dialect)
        case DropColumn():
            return _dropped(operation, before)
        case AlterColumn():
            return _altered(operation, before, dialect)
        case RenameColumn():
            return locked(operation.table, ACCESS_EXCLUSIVE, ALTER_TABLE)
        case _:
            assert_never(operation)


def _added_with_all(operation: AddColumn, before: Schema, dialect: Dialect) -> Effect:
    """Claim what ADD COLUMN does, and the statements for its constraints and indexes after it."""
    column = _added(operation, before, dialect)
    constraints = [_brought(c, operation, before) for c in operation.constraints]
    indexes = [built_index(index) for index in operation.indexes]
    return combined([column, *constraints, *indexes], held=not operation.autocommit)


def _brought(constraint: Constraint, operation: AddColumn, before: Schema) -> Effect:
    """Claim what a constraint of a new column does.

    A foreign key in the same statement as a column without a default has no values to look up.
    """
    column = operation.column
    empty = operation.inline and column.default is None and column.computed is None
    if isinstance(constraint, ForeignKey) and empty and not isinstance(constraint.target, Unknown):
        own = locked(operation.table, SHARE_ROW_EXCLUSIVE, ALTER_TABLE)
        return combined([own, locked(constraint.target, SHARE_ROW_EXCLUSIVE, ALTER_TABLE)], held=True)
    return added_constraint(operation.table, constraint, before)


def _added(operation: AddColumn, before: Schema, dialect: Dialect) -> Effect:
    rewrites = adds_by_rewriting(operation.column, before, dialect)
    if rewrites is None:
        return locked(operation.table, ACCESS_EXCLUSIVE, ALTER_TABLE).in_doubt()
    if rewrites:
        return rewritten(operation.table, ALTER_TABLE)
    return locked(operation.table, ACCESS_EXCLUSIVE, ALTER_TABLE)


def adds_by_rewriting(column: Column, before: Schema, dialect: Dialect) -> bool | None:
    """Tell whether adding the column writes every row; `None` when that is not known.

    ALTER TABLE, Notes: a volatile default, a stored generated column, an identity column and a domain
    with constraints rewrite the table; a constant or stable default does since PostgreSQL 11 no more.
    """
    if column.serial or isinstance(column.identity, Unknown) or isinstance(column.computed, Unknown):
        return True if column.serial else None
    if column.identity is not None:
        return True
    if column.computed is not None:
        return _stores(column.computed, dialect)
    if _is_domain(column, before):
        return True
    filled = _filled_by_rewriting(column, dialect)
    return None if filled is False and _may_be_domain(column) else filled


def _stores(computed: Computed, dialect: Dialect) -> bool | None:
    """Tell whether a generated column is stored; PostgreSQL 18 made VIRTUAL the default."""
    if computed.stored is None:
        return False if dialect.at_least(18) else None
    return computed.stored


def _filled_by_rewriting(column: Column, dialect: Dialect) -> bool | None:
    volatility = default_volatility(column.default)
    if column.default is None or volatility == "unknown":
        return None if volatility == "unknown" else False
    if not dialect.at_least(11):
        return True
    return volatility == "volatile"


def default_volatility(default: Default | Unknown | None) -> Volatility:
    """Return how often PostgreSQL evaluates a default while it fills the rows that exist."""
    if isinstance(default, Unknown) or (default is not None and isinstance(default.sql, Unknown)):
        return "unknown"
    if default is None or default.quoted or isinstance(default.sql, Unknown):
        return "constant"
    return expression_volatility(default.sql)


def _is_domain(column: Column, before: Schema) -> bool:
    name = _type_name(column)
    return name is not None and any(
        kind == "domain" and key.name.lower() == name for kind, key in before.objects
    )


def _may_be_domain(column: Column) -> bool:
    """Tell whether the type is one that this module does not know by name."""
    return not isinstance(column.type, SqlType) or column.type.name == "CUSTOM"


def _type_name(column: Column) -> str | None:
    if not isinstance(column.type, SqlType):
        return None
    return (column.type.custom or column.type.name).rpartition(".")[2].lower()


def _dropped(operation: DropColumn, before: Schema) -> Effect:
    """Claim what DROP COLUMN does: its foreign keys go too, and lock the tables that they refer to."""
    own = locked(operation.table, ACCESS_EXCLUSIVE, ALTER_TABLE)
    table = known_table(before, operation.table)
    if table is None:
        return own.in_doubt()
    ties = _ties(table, operation.column, before, incoming=operation.cascade)
    others = [locked(name, ACCESS_EXCLUSIVE, ALTER_TABLE) for name, _ in ties]
    return combined([own, *others], held=True)


def _ties(
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


def _altered(operation: AlterColumn, before: Schema, dialect: Dialect) -> Effect:
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
    others = [locked(n, ACCESS_EXCLUSIVE, ALTER_TABLE) for n, _ in _ties(table, operation.column, before)]
    if change.work == "unknown":
        return [short.in_doubt(), *others]
    rebuilt = change.work == "scan" and _is_indexed(table, operation.column)
    if rebuilt or _is_checked(table, operation.column):
        return [scanned(name, ACCESS_EXCLUSIVE, ALTER_TABLE), *others]
    return [short, *others]


def _keys_checked_again(table: Table, column: str, before: Schema) -> list[Effect]:
    """Claim the foreign keys of a column with a new type: dropped, created again and, if valid, checked."""
    return [
        scanned(name, ACCESS_EXCLUSIVE, ALTER_TABLE)
        if key.validated
        else locked(name, ACCESS_EXCLUSIVE, ALTER_TABLE)
        for name, key in _ties(table, column, before)
    ]


def _is_indexed(table: Table, column: str) -> bool:
    """Tell whether an index, or a constraint that has one, may use the column."""
    keyed = [c for c in table.constraints if isinstance(c, (PrimaryKey, Unique))]
    if any(isinstance(c.columns, Unknown) or column in c.columns for c in keyed) or table.excludes:
        return True
    return any(_may_use(index, column) for index in table.indexes)


def _may_use(index: Index, column: str) -> bool:
    if isinstance(index.parts, Unknown) or column in index.columns or index.where is not None:
        return True
    return any(part.expression is not None for part in index.parts)


def _is_checked(table: Table, column: str) -> bool:
    """Tell whether a valid CHECK names the column: it is created again, which reads the rows."""
    word = re.compile(rf"\b{re.escape(column)}\b", re.IGNORECASE)
    return any(
        check.validated and (isinstance(check.sql, Unknown) or word.search(check.sql) is not None)
        for check in table.checks
    )


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
