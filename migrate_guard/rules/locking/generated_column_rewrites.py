"""New columns that the server fills for the rows that are there: serial, identity, generated."""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.finding import Problem, Severity
from migrate_guard.operations import AddColumn, Column
from migrate_guard.rule import Step, operation_rule
from migrate_guard.rules._facts import long_hold, where_created


@operation_rule(on=AddColumn, severity=Severity.ERROR, dialects={"postgresql", "mysql"})
def generated_column_rewrites(step: Step[AddColumn]) -> Iterator[Problem]:
    """A new serial, identity or stored generated column writes the whole table anew."""
    column, table = step.operation.column, step.operation.table
    kind = _kind(column)
    if kind is None or (table not in step.effect.rewrites and step.effect.algorithm != "COPY"):
        return
    hold = long_hold(step, table)
    if hold is None:
        return
    yield Problem(
        f"adding the {kind} column {table}.{column.name} writes all of {table} anew while {hold.blocks} wait",
        label=f"{hold.lock} lock on {table} during the rewrite",
        help=_help(step),
        related=where_created(step, table),
        subject=f"{table}.{column.name}",
    )


def _kind(column: Column) -> str | None:
    if column.computed is not None:
        return "generated"
    if column.identity is not None:
        return "identity"
    return "serial" if column.serial else None


def _help(step: Step[AddColumn]) -> str:
    if step.operation.column.computed is not None:
        if step.dialect.family == "postgresql" and not step.dialect.at_least(18):
            return "add a plain column, keep it up to date from the code or a trigger, fill it in batches"
        return "make it virtual with sa.Computed(…, persisted=False): then nothing is stored, nor rewritten"
    return "add a plain nullable column, fill it in batches, then give it its sequence"
