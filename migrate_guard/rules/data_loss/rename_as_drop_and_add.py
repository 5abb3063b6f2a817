"""Renames that autogenerate could only write as a drop and an add."""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.finding import Confidence, Problem, Related, Severity
from migrate_guard.operations import Column, DropColumn, DropTable
from migrate_guard.rule import Step, operation_rule
from migrate_guard.rules._calls import advice, call, on_table, schema_option
from migrate_guard.rules._facts import of_kind
from migrate_guard.rules._renames import column_rename, table_rename
from migrate_guard.rules._types import literal, type_code


@operation_rule(on=(DropColumn, DropTable), severity=Severity.ERROR)
def rename_as_drop_and_add(step: Step[DropColumn | DropTable]) -> Iterator[Problem]:
    """A rename that is written as a drop and an add loses every value."""
    for column in of_kind((step,), DropColumn):
        yield from _column(column)
    for table in of_kind((step,), DropTable):
        yield from _table(table)


def _column(step: Step[DropColumn]) -> Iterator[Problem]:
    table, old = step.operation.table, step.operation.column
    added = None if step.is_new_column(table, old) else column_rename(step)
    if added is None:
        return
    new = added.operation.column
    yield Problem(
        f"dropping {table}.{old} and adding {new.name} loses the values; it looks like a rename",
        label=f"the values of {old} are gone for good",
        help=advice(
            "if it is a rename, say so, and both lines become one",
            on_table(
                step,
                "alter_column",
                table,
                literal(old),
                new_column_name=literal(new.name),
                existing_type=type_code(new.type),
                existing_nullable=_nullable(new),
            ),
        ),
        related=(Related(f"{new.name} is added here", added.operation.span),),
        confidence=Confidence.POSSIBLE,
        subject=f"{table}.{old}",
    )


def _nullable(column: Column) -> str | None:
    return str(column.nullable) if isinstance(column.nullable, bool) else None


def _table(step: Step[DropTable]) -> Iterator[Problem]:
    table = step.operation.table
    created = None if step.is_new(table) else table_rename(step)
    if created is None:
        return
    new = created.operation.table
    yield Problem(
        f"dropping {table} and creating {new} loses the rows; it looks like a rename",
        label=f"the rows of {table} are gone for good",
        help=advice(
            "if it is a rename, say so, and both calls become one",
            call("op.rename_table", literal(table.name), literal(new.name), schema=schema_option(table)),
        ),
        related=(Related(f"{new} is created here", created.operation.span),),
        confidence=Confidence.POSSIBLE,
        subject=str(table),
    )
