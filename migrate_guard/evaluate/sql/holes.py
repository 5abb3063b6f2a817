"""Undecidable parts in finished operations: what they name becomes unknown, or the whole is opaque.

The recognisers read a hole as part of a name, a number or a string. Here, in one place, is decided what
that means: an attribute with a hole is `UNKNOWN`, a subject with one makes the operation `Opaque`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from typing import TypeVar

from migrate_guard.evaluate.sql.tokens import HOLE
from migrate_guard.operations import (
    UNKNOWN,
    AddColumn,
    AddConstraint,
    Administer,
    AlterColumn,
    AnyOperation,
    Check,
    Column,
    CommentTable,
    Constraint,
    ConstraintName,
    CreateIndex,
    CreateObject,
    CreateTable,
    Delete,
    DropConstraint,
    DropIndex,
    Exclude,
    ForeignKey,
    Index,
    Insert,
    Opaque,
    Operation,
    PrimaryKey,
    Query,
    RenameTable,
    SetParameter,
    TableName,
    Truncate,
    Unique,
    Unknown,
    Update,
)
from migrate_guard.record import replace

_REASON = "a part of the SQL text is not known"
_CIRCUMSTANCES = frozenset("span calls conditions unknowns autocommit batch sql".split())
_NEW = (CreateTable, CreateObject)
_ON_ROWS = (Insert, Update, Delete, Truncate)
T = TypeVar("T")


def settle(operation: AnyOperation) -> AnyOperation:
    """Return the operation with its undecidable parts unknown, or an `Opaque` in its place."""
    if isinstance(operation, Opaque):
        return operation
    cleaned = _clean(operation)
    if _has_hole(cleaned):
        return _opaque(operation)
    if cleaned is not operation or _has_unknown(cleaned):
        return replace(cleaned, unknowns=(*cleaned.unknowns, _REASON))
    return cleaned


def _opaque(operation: AnyOperation) -> Opaque:
    return Opaque(
        span=operation.span,
        conditions=operation.conditions,
        sql=operation.sql,
        reason="the SQL names something that depends on a value that is not known",
        may_touch=_may_touch(operation),
        rows_only=isinstance(operation, _ON_ROWS),
    )


def _may_touch(operation: AnyOperation) -> tuple[TableName, ...] | None:
    """Return the tables that the operation is about, where all of them are known."""
    table = getattr(operation, "table", None)
    if not isinstance(table, TableName) or HOLE in str(table):
        return () if isinstance(operation, (*_NEW, SetParameter)) else None
    others = [
        value
        for name, value in _parts(operation)
        if isinstance(value, TableName) and not (isinstance(operation, RenameTable) and name == "to")
    ]
    return None if any(HOLE in str(value) for value in others) else (table,)


def _parts(value: object) -> list[tuple[str, object]]:
    """Return the fields of an operation or an element; the circumstances of an operation are left out."""
    if not is_dataclass(value) or isinstance(value, type):
        return []
    left_out = _CIRCUMSTANCES if isinstance(value, Operation) else frozenset[str]()
    return [(item.name, getattr(value, item.name)) for item in fields(value) if item.name not in left_out]


def _has_hole(value: object) -> bool:
    if isinstance(value, str):
        return HOLE in value
    if isinstance(value, tuple):
        return any(map(_has_hole, value))
    return any(_has_hole(part) for _, part in _parts(value))


def _has_unknown(value: object) -> bool:
    if isinstance(value, Unknown):
        return True
    if isinstance(value, tuple):
        return any(map(_has_unknown, value))
    return any(_has_unknown(part) for _, part in _parts(value))


def _clean(operation: AnyOperation) -> AnyOperation:
    cleaner = _CLEANERS.get(type(operation))
    return operation if cleaner is None or not _has_hole(operation) else cleaner(operation)


def _text(text: T) -> T | Unknown:
    return UNKNOWN if _has_hole(text) else text


def _names(names: tuple[str, ...] | Unknown) -> tuple[str, ...] | Unknown:
    return UNKNOWN if _has_hole(names) else names


def _known(tables: tuple[TableName, ...]) -> tuple[TableName, ...]:
    return tuple(table for table in tables if not _has_hole(table))


def _name(name: ConstraintName) -> ConstraintName:
    return UNKNOWN if _has_hole(name) else name


def _constraint(constraint: Constraint) -> Constraint:
    name = _name(constraint.name)
    if isinstance(constraint, ForeignKey):
        return replace(
            constraint,
            name=name,
            columns=_names(constraint.columns),
            target=_text(constraint.target),
            target_columns=_names(constraint.target_columns),
        )
    if isinstance(constraint, PrimaryKey | Unique):
        return replace(constraint, name=name, columns=_names(constraint.columns))
    if isinstance(constraint, Check) and _has_hole(constraint.not_null):
        return constraint  # The column is a subject.
    return _worded(constraint, name)


def _worded(constraint: Check | Exclude, name: ConstraintName) -> Constraint:
    if isinstance(constraint, Check):
        return replace(constraint, name=name, sql=_text(constraint.sql))
    return replace(constraint, name=name, sql=_text(constraint.sql))


def _index(index: Index) -> Index:
    include = () if _has_hole(index.include) else index.include
    return replace(index, name=_name(index.name), include=include)


def _column(column: Column) -> Column:
    return replace(column, comment=_text(column.comment))


def _create_table(operation: CreateTable) -> CreateTable:
    columns = operation.columns
    if not isinstance(columns, Unknown):
        columns = tuple(map(_column, columns))
        columns = UNKNOWN if _has_hole(columns) else columns
    as_select = operation.as_select
    return replace(
        operation,
        columns=columns,
        constraints=tuple(map(_constraint, operation.constraints)),
        indexes=tuple(map(_index, operation.indexes)),
        comment=_text(operation.comment),
        as_select=None if as_select is None else as_select.replace(HOLE, "…"),
    )


def _add_column(operation: AddColumn) -> AddColumn:
    return replace(
        operation,
        column=_column(operation.column),
        constraints=tuple(map(_constraint, operation.constraints)),
        indexes=tuple(map(_index, operation.indexes)),
    )


def _add_constraint(operation: AddConstraint) -> AddConstraint:
    return replace(operation, constraint=_constraint(operation.constraint))


def _create_index(operation: CreateIndex) -> CreateIndex:
    return replace(operation, index=_index(operation.index))


def _alter_column(operation: AlterColumn) -> AlterColumn:
    return replace(operation, comment=_text(operation.comment))


def _comment(operation: CommentTable) -> CommentTable:
    return replace(operation, comment=_text(operation.comment))


def _drop_constraint(operation: DropConstraint) -> DropConstraint:
    return replace(operation, name=_name(operation.name))


def _drop_index(operation: DropIndex) -> DropIndex:
    return operation if operation.table is None else replace(operation, name=_name(operation.name))


def _insert(operation: Insert) -> Insert:
    return replace(operation, columns=())


def _update(operation: Update) -> Update:
    return replace(operation, columns=())


def _query(operation: Query) -> Query:
    return replace(operation, tables=_known(operation.tables))


def _administer(operation: Administer) -> Administer:
    return replace(operation, tables=_known(operation.tables), command=operation.command.replace(HOLE, "…"))


def _create_object(operation: CreateObject) -> CreateObject:
    return replace(operation, uses=_known(operation.uses))


_CLEANERS: dict[type[AnyOperation], Callable[..., AnyOperation]] = {
    CreateTable: _create_table,
    AddColumn: _add_column,
    AddConstraint: _add_constraint,
    CreateIndex: _create_index,
    AlterColumn: _alter_column,
    CommentTable: _comment,
    DropConstraint: _drop_constraint,
    DropIndex: _drop_index,
    Insert: _insert,
    Update: _update,
    Query: _query,
    Administer: _administer,
    CreateObject: _create_object,
}
