"""Claims about MySQL and MariaDB: adding, dropping and altering columns."""

from __future__ import annotations

import re

from migrate_guard.dialect import Dialect
from migrate_guard.dialects.effect import Effect, combined
from migrate_guard.dialects.groups import ColumnOperation
from migrate_guard.dialects.mysql.constraints import added_constraint, built_index
from migrate_guard.dialects.mysql.online import (
    copied,
    has_fulltext,
    in_dictionary,
    in_one_statement,
    instant,
    is_mariadb,
    known_table,
    rebuilt,
    rebuilt_with_indexes,
)
from migrate_guard.dialects.mysql.types import type_change
from migrate_guard.dialects.mysql.volatility import default_volatility, is_expression
from migrate_guard.operations import (
    AddColumn,
    AlterColumn,
    Check,
    Column,
    Constraint,
    DropColumn,
    ForeignKey,
    PrimaryKey,
    RenameColumn,
    SqlType,
    Unique,
    Unknown,
    assert_never,
)
from migrate_guard.schema import Schema, Table


def effect_of(operation: ColumnOperation, before: Schema, dialect: Dialect) -> Effect:
    """Return what the server does for an operation on columns."""
    match operation:
        case AddColumn():
            return _added_with_all(operation, before, dialect)
        case DropColumn():
            return _dropped(operation, before, dialect)
        case AlterColumn():
            return _altered(operation, before, dialect)
        case RenameColumn():
            # INSTANT since MySQL 8.0.28; either way only the dictionary changes.
            instantly = is_mariadb(dialect) or dialect.at_least(8, 0, 28)
            return (instant if instantly else in_dictionary)(operation.table, dialect)
        case _:
            assert_never(operation)


def _added_with_all(operation: AddColumn, before: Schema, dialect: Dialect) -> Effect:
    own = _added(operation, before, dialect)
    parts = [_brought(constraint, operation, before, dialect) for constraint in operation.constraints]
    parts += [built_index(index, dialect) for index in operation.indexes]
    if not parts:
        return own
    if not operation.inline:
        return combined([own, *parts], held=False)
    # An action that is not INSTANT in the same statement makes adding the column rebuild the table.
    effect = in_one_statement([own, rebuilt_with_indexes(operation.table, before, dialect), *parts])
    # MariaDB adds a column with its own CHECK instantly where the default satisfies it.
    checks = any(isinstance(constraint, Check) for constraint in operation.constraints)
    return effect.in_doubt() if checks and is_mariadb(dialect) else effect


def _brought(constraint: Constraint, operation: AddColumn, before: Schema, dialect: Dialect) -> Effect:
    """Claim a constraint of a new column; a primary key of it alone rebuilds the table."""
    if isinstance(constraint, PrimaryKey) and constraint.columns == (operation.column.name,):
        return rebuilt_with_indexes(operation.table, before, dialect)
    return added_constraint(operation.table, constraint, before, dialect)


def _added(operation: AddColumn, before: Schema, dialect: Dialect) -> Effect:
    """Claim ADD COLUMN: INSTANT since MySQL 8.0.12 and MariaDB 10.3.2, with the exceptions of the manual."""
    name, column = operation.table, operation.column
    if isinstance(column.computed, Unknown):
        return instant(name, dialect).in_doubt()
    if column.computed is not None and column.computed.stored:
        return copied(name, dialect)
    if column.serial or column.autoincrement is True:
        return rebuilt(name, dialect, "SHARED")
    if column.default is not None and _filled_row_by_row(column, dialect) is not False:
        effect = copied(name, dialect)
        return effect if _filled_row_by_row(column, dialect) else effect.in_doubt()
    if not _adds_instantly(dialect) or _blocks_instant(known_table(before, name)):
        return rebuilt_with_indexes(name, before, dialect)
    effect = instant(name, dialect)
    return effect.in_doubt() if _is_placed(operation) and not _places_instantly(dialect) else effect


def _filled_row_by_row(column: Column, dialect: Dialect) -> bool | None:
    """Tell whether the default is computed for every row; `None` when that is not known."""
    volatility = default_volatility(column.default)
    if not is_mariadb(dialect) and is_expression(column.default):
        return None
    return {"volatile": True, "unknown": None}.get(volatility, False)


def _adds_instantly(dialect: Dialect) -> bool:
    return dialect.at_least(10, 3, 2) if is_mariadb(dialect) else dialect.at_least(8, 0, 12)


def _places_instantly(dialect: Dialect) -> bool:
    return dialect.at_least(10, 4) if is_mariadb(dialect) else dialect.at_least(8, 0, 29)


def _is_placed(operation: AddColumn) -> bool:
    """Tell whether the column is not added as the last one."""
    text = "" if operation.sql is None else operation.sql.text
    return re.search(r"\b(after|first)\b", text, re.IGNORECASE) is not None


