"""What costs too much, or never ends, is cut off, and the record says so."""

from __future__ import annotations

import pytest

from migrate_guard.operations import Opaque
from tests.evaluate.running import body, shown


@pytest.mark.parametrize(
    "statements",
    [
        pytest.param("x = 10 ** 10 ** 10", id="power"),
        pytest.param("x = 1 << 10 ** 9", id="shift"),
        pytest.param("x = 'x' * 10 ** 12", id="repetition"),
        pytest.param("x = '%099999999d' % 1", id="format"),
        pytest.param("x = '{:>999999999}'.format('a')", id="format-method"),
        pytest.param("x = list(range(10 ** 12))", id="range"),
        pytest.param("x = [y for y in range(10 ** 9)]", id="comprehension"),
        pytest.param("x = 'a'.ljust(10 ** 10)", id="ljust"),
    ],
)
def test_what_costs_too_much_is_undecided_at_once(statements: str) -> None:
    found = body(f"{statements}\nop.drop_table('after')")
    assert shown(found)[-1] == "DropTable after"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("x = 0\nwhile x >= 0:\n    x += 1\nop.drop_table('late')", id="counting"),
        pytest.param("x = [0]\nfor i in range(4000):\n    x = [y for y in range(4000)]", id="nested"),
    ],
)
def test_what_never_ends_is_cut_off_and_said_so(text: str) -> None:
    operation = body(text).transitions[-1].operation
    assert isinstance(operation, Opaque)
    assert operation.reason.startswith("not analysed from line")
    assert operation.may_touch is None


def test_a_recursion_that_does_nothing_to_the_schema_is_cut_off_in_silence() -> None:
    assert shown(body("def f(n):\n    f(n + 1)\nf(1)\nop.drop_table('late')")) == ["DropTable late"]


def test_a_recursion_over_operations_is_cut_off_and_said_so() -> None:
    found = body("def f(n):\n    op.drop_table('t')\n    f(n + 1)\nf(1)")
    operation = found.transitions[-1].operation
    assert isinstance(operation, Opaque)
    assert operation.reason == "f() calls itself too often"
    assert operation.may_touch is None


def test_an_endless_loop_runs_once_with_its_names_undecided() -> None:
    found = body(
        """
        n = 0
        while True:
            n += 1
            op.drop_table(f"part_{n}")
            if op.get_bind().execute("SELECT 1").scalar():
                break
        op.drop_table("late")
        """
    )
    assert isinstance(found.transitions[0].operation, Opaque)
    assert shown(found)[-1] == "DropTable late"
