"""New constraints that the running release does not keep to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from migrate_guard.evidence.running import RunningModels
from migrate_guard.finding import Confidence, Problem, Severity
from migrate_guard.operations import (
    AddConstraint,
    Check,
    Constraint,
    CreateIndex,
    ForeignKey,
    Index,
    TableName,
    Unique,
    Unknown,
)
from migrate_guard.rule import Step, operation_rule
from migrate_guard.rules._deploy import used
from migrate_guard.rules._facts import listed, where_created
from migrate_guard.schema import Table
from migrate_guard.schema.text import canonical, mentions

_WHAT = {Unique: "unique constraint", Index: "unique index", ForeignKey: "foreign key", Check: "CHECK"}


@operation_rule(on=(AddConstraint, CreateIndex), severity=Severity.WARNING)
def constraint_breaks_writes(step: Step[AddConstraint | CreateIndex]) -> Iterator[Problem]:
    """A new constraint refuses rows that the running release goes on writing."""
    made = step.operation.constraint if isinstance(step.operation, AddConstraint) else step.operation.index
    table = made.table if isinstance(made, Index) else step.operation.table
    if type(made) not in _WHAT or step.is_new(table) or (isinstance(made, Index) and made.unique is not True):
        return
    deployed, running = step.deployed.table(table), step.revision.running
    if running is None or (deployed is not None and _has(deployed, made)):
        return
    columns = _columns(made, step.before.table(table))
    if not columns or not _goes_on_writing(step, running, table, columns):
        return
    use = used(step, running, table)
    if use.table is not None and _has(use.table, made):
        return
    what = _WHAT[type(made)]
    yield Problem(
        f"{running.base}, which is running, writes {table}.{listed(columns)} and knows of no {what}: "
        "rows that break it fail",
        label=f"a {what} that the running release does not know",
        help=(
            "see that the running release cannot write such rows; otherwise release the code that keeps to "
            "it first, and add the constraint in the release after that"
        ),
        notes=(f"{running.base} maps the table in {use.span}",) if use.span is not None else (),
        related=where_created(step, table),
        confidence=Confidence.POSSIBLE,
        subject=f"{table}.{', '.join(columns)}",
    )


def _columns(made: Constraint | Index, table: Table | None) -> tuple[str, ...]:
    """Return the columns that a constraint is about, as far as they are known."""
    if isinstance(made, Check):
        names = () if table is None or isinstance(made.sql, Unknown) else tuple(table.columns)
        return tuple(name for name in names if isinstance(made.sql, str) and mentions(made.sql, name))
    if isinstance(made, Index):
        return made.columns
    if isinstance(made, (Unique, ForeignKey)) and not isinstance(made.columns, Unknown):
        return made.columns
    return ()


def _goes_on_writing(
    step: Step[AddConstraint | CreateIndex],
    running: RunningModels,
    table: TableName,
    columns: Iterable[str],
) -> bool:
    """Tell whether the running release maps all of the columns: what it does not map it leaves NULL."""
    return all(used(step, running, table, column).mapped is True for column in columns)


def _has(table: Table, made: Constraint | Index) -> bool:
    """Tell whether a table has a constraint that asks for the same."""
    if isinstance(made, (Unique, Index)):
        keys = {one.columns for one in table.uniques}
        keys |= {one.columns for one in table.indexes if one.unique is True and one.where is None}
        if table.primary_key is not None:
            keys.add(table.primary_key.columns)
        return made.columns in keys
    if isinstance(made, ForeignKey):
        return any(one.columns == made.columns and one.target == made.target for one in table.foreign_keys)
    if isinstance(made, Check) and isinstance(made.sql, str):
        text = canonical(made.sql)
        return any(isinstance(one.sql, str) and canonical(one.sql) == text for one in table.checks)
    return False
