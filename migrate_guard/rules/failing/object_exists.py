"""Operations that make something which is there already at that point."""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.finding import Problem, Related, Severity
from migrate_guard.operations import (
    AddColumn,
    AddConstraint,
    Check,
    CreateEnum,
    CreateIndex,
    CreateTable,
    Operation,
    RenameColumn,
    RenameTable,
    Unknown,
)
from migrate_guard.rule import RevisionView, Step, revision_rule
from migrate_guard.schema import Table
from migrate_guard.schema.replay.elements import by_convention, indexes_by_convention
from migrate_guard.span import Span


@revision_rule(severity=Severity.ERROR)
def object_exists(view: RevisionView) -> Iterator[Problem]:
    """Making something that the history has already made by then fails."""
    for step in (*view.steps("upgrade"), *view.steps("downgrade")):
        operation = step.operation
        if operation.conditional or getattr(operation, "if_not_exists", False):
            continue
        if isinstance(operation, (CreateTable, RenameTable)):
            yield from _table(step, operation)
        elif isinstance(operation, (AddColumn, RenameColumn)):
            yield from _column(step, operation)
        elif isinstance(operation, CreateIndex):
            yield from _index(step, operation)
        elif isinstance(operation, AddConstraint):
            yield from _constraint(step, operation)
        elif isinstance(operation, CreateEnum):
            yield from _enum(step, operation)


def _table(step: Step[Operation], operation: CreateTable | RenameTable) -> Iterator[Problem]:
    name = operation.table if isinstance(operation, CreateTable) else operation.to
    table = step.before.table(name)
    if table is not None and table.known and not table.temporary:
        yield _problem(step, f"there is a table {name} already", str(name), table.created)


def _column(step: Step[Operation], operation: AddColumn | RenameColumn) -> Iterator[Problem]:
    name = operation.column.name if isinstance(operation, AddColumn) else operation.to
    table = step.before.table(operation.table)
    if table is not None and table.known and name in table.columns:
        yield _problem(step, f"{operation.table} has a column {name} already", name, table.created)


def _index(step: Step[Operation], operation: CreateIndex) -> Iterator[Problem]:
    (index,) = indexes_by_convention(step.before, operation, (operation.index,))
    name = index.name
    if not isinstance(name, str):
        return
    same_table = step.before.table(operation.index.table)
    if step.dialect.family == "mysql":  # index names are per table there
        owner = same_table if same_table is not None and same_table.index(name) is not None else None
    else:
        owner = step.before.table_of_index(name, operation.index.table.schema)
    if owner is not None and owner.known and not _may_have_another_name(owner, name):
        yield _problem(step, f"{owner.name} has an index {name} already", name, owner.created)


def _may_have_another_name(table: Table, name: str) -> bool:
    """Tell whether the index of the table has that name only if no convention gave it another."""
    index = table.index(name)
    return index is not None and isinstance(index.name, Unknown)


def _constraint(step: Step[Operation], operation: AddConstraint) -> Iterator[Problem]:
    (constraint,) = by_convention(step.before, operation, operation.table, (operation.constraint,))
    name = constraint.name
    table = step.before.table(operation.table)
    if not isinstance(name, str) or table is None or not table.known or _may_be_ignored(step, operation):
        return
    found = table.constraint(name)
    if found is not None and found.name == name:
        yield _problem(step, f"{operation.table} has a constraint {name} already", name, table.created)


def _may_be_ignored(step: Step[Operation], operation: AddConstraint) -> bool:
    """Tell whether the server may have ignored the constraint of that name, or puts the new one in its place.

    MySQL before 8.0.16 reads CHECK constraints and forgets them; a batch on SQLite keeps one of a name.
    """
    if isinstance(operation.constraint, Check):
        return step.dialect.family == "mysql"
    return step.dialect.family == "sqlite"


def _enum(step: Step[Operation], operation: CreateEnum) -> Iterator[Problem]:
    enum = step.before.enum(operation.name)
    if enum is not None and enum.certain and not step.before.doubt_count:
        yield _problem(step, f"there is a type {operation.name} already", str(operation.name), enum.created)


def _problem(step: Step[Operation], text: str, subject: str, made: Span | None) -> Problem:
    return Problem(
        f"{text} at this point",
        label="already there",
        related=(Related("made here, or with the table", made),) if made is not None else (),
        span=step.operation.span,
        subject=subject,
    )
