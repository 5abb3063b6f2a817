"""Short ways to write operations and schemas in the tests of this directory."""

from __future__ import annotations

from dataclasses import replace

from migrate_guard.dialect import DialectName
from migrate_guard.operations import (
    AnyOperation,
    Column,
    Condition,
    CreateTable,
    ForeignKey,
    PrimaryKey,
    SqlText,
    SqlType,
    TableName,
    Unique,
)
from migrate_guard.schema import Schema, Table, apply, empty_schema
from migrate_guard.span import Span

SPAN = Span("versions/one.py", 7, 5, 7, 40)
SQL = SqlText("…")
INTEGER = SqlType("INTEGER")
TEXT = SqlType("TEXT")
USERS = TableName("users")
ORDERS = TableName("orders")


def given(text: str = "flag", holds: bool = True) -> tuple[Condition, ...]:
    """Return the one condition of an operation that may not happen."""
    return (Condition(text, "versions/one.py", 6, holds),)


def run(schema: Schema, *operations: AnyOperation) -> Schema:
    """Apply operations in order."""
    for operation in operations:
        schema = apply(schema, operation, "r1")
    return schema


def users() -> CreateTable:
    """Return a table with a key, a unique email and a name."""
    return CreateTable(
        span=SPAN,
        table=USERS,
        columns=(Column("id", INTEGER, nullable=False), Column("email", TEXT), Column("name", TEXT)),
        constraints=(PrimaryKey(None, ("id",)), Unique(None, ("email",))),
    )


def orders() -> CreateTable:
    """Return a table that refers to the users."""
    return CreateTable(
        span=SPAN,
        table=ORDERS,
        columns=(Column("id", INTEGER, nullable=False), Column("user_id", INTEGER)),
        constraints=(PrimaryKey(None, ("id",)), ForeignKey(None, ("user_id",), USERS, ("id",))),
    )


def shop(dialect: DialectName = "postgresql") -> Schema:
    """Return a schema with both tables."""
    return run(empty_schema(dialect), users(), orders())


def table_of(schema: Schema, name: TableName = USERS) -> Table:
    """Return a table that must be there."""
    table = schema.table(name)
    assert table is not None
    return table


def maybe(operation: AnyOperation, text: str = "flag", holds: bool = True) -> AnyOperation:
    """Return the operation under a condition that reading could not decide."""
    return replace(operation, conditions=given(text, holds))
