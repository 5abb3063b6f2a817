"""What a revision computes is bounded: nothing in it makes the evaluation hang, grow or fail."""

from __future__ import annotations

import time

import pytest

from migrate_guard.operations import Opaque
from tests.evaluate.running import body, line, run

SECONDS = 20
"""Far above what each takes, far below what any of them would take without its bound."""


@pytest.mark.parametrize(
    "text",
    [
        "x = 10 ** 10 ** 10\nop.execute(str(x))",
        "x = 1 << 10 ** 9\nop.execute(f'SELECT {x}')",
        "x = 0x" + "f" * 100_000 + "\nop.execute(f'SELECT {x}')\nop.execute(str(x))\nop.drop_column('t', x)",
        "x = 2\nfor i in range(100): x = x * x\nop.execute(f'SELECT {x}')",
        "t = (1,)\nfor i in range(64): t = (t, t)\nop.execute(str(t))\nop.create_table('u', *t)\nt == t",
        "t = [1]\nfor i in range(15): t = [t] * 20\nop.drop_column('t', t)\nop.bulk_insert(t, t)",
        "t = {}\nfor i in range(60): t = {'a': t, 'b': t}\nop.execute(f'{t}')\nop.drop_table('t', **t)",
        "x = []\nx.append(x)\nop.execute(str(x))\nop.create_table('u', *x)\nx == x",
        "x = [1]\nfor i in range(100): x.extend(x)\nfor i in range(100): x += x\nop.execute(str(x))",
        "s = 'a' * 2000000\nop.execute(str([s] * 100000))",
        "s = 'a' * 2000000\nop.execute('%s' * 100000 % ((s,) * 100000))",
        "s = 'a' * 2000000\nop.execute('%(a)s' * 100000 % {'a': s})",
        "s = 'a' * 2000000\nop.execute(('{0}' * 100000).format(s))\nop.execute(('{a}' * 9999).format(a=s))",
        "s = 'a' * 2000000\nop.execute(s.join(s))\nop.execute(s.translate({97: s}))\ns.replace('a', s)",
        "s = 'a'\nfor i in range(100): s = '%s%s' % (s, s)\nop.execute(s)",
        "op.execute('{:>{w}}'.format('x', w=10 ** 10))\nop.execute(f'{1:{10 ** 10}}')\n'%*d' % (10 ** 9, 1)",
        "sum(range(10 ** 12))\nsorted(range(10 ** 30))\nlist(range(10 ** 30))\nlen(range(10 ** 30))",
        "l = [0] * 2000000\nfor i in range(5000):\n    if i + 1 in l: pass",
        "s = 'a ' * 1000000\nfor i in range(5000): s.split()",
        "x = sa.column('a')\nfor i in range(3000): x = x == x\nop.execute(sa.select(x))",
        "x = sa.text('a')\nfor i in range(3000): x = sa.and_(x, x)\nop.execute(x)",
        "for a in range(1000):\n  for b in range(1000):\n    for c in range(1000): op.drop_table('t')",
        "while True: pass",
        "op.execute('''" + "INSERT INTO t VALUES (1);\n" * 40_000 + "''')",
    ],
)  # fmt: skip
def test_hostile_computations_end(text: str) -> None:
    started = time.process_time()
    body(text)
    assert time.process_time() - started < SECONDS


def test_what_comes_after_a_bound_is_not_known_and_says_so() -> None:
    found = body("for i in range(4000):\n  for j in range(4000): op.execute('SELECT 1')\nop.drop_table('t')")
    last = found.transitions[-1].operation
    assert isinstance(last, Opaque)
    assert last.may_touch is None
    assert last.reason.startswith("not analysed from line ")


def test_too_many_operations_end_in_one_that_says_so() -> None:
    found = body("\n".join(["op.execute('SELECT 1')"] * 21_000))
    last = found.transitions[-1].operation
    assert isinstance(last, Opaque)
    assert last.reason == "not analysed from line 3: more than 20000 operations"


def test_a_recursion_that_goes_on_for_ever_ends() -> None:
    found = run(
        "def f(n):\n    op.drop_table('t%d' % n)\n    f(n + 1)\n    f(n + 2)\ndef upgrade():\n    f(0)\n"
    )
    assert any(isinstance(one.operation, Opaque) for one in found.transitions)


@pytest.mark.parametrize(
    "expression",
    [
        "'DROP TABLE t%d' % x",
        "'ALTER TABLE t ADD c%05d int' % (x,)",
        "'DROP TABLE t%(n)-5d' % {'n': x}",
        "'DROP TABLE t{:d}'.format(x)",
        "'DROP TABLE t{n:>5}'.format(n=x)",
    ],
)
def test_a_number_that_is_not_known_leaves_the_rest_of_the_text(expression: str) -> None:
    found = body(f"import os\nx = os.environ['X']\nop.execute({expression})")
    assert "the SQL names something that depends on" in line(found.transitions[-1].operation)


def test_known_numbers_beside_an_unknown_one_keep_their_format() -> None:
    found = body("import os\nop.execute('ALTER TABLE t%03d ADD c int; -- %d %%' % (7, os.environ['X']))")
    assert line(found.transitions[-1].operation) == "AddColumn t007 c"
