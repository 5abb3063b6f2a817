"""Facts about a step that several rules ask for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar, cast

from migrate_guard.dialects import Hold
from migrate_guard.finding import Confidence, Related
from migrate_guard.operations import (
    AddColumn,
    AddConstraint,
    Administer,
    AlterColumn,
    ControlTransaction,
    CreateIndex,
    Delete,
    DropColumn,
    DropConstraint,
    Insert,
    Maintain,
    Opaque,
    Operation,
    Query,
    SetParameter,
    SqlType,
    TableName,
    Truncate,
    Unknown,
    Update,
)
from migrate_guard.record import replace
from migrate_guard.rule import Step

_ROWS_OR_SESSION = (
    Insert,
    Update,
    Delete,
    DropColumn,
    DropConstraint,
    Query,
    SetParameter,
    ControlTransaction,
    Administer,
    Maintain,
    Opaque,
)


T = TypeVar("T", bound=Operation)


def of_kind(steps: Iterable[Step[Operation]], kind: type[T]) -> Iterator[Step[T]]:
    """Go through the steps whose operation is of one class."""
    for step in steps:
        if isinstance(step.operation, kind):
            yield cast("Step[T]", step)


def with_operation(step: Step[Operation], operation: T) -> Step[T]:
    """Return the step as if it did another operation at the same place."""
    return cast("Step[T]", replace(step, operation=operation))


def constraint_steps(step: Step[AddConstraint | AddColumn]) -> Iterator[Step[AddConstraint]]:
    """Go through the constraints that a step adds, those that a new column brings along included."""
    operation = step.operation
    constraints = operation.constraints if isinstance(operation, AddColumn) else (operation.constraint,)
    for constraint in constraints:
        added = AddConstraint(
            table=operation.table,
            constraint=constraint,
            span=operation.span,
            conditions=operation.conditions,
            autocommit=operation.autocommit,
            batch=operation.batch,
            sql=operation.sql,
        )
        yield with_operation(step, added)


def index_steps(step: Step[CreateIndex | AddColumn]) -> Iterator[Step[CreateIndex]]:
    """Go through the indexes that a step builds, those that a new column brings along included."""
    operation = step.operation
    if isinstance(operation, CreateIndex):
        yield with_operation(step, operation)
        return
    for index in operation.indexes:
        built = CreateIndex(
            index=index,
            span=operation.span,
            conditions=operation.conditions,
            autocommit=operation.autocommit,
            batch=operation.batch,
            sql=operation.sql,
        )
        yield with_operation(step, built)


def changes_schema(operation: Operation) -> bool:
    """Tell whether an operation changes the schema, as opposed to rows or the session."""
    return not isinstance(operation, _ROWS_OR_SESSION)


def where_created(step: Step[Operation], table: TableName) -> tuple[Related, ...]:
    """Return the place where the history creates a table, if it does."""
    found = step.before.table(table)
    if found is None or found.created is None:
        return ()
    return (Related(f"{table} is created here", found.created),)


def rebuilds(operation: Operation) -> bool:
    """Tell whether an operation makes Alembic copy the table of its batch on SQLite.

    With `recreate="auto"` added columns and indexes are plain DDL.
    """
    batch = operation.batch
    if batch is None or batch.recreate == "never":
        return False
    if batch.recreate == "always":
        return True
    return isinstance(operation, (AlterColumn, DropColumn, AddConstraint, DropConstraint))


def emptied(step: Step[Operation], table: TableName) -> bool:
    """Tell whether the revision has deleted every row of a table by then, so that there is nothing to do."""
    empty = False
    for earlier in step.earlier():
        operation = earlier.operation
        if isinstance(operation, (Delete, Truncate)) and operation.table == table:
            every = isinstance(operation, Truncate) or operation.where is None
            empty = empty or (every and not operation.conditional)
        elif isinstance(operation, Insert) and operation.table == table:
            empty = False
    return empty


def long_hold(step: Step[Operation], table: TableName) -> Hold | None:
    """Return the lock on a table in use that keeps others waiting while work on its rows goes on.

    `None` where the table is new in this deploy or was emptied, where nobody waits, or not for long.
    """
    if step.is_new(table):
        return None
    hold = step.effect.hold_on(table)
    if hold is None or not hold.long or hold.blocks in ("nothing", "schema changes"):
        return None
    return None if emptied(step, table) else hold


def in_transaction(step: Step[Operation]) -> Confidence | None:
    """Tell how surely the operation runs inside a transaction, `None` if it does not.

    After a COMMIT of the revision's own that depends on the driver: psycopg 3 begins another one.
    """
    if step.operation.autocommit:
        return None
    for earlier in reversed(step.earlier()):
        if isinstance(earlier.operation, ControlTransaction):
            ended = earlier.operation.command in ("commit", "rollback")
            return Confidence.POSSIBLE if ended else Confidence.CERTAIN
    return Confidence.CERTAIN


def same_transaction(first: Step[Operation], second: Step[Operation]) -> bool:
    """Tell whether nothing is committed between two steps of one direction, the first one earlier."""
    if first.operation.autocommit or second.operation.autocommit:
        return False
    between = first.revision.steps(first.direction)[first.position + 1 : second.position]
    return not any(_commits(step.operation) for step in between)


def _commits(operation: Operation) -> bool:
    # autocommit_block() commits the transaction that is open when it begins.
    if operation.autocommit:
        return True
    return isinstance(operation, ControlTransaction) and operation.command in ("commit", "rollback")


def column_type(step: Step[Operation], table: TableName, column: str) -> SqlType | None:
    """Return the type that a column has before the step, `None` where it is not known."""
    found = step.before.table(table)
    known = found.columns.get(column) if found is not None else None
    return known.type if known is not None and isinstance(known.type, SqlType) else None


def listed(items: tuple[str, ...], limit: int = 3) -> str:
    """Return names as words: `a`, `a and b`, `a, b and 4 more`."""
    if len(items) > limit:
        return f"{', '.join(items[:limit])} and {len(items) - limit} more"
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


def columns_text(columns: tuple[str, ...] | Unknown) -> str:
    """Return the columns of a key as words."""
    return "columns that cannot be read" if isinstance(columns, Unknown) else listed(columns)