def _blocks_instant(table: Table | None) -> bool:
    return table is not None and has_fulltext(table)


def _dropped(operation: DropColumn, before: Schema, dialect: Dialect) -> Effect:
    """Claim DROP COLUMN: INSTANT since MySQL 8.0.29 and MariaDB 10.4, unless an index has the column."""
    table = known_table(before, operation.table)
    if table is None:
        return instant(operation.table, dialect).in_doubt()
    instantly = dialect.at_least(10, 4) if is_mariadb(dialect) else dialect.at_least(8, 0, 29)
    if not instantly or _blocks_instant(table):
        return rebuilt_with_indexes(operation.table, before, dialect)
    if not _is_keyed(table, operation.column):
        return instant(operation.table, dialect)
    # An index on the column alone goes with it; one that has others too is built anew.
    alone = is_mariadb(dialect) and _is_indexed_alone(table, operation.column)
    effect = in_dictionary(operation.table, dialect)
    return effect if alone else effect.in_doubt()


def _is_keyed(table: Table, column: str) -> bool:
    """Tell whether an index or a key may have the column."""
    constraints = [c.columns for c in table.constraints if isinstance(c, (PrimaryKey, Unique, ForeignKey))]
    if any(isinstance(columns, Unknown) or column in columns for columns in constraints):
        return True
    return any(isinstance(index.parts, Unknown) or column in index.columns for index in table.indexes)


def _is_indexed_alone(table: Table, column: str) -> bool:
    """Tell whether only plain indexes on the column alone have it."""
    constraints = [c for c in table.constraints if isinstance(c, (PrimaryKey, Unique, ForeignKey))]
    if any(isinstance(c.columns, Unknown) or column in c.columns for c in constraints):
        return False
    return all(
        not isinstance(index.parts, Unknown) and (column not in index.columns or len(index.parts) == 1)
        for index in table.indexes
    )


def _altered(operation: AlterColumn, before: Schema, dialect: Dialect) -> Effect:
    """Claim what ALTER, MODIFY or CHANGE of one column does; without a change it is still a moment's lock."""
    table = known_table(before, operation.table)
    column = None if table is None else table.columns.get(operation.column)
    parts = [instant(operation.table, dialect)]
    if operation.type is not None:
        parts.append(_typed(operation, column, dialect))
    if _modifies(operation):
        parts.append(_nullable(operation, column, before, dialect))
    if operation.comment is not None and not is_mariadb(dialect):
        # The manual's tables leave comments out.
        parts.append(instant(operation.table, dialect).in_doubt())
    if operation.computed is not None or operation.autoincrement is not None:
        parts.append(instant(operation.table, dialect).in_doubt())
    return in_one_statement(parts)


def _modifies(operation: AlterColumn) -> bool:
    """Tell whether Alembic writes a MODIFY, which restates NULL or NOT NULL; only a default is ALTER."""
    given = (operation.nullable, operation.type, operation.autoincrement, operation.comment)
    return operation.restates or any(value is not None for value in given)


def _typed(operation: AlterColumn, column: Column | None, dialect: Dialect) -> Effect:
    old = column.type if column is not None and column.certain else operation.existing_type
    if not isinstance(old, SqlType) or not isinstance(operation.type, SqlType):
        return instant(operation.table, dialect).in_doubt()
    work = type_change(old, operation.type, dialect).work
    if work == "rewrite":
        return copied(operation.table, dialect)
    if work == "unknown":
        return instant(operation.table, dialect).in_doubt()
    # MySQL grows a VARCHAR with ALGORITHM=INPLACE that only changes the dictionary, MariaDB instantly.
    grows = old.name not in {"ENUM", "SET"} and old != operation.type
    return (in_dictionary if grows and not is_mariadb(dialect) else instant)(operation.table, dialect)


def _nullable(operation: AlterColumn, column: Column | None, before: Schema, dialect: Dialect) -> Effect:
    """Claim NULL and NOT NULL: the table is rebuilt in place; a MODIFY that says neither means NULL."""
    old = column.nullable if column is not None and column.certain else operation.existing_nullable
    new = operation.nullable if operation.nullable is not None else operation.existing_nullable
    new = True if new is None else new
    if isinstance(new, Unknown) or isinstance(old, Unknown) or old is None:
        return instant(operation.table, dialect).in_doubt()
    if old == new:
        return instant(operation.table, dialect)
    effect = rebuilt_with_indexes(operation.table, before, dialect)
    table = known_table(before, operation.table)
    # Where a generated column uses the column, the table is copied.
    generated = table is None or any(other.computed is not None for other in table.columns.values())
    return effect.in_doubt() if generated else effect
