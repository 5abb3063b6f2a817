"""New enum values that are used before they are committed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from migrate_guard.finding import Problem, Related, Severity
from migrate_guard.operations import (
    AddColumn,
    AddEnumValue,
    AlterColumn,
    CreateEnum,
    CreateTable,
    Default,
    Operation,
    Unknown,
)
from migrate_guard.rule import Step, operation_rule
from migrate_guard.rules._calls import advice, autocommit, execute, sql_table
from migrate_guard.rules._facts import in_transaction, of_kind, same_transaction


@operation_rule(on=AddEnumValue, severity=Severity.ERROR, dialects={"postgresql"})
def enum_value_in_transaction(step: Step[AddEnumValue]) -> Iterator[Problem]:
    """A new enum value cannot be used in the transaction that adds it."""
    if in_transaction(step) is None or _type_is_new(step):
        return
    operation = step.operation
    if not step.dialect.at_least(12):
        yield _problem(
            step,
            f"adding {operation.value!r} to {operation.name} fails: "
            "before PostgreSQL 12 that cannot run inside a transaction",
        )
        return
    use = next((later for later in step.later() if _uses(later, step)), None)
    if use is not None:
        yield _problem(
            step,
            f"{operation.value!r} is added to {operation.name} and used in one transaction: that fails",
            Related("used here", use.operation.span),
        )


def _problem(step: Step[AddEnumValue], message: str, *related: Related) -> Problem:
    operation = step.operation
    exists = "IF NOT EXISTS " if operation.if_not_exists else ""
    value = operation.value.replace("'", "''")
    place = next(
        (
            f" {word} '{text}'"
            for word, text in (("BEFORE", operation.before), ("AFTER", operation.after))
            if text
        ),
        "",
    )
    sql = f"ALTER TYPE {sql_table(operation.name)} ADD VALUE {exists}'{value}'{place}"
    return Problem(
        message,
        label="not committed before its use",
        help=advice("commit it by itself, before anything else in the revision", autocommit(execute(sql))),
        related=related,
        subject=f"{operation.name}.{operation.value}",
    )


def _type_is_new(step: Step[AddEnumValue]) -> bool:
    # Up to 11 and from 17 on, a type of the same transaction is free; 12 to 16 only let the values be used
    # that CREATE TYPE gave it. Tried on 10, 11, 12, 14, 16, 17 and 18; the manual does not tell.
    if step.dialect.at_least(12) and not step.dialect.at_least(17):
        return False
    made = (s for s in of_kind(step.earlier(), CreateEnum) if s.operation.name == step.operation.name)
    return any(same_transaction(s, step) for s in made)


def _uses(later: Step[Operation], step: Step[AddEnumValue]) -> bool:
    if not same_transaction(step, later):
        return False
    wanted = f"'{step.operation.value}'"
    operation = later.operation
    if isinstance(operation, AddEnumValue):
        return False
    if operation.sql is not None:
        return re.search(re.escape(wanted), operation.sql.text) is not None
    return any(
        isinstance(d, Default) and isinstance(d.sql, str) and wanted in d.sql for d in _defaults(operation)
    )


def _defaults(operation: Operation) -> tuple[object, ...]:
    if isinstance(operation, AlterColumn):
        return (operation.default,)
    if isinstance(operation, AddColumn):
        return (operation.column.default,)
    if isinstance(operation, CreateTable) and not isinstance(operation.columns, Unknown):
        return tuple(column.default for column in operation.columns)
    return ()
