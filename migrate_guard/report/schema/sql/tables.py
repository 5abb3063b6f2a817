"""Tables in the DDL of each dialect, and what is added to them after all of them are there."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from migrate_guard.operations import Constraint, ForeignKey, Index, PrimaryKey, Unique, Unknown
from migrate_guard.report.schema import parts
from migrate_guard.report.schema.doubts import reasons
from migrate_guard.report.schema.lines import constraint_cells, index_cells
from migrate_guard.report.schema.sql.columns import column_item
from migrate_guard.report.schema.sql.constraints import (
    constraint_sql,
    index_sql,
    inline,
    key_sql,
    obstacle,
)
from migrate_guard.report.schema.sql.writing import Item, Writing, after_needs, comment, listed
from migrate_guard.schema import Schema, Table


def in_order(schema: Schema) -> list[Table]:
    """Return the tables by name, those that others inherit from before these."""
    tables = {schema.key(table.name): table for table in parts.tables(schema)}
    return after_needs(tables, lambda table: [schema.key(parent) for parent in table.inherits])


def create_table(table: Table, writing: Writing) -> str:
    """Return CREATE TABLE under comments with what is not certain of it."""
    remarks = [comment(remark) for remark in _remarks(table)]
    name = writing.name(table.name)
    if not table.columns and writing.dialect.family != "postgresql":
        return "\n".join([*remarks, comment(f"{table.name}: no column of it is known")])
    kind = "TEMPORARY TABLE" if table.temporary else "TABLE"
    body = listed(_items(table, writing))
    inherits = f" INHERITS ({', '.join(map(writing.name, table.inherits))})" if table.inherits else ""
    inside = f"(\n{body}\n)" if body else "()"
    return "\n".join([*remarks, f"CREATE {kind} {name} {inside}{inherits}{_own_comment(table, writing)};"])


def _own_comment(table: Table, writing: Writing) -> str:
    if not table.comment or writing.dialect.family != "mysql":
        return ""
    return f" COMMENT = {writing.literal(table.comment)}"


def _remarks(table: Table) -> Iterator[str]:
    for reason in reasons(table):
        yield f"{'assumed' if table.assumed and table.certain else 'not certain'}: {table.name}: {reason}"
    if table.partitioned:
        yield f"{table.name} is partitioned; by what is not recorded, so a plain table stands here"
    if table.partition_of is not None:
        yield f"{table.name} is a partition of {table.partition_of}; its bounds are not recorded"


def _items(table: Table, writing: Writing) -> list[Item]:
    items = [column_item(column, table, writing) for column in table.columns.values()]
    elements: list[Constraint | Index] = [one for one in _once(table) if _is_inside(one, table, writing)]
    return items + [_element_item(one, table, writing) for one in elements]


def _once(table: Table) -> Iterator[Constraint | Index]:
    """Go through constraints and indexes, the primary key first."""
    key = table.primary_key
    if key is not None:
        yield key
    yield from (one for one in table.constraints if one is not key)
    yield from table.indexes


def _is_inside(element: Constraint | Index, table: Table, writing: Writing) -> bool:
    if isinstance(element, Index):
        return writing.dialect.family == "mysql"
    if isinstance(element, Unique) and writing.dialect.family == "postgresql":
        # Of those over the same columns PostgreSQL makes one when they stand in one CREATE TABLE.
        return not any(_is_twin(one, element) for one in itertools.takewhile(element.__ne__, _once(table)))
    return inline(element, writing)


def _is_twin(one: Constraint | Index, unique: Unique) -> bool:
    return isinstance(one, (PrimaryKey, Unique)) and one.columns == unique.columns


def _element_item(element: Constraint | Index, table: Table, writing: Writing) -> Item:
    reason = _reason(element, table, writing)
    if reason is not None:
        return Item("", (_left_out(element, reason),))
    text = key_sql(element, writing) if isinstance(element, Index) else constraint_sql(element, writing)
    return Item(text, tuple(_doubts(element)))


def _reason(element: Constraint | Index, table: Table, writing: Writing) -> str | None:
    """Return why an element is left out: it cannot be written, or another one has its name or place."""
    found = obstacle(element, table, writing)
    if found is not None:
        return found
    for other in _once(table):
        if other is element:
            return None
        if isinstance(element, PrimaryKey) and isinstance(other, PrimaryKey):
            return "there is another primary key"
        if isinstance(element.name, str) and other.name == element.name:
            return "another one has the same name"
    return None


def _left_out(element: Constraint | Index, reason: str) -> str:
    cells = index_cells(element) if isinstance(element, Index) else constraint_cells(element)
    return f"left out, {reason}: {' '.join(cells)}"


def _doubts(element: Constraint | Index) -> Iterator[str]:
    if isinstance(element.name, Unknown):
        yield "unknown: the name of the following"
    if isinstance(element, Index) and isinstance(element.unique, Unknown):
        yield "unknown: whether the following is unique"
    if isinstance(element, Index) and isinstance(element.where, Unknown):
        yield "unknown: the predicate of the following"


def keys_and_indexes(table: Table, writing: Writing) -> Iterator[str]:
    """Go through the statements that complete a table by itself: keys and indexes, then comments."""
    yield from (_later(one, table, writing) for one in _outside(table, writing) if not _refers(one))
    if writing.dialect.family == "postgresql":
        yield from _comments(table, writing)


def foreign_keys(table: Table, writing: Writing) -> Iterator[str]:
    """Go through the statements that need the keys of other tables."""
    yield from (_later(one, table, writing) for one in _outside(table, writing) if _refers(one))


def _outside(table: Table, writing: Writing) -> Iterator[Constraint | Index]:
    if table.columns or writing.dialect.family == "postgresql":
        yield from (one for one in _once(table) if not _is_inside(one, table, writing))


def _refers(element: Constraint | Index) -> bool:
    return isinstance(element, ForeignKey)


def _later(element: Constraint | Index, table: Table, writing: Writing) -> str:
    reason = _reason(element, table, writing)
    if reason is not None:
        return comment(f"{table.name}: {_left_out(element, reason)}")
    return "\n".join([*map(comment, _doubts(element)), f"{_added(element, table, writing)};"])


def _added(element: Constraint | Index, table: Table, writing: Writing) -> str:
    if isinstance(element, Index):
        return index_sql(element, writing)
    return f"ALTER TABLE {writing.name(table.name)} ADD {constraint_sql(element, writing)}"


def _comments(table: Table, writing: Writing) -> Iterator[str]:
    name = writing.name(table.name)
    if table.comment:
        yield f"COMMENT ON TABLE {name} IS {writing.literal(table.comment)};"
    for column in table.columns.values():
        if isinstance(column.comment, str) and column.comment:
            target = f"{name}.{writing.quote(column.name)}"
            yield f"COMMENT ON COLUMN {target} IS {writing.literal(column.comment)};"
