"""`SET NOT NULL` on columns of tables in use."""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.finding import Problem, Severity
from migrate_guard.operations import AlterColumn, Column
from migrate_guard.rule import Step, operation_rule
from migrate_guard.rules._calls import ONLINE_TOOLS, call, execute, in_steps, quoted, schema_option, sql_table
from migrate_guard.rules._facts import long_hold, where_created
from migrate_guard.rules._types import literal


@operation_rule(on=AlterColumn, severity=Severity.WARNING, dialects={"postgresql", "mysql"})
def set_not_null_scans(step: Step[AlterColumn]) -> Iterator[Problem]:
    """`SET NOT NULL` reads the whole table while nothing else can use it, and fails on the first NULL."""
    operation = step.operation
    table, column = operation.table, operation.column
    if operation.nullable is not False or operation.existing_nullable is False:
        return
    known = _column(step)
    if known is not None and known.nullable is False and known.certain:
        return
    hold = long_hold(step, table)
    if hold is None or operation.table in step.effect.rewrites:
        return
    yield Problem(
        f"making {table}.{column} NOT NULL reads all of {table} while {hold.blocks} wait, "
        "and fails if one row has no value",
        label=f"{hold.lock} lock on {table} during a scan",
        help=_help(step),
        related=where_created(step, table),
        subject=f"{table}.{column}",
    )


def _column(step: Step[AlterColumn]) -> Column | None:
    table = step.before.table(step.operation.table)
    return table.columns.get(step.operation.column) if table is not None else None


def _help(step: Step[AlterColumn]) -> str:
    if step.dialect.family != "postgresql":
        return ONLINE_TOOLS
    table, column = step.operation.table, step.operation.column
    check = f"ck_{table.name}_{column}_not_null"
    schema = schema_option(table)
    create = call(
        "op.create_check_constraint",
        literal(check),
        literal(table.name),
        literal(f"{quoted(column)} IS NOT NULL"),
        schema=schema,
        postgresql_not_valid="True",
    )
    alter = call("op.alter_column", literal(table.name), literal(column), schema=schema, nullable="False")
    drop = call("op.drop_constraint", literal(check), literal(table.name), schema=schema, type_='"check"')
    validate = execute(f"ALTER TABLE {sql_table(table)} VALIDATE CONSTRAINT {quoted(check)}")
    return in_steps(
        ("let a check that is not validated yet take the lock, for a moment only", create),
        (
            "then validate it in the next revision, in a transaction of its own; SET NOT NULL relies on it",
            f"{validate}\n{alter}\n{drop}",
        ),
    )
