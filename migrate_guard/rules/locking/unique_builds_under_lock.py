"""Unique constraints whose index is built under a lock."""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.finding import Problem, Severity
from migrate_guard.operations import AddColumn, AddConstraint, Index, IndexPart, Unique, Unknown
from migrate_guard.rule import Step, operation_rule
from migrate_guard.rules._calls import (
    ONLINE_TOOLS,
    autocommit,
    create_index,
    execute,
    in_steps,
    quoted,
    sql_table,
    unique_name,
)
from migrate_guard.rules._facts import columns_text, constraint_steps, long_hold, where_created


@operation_rule(on=(AddConstraint, AddColumn), severity=Severity.ERROR, dialects={"postgresql", "mysql"})
def unique_builds_under_lock(step: Step[AddConstraint | AddColumn]) -> Iterator[Problem]:
    """A new unique constraint builds its index while nothing else can use the table."""
    for added in constraint_steps(step):
        if isinstance(added.operation.constraint, Unique):
            yield from _build(added, added.operation.constraint)


def _build(step: Step[AddConstraint], unique: Unique) -> Iterator[Problem]:
    table = step.operation.table
    hold = long_hold(step, table)
    if unique.using_index is not None or hold is None:
        return
    name = unique.name if isinstance(unique.name, str) else unique_name(table, unique.columns)
    yield Problem(
        f"adding {name} builds its index on {table} while {hold.blocks} wait, "
        f"and fails if two rows share {columns_text(unique.columns)}",
        label=f"{hold.lock} lock on {table}",
        help=_help(step, unique, name),
        related=where_created(step, table),
        subject=f"{table}.{name}",
    )


def _help(step: Step[AddConstraint], unique: Unique, name: str) -> str:
    if step.dialect.family != "postgresql":
        return ONLINE_TOOLS
    table, columns = step.operation.table, unique.columns
    parts = columns if isinstance(columns, Unknown) else tuple(IndexPart(column=c) for c in columns)
    build = create_index(Index(name, table, parts, unique=True), postgresql_concurrently="True")
    adopt = f"ALTER TABLE {sql_table(table)} ADD CONSTRAINT {quoted(name)} UNIQUE USING INDEX {quoted(name)}"
    return in_steps(
        ("build the index concurrently, alone in its revision", autocommit(build)),
        ("then make it the constraint in the next revision", execute(adopt)),
    )
