"""Columns of a mapped class: copies of a mixin's, and what `Mapped[…]` and `Annotated[…]` say of one."""

from __future__ import annotations

from migrate_guard.evaluate.library.columns import ColumnValue
from migrate_guard.evaluate.library.tables import DeclarativeBase
from migrate_guard.evaluate.models.annotations import Declared
from migrate_guard.evaluate.models.python_types import type_of
from migrate_guard.evaluate.values import Machine, Value
from migrate_guard.record import replace
from migrate_guard.span import Span


def copied(column: ColumnValue) -> ColumnValue:
    """Return a column of its own for a class that takes it from a mixin."""
    return replace(column, items=tuple(column.items), options=dict(column.options), owner=None, home=None)


def implied(span: Span) -> ColumnValue:
    """Return the column of an attribute that is only annotated."""
    return ColumnValue(None, None, span=span, mapped=True)


def annotated(column: ColumnValue, said: Declared, types: Value, machine: Machine) -> None:
    """Complete a `mapped_column()` with what the annotation on its attribute says.

    As in SQLAlchemy's `MappedColumn._init_column_for_annotation`: what the column itself says wins over
    the `mapped_column()` in an `Annotated`, and that over the annotation.
    """
    if not column.mapped:
        return
    given = column.options.get("nullable")
    inner = next((extra for extra in said.extras if isinstance(extra, ColumnValue)), None)
    if inner is not None:
        _merge(inner, column)
    if given is None and (inner is None or inner.options.get("nullable") is None):
        column.options["nullable"] = said.optional
    if column.type is None and not column.foreign_keys:
        column.type = type_of(said, types, machine)


_DEFAULTS = frozenset({"default", "insert_default"})


def _merge(inner: ColumnValue, column: ColumnValue) -> None:
    """Add what the `mapped_column()` of an `Annotated` says and the column does not."""
    if column.type is None:
        column.type = inner.type
    own_default = bool(_DEFAULTS & column.options.keys())
    for name, value in inner.options.items():
        if name not in {"name", "key", "type_"} and not (own_default and name in _DEFAULTS):
            column.options.setdefault(name, value)
    if inner.options.get("primary_key") is True:
        column.options["primary_key"] = True
    if not column.foreign_keys:
        column.items = (*column.items, *inner.items)
    column.open = column.open or inner.open


def type_annotation_map(line: tuple[Value, ...], machine: Machine) -> Value:
    """Return the project's own `type_annotation_map` for a class with these bases, `None` without one."""
    for base in line:
        attributes = getattr(base, "attributes", {})
        if "type_annotation_map" in attributes:
            return attributes["type_annotation_map"]
        registry = attributes.get("registry") or attributes.get("_sa_registry")
        for one in (registry, base):
            if isinstance(one, DeclarativeBase) and one.types is not None:
                return one.types
    return None
