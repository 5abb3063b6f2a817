"""Changes that SQLite's ALTER TABLE does not know."""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.dialects.sqlite.altering import ALWAYS, works_since
from migrate_guard.finding import Confidence, Problem, Severity
from migrate_guard.operations import AddColumn, AddConstraint, AlterColumn, DropConstraint
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
    """SQLite can neither add nor drop most constraints nor change columns outside batch mode."""
    operation = step.operation
    since = works_since(operation, step.before)
    version = step.dialect.version
    if operation.batch is not None or since == ALWAYS or (since is not None and version >= since):
        return
    table = operation.table
    before = f" before SQLite {'.'.join(map(str, since))}" if since is not None else ""
    yield Problem(
        f"SQLite cannot {_WORDS[type(operation)]} {table}: this fails{before}",
        label="no such ALTER TABLE",
        help=(
            "do it in batch mode, which copies the table:\n"
            f'    with op.batch_alter_table("{table.name}") as batch_op:\n'
            "        ..."
        ),
        subject=f"{table}.{getattr(operation, 'column', '')}"
        if isinstance(operation, AlterColumn)
        else str(table),
        confidence=Confidence.POSSIBLE if since is not None and not version else None,
    )
