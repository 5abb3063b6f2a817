"""Defaults of new columns that have to be computed row by row."""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.dialects import default_volatility
from migrate_guard.finding import Confidence, Problem, Severity
from migrate_guard.operations import AddColumn, Default
from migrate_guard.rule import Step, operation_rule
from migrate_guard.rules._calls import ONLINE_TOOLS, advice, call, schema_option
from migrate_guard.rules._facts import long_hold, where_created
from migrate_guard.rules._types import default_code, literal, type_code


@operation_rule(on=AddColumn, severity=Severity.ERROR, dialects={"postgresql", "mysql"})
def volatile_default_rewrites(step: Step[AddColumn]) -> Iterator[Problem]:
    """A new column whose default differs from row to row writes the whole table anew."""
    column, table = step.operation.column, step.operation.table
    if column.default is None or column.serial or column.computed is not None or column.identity is not None:
        return
    if step.is_new(table):
        return
    if table in step.effect.rewrites or step.effect.algorithm == "COPY":
        yield from _rewrite(step)
    elif not step.effect.known and default_volatility(column.default, step.dialect) == "unknown":
        yield _cannot_tell(step)


def _rewrite(step: Step[AddColumn]) -> Iterator[Problem]:
    column, table = step.operation.column, step.operation.table
    hold = long_hold(step, table)
    if hold is None:
        return
    yield Problem(
        f"adding {table}.{column.name} writes {_default(step)} into every row of {table} "
        f"while {hold.blocks} wait",
        label=f"{hold.lock} lock on {table} during the rewrite",
        help=_help(step),
        notes=_notes(step),
        related=where_created(step, table),
        subject=f"{table}.{column.name}",
    )


def _cannot_tell(step: Step[AddColumn]) -> Problem:
    column, table = step.operation.column, step.operation.table
    return Problem(
        f"whether adding {table}.{column.name} writes all of {table} anew cannot be told: "
        f"it depends on {_default(step)}",
        label="a rewrite if the default is volatile",
        help=_help(step),
        notes=step.operation.unknowns,
        severity=Severity.INFO,
        confidence=Confidence.POSSIBLE,
        subject=f"{table}.{column.name}",
    )


def _default(step: Step[AddColumn]) -> str:
    default = step.operation.column.default
    known = isinstance(default, Default) and isinstance(default.sql, str)
    return str(default.sql) if known and isinstance(default, Default) else "its default"


def _notes(step: Step[AddColumn]) -> tuple[str, ...]:
    if step.dialect.family == "postgresql" and not step.dialect.at_least(11):
        return ("before PostgreSQL 11 any default has this effect, a constant one included",)
    return ()


def _help(step: Step[AddColumn]) -> str:
    if step.dialect.family != "postgresql":
        return ONLINE_TOOLS
    table, column = step.operation.table, step.operation.column
    bare = f"sa.Column({literal(column.name)}, {type_code(column.type)})"
    schema = schema_option(table)
    add = call("op.add_column", literal(table.name), bare, schema=schema)
    alter = call(
        "op.alter_column",
        literal(table.name),
        literal(column.name),
        schema=schema,
        server_default=default_code(column.default),
    )
    return advice(
        "add it without the default, then set the default for rows to come; fill the old rows in batches "
        "in a revision of their own",
        f"{add}\n{alter}",
    )
