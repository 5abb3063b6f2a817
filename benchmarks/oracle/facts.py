"""Operations as short lines, one per fact: a table's columns, constraints and indexes each have their own.

What the evaluator reads and what Alembic writes become the same lines where they mean the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from migrate_guard.operations import (
    DROP,
    AddColumn,
    AddConstraint,
    AlterColumn,
    AnyOperation,
    Check,
    Column,
    CommentTable,
    Constraint,
    CreateEnum,
    CreateIndex,
    CreateTable,
    Default,
    DropConstraint,
    DropIndex,
    ForeignKey,
    Index,
    SqlType,
    TableName,
    Unknown,
)


def facts(operations: Iterable[AnyOperation], dialect: str) -> Iterator[str]:
    """Go through the facts of operations."""
    for operation in operations:
        yield from _facts(operation, dialect)


def _facts(operation: AnyOperation, dialect: str) -> Iterator[str]:
    if isinstance(operation, CreateTable):
        yield from _create_table(operation, dialect)
    elif isinstance(operation, AddColumn):
        yield from _add_column(operation, dialect)
    elif isinstance(operation, AlterColumn):
        yield from _alter_column(operation, dialect)
    elif isinstance(operation, CreateIndex):
        options = _options(operation, "concurrently if_not_exists algorithm lock")
        yield f"index {_index(operation.index)}{options}"
    elif isinstance(operation, AddConstraint):
        yield f"constraint {operation.table} {constraint_fact(operation.constraint)}"
    elif isinstance(operation, DropIndex) or (dialect == "mysql" and _drops_unique(operation)):
        yield _drop_index(operation)
    elif isinstance(operation, CreateEnum):
        yield f"enum {operation.name} {operation.labels}"
    elif isinstance(operation, DropConstraint):
        yield f"drop constraint {operation.table} {operation.name}{_options(operation, 'if_exists cascade')}"
    elif isinstance(operation, CommentTable):
        yield f"comment {operation.table} {operation.comment!r}"
    else:
        yield _plain(operation)


def _drops_unique(operation: AnyOperation) -> bool:
    return isinstance(operation, DropConstraint) and operation.kind == "unique"


def _drop_index(operation: AnyOperation) -> str:
    """Show a dropped index, which is how MySQL drops a unique constraint; SQL may not name the table."""
    schema = getattr(operation, "schema", "") or getattr(getattr(operation, "table", None), "schema", "")
    options = _options(operation, "if_exists cascade")
    concurrently = " concurrently" if getattr(operation, "concurrently", False) else ""
    return f"drop index {schema} {getattr(operation, 'name', None)}{options}{concurrently}"


def _options(operation: AnyOperation, names: str) -> str:
    given = [f" {name}={getattr(operation, name)}" for name in names.split() if getattr(operation, name)]
    return "".join(given)


_LEFT_OUT = frozenset(
    "span calls conditions unknowns autocommit batch sql table_if_exists detail uses".split()
)


def _plain(operation: AnyOperation) -> str:
    fields = [name for name in operation.__dataclass_fields__ if name not in _LEFT_OUT]
    shown = [f"{name}={_shown(getattr(operation, name))}" for name in fields]
    return f"{type(operation).__name__} {' '.join(shown)}"


def _shown(value: object) -> str:
    return str(value) if isinstance(value, TableName) else repr(value)


def _create_table(operation: CreateTable, dialect: str) -> Iterator[str]:
    table = operation.table
    names = "if_not_exists temporary unlogged partitioned inherits"
    yield f"create table {table}{_options(operation, names)}"
    columns = () if isinstance(operation.columns, Unknown) else operation.columns
    for column in columns:
        yield f"column {table} {_column(column, dialect)}"
    yield from sorted(f"constraint {table} {constraint_fact(one)}" for one in operation.constraints)
    if dialect == "mysql" and operation.comment is not None:
        yield f"comment {table} {operation.comment!r}"
    for index in operation.indexes:
        yield f"index {_index(index)}"
    if dialect == "postgresql" and operation.comment is not None:
        yield f"comment {table} {operation.comment!r}"
    for column in columns:
        yield from _column_comment(column, table, dialect)


def _add_column(operation: AddColumn, dialect: str) -> Iterator[str]:
    column = _column(operation.column, dialect)
    yield f"add column {operation.table} {column}{_options(operation, 'if_not_exists')}"
    for one in operation.constraints:
        yield f"constraint {operation.table} {constraint_fact(one)}"
    for index in operation.indexes:
        yield f"index {_index(index)}"
    yield from _column_comment(operation.column, operation.table, dialect)


def _column_comment(column: Column, table: TableName, dialect: str) -> Iterator[str]:
    if dialect == "postgresql" and column.comment is not None:
        yield f"alter {table} {column.name} comment {column.comment!r}"


def _column(column: Column, dialect: str) -> str:
    parts = [column.name, type_fact(column.type), "null" if column.nullable else "not null"]
    parts.append("serial" if column.serial else "")
    parts.append(f"default {default_fact(column.default)}" if column.default is not None else "")
    parts.append(f"identity {column.identity}" if column.identity is not None else "")
    parts.append(f"computed {column.computed}" if column.computed is not None else "")
    parts.append(f"comment {column.comment!r}" if column.comment is not None and dialect == "mysql" else "")
    return " ".join(part for part in parts if part)


def type_fact(found: SqlType | Unknown | None) -> str:
    """Return a type as both readers have it: the name of an enum type tells nothing of its labels."""
    if not isinstance(found, SqlType):
        return str(found)
    labels = f" {found.labels}" if found.labels and found.name == "ENUM" and found.enum is None else ""
    collation = f" collate {found.collation}" if found.collation else ""
    return (
        f"{found}{labels}{collation}{' unsigned' if found.unsigned else ''}".replace('"', "")
        .replace("[][]", "[]")
        .lower()
    )


def default_fact(default: object) -> str:
    """Return the text of a default without the brackets that dialects put around it."""
    if not isinstance(default, Default) or not isinstance(default.sql, str):
        return str(default)
    text = default.sql.strip()
    while text.startswith("(") and text.endswith(")"):
        text = text[1:-1].strip()
    return text


def constraint_fact(constraint: Constraint) -> str:
    """Return a constraint with its SQL brought to one form."""
    plain = constraint
    if isinstance(plain, Check):
        plain = replace(plain, sql=" ".join(str(plain.sql).split()), of_type=False)
    if isinstance(plain, ForeignKey):
        plain = replace(plain, ondelete=_upper(plain.ondelete), onupdate=_upper(plain.onupdate))
    return str(plain)


def _upper(text: str | None) -> str | None:
    return None if text is None else text.upper()


def _index(index: Index) -> str:
    parts = () if isinstance(index.parts, Unknown) else index.parts
    keys = [part.column or str(part.expression) for part in parts]
    sorts = [part.sort for part in parts]
    where = " ".join(str(index.where).split()) if index.where is not None else None
    method = index.method.lower() if index.method else None
    more = f"{index.unique} {method} {where} {index.include} {index.nulls_not_distinct}"
    return f"{index.name} {index.table} {keys} {sorts} {more}"


_ATTRIBUTES = ("type", "nullable", "default", "identity", "computed", "comment")


def _alter_column(operation: AlterColumn, dialect: str) -> Iterator[str]:
    if dialect == "mysql":
        operation = restated(operation)
    given = {name: getattr(operation, name) for name in _ATTRIBUTES}
    if operation.using:
        given["using"] = operation.using
    for name, value in given.items():
        if value is not None:
            shown = (
                type_fact(value)
                if name == "type"
                else default_fact(value)
                if name == "default"
                else repr(value)
            )
            yield f"alter {operation.table} {operation.column} {name} {shown}"


def restated(operation: AlterColumn) -> AlterColumn:
    """Return what MODIFY or CHANGE says, with what the script says of the column before.

    Alembic writes `ALTER … SET DEFAULT` instead where nothing but the default changes.
    """
    changes = [operation.type, operation.nullable, operation.comment, operation.autoincrement]
    if not operation.restates and all(change is None for change in changes):
        return operation
    nullable = operation.nullable if operation.nullable is not None else operation.existing_nullable
    default = operation.default if operation.default is not None else operation.existing_default
    comment = operation.comment if operation.comment is not None else operation.existing_comment
    return replace(
        operation,
        type=operation.type or operation.existing_type,
        nullable=True if nullable is None else nullable,
        default=None if default is DROP else default,
        comment=None if comment is DROP else comment,
    )
