"""Carry along what refers to a renamed table or column; part of the replay."""

from __future__ import annotations

from migrate_guard.operations import (
    Check,
    Column,
    Computed,
    Constraint,
    Exclude,
    ForeignKey,
    Index,
    IndexPart,
    TableName,
    Unknown,
)
from migrate_guard.pattern import pattern
from migrate_guard.record import replace
from migrate_guard.schema.model import NamedObject, ObjectKey, Schema, Table
from migrate_guard.schema.replay.elements import is_mysql
from migrate_guard.schema.text import renamed
from migrate_guard.span import Span

_GENERATED = pattern(r"_(ibfk|chk)_\d+$")


def moved(schema: Schema, table: Table, to: TableName, where: Span) -> Schema:
    """Return the schema with the table under the name `to`: keys, objects and partitions follow it."""
    old = table.name
    if schema.key(old) == schema.key(to):
        return schema
    made = replace(
        table,
        name=to,
        indexes=tuple(replace(index, table=to) for index in table.indexes),
        constraints=tuple(
            _renamed_with_table(schema, _retargeted(schema, c, old, to), old, to) for c in table.constraints
        ),
    )
    referring = schema.linked("foreign key", old)
    children = schema.linked("child", old)
    dependents = schema.dependents.get(schema.key(old), frozenset())
    schema = schema.without_table(old, where).with_table(made)
    for name in referring:
        user = schema.tables.get(name)
        schema = schema if user is None else schema.with_table(_with_target(schema, user, old, to))
    for name in children:
        child = schema.tables.get(name)
        schema = schema if child is None else schema.with_table(_with_parent(schema, child, old, to))
    return _with_objects(schema, dependents, old, to)


def _retargeted(schema: Schema, constraint: Constraint, old: TableName, to: TableName) -> Constraint:
    if not isinstance(constraint, ForeignKey) or isinstance(constraint.target, Unknown):
        return constraint
    return replace(constraint, target=to) if schema.key(constraint.target) == schema.key(old) else constraint


def _renamed_with_table(schema: Schema, constraint: Constraint, old: TableName, to: TableName) -> Constraint:
    """InnoDB renames the constraints that it named after the table (`t_ibfk_1`, MySQL's `t_chk_1`)."""
    name = constraint.name
    if not is_mysql(schema) or not isinstance(name, str) or not name.startswith(f"{old.name}_"):
        return constraint
    match = _GENERATED.fullmatch(name[len(old.name) :])
    return constraint if match is None else replace(constraint, name=to.name + match.group())


def _with_target(schema: Schema, table: Table, old: TableName, to: TableName) -> Table:
    return replace(table, constraints=tuple(_retargeted(schema, c, old, to) for c in table.constraints))


def _with_parent(schema: Schema, table: Table, old: TableName, to: TableName) -> Table:
    gone = schema.key(old)

    def follow(name: TableName) -> TableName:
        return to if schema.key(name) == gone else name

    return replace(
        table,
        partition_of=None if table.partition_of is None else follow(table.partition_of),
        inherits=tuple(map(follow, table.inherits)),
    )


def _with_objects(schema: Schema, keys: frozenset[ObjectKey], old: TableName, to: TableName) -> Schema:
    """Let objects follow a table. MySQL's views do not: they keep the old name and break (manual, RENAME
    TABLE); PostgreSQL's refer to the table itself, and SQLite rewrites them (lang_altertable.html)."""
    for key in sorted(keys):
        found = schema.objects[key]
        schema = schema.without_object(key).with_object(_following(schema, found, old, to))
    return schema


def _following(schema: Schema, found: NamedObject, old: TableName, to: TableName) -> NamedObject:
    gone = schema.key(old)
    hangs = found.table is not None and schema.key(found.table) == gone
    made = replace(found, table=to) if hangs else found
    if found.kind == "sequence" and hangs and found.column is not None and old.schema != to.schema:
        made = replace(made, name=TableName(found.name.name, to.schema))
    if is_mysql(schema):
        return made
    return replace(made, uses=tuple(to if schema.key(name) == gone else name for name in found.uses))


