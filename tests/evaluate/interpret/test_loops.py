"""The `else` of a loop happens only if nothing breaks the loop."""

from __future__ import annotations

import pytest

from tests.evaluate.running import body, shown

ROWS = 'rows = op.get_bind().execute(sa.text("SELECT 1"))\n'


@pytest.mark.parametrize(
    "loop",
    [
        "for row in rows:\n    if row.a:\n        break",
        "for row in rows:\n    break",
        "for name in ['a', 'b']:\n    if rows:\n        break",
        "while rows.fetchone():\n    break",
        "for row in rows:\n    for other in rows:\n        pass\n    else:\n        break",
    ],
)
def test_it_is_conditional_where_the_loop_may_break(loop: str) -> None:
    found = shown(body(f"{ROWS}{loop}\nelse:\n    op.drop_table('t')"))
    assert found[-1] == "DropTable t if nothing breaks the loop at line 5"


@pytest.mark.parametrize(
    "loop",
    [
        "for row in rows:\n    print(row)",
        "for name in ['a', 'b']:\n    if name == 'c':\n        break",
        "for row in rows:\n    for other in rows:\n        break",
        "while rows.fetchone():\n    print(1)",
    ],
)
def test_it_is_certain_where_the_loop_cannot_break(loop: str) -> None:
    assert shown(body(f"{ROWS}{loop}\nelse:\n    op.drop_table('t')"))[-1] == "DropTable t"
