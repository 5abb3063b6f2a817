"""The schema's look-ups from a name to the tables that use it, so that no operation scans all tables.

Part of the fourth stage of the pipeline; `Schema.with_table` and `Schema.without_table` keep them current.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import TYPE_CHECKING, Literal, TypeAlias, TypeVar

from migrate_guard.operations import Column, Constraint, ForeignKey, SqlType, TableName, Unknown
from migrate_guard.schema.store import Store

if TYPE_CHECKING:
    from migrate_guard.schema.model import Table

T = TypeVar("T")
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


def _of_columns(columns: Iterable[Column], key: Key) -> Iterator[Link]:
    for column in columns:
        enum = enum_of(column.type)
        if enum is not None:
            yield ("enum", key(enum))


def _of_constraints(constraints: Iterable[Constraint], schema: str, key: Key) -> Iterator[Link]:
    for constraint in constraints:
        if isinstance(constraint.name, str):
            yield ("constraint", key(TableName(constraint.name, schema)))
        if isinstance(constraint, ForeignKey) and not isinstance(constraint.target, Unknown):
            yield ("foreign key", key(constraint.target))


def _of_parents(table: Table, key: Key) -> Iterator[Link]:
    if table.partition_of is not None:
        yield ("child", key(table.partition_of))
    for parent in table.inherits:
        yield ("child", key(parent))


def _of_table(table: Table | None, key: Key, other: Table | None = None) -> frozenset[Link]:
    """Return the links of a table, without those of the columns and constraints that `other` has too."""
    if table is None:
        return frozenset()
    links = set(_of_parents(table, key))
    shared = other if other is not None and other.name == table.name else None
    columns, constraints = table.columns.values(), table.constraints
    links.update(_of_columns(apart(columns, shared.columns.values() if shared else ()), key))
    links.update(
        _of_constraints(apart(constraints, shared.constraints if shared else ()), table.name.schema, key)
    )
    return frozenset(links)


def apart(parts: Collection[T], others: Collection[T]) -> Iterable[T]:
    """Return those of some parts that are no objects among the others: what a change is about."""
    if not others:
        return parts
    known = set(map(id, others))
    return [part for part in parts if id(part) not in known]


def relinked(links: Links, key: Key, name: TableName, old: Table | None, new: Table | None) -> Links:
    """Return the look-ups after the table kept under `name` was `old` and is `new`."""
    before, after = _of_table(old, key, new), _of_table(new, key, old)
    gone = before - after
    if gone:
        # What went may still be linked by a part that stayed.
        gone -= _of_table(new, key)
    for link in gone:
        rest = links.get(link, frozenset()) - {name}
        links = links.with_item(link, rest) if rest else links.without(link)
    for link in after - before:
        links = links.with_item(link, links.get(link, frozenset()) | {name})
    return links


def uses_enum(column: Column, name: TableName, key: Key) -> bool:
    """Tell whether a column is of that enum type."""
    enum = enum_of(column.type)
    return enum is not None and key(enum) == key(name)
