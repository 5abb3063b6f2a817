"""From a table's items to CREATE TABLE: columns, constraints and indexes in SQLAlchemy's order.

Part of the library that gives SQLAlchemy's names their meaning (second stage).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from migrate_guard.evaluate.library.columns import (
    INTEGERS,
    ColumnValue,
    Parts,
    filled,
    fills_itself,
    read_column,
)
from migrate_guard.evaluate.library.constraints import ConstraintValue
from migrate_guard.evaluate.library.conventions import Convention
from migrate_guard.evaluate.library.indexes import IndexValue
from migrate_guard.evaluate.library.reading import Notes, Unreadable, items, text
from migrate_guard.evaluate.values import Call, Machine, Value
from migrate_guard.operations import (
    UNKNOWN,
    Column,
    Constraint,
    CreateEnum,
    CreateTable,
    ForeignKey,
    Index,
    PrimaryKey,
    SqlType,
    TableName,
    Unknown,
)
from migrate_guard.record import dataclass, replace


@dataclass(slots=True)
class Shape:
    """What the items of a table make: `columns` is `UNKNOWN` where not all of them are known."""

    columns: tuple[Column, ...] | Unknown = ()
    constraints: tuple[Constraint, ...] = ()
    indexes: tuple[Index, ...] = ()
    enums: dict[TableName, SqlType] = field(default_factory=dict)


def read_shape(
    name: TableName,
    values: tuple[Value, ...],
    machine: Machine,
    notes: Notes,
    convention: Convention | None = None,
) -> Shape:
    """Return the shape of a table with these items."""
    shape = Shape()
    parts = _read_columns(name, values, machine, notes, shape)
    explicit = [value for value in values if isinstance(value, ConstraintValue)]
    for value in explicit:
        notes.add(value.unknowns)
    keys = [value.constraint for value in explicit if isinstance(value.constraint, PrimaryKey)]
    key = _primary_key(keys, parts)
    constraints = [] if key is None else [key]
    found: list[Constraint] = [check for _, part in parts for check in part.checks]
    found += [value.constraint for value in explicit if not isinstance(value.constraint, PrimaryKey)]
    found += [constraint for _, part in parts for constraint in part.constraints]
    _finish_columns(key, _referring(found), parts, machine)
    indexes = [index for _, part in parts for index in part.indexes]
    indexes += [value.read(name, machine, notes) for value in values if isinstance(value, IndexValue)]
    if not isinstance(shape.columns, Unknown):
        shape.columns = tuple(part.column for _, part in parts)
    found = [constraint for constraint in found if _is_written(constraint, name, machine)]
    shape.constraints = (*constraints, *found)
    shape.indexes = tuple(indexes)
    return _with_names(shape, name, convention, machine)


def _is_written(constraint: Constraint, table: TableName, machine: Machine) -> bool:
    """Tell whether SQLAlchemy writes a constraint: on SQLite no key can refer to another schema."""
    if machine.dialect.family != "sqlite" or not isinstance(constraint, ForeignKey):
        return True
    return isinstance(constraint.target, Unknown) or constraint.target.schema == table.schema


def _read_columns(
    name: TableName, values: tuple[Value, ...], machine: Machine, notes: Notes, shape: Shape
) -> list[tuple[ColumnValue, Parts]]:
    found: list[tuple[ColumnValue, Parts]] = []
    for value in values:
        if isinstance(value, ColumnValue):
            try:
                part = read_column(value, name, machine, notes)
            except Unreadable as problem:
                notes.unknown(problem.reason)
                shape.columns = UNKNOWN
                continue
            found.append((value, part))
            _note_enum(part.type.sql, shape)
        elif not isinstance(value, (ConstraintValue, IndexValue)) and value is not None:
            shape.columns = UNKNOWN
    return found


def _note_enum(sql: SqlType | Unknown | None, shape: Shape) -> None:
    if not isinstance(sql, SqlType):
        return
    if sql.item is not None:
        _note_enum(sql.item, shape)
    elif sql.enum is not None and sql.create:
        shape.enums.setdefault(sql.enum, sql)


def _primary_key(explicit: list[PrimaryKey], parts: list[tuple[ColumnValue, Parts]]) -> PrimaryKey | None:
    if explicit and explicit[-1].columns != ():
        return explicit[-1]
    marked = tuple(part.column.name for value, part in parts if value.is_primary())
    if not marked:
        return None
    return PrimaryKey(explicit[-1].name if explicit else None, marked)


def _referring(constraints: list[Constraint]) -> frozenset[str]:
    """Return the columns that foreign keys are on."""
    keys = (key for key in constraints if isinstance(key, ForeignKey))
    return frozenset(name for key in keys if not isinstance(key.columns, Unknown) for name in key.columns)


def _finish_columns(
    key: PrimaryKey | None,
    referring: frozenset[str],
    parts: list[tuple[ColumnValue, Parts]],
    machine: Machine,
) -> None:
    columns = () if key is None or isinstance(key.columns, Unknown) else key.columns
    for value, part in parts:
        if part.column.name in columns:
            nullable = part.column.nullable if "nullable" in value.options else False
            part.column = replace(part.column, nullable=nullable)
            refers = part.column.name in referring
            if fills_itself(value, part, len(columns) == 1, refers, machine):
                part.column = filled(part.column, machine)


def _with_names(shape: Shape, table: TableName, convention: Convention | None, machine: Machine) -> Shape:
    if convention is not None:
        shape.constraints = tuple(
            convention.named(constraint, table, machine.dialect) for constraint in shape.constraints
        )
        shape.indexes = tuple(convention.named_index(index, machine.dialect) for index in shape.indexes)
    return shape


def emit_enums(shape: Shape, call: Call, machine: Machine, notes: Notes) -> None:
    """Record the enum types that creating the table creates before it.

    SQLAlchemy creates each type once in a run (`_check_for_name_in_memos`), so an existing one is no
    error as a rule.
    """
    for name, sql in shape.enums.items():
        labels = UNKNOWN if sql.labels is None else sql.labels
        machine.emit(
            CreateEnum, call, name=name, labels=labels, if_not_exists=True, unknowns=notes.unknowns()
        )


def _on_column(constraint: Constraint, shape: Shape) -> Constraint:
    """Return a primary key without a name where SQLAlchemy writes `PRIMARY KEY AUTOINCREMENT` on its column.

    It does for a single integer column without a foreign key (`SQLiteDDLCompiler`, SQLAlchemy 1.4 to 2.1).
    """
    if not isinstance(constraint, PrimaryKey) or isinstance(constraint.columns, Unknown):
        return constraint
    columns = () if isinstance(shape.columns, Unknown) else shape.columns
    types = [column.type for column in columns if column.name in constraint.columns]
    integer = [one for one in types if isinstance(one, SqlType) and one.name in INTEGERS]
    refers = not _referring(list(shape.constraints)).isdisjoint(constraint.columns)
    if len(constraint.columns) != 1 or not integer or refers:
        return constraint
    return replace(constraint, name=None, inline=True)


def emit_create_table(
    name: TableName,
    shape: Shape,
    options: Mapping[str, Value],
    if_not_exists: bool,
    call: Call,
    machine: Machine,
    notes: Notes,
    own_names: bool = False,
) -> None:
    """Record the creation of a table with its enum types; `own_names` as in `CreateTable`."""
    emit_enums(shape, call, machine, notes)
    prefixes = {str(prefix).upper() for prefix in items(options.get("prefixes")) or ()}
    postgresql = machine.dialect.family == "postgresql"
    if machine.dialect.family == "sqlite" and options.get("sqlite_autoincrement") is True:
        shape.constraints = tuple(_on_column(constraint, shape) for constraint in shape.constraints)
    machine.emit(
        CreateTable,
        call,
        table=name,
        columns=shape.columns,
        constraints=shape.constraints,
        indexes=shape.indexes,
        if_not_exists=if_not_exists,
        comment=text(options.get("comment"), "comment of the table", notes),
        temporary=bool(prefixes & {"TEMPORARY", "TEMP"}),
        unlogged="UNLOGGED" in prefixes,
        partitioned=postgresql and options.get("postgresql_partition_by") is not None,
        inherits=_inherits(options) if postgresql else (),
        own_names=own_names,
        unknowns=notes.unknowns(),
    )


def _inherits(options: Mapping[str, Value]) -> tuple[TableName, ...]:
    value = options.get("postgresql_inherits")
    names = (value,) if isinstance(value, str) else items(value) or ()
    return tuple(TableName(name) for name in names if isinstance(name, str))
