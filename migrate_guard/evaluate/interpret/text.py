"""Where the characters of a string value stand in the file: the way from SQL back to the source."""

from __future__ import annotations

import ast
import io
import tokenize
from bisect import bisect_right
from collections.abc import Callable

from migrate_guard.project.source import Source
from migrate_guard.span import Span

SpanOf = Callable[[int, int], Span]

_PREFIXES = "rRbBuUfF"
_QUOTES = ('"""', "'''", '"', "'")


def span_in_literal(source: Source, node: ast.Constant) -> SpanOf:
    """Return a function from character offsets in the value of a string literal to spans.

    A position that cannot be traced (an escape, an unusual literal) falls back to the whole literal.
    """
    whole = source.span(node)
    length = len(node.value) if isinstance(node.value, str) else 0
    places = _simple_places(source, node, whole) or _token_places(source, node, whole)

    def span_of(start: int, end: int) -> Span:
        if places is None or not 0 <= start < end <= length:
            return whole
        first, last = places(start), places(end - 1)
        if first is None or last is None:
            return whole
        return Span(source.path, first[0], first[1], last[0], last[1] + 1)

    return span_of


Places = Callable[[int], "tuple[int, int] | None"]


def _text_between(source: Source, span: Span) -> str:
    if span.line == span.end_line:
        return source.lines[span.line - 1][span.column - 1 : span.end_column - 1]
    first = source.lines[span.line - 1][span.column - 1 :]
    last = source.lines[span.end_line - 1][: span.end_column - 1]
    return "\n".join([first, *source.lines[span.line : span.end_line - 1], last])


def _opening(text: str) -> tuple[str, str] | None:
    prefix = text[: len(text) - len(text.lstrip(_PREFIXES))]
    quote = next((q for q in _QUOTES if text[len(prefix) :].startswith(q)), None)
    return None if quote is None else (prefix, quote)


def _walker(value: str, line: int, column: int) -> Places:
    """Return a function from offsets in `value`, which stands unescaped at a place, to places."""
    starts = [0]
    starts.extend(offset + 1 for offset, character in enumerate(value) if character == "\n")

    def place(offset: int) -> tuple[int, int]:
        row = bisect_right(starts, offset) - 1
        return line + row, offset - starts[row] + (column if row == 0 else 1)

    return place


def _simple_places(source: Source, node: ast.Constant, whole: Span) -> Places | None:
    text = _text_between(source, whole)
    opening = _opening(text)
    value = node.value
    if opening is None or not isinstance(value, str):
        return None
    prefix, quote = opening
    if text != f"{prefix}{quote}{value}{quote}":
        return None
    return _walker(value, whole.line, whole.column + len(prefix) + len(quote))


def _token_places(source: Source, node: ast.Constant, whole: Span) -> Places | None:
    """Handle implicit concatenation and escapes, literal by literal."""
    text = _text_between(source, whole)
    pieces: list[tuple[int, int, Places | None]] = []
    offset = 0
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(f"({text}\n)").readline))
    except (tokenize.TokenError, SyntaxError, UnicodeError):
        return None
    for token in tokens:
        if token.type != tokenize.STRING:
            continue
        row, column = token.start
        line = whole.line + row - 1
        first = whole.column - 2 if row == 1 else 0
        value, places = _token_value(token.string, line, column + first + 1)
        if value is None:
            return None
        pieces.append((offset, offset + len(value), places))
        offset += len(value)
    if not isinstance(node.value, str) or offset != len(node.value):
        return None
    return _joined(pieces)


def _token_value(text: str, line: int, column: int) -> tuple[str | None, Places | None]:
    opening = _opening(text)
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return None, None
    if opening is None or not isinstance(value, str):
        return None, None
    prefix, quote = opening
    body = text[len(prefix) + len(quote) : -len(quote)]
    start = column + len(prefix) + len(quote)
    if body == value:
        return value, _walker(value, line, start)
    return value, _escaped(body, value, line, start, "r" in prefix.lower())


def _escaped(body: str, value: str, line: int, column: int, raw: bool) -> Places | None:
    """Map offsets through backslash escapes of one or two characters and line continuations."""
    if raw:
        return None
    offsets: list[int] = []
    position = 0
    while position < len(body):
        if body[position] != "\\":
            offsets.append(position)
            position += 1
        elif body[position + 1] == "\n":
            position += 2
        elif body[position + 1] in "\\'\"abfnrtv":
            offsets.append(position)
            position += 2
        else:
            return None
    if len(offsets) != len(value):
        return None
    inner = _walker(body, line, column)
    return lambda offset: inner(offsets[offset]) if offset < len(offsets) else None


def _joined(pieces: list[tuple[int, int, Places | None]]) -> Places:
    def place(offset: int) -> tuple[int, int] | None:
        for start, end, places in pieces:
            if start <= offset < end:
                return None if places is None else places(offset - start)
        return None

    return place
