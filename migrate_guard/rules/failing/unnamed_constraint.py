"""Constraints without a name: they cannot be dropped, and in SQLite's batch mode not even made."""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.finding import Confidence, Problem, Severity
from migrate_guard.operations import (
    AddConstraint,
    Check,
    Constraint,
    ConstraintKind,
    ConstraintName,
    DropConstraint,
    ForeignKey,
    PrimaryKey,
    TableName,
    Unique,
    Unknown,
)
from migrate_guard.project import convention_mentioned
from migrate_guard.rule import Step, operation_rule
from migrate_guard.rules._calls import (
    advice,
    check_name,
    foreign_key_name,
    names,
    on_table,
    unique_name,
)
from migrate_guard.rules._facts import of_kind
from migrate_guard.rules._types import PLACEHOLDER, literal
from migrate_guard.schema.conventions import has_template


@operation_rule(
    on=(AddConstraint, DropConstraint), severity=Severity.ERROR, directions={"upgrade", "downgrade"}
)
def unnamed_constraint(step: Step[AddConstraint | DropConstraint]) -> Iterator[Problem]:
    """A constraint without a name cannot be dropped by it, and SQLite's batch mode cannot make it."""
    for dropped in of_kind((step,), DropConstraint):
        yield from _dropped(dropped)
    for added in of_kind((step,), AddConstraint):
        yield from _added(added)


def _dropped(step: Step[DropConstraint]) -> Iterator[Problem]:
    operation = step.operation
    if operation.name is not None or operation.kind == "primary" or operation.sql is not None:
        return
    kind = _WORDS.get(operation.kind or "check", "constraint")
    name = _name_of_partner(step)
    yield Problem(
        f"dropping a {kind} of {operation.table} without its name fails",
        label="the name is None",
        help=advice(
            "give it the name that it has in the database"
            if name is None
            else "name it where it is made, and drop it by that name",
            on_table(
                step,
                "drop_constraint",
                operation.table,
                first=literal(name) if name is not None else PLACEHOLDER,
                type_=literal(operation.kind) if operation.kind is not None else None,
            ),
        ),
        subject=f"{operation.table}.drop {kind}",
    )


_WORDS: dict[ConstraintKind | str, str] = {
    "foreignkey": "foreign key",
    "unique": "unique constraint",
    "check": "constraint",
    "exclude": "constraint",
}


def _name_of_partner(step: Step[DropConstraint]) -> str | None:
    """Return the name to give the constraint that the other direction makes, if it makes just one."""
    operation = step.operation
    other = step.revision.steps("upgrade" if step.direction == "downgrade" else "downgrade")
    made = [
        partner.operation.constraint
        for partner in of_kind(other, AddConstraint)
        if partner.operation.table == operation.table
        and _kind(partner.operation.constraint) == operation.kind
    ]
    return _proposal(operation.table, made[0]) if len(made) == 1 else None


def _kind(constraint: Constraint) -> ConstraintKind:
    if isinstance(constraint, ForeignKey):
        return "foreignkey"
    if isinstance(constraint, Unique):
        return "unique"
    if isinstance(constraint, PrimaryKey):
        return "primary"
    return "check" if isinstance(constraint, Check) else "exclude"


def _proposal(table: TableName, constraint: Constraint) -> str:
    if isinstance(constraint.name, str):
        return constraint.name
    if isinstance(constraint, ForeignKey):
        return foreign_key_name(table, constraint)
    if isinstance(constraint, Unique):
        return unique_name(table, constraint.columns)
    return check_name(table)


def _added(step: Step[AddConstraint]) -> Iterator[Problem]:
    operation = step.operation
    constraint, batch = operation.constraint, operation.batch
    if constraint.name is not None or operation.sql is not None or _needs_no_name(constraint):
        return
    if (batch is not None and batch.naming_convention) or _is_named_elsewhere(step):
        return
    if step.dialect.family == "sqlite":
        if batch is not None:
            yield _problem(step, "fails in batch mode", None, None)
        return
    names_of_drops = _dropped_as(step)
    if not any(isinstance(name, str) for name in names_of_drops):
        severity = Severity.WARNING if None in names_of_drops else Severity.INFO
        outcome = "leaves its name to the server, so that it cannot be dropped by a known name"
        yield _problem(step, outcome, severity, Confidence.POSSIBLE)


def _is_named_elsewhere(step: Step[AddConstraint]) -> bool:
    """Tell whether a naming convention names the constraint, or one that could not be read may do so."""
    naming = step.before.naming
    if isinstance(naming, Unknown):
        return bool(convention_mentioned(step.revision.environment))
    return naming is not None and has_template(naming, step.operation.constraint)


def _needs_no_name(constraint: Constraint) -> bool:
    # A table has one primary key, and the CHECK of a type goes with its column.
    return isinstance(constraint, PrimaryKey) or (isinstance(constraint, Check) and constraint.of_type)


def _dropped_as(step: Step[AddConstraint]) -> tuple[ConstraintName, ...]:
    """Return the names by which the other direction drops constraints of the table."""
    other = step.revision.steps("downgrade" if step.direction == "upgrade" else "upgrade")
    return tuple(
        partner.operation.name
        for partner in of_kind(other, DropConstraint)
        if partner.operation.table == step.operation.table
    )


def _problem(
    step: Step[AddConstraint], outcome: str, severity: Severity | None, confidence: Confidence | None
) -> Problem:
    table, constraint = step.operation.table, step.operation.constraint
    kind = _WORDS[_kind(constraint)]
    return Problem(
        f"making a {kind} on {table} without a name {outcome}",
        label="the name is None",
        help=advice("name it", _call(step, _proposal(table, constraint))),
        notes=("a naming_convention on the MetaData that env.py uses names all of them",),
        severity=severity,
        confidence=confidence,
        subject=f"{table}.add {kind}",
    )


def _call(step: Step[AddConstraint], name: str) -> str:
    table, constraint = step.operation.table, step.operation.constraint
    first = literal(name)
    if isinstance(constraint, ForeignKey):
        target = PLACEHOLDER if isinstance(constraint.target, Unknown) else literal(constraint.target.name)
        columns, others = names(constraint.columns), names(constraint.target_columns)
        ondelete = literal(constraint.ondelete) if constraint.ondelete else None
        return on_table(
            step, "create_foreign_key", table, target, columns, others, first=first, ondelete=ondelete
        )
    if isinstance(constraint, Unique):
        return on_table(step, "create_unique_constraint", table, names(constraint.columns), first=first)
    sql = constraint.sql if isinstance(constraint, Check) else ""
    condition = PLACEHOLDER if isinstance(sql, Unknown) else literal(sql)
    return on_table(step, "create_check_constraint", table, condition, first=first)
