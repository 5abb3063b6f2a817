"""Drops that look like one half of a rename, as autogenerate writes it."""

from __future__ import annotations

from collections.abc import Sequence

from migrate_guard.errors import nearest
from migrate_guard.operations import (
    AddColumn,
    Column,
    CreateTable,
    DropColumn,
    DropTable,
    Insert,
    SqlType,
    Unknown,
    Update,
)
from migrate_guard.rule import Step
from migrate_guard.rules._facts import of_kind

_ALIKE = 0.8
_COMMON = 0.7


def column_rename(step: Step[DropColumn]) -> Step[AddColumn] | None:
    """Return the step that adds the column under its new name, `None` if nothing looks like that.

    The two columns have the same known type, either their names are alike or the revision adds and drops
    no other column of the table, and no statement between them copies values.
    """
    old = _dropped_type(step)
    if old is None:
        return None
    table, steps = step.operation.table, step.revision.steps(step.direction)
    added = [a for a in of_kind(steps, AddColumn) if a.operation.table == table]
    dropped = [d for d in of_kind(steps, DropColumn) if d.operation.table == table]
    alone = len(added) == len(dropped) == 1
    for candidate in added:
        name = candidate.operation.column.name
        alike = _nearest(name, [d.operation.column for d in dropped]) == step.operation.column
        if (alone or alike) and candidate.operation.column.type == old and not _copied(step, candidate):
            return candidate
    return None


def _nearest(name: str, names: Sequence[str]) -> str | None:
    return nearest(name, names, _ALIKE)


def _dropped_type(step: Step[DropColumn]) -> SqlType | None:
    table = step.before.table(step.operation.table)
    column = table.columns.get(step.operation.column) if table is not None else None
    if column is None:
        column = _restored(step)
    return column.type if column is not None and isinstance(column.type, SqlType) else None


def _restored(step: Step[DropColumn]) -> Column | None:
    # Autogenerate writes the dropped column into the downgrade, with its type.
    other = step.revision.steps("downgrade" if step.direction == "upgrade" else "upgrade")
    for back in of_kind(other, AddColumn):
        same_table = back.operation.table == step.operation.table
        if same_table and back.operation.column.name == step.operation.column:
            return back.operation.column
    return None


def _copied(drop: Step[DropColumn], add: Step[AddColumn]) -> bool:
    table, column = add.operation.table, add.operation.column.name
    between = drop.revision.steps(drop.direction)[add.position + 1 : drop.position]
    return any(
        step.operation.table == table and (not step.operation.columns or column in step.operation.columns)
        for step in of_kind(between, Update)
    )


def table_rename(step: Step[DropTable]) -> Step[CreateTable] | None:
    """Return the step that creates the table under its new name, `None` if nothing looks like that.

    At least 70 % of the columns have the same name and type, and no statement copies the rows.
    """
    old = step.before.table(step.operation.table)
    if old is None or not old.columns:
        return None
    columns, best, score = tuple(old.columns.values()), None, _COMMON
    for created in of_kind(step.revision.steps(step.direction), CreateTable):
        common = _common(columns, created)
        if common >= score and created.operation.table != step.operation.table:
            best, score = created, common
    return best if best is not None and not _filled(step, best) else None


def _common(old: Sequence[Column], created: Step[CreateTable]) -> float:
    new = created.operation.columns
    if isinstance(new, Unknown):
        return 0.0
    kinds = {column.name: column.type for column in new if isinstance(column.type, SqlType)}
    same = sum(kinds.get(column.name) == column.type for column in old if isinstance(column.type, SqlType))
    return same / max(len(old), len(new), 1)


def _filled(drop: Step[DropTable], create: Step[CreateTable]) -> bool:
    if create.operation.as_select is not None:
        return True
    between = drop.revision.steps(drop.direction)[create.position + 1 : drop.position]
    return any(step.operation.table == create.operation.table for step in of_kind(between, Insert))
