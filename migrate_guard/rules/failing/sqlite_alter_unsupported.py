"""Changes that SQLite's ALTER TABLE does not know."""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.finding import Confidence, Problem, Severity
from migrate_guard.operations import (
    AddColumn,
    AddConstraint,
    AlterColumn,
    Check,
    DropConstraint,
    ForeignKey,
    Operation,
    Unique,
)
from migrate_guard.rule import Step, operation_rule

_LATER = (3, 53)
"""https://www.sqlite.org/lang_altertable.html, tried with 3.53.4."""

_WORDS = {
    AddConstraint: "add a constraint to",
    DropConstraint: "drop a constraint of",
    AlterColumn: "change a column of",
    AddColumn: "add a column with a constraint to",
}


@operation_rule(
    on=(AddConstraint, DropConstraint, AlterColumn, AddColumn),
    severity=Severity.ERROR,
    dialects={"sqlite"},
    directions={"upgrade", "downgrade"},
)
def sqlite_alter_unsupported(
    step: Step[AddConstraint | DropConstraint | AlterColumn | AddColumn],
) -> Iterator[Problem]:
    """SQLite can neither add nor drop most constraints nor change columns outside batch mode."""
    operation = step.operation
    newer = _came_later(operation)
    if operation.batch is not None or not _unsupported(operation):
        return
    if newer and step.dialect.version >= _LATER:
        return
    table = operation.table
    yield Problem(
        f"SQLite cannot {_WORDS[type(operation)]} {table}: this fails"
        + (f" before SQLite {'.'.join(map(str, _LATER))}" if newer else ""),
        label="no such ALTER TABLE",
        help=(
            "do it in batch mode, which copies the table:\n"
            f'    with op.batch_alter_table("{table.name}") as batch_op:\n'
            "        ..."
        ),
        subject=f"{table}.{getattr(operation, 'column', '')}"
        if isinstance(operation, AlterColumn)
        else str(table),
        confidence=Confidence.POSSIBLE if newer and not step.dialect.version else None,
    )


def _came_later(operation: Operation) -> bool:
    """Tell what SQLite knows since 3.53: NOT NULL of a column, and CHECK constraints.

    Alembic itself refuses constraints on SQLite whatever its version, so those are about raw SQL.
    """
    if isinstance(operation, AlterColumn):
        return operation.nullable is not None and operation.type is None and operation.default is None
    if isinstance(operation, AddConstraint):
        return operation.sql is not None and isinstance(operation.constraint, Check)
    return isinstance(operation, DropConstraint) and operation.sql is not None and not operation.if_exists


def _unsupported(operation: Operation) -> bool:
    if isinstance(operation, AddColumn):
        # Alembic writes these as statements of their own; a CHECK of a type goes with the column.
        kinds = (Unique, ForeignKey)
        return not operation.inline and any(isinstance(c, kinds) for c in operation.constraints)
    if isinstance(operation, AlterColumn):
        parts = (operation.type, operation.nullable, operation.default)
        return any(part is not None for part in parts)
    return True
