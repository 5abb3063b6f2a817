"""Raw SQL read into operations: the part of the evaluation stage that knows `op.execute("…")`.

One tolerant reader serves PostgreSQL, MySQL, MariaDB and SQLite, with nothing installed. libpg_query, the
parser of PostgreSQL itself, is not used for reading even where it is present: the verdict on a migration
must not depend on which extras a machine has, and importing it costs more than all reading. It is the
second opinion instead: the tests hold this reader against it, and `libpg.syntax_error` says what
PostgreSQL would refuse.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from migrate_guard.dialect import Dialect
from migrate_guard.evaluate.sql.cursor import Statement
from migrate_guard.evaluate.sql.holes import settle
from migrate_guard.evaluate.sql.split import split_delimited, split_tokens
from migrate_guard.evaluate.sql.statement import read_statement
from migrate_guard.evaluate.sql.tokens import HOLE, Token, tokenise
from migrate_guard.operations import AnyOperation, Opaque, SqlText
from migrate_guard.span import Span

LIMIT = 1_000_000
"""Characters of one text that are read; what begins before and ends behind them is opaque."""

__all__ = ["HOLE", "LIMIT", "read_sql"]


def read_sql(
    text: str, dialect: Dialect, span_of: Callable[[int, int], Span], *, binds: bool = True
) -> list[AnyOperation]:
    """Read the text of one `execute()` into operations, in order.

    `span_of` turns character offsets of `text` into places. `HOLE` in the text stands for a value that is
    not known. `binds` tells whether `:name` and `%s` are parameters. Nothing is raised: a statement that
    cannot be read is an `Opaque` that names what stands in the way.
    """
    operations: list[AnyOperation] = []
    stop = min(len(text), LIMIT)
    for statement in _statements(text, dialect, span_of, stop, binds):
        if stop < len(text) and statement.stop == len(statement.tokens):
            operations.append(_too_long(statement, len(text)))
        elif HOLE in statement.sql.text or HOLE in text:
            operations.extend(map(settle, read_statement(statement)))
        else:
            operations.extend(read_statement(statement))
    return operations


def _statements(
    text: str, dialect: Dialect, span_of: Callable[[int, int], Span], stop: int, binds: bool
) -> Iterator[Statement]:
    stretches = split_delimited(text, stop) if dialect.family == "mysql" else None
    for start, end, whole in stretches or [(0, stop, False)]:
        tokens = tokenise(text, dialect, start=start, stop=end, binds=binds)
        ranges = [(0, len(tokens))] if whole and tokens else split_tokens(tokens)
        for first, last in ranges:
            sql = _sql_text(text, tokens, first, last, binds)
            yield Statement(text, tokens, first, last, dialect, span_of, sql)


def _sql_text(text: str, tokens: list[Token], first: int, last: int, binds: bool) -> SqlText:
    written = text[tokens[first].start : tokens[last - 1].end]
    if binds and "\\:" in written:
        written = written.replace("\\:", ":")  # SQLAlchemy's way to write a colon in text().
    if HOLE in written:
        written = written.replace(HOLE, "…")
    parameters = any(token.kind == "bind" for token in tokens[first:last])
    return SqlText(written, parameters=parameters)


def _too_long(statement: Statement, length: int) -> Opaque:
    tokens = statement.tokens
    span = statement.span_of(tokens[statement.first].start, length)
    return Opaque(span=span, sql=statement.sql, reason=f"the SQL text is longer than {LIMIT:,} characters")
