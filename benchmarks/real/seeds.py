"""Changes of models whose migration somebody forgot, the same ones on both sides of a comparison.

Runs in the package's own environment and imports nothing of this project. Each change takes the first table
by name that it fits and that no other one took.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import sqlalchemy as sa


def seeded(metadata: Any) -> list[str]:
    """Change models in a dozen ways and return the names of the changes that found a table."""
    taken: set[str] = set()
    done: list[str] = []
    for change in CHANGES:
        for table in sorted(metadata.tables.values(), key=lambda one: (one.schema or "", one.name)):
            if table.key not in taken and change(table):
                taken.add(table.key)
                done.append(change.__name__.removeprefix("_"))
                break
    sa.Table("seeded_table", metadata, sa.Column("id", sa.Integer, primary_key=True))
    return [*done, "new_table"]


def _plain(table: Any, kind: type[Any] | None = None) -> Iterator[Any]:
    """Go through the columns that are in no key, constraint or index."""
    used = {column.name for one in (*table.constraints, *table.indexes) for column in one.columns}
    for column in table.columns:
        plain = column.name not in used and not column.foreign_keys and not column.primary_key
        if plain and kind in (None, type(column.type)):
            yield column


def _new_column(table: Any) -> bool:
    table.append_column(sa.Column("seeded_column", sa.Integer))
    return True


def _removed_column(table: Any) -> bool:
    for column in _plain(table):
        table._columns.remove(column)  # noqa: SLF001 - SQLAlchemy has no public way
        return True
    return False


def _other_nullable(table: Any) -> bool:
    for column in _plain(table):
        column.nullable = not column.nullable
        return True
    return False


def _longer_string(table: Any) -> bool:
    for column in _plain(table, sa.String):
        if column.type.length:
            column.type = sa.String(column.type.length + 7)
            return True
    return False


def _other_type(table: Any) -> bool:
    for column in _plain(table, sa.Integer):
        column.type = sa.Numeric(11, 3)
        return True
    return False


def _new_index(table: Any) -> bool:
    for column in _plain(table, sa.Integer):
        sa.Index("ix_seeded", column)
        return True
    return False


def _removed_index(table: Any) -> bool:
    return _removed(table, table.indexes, sa.Index)


def _new_unique(table: Any) -> bool:
    for column in _plain(table, sa.Integer):
        table.append_constraint(sa.UniqueConstraint(column, name="uq_seeded"))
        return True
    return False


def _removed_unique(table: Any) -> bool:
    return _removed(table, table.constraints, sa.UniqueConstraint)


def _new_foreign_key(table: Any) -> bool:
    for column in _plain(table, sa.Integer):
        target = next(
            (one for other in table.metadata.sorted_tables for one in other.primary_key.columns), None
        )
        if target is not None and isinstance(target.type, sa.Integer):
            table.append_constraint(sa.ForeignKeyConstraint([column], [target], name="fk_seeded"))
            return True
    return False


def _removed_foreign_key(table: Any) -> bool:
    return _removed(table, table.constraints, sa.ForeignKeyConstraint)


def _removed_table(table: Any) -> bool:
    tables = table.metadata.tables.values()
    targets = {key.target_fullname.rpartition(".")[0] for one in tables for key in one.foreign_keys}
    if table.key in targets:
        return False
    table.metadata.remove(table)
    return True


def _comment(table: Any) -> bool:
    for column in _plain(table):
        column.comment = "seeded"
        return True
    return False


def _removed(table: Any, parts: Any, kind: type[Any]) -> bool:
    named = sorted((one for one in parts if type(one) is kind and one.name), key=lambda one: str(one.name))
    for one in named[:1]:
        parts.remove(one)
    return bool(named)


CHANGES: tuple[Callable[[Any], bool], ...] = (
    _removed_index,
    _removed_unique,
    _removed_foreign_key,
    _new_index,
    _new_unique,
    _new_foreign_key,
    _other_type,
    _longer_string,
    _other_nullable,
    _removed_column,
    _comment,
    _removed_table,
    _new_column,
)
