"""Primary keys whose index is built under a lock."""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.finding import Problem, Severity
from migrate_guard.operations import AddColumn, AddConstraint, Index, IndexPart, PrimaryKey, Unknown
from migrate_guard.rule import Step, operation_rule
from migrate_guard.rules._calls import (
    ONLINE_TOOLS,
    autocommit,
    create_index,
    execute,
    in_steps,
    quoted,
    sql_table,
)
from migrate_guard.rules._facts import columns_text, constraint_steps, long_hold, where_created


@operation_rule(on=(AddConstraint, AddColumn), severity=Severity.ERROR, dialects={"postgresql", "mysql"})
def primary_key_builds_under_lock(step: Step[AddConstraint | AddColumn]) -> Iterator[Problem]:
    """A new primary key builds its index while nothing else can use the table."""
    for added in constraint_steps(step):
        if isinstance(added.operation.constraint, PrimaryKey):
            yield from _build(added, added.operation.constraint)


def _build(step: Step[AddConstraint], key: PrimaryKey) -> Iterator[Problem]:
    table = step.operation.table
    hold = long_hold(step, table)
    if hold is None:
        return
    work = "checks its columns for NULL" if key.using_index is not None else "builds its index"
    yield Problem(
        f"making {columns_text(key.columns)} the primary key of {table} {work} while {hold.blocks} wait",
        label=f"{hold.lock} lock on {table}",
        help=_help(step, key),
        related=where_created(step, table),
        subject=f"{table}.primary key",
    )


def _help(step: Step[AddConstraint], key: PrimaryKey) -> str:
    if step.dialect.family != "postgresql":
        return ONLINE_TOOLS
    if key.using_index is not None:
        return "make the columns NOT NULL in a revision before"
    table, columns = step.operation.table, key.columns
    name = key.name if isinstance(key.name, str) else f"{table.name}_pkey"
    parts = columns if isinstance(columns, Unknown) else tuple(IndexPart(column=c) for c in columns)
    build = create_index(Index(name, table, parts, unique=True), postgresql_concurrently="True")
    adopt = (
        f"ALTER TABLE {sql_table(table)} ADD CONSTRAINT {quoted(name)} PRIMARY KEY USING INDEX {quoted(name)}"
    )
    return in_steps(
        ("build the index concurrently, alone in its revision", autocommit(build)),
        ("then make it the key in the next revision; its columns must be NOT NULL by then", execute(adopt)),
    )
