"""Whatever a script contains, reading it ends soon, raises nothing and runs nothing of it."""

from __future__ import annotations

import ast
import io
import os
import time
import tokenize

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from migrate_guard.dialect import parse_dialect
from migrate_guard.evaluate.outcome import Evaluation
from migrate_guard.evaluate.revision import evaluate
from migrate_guard.project.script import Script
from migrate_guard.schema import empty_schema
from tests.commands import ROOT
from tests.evaluate.running import loader_of, source_of

REVISIONS = sorted((ROOT / "tests" / "evaluate" / "revisions").glob("[!_]*.py"))
TEXTS = [path.read_text(encoding="utf-8") for path in REVISIONS]
CANARY = "MIGRATE_GUARD_CANARY"
RUN = f"__import__('os').environ.__setitem__({CANARY!r}, 'ran')"
GARBAGE = [
    RUN,
    f"exec({RUN!r})",
    f"@(lambda f: {RUN})\ndef decorated(): pass",
    f"class C(metaclass=lambda *a: {RUN}): pass",
    "op.drop_table(op)",
    "while True: op",
    "x = 10 ** 10 ** 10",
    "x = 'a' * 10 ** 12",
    "upgrade()",
    "def upgrade(): upgrade()",
    "return",
    "yield op",
    "break",
    "raise",
    "del op",
    "op = None",
    "sa = op",
    "global op",
    "import revision",
    "from . import *",
    "for op in op: op.execute(op)",
    "with op as op: op",
    "try: op\nexcept: raise\nfinally: op.execute(sa)",
    "match op:\n    case {'a': [x, *y]} if x: op.drop_table(y)",
    "lambda: (yield)",
    "[op for op in op if op]",
    "op.execute(f'{op!r:>{op}}' % op)",
    "op.add_column(*op, **op)",
    "sa.Column = op.add_column",
    "__builtins__ = None",
    "async def upgrade(): await op",
    "type X = int",
]
LIMIT_SECONDS = 2.0


def reading(text: str, dialect: str) -> Evaluation | None:
    """Evaluate a text as a revision; `None` if it is no Python."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return None
    target = parse_dialect(dialect)
    script = Script(source_of(text), tree, "abc")
    return evaluate(script, "upgrade", target, empty_schema(target.name), loader_of())


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A written revision with lines deleted, moved, put in, and tokens swapped."""
    text = draw(st.sampled_from(TEXTS))
    for _ in range(draw(st.integers(1, 6))):
        text = draw(st.sampled_from(MUTATIONS))(draw, text)
    return text


def _delete(draw: st.DrawFn, text: str) -> str:
    lines = text.split("\n")
    del lines[draw(st.integers(0, len(lines) - 1))]
    return "\n".join(lines) or "pass"


def _insert(draw: st.DrawFn, text: str) -> str:
    lines = text.split("\n")
    place = draw(st.integers(0, len(lines)))
    indent = draw(st.sampled_from(["", "    ", "        "]))
    lines[place:place] = [indent + line for line in draw(st.sampled_from(GARBAGE)).split("\n")]
    return "\n".join(lines)


def _move(draw: st.DrawFn, text: str) -> str:
    lines = text.split("\n")
    line = lines.pop(draw(st.integers(0, len(lines) - 1)))
    lines.insert(draw(st.integers(0, len(lines))), line)
    return "\n".join(lines)


def _swap(draw: st.DrawFn, text: str) -> str:
    """Put one name, number or string in the place of another."""
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    except (tokenize.TokenError, SyntaxError):
        return text
    found = [t for t in tokens if t.type in {tokenize.NAME, tokenize.NUMBER, tokenize.STRING, tokenize.OP}]
    if not found:
        return text
    old, new = draw(st.sampled_from(found)), draw(st.sampled_from(found))
    lines = text.split("\n")
    (row, start), (end_row, end) = old.start, old.end
    if row == end_row:
        lines[row - 1] = lines[row - 1][:start] + new.string + lines[row - 1][end:]
    return "\n".join(lines)


# Each round adds to one table and starts three more rounds.
AGAIN = """from alembic import op

def upgrade():
    op.create_unique_constraint("u", "t", ["a"])
    op.create_foreign_key("f", "t", "o", ["a"], ["id"])
    upgrade()
    upgrade()
    upgrade()
"""
MUTATIONS = [_delete, _insert, _move, _swap, _swap]


@given(text=mutated(), dialect=st.sampled_from(["postgresql", "mysql", "sqlite"]))
@example(text="def upgrade():\n    " + RUN, dialect="sqlite")
@example(text="from alembic import op\n" + "\n".join(GARBAGE[:4]), dialect="sqlite")
@example(text=AGAIN, dialect="postgresql")
@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
@pytest.mark.filterwarnings("ignore::SyntaxWarning")
def test_mutated_revisions(text: str, dialect: str) -> None:
    started = time.process_time()
    reading(text, dialect)
    assert time.process_time() - started < LIMIT_SECONDS
    assert CANARY not in os.environ


@pytest.mark.parametrize("text", TEXTS, ids=[path.stem for path in REVISIONS])
def test_the_revisions_are_read(text: str) -> None:
    """Guard against mutations of nothing: unmutated, each text gives operations."""
    evaluation = reading(text, "postgresql")
    assert evaluation is not None
    assert evaluation.transitions
