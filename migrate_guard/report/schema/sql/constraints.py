"""Constraints and indexes in the DDL of each dialect."""

from __future__ import annotations

from collections.abc import Iterable

from migrate_guard.dialects.spelling import type_text
from migrate_guard.operations import (
    Check,
    Constraint,
    Exclude,
    ForeignKey,
    Index,
    IndexPart,
    PrimaryKey,
    Unique,
    Unknown,
    assert_never,
)
from migrate_guard.report.schema import parts
from migrate_guard.report.schema.sql.writing import Writing
from migrate_guard.schema import Table
from migrate_guard.schema.replay.known import columns_of
from migrate_guard.schema.text import identifiers

_INSTEAD_OF_METHOD = frozenset({"fulltext", "spatial", "vector"})
_MADE_LATER = "NOT VALID"


def obstacle(element: Constraint | Index, table: Table, writing: Writing) -> str | None:
    """Return why a constraint or index cannot be written, `None` if it can."""
    if isinstance(element, (Check, Exclude)):
        return _expression_obstacle(element.sql, table, writing)
    given = element.parts if isinstance(element, Index) else element.columns
    if isinstance(given, Unknown) or not given:
        return "its columns are not known"
    missing = [name for name in columns_of(element) if name not in table.columns]
    if missing:
        return f"the table has no column {missing[0]}"
    if isinstance(element, ForeignKey):
        return _target_obstacle(element, table, writing)
    return _index_obstacle(element, table, writing) if isinstance(element, Index) else None


def _index_obstacle(index: Index, table: Table, writing: Writing) -> str | None:
    if not isinstance(index.name, str) and writing.dialect.family == "sqlite":
        return "its name is not known"
    keys = () if isinstance(index.parts, Unknown) else index.parts
    texts = [part.expression or "" for part in keys] + [index.where if isinstance(index.where, str) else ""]
    reasons = (_expression_obstacle(text, table, writing) for text in texts if text)
    reason = next((reason for reason in reasons if reason is not None), None)
    return _untyped(index.columns, table, writing) if reason is None and index.method else reason


def _expression_obstacle(expression: str | Unknown, table: Table, writing: Writing) -> str | None:
    """Return why an expression cannot be written: what it names may be missing, or of another type."""
    if isinstance(expression, Unknown):
        return "its expression is not known"
    if table.assumed:
        return "it may name columns that are not known"
    return _untyped(identifiers(expression, table.columns), table, writing)


def _untyped(names: Iterable[str], table: Table, writing: Writing) -> str | None:
    """Return which of these columns has a type that is not known; SQLite does not mind."""
    if writing.dialect.family == "sqlite":
        return None
    for name in names:
        column = table.columns.get(name)
        if column is not None and type_text(column.type, writing.dialect) is None:
            return f"the type of {name} is not known"
    return None


def _target_obstacle(key: ForeignKey, table: Table, writing: Writing) -> str | None:
    if isinstance(key.target, Unknown):
        return "the table that it refers to is not known"
    if isinstance(key.target_columns, Unknown):
        return f"the columns of {key.target} that it refers to are not known"
    if writing.dialect.family == "sqlite":
        return None
    target = writing.schema.table(key.target)
    if target is None:
        return f"{key.target} is not among the tables"
    needs_key = writing.dialect.family == "postgresql" or not target.known
    if needs_key and not _has_key(target, key.target_columns):
        return f"{key.target} is not shown to have a key that it could refer to"
    own = () if isinstance(key.columns, Unknown) else key.columns
    return _untyped(own, table, writing) or _untyped(key.target_columns, target, writing)


def _has_key(target: Table, columns: tuple[str, ...]) -> bool:
    keys = [key.columns for key in (target.primary_key, *target.uniques) if key is not None]
    keys += [index.columns for index in target.indexes if index.unique is True and index.where is None]
    if not columns:
        return target.primary_key is not None
    return any(not isinstance(key, Unknown) and sorted(key) == sorted(columns) for key in keys)


def inline(constraint: Constraint, writing: Writing) -> bool:
    """Tell whether a constraint stands inside CREATE TABLE.

    Foreign keys come after all tables, since these may refer to each other; SQLite cannot add them later
    and does not look at the other table. What is not validated is added as such.
    """
    if isinstance(constraint, ForeignKey):
        return writing.dialect.family == "sqlite"
    return not (isinstance(constraint, Check) and not constraint.validated)


