"""Operations that may or may not happen, and what could not be read; part of the replay."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from migrate_guard.operations import (
    UNKNOWN,
    AnyOperation,
    Column,
    Constraint,
    Exclude,
    Opaque,
    Unknown,
)
from migrate_guard.record import replace
from migrate_guard.schema.model import EnumType, Schema, Table
from migrate_guard.schema.replay.known import doubted, fitted, place

T = TypeVar("T")
E = TypeVar("E")


def touch(schema: Schema, operation: Opaque) -> Schema:
    """Return the schema after something that could not be read: what it may touch is in doubt."""
    if operation.rows_only:
        return schema
    reason = f"{operation.reason} ({place(operation)})"
    if operation.may_touch is None:
        return schema.with_doubt(reason)
    for name in operation.may_touch:
        table = schema.tables.get(schema.key(name))
        if table is None:
            table = Table(fitted(name, schema), assumed=True, doubts_before=schema.doubt_count)
        schema = schema.with_table(doubted(table, reason))
    return schema


def undecided(before: Schema, after: Schema, operation: AnyOperation) -> Schema:
    """Return the schema after an operation that turns `before` into `after`, or does not happen.

    What is in only one of the two may be there; what both have but differently is `UNKNOWN`.
    """
    guards = " and ".join(map(str, operation.conditions))
    reason = f"it depends on {guards} ({place(operation)})"
    made = replace(
        before, complete=after.complete, doubts=after.doubts, doubts_left_out=after.doubts_left_out
    )
    if after.doubt_count != before.doubt_count:
        made = replace(made, dropped=after.dropped)
    for key in tuple(after.tables.changed_keys(before.tables)):
        table = _either_table(before.tables.get(key), after.tables.get(key), reason)
        if table is not None:
            made = made.with_table(table)
    for name in tuple(after.enums.changed_keys(before.enums)):
        enum = _either_enum(before.enums.get(name), after.enums.get(name))
        if enum is not None:
            made = replace(made, enums=made.enums.with_item(name, enum))
    for object_key in tuple(after.objects.changed_keys(before.objects)):
        found = after.objects.get(object_key) or before.objects.get(object_key)
        if found is not None:
            made = made.with_object(replace(found, certain=False))
    return made


def _either_table(old: Table | None, new: Table | None, reason: str) -> Table | None:
    if old is None or new is None:
        one = old or new
        return None if one is None else doubted(one, reason)
    kept = tuple(doubt for doubt in new.doubts if doubt not in old.doubts)
    return replace(
        doubted(replace(old, doubts=(*old.doubts, *kept)), reason),
        columns=_either_columns(old.columns, new.columns),
        constraints=_either_constraints(old.constraints, new.constraints),
        indexes=_either(old.indexes, new.indexes),
        assumed=old.assumed and new.assumed,
        doubts_before=min(old.doubts_before, new.doubts_before),
    )


def _either(old: tuple[E, ...], new: tuple[E, ...]) -> tuple[E, ...]:
    return (*old, *(element for element in new if element not in old))


def _either_constraints(old: tuple[Constraint, ...], new: tuple[Constraint, ...]) -> tuple[Constraint, ...]:
    """Return what is in either; one that may have got a name has an unknown one."""
    gone = {_nameless(c) for c in old if c.name is None and c not in new}
    names = {
        _nameless(c): c.name for c in new if c not in old and isinstance(c.name, str) and _nameless(c) in gone
    }
    perhaps = tuple(
        replace(c, name=UNKNOWN, given=names[_nameless(c)])
        if c.name is None and _nameless(c) in names and not isinstance(c, Exclude)
        else c
        for c in old
    )
    return (*perhaps, *(c for c in new if c not in old and _nameless(c) not in names))


def _nameless(constraint: Constraint) -> Constraint:
    if isinstance(constraint, Exclude):
        return replace(constraint, name=None)
    return replace(constraint, name=None, given=None)


def _either_columns(old: Mapping[str, Column], new: Mapping[str, Column]) -> Mapping[str, Column]:
    columns: dict[str, Column] = {}
    for name in (*old, *(name for name in new if name not in old)):
        columns[name] = _either_column(old.get(name), new.get(name))
    return columns


def _either_column(old: Column | None, new: Column | None) -> Column:
    if old is None or new is None:
        one = old or new
        if one is None:
            raise AssertionError("a column of neither table")
        return replace(one, certain=False)
    # Nearly all columns are the same object; comparing them is what a long revision would spend its time on.
    if old is new or old == new:
        return old
    return replace(
        old,
        type=_same(old.type, new.type),
        nullable=_same(old.nullable, new.nullable),
        default=_same(old.default, new.default),
        identity=_same(old.identity, new.identity),
        computed=_same(old.computed, new.computed),
        comment=_same(old.comment, new.comment),
        serial=old.serial and new.serial,
        certain=False,
    )


def _same(old: T, new: T) -> T | Unknown:
    return old if old == new else UNKNOWN


def _either_enum(old: EnumType | None, new: EnumType | None) -> EnumType | None:
    if old is None or new is None:
        one = old or new
        return None if one is None else replace(one, certain=False)
    return replace(old, labels=_same(old.labels, new.labels), certain=False)
