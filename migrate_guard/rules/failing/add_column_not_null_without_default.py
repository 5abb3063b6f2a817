"""NOT NULL columns that the rows of a table have no value for."""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.finding import Problem, Severity
from migrate_guard.operations import (
    AddColumn,
    AddConstraint,
    Column,
    Constraint,
    CreateIndex,
    Unique,
)
from migrate_guard.rule import Step, operation_rule
from migrate_guard.rules._calls import advice, on_table
from migrate_guard.rules._facts import emptied, of_kind, rebuilds, where_created
from migrate_guard.rules._types import column_code, neutral_default


@operation_rule(on=AddColumn, severity=Severity.ERROR)
def add_column_not_null_without_default(step: Step[AddColumn]) -> Iterator[Problem]:
    """A NOT NULL column without a server default cannot be added to a table that has rows."""
    table, column = step.operation.table, step.operation.column
    no_rows = step.is_new(table) or emptied(step, table)
    if _has_value(column) or (no_rows and not _refuses_even_if_empty(step)):
        return
    mysql = step.dialect.family == "mysql"
    yield Problem(
        f"{table} has no value for {column.name} in the rows that are there: {_what_happens(step)}",
        label="NOT NULL without a server default",
        help=_help(step),
        notes=("default= is filled in by Python; the database never sees it",)
        if column.python_default
        else (),
        related=where_created(step, table),
        severity=Severity.WARNING if mysql else None,
        subject=f"{table}.{column.name}",
    )


def _has_value(column: Column) -> bool:
    given = (column.default, column.identity, column.computed)
    return column.nullable is not False or column.serial or any(part is not None for part in given)


def _refuses_even_if_empty(step: Step[AddColumn]) -> bool:
    # https://sqlite.org/lang_altertable.html: a NOT NULL column must have a default other than NULL.
    if step.dialect.family != "sqlite":
        return False
    batch, others = step.operation.batch, step.revision.steps(step.direction)
    return batch is None or not any(o.operation.batch == batch and rebuilds(o.operation) for o in others)


def _what_happens(step: Step[AddColumn]) -> str:
    if step.dialect.family == "mysql":
        return "they silently get 0, an empty string or a zero date"
    if _refuses_even_if_empty(step):
        return "adding it fails, even if there are none"
    return "adding it fails unless there are none"


def _help(step: Step[AddColumn]) -> str:
    column = step.operation.column
    default = None if _is_unique(step) else neutral_default(column.type)
    if default is not None:
        return advice(
            "give the rows a value that fits",
            _add(step, column_code(column, nullable=False, default=default)),
        )
    return advice(
        "let it be NULL first; give every row its value and make it NOT NULL in revisions of their own",
        _add(step, column_code(column, nullable=True)),
    )


def _add(step: Step[AddColumn], column: str) -> str:
    return on_table(step, "add_column", step.operation.table, column)


def _is_unique(step: Step[AddColumn]) -> bool:
    operation = step.operation
    name = operation.column.name
    if any(_makes_unique(constraint, name) for constraint in operation.constraints):
        return True
    if any(index.unique is True and index.columns == (name,) for index in operation.indexes):
        return True
    constraints = [s.operation for s in of_kind(step.later(), AddConstraint)]
    if any(c.table == operation.table and _makes_unique(c.constraint, name) for c in constraints):
        return True
    indexes = [s.operation.index for s in of_kind(step.later(), CreateIndex)]
    return any(i.table == operation.table and i.unique is True and i.columns == (name,) for i in indexes)


def _makes_unique(constraint: Constraint, column: str) -> bool:
    return isinstance(constraint, Unique) and constraint.columns == (column,)
