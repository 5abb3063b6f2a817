"""A position in a SQL string leads back to the place in the file."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrate_guard.evaluate.interpret.text import span_in_literal
from migrate_guard.project.source import Source
from migrate_guard.span import Span
from tests.evaluate.running import source_of


def literal(text: str) -> tuple[Source, ast.Constant]:
    (node,) = (n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Constant))
    return source_of(text), node


def at(source: Source, span: Span) -> str:
    """Return the text that a span covers."""
    if span.line == span.end_line:
        return source.lines[span.line - 1][span.column - 1 : span.end_column - 1]
    first = source.lines[span.line - 1][span.column - 1 :]
    last = source.lines[span.end_line - 1][: span.end_column - 1]
    return "\n".join([first, *source.lines[span.line : span.end_line - 1], last])


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('x = "DROP TABLE a; DROP TABLE b"', id="one line"),
        pytest.param("if x:\n    y('''\n  DROP TABLE a;\n  DROP TABLE b\n''')", id="triple"),
        pytest.param('x = ("CREATE TABLE a "\n     "(b int); "\n  \'DROP TABLE b\')', id="concatenated"),
        pytest.param(r'x = r"\d; DROP TABLE b"', id="raw"),
        pytest.param(r'x = "SELECT \"a\"; DROP TABLE b"', id="escaped quotes"),
        pytest.param('x = "é é; DROP TABLE b"', id="wide characters"),
        pytest.param('x = "one \\\n two; DROP TABLE b"', id="continued line"),
    ],
)
def test_the_last_statement_is_found_where_it_is_written(text: str) -> None:
    source, node = literal(text)
    value = node.value
    assert isinstance(value, str)
    start = value.index("DROP TABLE b")
    assert at(source, span_in_literal(source, node)(start, start + 12)) == "DROP TABLE b"


@pytest.mark.parametrize("text", [r'x = "\x41\u0042 c"', r'x = "\N{BULLET} c"'])
def test_a_place_that_cannot_be_traced_is_the_whole_literal(text: str) -> None:
    source, node = literal(text)
    assert span_in_literal(source, node)(0, 1) == source.span(node)


@given(st.text(alphabet="ab\n\"'\\ é;", max_size=12), st.integers(0, 20), st.integers(0, 20))
def test_any_literal_and_any_offset_give_a_place_inside_the_literal(value: str, start: int, end: int) -> None:
    source, node = literal(f"x = {value!r}")
    span, whole = span_in_literal(source, node)(start, end), source.span(node)
    assert (whole.line, whole.column) <= (span.line, span.column)
    assert (span.end_line, span.end_column) <= (whole.end_line, whole.end_column)
