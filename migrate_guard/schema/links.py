"""The schema's look-ups from a name to the tables that use it, so that no operation scans all tables.

Part of the fourth stage of the pipeline; `Schema.with_table` and `Schema.without_table` keep them current.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Literal, TypeAlias

from migrate_guard.operations import Column, ForeignKey, SqlType, TableName, Unknown
from migrate_guard.schema.store import Store

if TYPE_CHECKING:
    from migrate_guard.schema.model import Table

LinkKind = Literal["foreign key", "child", "constraint", "enum"]
Link: TypeAlias = tuple[LinkKind, TableName]
Links: TypeAlias = Store[Link, frozenset[TableName]]
Key: TypeAlias = Callable[[TableName], TableName]


def enum_of(kind: SqlType | Unknown | None) -> TableName | None:
    """Return the name of the enum type that a column's type or its array items use, or `None`."""
    while isinstance(kind, SqlType):
        if kind.enum is not None and kind.native:
            return kind.enum
        kind = kind.item
    return None


def _of_columns(table: Table, key: Key) -> Iterator[Link]:
    for column in table.columns.values():
        enum = enum_of(column.type)
        if enum is not None:
            yield ("enum", key(enum))


def _of_constraints(table: Table, key: Key) -> Iterator[Link]:
    for constraint in table.constraints:
        if isinstance(constraint.name, str):
            yield ("constraint", key(TableName(constraint.name, table.name.schema)))
        if isinstance(constraint, ForeignKey) and not isinstance(constraint.target, Unknown):
            yield ("foreign key", key(constraint.target))


def _of_parents(table: Table, key: Key) -> Iterator[Link]:
    if table.partition_of is not None:
        yield ("child", key(table.partition_of))
    for parent in table.inherits:
        yield ("child", key(parent))


def _of_table(table: Table | None, key: Key, columns: bool, constraints: bool) -> frozenset[Link]:
    if table is None:
        return frozenset()
    links = set(_of_parents(table, key))
    if columns:
        links.update(_of_columns(table, key))
    if constraints:
        links.update(_of_constraints(table, key))
    return frozenset(links)


def relinked(links: Links, key: Key, name: TableName, old: Table | None, new: Table | None) -> Links:
    """Return the look-ups after the table kept under `name` was `old` and is `new`."""
    same = old is not None and new is not None and old.name == new.name
    columns = not (same and old is not None and new is not None and old.columns is new.columns)
    constraints = not (same and old is not None and new is not None and old.constraints is new.constraints)
    before = _of_table(old, key, columns, constraints)
    after = _of_table(new, key, columns, constraints)
    for link in before - after:
        rest = links.get(link, frozenset()) - {name}
        links = links.with_item(link, rest) if rest else links.without(link)
    for link in after - before:
        links = links.with_item(link, links.get(link, frozenset()) | {name})
    return links


def uses_enum(column: Column, name: TableName, key: Key) -> bool:
    """Tell whether a column is of that enum type."""
    enum = enum_of(column.type)
    return enum is not None and key(enum) == key(name)
