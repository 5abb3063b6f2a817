"""The lines of the text form: one for each column, key, constraint and index of a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from migrate_guard.dialects.spelling import type_text
from migrate_guard.operations import (
    UNKNOWN,
    Column,
    Computed,
    Constraint,
    ConstraintName,
    Exclude,
    ForeignKey,
    Index,
    PrimaryKey,
    Unique,
    Unknown,
)
from migrate_guard.report.schema import parts
from migrate_guard.report.terminal import display_width, visible_line
from migrate_guard.schema import Table
from migrate_guard.schema.text import without_parentheses
from migrate_guard.snapshot import Snapshot

UNKNOWN_MARK = "?"
HEADERS = ("", "column", "type", "null", "default", "key")


def column_rows(table: Table, snapshot: Snapshot) -> list[tuple[str, ...]]:
    """Return one row of cells for each column, the headers first; the first cell marks what is uncertain."""
    rows: list[tuple[str, ...]] = [HEADERS]
    for column in table.columns.values():
        mark = "" if parts.is_certain(column, snapshot.dialect) else UNKNOWN_MARK
        rows.append((mark, column.name, *column_cells(column, table, snapshot), _keys(column, table)))
    return rows


def column_cells(column: Column, table: Table, snapshot: Snapshot) -> tuple[str, str, str]:
    """Return type, nullability and default of a column as a person reads them."""
    kind = type_text(column.type, snapshot.dialect)
    return (
        kind if kind is not None else _unknown_type(column),
        _null(column),
        _default(column, table, snapshot),
    )


def _null(column: Column) -> str:
    if isinstance(column.nullable, Unknown):
        return UNKNOWN_MARK
    return "yes" if column.nullable else "no"


def _unknown_type(column: Column) -> str:
    custom = getattr(column.type, "custom", None)
    return f"? ({custom})" if custom else UNKNOWN_MARK


def default_clause(column: Column, table: Table, snapshot: Snapshot) -> str:
    """Return how a column gets the value that an INSERT leaves out, in the words of SQL; empty for NULL."""
    default = "" if _generated(column, snapshot) else "default "
    text = _default(column, table, snapshot)
    return f"{default}{text}" if text else ""


def _default(column: Column, table: Table, snapshot: Snapshot) -> str:
    found = parts.column_default(column, table, snapshot)
    return _generated(column, snapshot) or ("" if found is None else _or_mark(found))


def _generated(column: Column, snapshot: Snapshot) -> str:
    if isinstance(column.computed, Computed):
        stored = {True: " stored", False: " virtual", None: ""}[column.computed.stored]
        return f"generated as {_enclosed(column.computed.sql)}{stored}"
    identity = parts.identity_words(column)
    if identity is not None:
        return f"generated {identity} as identity"
    return "auto_increment" if column.serial and snapshot.dialect.family == "mysql" else ""


def _keys(column: Column, table: Table) -> str:
    marks = []
    for mark, found in (("PK", [table.primary_key]), ("UQ", table.uniques), ("FK", table.foreign_keys)):
        listed = [key.columns for key in found if key is not None and not isinstance(key.columns, Unknown)]
        if any(column.name in columns and (mark != "UQ" or len(columns) == 1) for columns in listed):
            marks.append(mark)
    return " ".join(marks)


def element_rows(table: Table) -> list[tuple[str, ...]]:
    """Return a row of kind, name and description for each key, constraint and index."""
    constraints: Iterable[Constraint] = (
        *([table.primary_key] if table.primary_key is not None else []),
        *table.uniques,
        *table.foreign_keys,
        *parts.checks(table),
        *table.excludes,
    )
    rows: list[tuple[str, ...]] = [("", *constraint_cells(one)) for one in constraints]
    return rows + [("", *index_cells(index)) for index in table.indexes]


def constraint_cells(constraint: Constraint) -> tuple[str, str, str]:
    """Return kind, name and description of a constraint."""
    name = _name(constraint.name)
    if isinstance(constraint, PrimaryKey):
        return "primary key", name, _columns(constraint.columns)
    if isinstance(constraint, Unique):
        flags = _flags(
            ("nulls not distinct", constraint.nulls_not_distinct), ("deferrable", constraint.deferrable)
        )
        return "unique", name, _columns(constraint.columns) + flags
    if isinstance(constraint, ForeignKey):
        return "foreign key", name, _foreign_key(constraint)
    if isinstance(constraint, Exclude):
        return "exclude", name, _or_mark(constraint.sql)
    return "check", name, _enclosed(constraint.sql) + _flags(("not valid", not constraint.validated))


def _foreign_key(key: ForeignKey) -> str:
    target = UNKNOWN_MARK if isinstance(key.target, Unknown) else str(key.target)
    referred = "" if not key.target_columns else f" {_columns(key.target_columns)}"
    actions = "".join(
        f" on {event} {action.lower()}"
        for event, action in (("delete", key.ondelete), ("update", key.onupdate))
        if action
    )
    flags = _flags(("deferrable", key.deferrable), ("not valid", not key.validated))
    return f"{_columns(key.columns)} → {target}{referred}{actions}{flags}"


def index_cells(index: Index) -> tuple[str, str, str]:
    """Return kind, name and description of an index."""
    text = f"({parts.keys_text(index)})"
    if index.method:
        text += f" using {index.method.lower()}"
    if index.include:
        text += f" include ({', '.join(index.include)})"
    if index.where is not None:
        text += f" where {_or_mark(index.where)}"
    text += _flags(("nulls not distinct", index.nulls_not_distinct), ("maybe invalid", not index.valid))
    if index.unique is UNKNOWN:
        text += " unique?"
    return "unique index" if index.unique is True else "index", _name(index.name), text


def _flags(*flags: tuple[str, bool]) -> str:
    return "".join(f" {word}" for word, given in flags if given)


def _columns(columns: Sequence[str] | Unknown) -> str:
    return "(?)" if isinstance(columns, Unknown) else f"({', '.join(columns)})"


def _name(name: ConstraintName) -> str:
    if isinstance(name, Unknown):
        return UNKNOWN_MARK
    return "(no name)" if name is None else name


def _enclosed(expression: str | Unknown) -> str:
    return "(?)" if isinstance(expression, Unknown) else f"({without_parentheses(expression)})"


def _or_mark(text: str | Unknown) -> str:
    return UNKNOWN_MARK if isinstance(text, Unknown) else text


def aligned(rows: Sequence[Sequence[str]], indent: str = "  ") -> list[str]:
    """Return rows of cells as lines, each column as wide as its widest cell but the last."""
    shown = [[visible_line(cell).replace("\t", " ") for cell in row] for row in rows]
    count = max(map(len, shown), default=0)
    widths = [max((display_width(row[i]) for row in shown if i < len(row)), default=0) for i in range(count)]
    return [(indent + _line(row, widths)).rstrip() for row in shown]


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    """Return one row; a column in which every cell is empty takes no room."""
    padded = (
        cell + " " * (width - display_width(cell)) for cell, width in zip(row, widths, strict=False) if width
    )
    return "  ".join(padded)