def with_renamed_column(schema: Schema, table: Table, old: str, new: str) -> Schema:
    """Return the schema with a column under a new name, in everything that names it."""
    made = replace(
        table,
        columns={
            new if name == old else name: _column(column, old, new) for name, column in table.columns.items()
        },
        constraints=tuple(_constraint(c, old, new) for c in table.constraints),
        indexes=tuple(_index(index, old, new) for index in table.indexes),
    )
    schema = schema.with_table(made)
    for name in schema.linked("foreign key", table.name):
        user = schema.tables[name]
        schema = schema.with_table(_with_target_column(schema, user, table.name, old, new))
    for key in schema.dependents.get(schema.key(table.name), frozenset()):
        found = schema.objects[key]
        if found.column == old:
            schema = schema.with_object(replace(found, column=new))
    return schema


def with_column_renamed_by_copy(schema: Schema, table: Table, old: str, new: str) -> Schema:
    """Return the schema after a copy of the table has the column under another name.

    Alembic's batch mode changes the keys and indexes of the table itself. The texts of its checks and what
    refers to the column stay as they were (`operations/batch.py`, `_transfer_elements_to_new_table`).
    """
    made = replace(
        table,
        columns={
            new if name == old else name: replace(column, name=new) if name == old else column
            for name, column in table.columns.items()
        },
        constraints=tuple(
            c if isinstance(c, (Check, Exclude)) else _constraint(c, old, new) for c in table.constraints
        ),
        indexes=tuple(_index(index, old, new) for index in table.indexes),
    )
    return schema.with_table(made)


def _names(columns: tuple[str, ...] | Unknown, old: str, new: str) -> tuple[str, ...] | Unknown:
    if isinstance(columns, Unknown):
        return columns
    return tuple(new if name == old else name for name in columns)


def _sql(sql: str | Unknown, old: str, new: str) -> str | Unknown:
    return sql if isinstance(sql, Unknown) else renamed(sql, old, new)


def _column(column: Column, old: str, new: str) -> Column:
    if isinstance(column.computed, Computed):
        column = replace(column, computed=replace(column.computed, sql=_sql(column.computed.sql, old, new)))
    return replace(column, name=new) if column.name == old else column


def _constraint(constraint: Constraint, old: str, new: str) -> Constraint:
    if isinstance(constraint, Check):
        not_null = new if constraint.not_null == old else constraint.not_null
        return replace(constraint, sql=_sql(constraint.sql, old, new), not_null=not_null)
    if isinstance(constraint, Exclude):
        return replace(constraint, sql=_sql(constraint.sql, old, new))
    return replace(constraint, columns=_names(constraint.columns, old, new))


def _index(index: Index, old: str, new: str) -> Index:
    parts = index.parts
    if not isinstance(parts, Unknown):
        parts = tuple(_part(part, old, new) for part in parts)
    where = index.where if index.where is None else _sql(index.where, old, new)
    include = tuple(new if name == old else name for name in index.include)
    return replace(index, parts=parts, where=where, include=include)


def _part(part: IndexPart, old: str, new: str) -> IndexPart:
    if part.column is not None:
        return replace(part, column=new) if part.column == old else part
    expression = part.expression
    return part if expression is None else replace(part, expression=renamed(expression, old, new))


def _with_target_column(schema: Schema, table: Table, target: TableName, old: str, new: str) -> Table:
    def follow(constraint: Constraint) -> Constraint:
        if not isinstance(constraint, ForeignKey) or isinstance(constraint.target, Unknown):
            return constraint
        if schema.key(constraint.target) != schema.key(target):
            return constraint
        return replace(constraint, target_columns=_names(constraint.target_columns, old, new))

    return replace(table, constraints=tuple(map(follow, table.constraints)))