def constraint_sql(constraint: Constraint, writing: Writing) -> str:
    """Return a constraint as in CREATE TABLE or after ADD; what it needs must be known."""
    name = writing.constraint(constraint.name)
    if isinstance(constraint, PrimaryKey):
        name = "" if writing.dialect.family == "mysql" else name
        return f"{name}PRIMARY KEY {_columns(constraint.columns, writing)}"
    if isinstance(constraint, Unique):
        return name + _unique(constraint, writing)
    if isinstance(constraint, ForeignKey):
        return name + _foreign_key(constraint, writing)
    if isinstance(constraint, Check):
        return name + _check(constraint, writing)
    if isinstance(constraint, Exclude):
        return f"{name}EXCLUDE {constraint.sql}"
    assert_never(constraint)


def _columns(columns: tuple[str, ...] | Unknown, writing: Writing) -> str:
    return "()" if isinstance(columns, Unknown) else writing.columns(columns)


def _unique(unique: Unique, writing: Writing) -> str:
    nulls = " NULLS NOT DISTINCT" if unique.nulls_not_distinct else ""
    deferrable = " DEFERRABLE" if unique.deferrable else ""
    return f"UNIQUE{nulls} {_columns(unique.columns, writing)}{deferrable}"


def _foreign_key(key: ForeignKey, writing: Writing) -> str:
    target = "" if isinstance(key.target, Unknown) else writing.name(key.target)
    referred = f" {_columns(key.target_columns, writing)}" if key.target_columns else ""
    text = f"FOREIGN KEY {_columns(key.columns, writing)} REFERENCES {target}{referred}"
    for event, action in (("DELETE", key.ondelete), ("UPDATE", key.onupdate)):
        text += f" ON {event} {action.upper()}" if action else ""
    text += " DEFERRABLE" if key.deferrable else ""
    return text if key.validated else f"{text} {_MADE_LATER}"


def _check(check: Check, writing: Writing) -> str:
    text = f"CHECK ({check.sql})"
    if check.not_null is not None:
        text = f"NOT NULL {writing.quote(check.not_null)}"
    return text if check.validated else f"{text} {_MADE_LATER}"


def key_sql(index: Index, writing: Writing) -> str:
    """Return an index as MySQL has it inside CREATE TABLE."""
    method = (index.method or "").lower()
    kind = "UNIQUE " if index.unique is True else ""
    kind = f"{method.upper()} " if method in _INSTEAD_OF_METHOD else kind
    using = f" USING {method.upper()}" if method and method not in _INSTEAD_OF_METHOD else ""
    name = f" {writing.quote(index.name)}" if isinstance(index.name, str) else ""
    return f"{kind}KEY{name} ({_keys(index, writing)}){using}"


def index_sql(index: Index, writing: Writing) -> str:
    """Return CREATE INDEX without its semicolon (PostgreSQL and SQLite)."""
    unique = "UNIQUE " if index.unique is True else ""
    postgresql = writing.dialect.family == "postgresql"
    name, table = _index_names(index, writing)
    using = f" USING {writing.quote(index.method)}" if index.method and postgresql else ""
    text = f"CREATE {unique}INDEX{name} ON {table}{using} ({_keys(index, writing)})"
    text += f" INCLUDE {writing.columns(index.include)}" if index.include else ""
    text += " NULLS NOT DISTINCT" if index.nulls_not_distinct else ""
    return f"{text} WHERE {index.where}" if isinstance(index.where, str) else text


def _index_names(index: Index, writing: Writing) -> tuple[str, str]:
    """Return the names of index and table; SQLite takes the schema at the index, PostgreSQL at the table."""
    name = writing.quote(index.name) if isinstance(index.name, str) else ""
    if writing.dialect.family == "sqlite":
        schema = f"{writing.quote(index.table.schema)}." if index.table.schema else ""
        return f" {schema}{name}", writing.quote(index.table.name)
    return f" {name}" if name else "", writing.name(index.table)


def _keys(index: Index, writing: Writing) -> str:
    keys: Iterable[IndexPart] = () if isinstance(index.parts, Unknown) else index.parts
    return ", ".join(_key(key, writing) for key in keys)


def _key(key: IndexPart, writing: Writing) -> str:
    text = writing.quote(key.column) if key.column is not None else f"({key.expression})"
    return parts.with_sort(text, key)
