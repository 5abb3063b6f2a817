"""Server defaults that are written as text where a function was meant."""

from __future__ import annotations

import re
from collections.abc import Iterator

from migrate_guard.finding import Problem, Severity
from migrate_guard.operations import AddColumn, AlterColumn, CreateTable, Default, SqlType, Unknown
from migrate_guard.pattern import pattern
from migrate_guard.rule import Step, operation_rule
from migrate_guard.rules._types import literal, plain_text

_CALL = pattern(r"[A-Za-z_][\w.]*\s*\(.*\)", re.DOTALL)
_WORDS = frozenset({"current_timestamp", "current_date", "current_time", "localtimestamp", "localtime"})
_FUNCTIONS = frozenset(
    {
        "now",
        "clock_timestamp",
        "statement_timestamp",
        "transaction_timestamp",
        "timezone",
        "nextval",
        "gen_random_uuid",
        "uuid_generate_v4",
        "uuid_generate_v1",
        "uuidv7",
        "uuid",
        "random",
        "current_timestamp",
        "unix_timestamp",
        "utc_timestamp",
        "sysdate",
        "datetime",
        "strftime",
        "randomblob",
        "hex",
        "lower",
        "md5",
    }
)
_TEXT = frozenset({"VARCHAR", "CHAR", "TEXT", "CITEXT"})
_MOMENT = frozenset({"DATE", "TIME", "TIMESTAMP", "DATETIME"})
# https://www.postgresql.org/docs/current/datatype-datetime.html, 8.5.1.4: read when the literal is.
_FROZEN = frozenset({"now", "today", "tomorrow", "yesterday"})


@operation_rule(on=(CreateTable, AddColumn, AlterColumn), severity=Severity.ERROR)
def string_default_looks_like_function(
    step: Step[CreateTable | AddColumn | AlterColumn],
) -> Iterator[Problem]:
    """A server default given as a Python string is text: `"now()"` calls nothing."""
    for name, kind, default in _defaults(step.operation):
        text = _text(default)
        if text is None or not _looks_like_function(text, kind, step):
            continue
        yield Problem(
            f"{step.operation.table}.{name} gets {_outcome(text, kind, step)} as its default, "
            f"not what {text} gives",
            label="a Python string is a SQL string",
            help=f"mark it as SQL:\n    server_default=sa.text({literal(text)})",
            subject=f"{step.operation.table}.{name}",
        )


def _defaults(
    operation: CreateTable | AddColumn | AlterColumn,
) -> Iterator[tuple[str, SqlType | Unknown | None, object]]:
    if isinstance(operation, AlterColumn):
        yield operation.column, operation.type or operation.existing_type, operation.default
        return
    columns = (operation.column,) if isinstance(operation, AddColumn) else operation.columns
    if not isinstance(columns, Unknown):
        for column in columns:
            yield column.name, column.type, column.default


def _text(default: object) -> str | None:
    if isinstance(default, Default) and default.quoted and isinstance(default.sql, str):
        return plain_text(default.sql)
    return None


def _looks_like_function(
    text: str, kind: SqlType | Unknown | None, step: Step[CreateTable | AddColumn | AlterColumn]
) -> bool:
    lowered = text.strip().lower()
    name = kind.name if isinstance(kind, SqlType) else ""
    if name in _MOMENT and lowered in _FROZEN:
        return step.dialect.family == "postgresql"
    if lowered in _WORDS:
        return True
    if _CALL.fullmatch(text.strip()) is None:
        return False
    function = lowered.partition("(")[0].strip().rpartition(".")[2]
    return function in _FUNCTIONS or (name != "" and name not in _TEXT)


def _outcome(
    text: str, kind: SqlType | Unknown | None, step: Step[CreateTable | AddColumn | AlterColumn]
) -> str:
    moment = isinstance(kind, SqlType) and kind.name in _MOMENT
    frozen = text.strip().lower().removesuffix("()") in _FROZEN
    if moment and frozen and step.dialect.family == "postgresql":
        return "the moment of the migration, for ever,"
    return f"the text {literal(text)}"
