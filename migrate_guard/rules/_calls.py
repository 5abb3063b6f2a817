"""Advice as code: the calls of a revision rewritten in the user's own names."""

from __future__ import annotations

import re
from collections.abc import Sequence

from migrate_guard.operations import (
    Check,
    ForeignKey,
    Index,
    IndexPart,
    Operation,
    TableName,
    Unknown,
)
from migrate_guard.rule import Step
from migrate_guard.rules._types import PLACEHOLDER, literal

_WIDTH = 100


def call(function: str, *arguments: str | None, **options: str | None) -> str:
    """Return a call as source code; arguments that are `None` are left out.

    It breaks into one argument a line where it would be longer than 100 characters.
    """
    parts = [argument for argument in arguments if argument is not None]
    parts += [f"{name}={value}" for name, value in options.items() if value is not None]
    line = f"{function}({', '.join(parts)})"
    if len(line) <= _WIDTH:
        return line
    inner = "".join(f"    {part},\n" for part in parts)
    return f"{function}(\n{inner})"


def indented(code: str, levels: int = 1) -> str:
    """Return code moved in by so many levels."""
    margin = "    " * levels
    return "\n".join(margin + line if line else line for line in code.split("\n"))


def advice(text: str, code: str) -> str:
    """Return help: a sentence that ends in a colon and the code below it."""
    return f"{text}:\n{indented(code)}"


def autocommit(code: str) -> str:
    """Return code that runs outside the migration's transaction."""
    return "with op.get_context().autocommit_block():\n" + indented(code)


def execute(sql: str) -> str:
    """Return the call that runs a SQL statement."""
    return call("op.execute", literal(sql))


def schema_option(table: TableName) -> str | None:
    """Return the value of `schema=`, `None` for the default schema."""
    return literal(table.schema) if table.schema else None


def on_table(
    step: Step[Operation],
    directive: str,
    table: TableName,
    *arguments: str | None,
    first: str | None = None,
    **options: str | None,
) -> str:
    """Return a directive in the form that stands in the revision: `op.x(table, …)` or `batch_op.x(…)`.

    `first` is an argument that comes before the table.
    """
    if step.operation.batch is None:
        options["schema"] = schema_option(table)
        return call(f"op.{directive}", first, literal(table.name), *arguments, **options)
    return call(f"{_receiver(step)}.{directive}", first, *arguments, **options)


def _receiver(step: Step[Operation]) -> str:
    lines = step.revision.script.source.lines
    span = step.operation.span
    text = lines[span.line - 1][span.column - 1 :] if 0 < span.line <= len(lines) else ""
    found = re.match(r"(\w+)\.", text)
    return found.group(1) if found else "batch_op"


def names(columns: Sequence[str] | Unknown) -> str:
    """Return a list of names, a placeholder where they are not known."""
    if isinstance(columns, Unknown):
        return PLACEHOLDER
    return "[" + ", ".join(map(literal, columns)) + "]"


def named(name: str | Unknown | None, default: str) -> str:
    """Return the literal of a name; `default` is what an unnamed object should be called."""
    if isinstance(name, Unknown):
        return PLACEHOLDER
    return literal(name if name is not None else default)


def create_index(index: Index, **options: str | None) -> str:
    """Return the `op.create_index` that builds an index, with all that is known of it."""
    keys = PLACEHOLDER
    if not isinstance(index.parts, Unknown):
        keys = "[" + ", ".join(map(_key, index.parts)) + "]"
    unique = None if index.unique is False else ("True" if index.unique is True else PLACEHOLDER)
    where = None
    if index.where is not None:
        where = PLACEHOLDER if isinstance(index.where, Unknown) else f"sa.text({literal(index.where)})"
    return call(
        "op.create_index",
        named(index.name, default_index_name(index)),
        literal(index.table.name),
        keys,
        schema=schema_option(index.table),
        unique=unique,
        postgresql_using=literal(index.method) if index.method else None,
        postgresql_where=where,
        postgresql_include=names(index.include) if index.include else None,
        **options,
    )


def _key(part: IndexPart) -> str:
    if part.column is not None and not part.sort:
        return literal(part.column)
    text = part.column or part.expression or ""
    return f"sa.text({literal(f'{text} {part.sort}'.strip())})"


def default_index_name(index: Index) -> str:
    """Return the name that SQLAlchemy's default convention gives an index."""
    return "_".join(("ix", index.table.name, *index.columns))


def unique_name(table: TableName, columns: Sequence[str] | Unknown) -> str:
    """Return a name for a unique constraint, after the convention in SQLAlchemy's manual."""
    return _joined("uq", table, columns)


def foreign_key_name(table: TableName, key: ForeignKey) -> str:
    """Return a name for a foreign key, after the convention in SQLAlchemy's manual."""
    name = _joined("fk", table, key.columns)
    return name if isinstance(key.target, Unknown) else f"{name}_{key.target.name}"


def check_name(table: TableName) -> str:
    """Return a name for a CHECK constraint."""
    return f"ck_{table.name}"


def _joined(prefix: str, table: TableName, columns: Sequence[str] | Unknown) -> str:
    parts = () if isinstance(columns, Unknown) else tuple(columns)
    return "_".join((prefix, table.name, *parts))


def create_foreign_key(table: TableName, key: ForeignKey, **options: str | None) -> str:
    """Return the `op.create_foreign_key` for a foreign key."""
    target = PLACEHOLDER if isinstance(key.target, Unknown) else literal(key.target.name)
    referent_schema = None if isinstance(key.target, Unknown) else schema_option(key.target)
    return call(
        "op.create_foreign_key",
        named(key.name, foreign_key_name(table, key)),
        literal(table.name),
        target,
        names(key.columns),
        names(key.target_columns or ("id",)),
        source_schema=schema_option(table),
        referent_schema=referent_schema,
        ondelete=literal(key.ondelete) if key.ondelete else None,
        onupdate=literal(key.onupdate) if key.onupdate else None,
        **options,
    )


def create_check(table: TableName, check: Check, **options: str | None) -> str:
    """Return the `op.create_check_constraint` for a CHECK constraint."""
    condition = PLACEHOLDER if isinstance(check.sql, Unknown) else literal(check.sql)
    return call(
        "op.create_check_constraint",
        named(check.name, check_name(table)),
        literal(table.name),
        condition,
        schema=schema_option(table),
        **options,
    )


def quoted(name: str) -> str:
    """Return a name as SQL text, quoted only where it must be."""
    return name if re.fullmatch(r"[a-z_][a-z0-9_]*", name) and name not in _RESERVED else f'"{name}"'


def sql_table(table: TableName) -> str:
    """Return a table's name as SQL text."""
    return f"{quoted(table.schema)}.{quoted(table.name)}" if table.schema else quoted(table.name)


_RESERVED = frozenset({"all", "check", "column", "default", "end", "group", "limit", "offset", "order"})
_RESERVED |= {"primary", "references", "select", "table", "to", "user", "when", "where", "window"}


def in_steps(*parts: tuple[str, str]) -> str:
    """Return help that takes several revisions: sentences, each with its code below it."""
    return "\n".join(advice(text, code) for text, code in parts)


ONLINE_TOOLS = "run it when writes can wait, or through gh-ost or pt-online-schema-change"
"""What is left on MySQL and MariaDB for a change that copies the table."""
