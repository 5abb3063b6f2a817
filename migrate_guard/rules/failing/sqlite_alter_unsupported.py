"""Changes that SQLite's ALTER TABLE does not know."""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.finding import Problem, Severity
from migrate_guard.operations import (
    AddColumn,
    AddConstraint,
    AlterColumn,
    DropConstraint,
    ForeignKey,
    Operation,
    Unique,
)
from migrate_guard.rule import Step, operation_rule

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
    """SQLite can neither add nor drop constraints nor change columns outside batch mode."""
    operation = step.operation
    if operation.batch is not None or not _unsupported(operation):
        return
    table = operation.table
    yield Problem(
        f"SQLite cannot {_WORDS[type(operation)]} {table}: this fails",
        label="no such ALTER TABLE",
        help=(
            "do it in batch mode, which copies the table:\n"
            f'    with op.batch_alter_table("{table.name}") as batch_op:\n'
            "        ..."
        ),
        subject=f"{table}.{getattr(operation, 'column', '')}"
        if isinstance(operation, AlterColumn)
        else str(table),
    )


def _unsupported(operation: Operation) -> bool:
    if isinstance(operation, AddColumn):
        # Alembic writes these as statements of their own; a CHECK of a type goes with the column.
        kinds = (Unique, ForeignKey)
        return not operation.inline and any(isinstance(c, kinds) for c in operation.constraints)
    if isinstance(operation, AlterColumn):
        parts = (operation.type, operation.nullable, operation.default)
        return any(part is not None for part in parts)
    return True
