"""Naming conventions of a MetaData: the names that SQLAlchemy gives to unnamed constraints.

Part of the library that gives SQLAlchemy's names their meaning (second stage).
"""

from __future__ import annotations

from collections.abc import Mapping

from migrate_guard.dialect import Dialect
from migrate_guard.evaluate.library.naming import label, truncated
from migrate_guard.evaluate.values import Value
from migrate_guard.operations import (
    UNKNOWN,
    Check,
    Constraint,
    ConstraintName,
    Exclude,
    ForeignKey,
    Index,
    PrimaryKey,
    TableName,
    Unique,
    Unknown,
)
from migrate_guard.record import dataclass, replace

_KEYS: Mapping[type[Constraint], str] = {PrimaryKey: "pk", Unique: "uq", ForeignKey: "fk", Check: "ck"}


@dataclass(slots=True, eq=False)
class Convention:
    """The templates by kind of constraint; `None` for a convention that is not known."""

    templates: Mapping[str, Value] | None

    def named(self, constraint: Constraint, table: TableName, dialect: Dialect) -> Constraint:
        """Return a constraint under the name that the convention gives it."""
        if isinstance(constraint, Exclude):
            return constraint
        key = _KEYS[type(constraint)]
        if self.templates is None:
            return replace(constraint, name=UNKNOWN) if constraint.name is None else constraint
        template = self.templates.get(key)
        if template is None or (constraint.name is not None and key != "ck"):
            return constraint
        if not isinstance(template, str) or isinstance(constraint.name, Unknown):
            return replace(constraint, name=UNKNOWN)
        return replace(constraint, name=_filled(template, constraint, table, dialect))

    def named_index(self, index: Index, dialect: Dialect) -> Index:
        """Return an index under the name that the convention gives it; it was named by the default one."""
        template = None if self.templates is None else self.templates.get("ix")
        columns = index.columns
        if not isinstance(template, str) or index.name is None or not columns:
            return index
        if index.name != truncated(f"ix_{label(index.table, columns[0])}", dialect):
            return index
        tokens = _column_tokens(index.table, columns)
        return replace(index, name=_format(template, tokens, dialect))


def _filled(template: str, constraint: Constraint, table: TableName, dialect: Dialect) -> ConstraintName:
    columns = () if isinstance(constraint, (Check, Exclude)) else constraint.columns
    if isinstance(columns, Unknown):
        return UNKNOWN
    tokens = _column_tokens(table, columns)
    if constraint.name is not None:
        tokens["constraint_name"] = str(constraint.name)
    elif "%(constraint_name)s" in template:
        return None
    if isinstance(constraint, ForeignKey) and isinstance(constraint.target, TableName):
        tokens["referred_table_name"] = constraint.target.name
        if not isinstance(constraint.target_columns, Unknown) and constraint.target_columns:
            tokens["referred_column_0_name"] = constraint.target_columns[0]
    return _format(template, tokens, dialect)


def _column_tokens(table: TableName, columns: tuple[str, ...]) -> dict[str, str]:
    tokens = {"table_name": table.name}
    if columns:
        tokens["column_0_name"] = tokens["column_0_key"] = columns[0]
        tokens["column_0_label"] = label(table, columns[0])
        tokens["column_0N_name"] = "".join(columns)
        tokens["column_0_N_name"] = "_".join(columns)
        tokens["column_0_N_label"] = "_".join(label(table, column) for column in columns)
    for position, column in enumerate(columns):
        tokens[f"column_{position}_name"] = column
    return tokens


def _format(template: str, tokens: Mapping[str, str], dialect: Dialect) -> ConstraintName:
    try:
        return truncated(template % tokens, dialect)
    except (KeyError, ValueError, TypeError):
        return UNKNOWN
