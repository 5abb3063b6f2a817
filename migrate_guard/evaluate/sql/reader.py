"""The way from a SQL text to operations: tokens, statements, recognisers, undecidable parts."""

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
"""Characters of one text that are read; a statement that does not end within them is opaque."""


def read(text: str, dialect: Dialect, span_of: Callable[[int, int], Span], binds: bool) -> list[AnyOperation]:
    """Do what `read_sql` promises."""
    operations: list[AnyOperation] = []
    stop = min(len(text), LIMIT)
    unread = 0
    for statement in _statements(text, dialect, span_of, stop, binds):
        unread = statement.tokens[statement.first].start
        if stop < len(text) and statement.stop == len(statement.tokens):
            break  # It may be cut off at the limit.
        unread = statement.tokens[statement.stop - 1].end
        found = read_statement(statement)
        operations.extend(map(settle, found) if HOLE in text else found)
    if stop < len(text):
        reason = f"the SQL text is longer than {LIMIT:,} characters"
        operations.append(Opaque(span=span_of(unread, len(text)), reason=reason))
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
