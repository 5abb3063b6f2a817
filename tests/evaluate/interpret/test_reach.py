# ruff: noqa: E501 - one case is one line
"""What leads to the connection is followed or opaque, however it is passed around: never passed over."""

from __future__ import annotations

import pytest

from tests.evaluate.running import body, shown

FOLLOWED = [
    "from contextlib import closing\nwith closing(op.get_bind()) as c:\n    c.execute(sa.text('DROP TABLE t'))",
    "from contextlib import nullcontext\nwith nullcontext(op) as o:\n    o.drop_table('t')",
    "from typing import cast\ncast('Connection', op.get_bind()).execute(sa.text('DROP TABLE t'))",
    "from copy import copy\ncopy(op.get_bind()).execute(sa.text('DROP TABLE t'))",
    "from functools import partial\npartial(op.drop_table, 't')()",
    "from functools import partial\ndef drop(first, name):\n    op.drop_table(name)\npartial(drop, 1)(name='t')",
    "list(map(op.drop_table, ['t']))",
]


@pytest.mark.parametrize("text", FOLLOWED)
def test_it_is_followed(text: str) -> None:
    assert shown(body(text)) == ["DropTable t"]


OPAQUE = [
    "from contextlib import ExitStack\nwith ExitStack() as s:\n    b = s.enter_context(op.batch_alter_table('t'))\n    b.drop_column('x')",
    "x = sorted(['t'], key=op.drop_table)",
    "x = max(['t'], key=lambda name: op.drop_table(name))",
    "import threading\nt = threading.Thread(target=lambda: op.drop_table('t'))\nt.start()",
    "import itertools\nx = list(itertools.starmap(op.drop_column, [('t', 'a')]))",
    "import functools\nx = functools.reduce(lambda a, b: op.drop_table(b), ['s', 't'])",
    "def go():\n    op.drop_table('t')\nimport functools\nx = functools.reduce(lambda a, b: go(), ['s', 't'])",
    "import operator\nx = operator.methodcaller('drop_table', 't')(op)",
    "import sys\nx = getattr(sys.modules[__name__], 'op').drop_table('t')",
    "import third\nx = third.call(op.execute, 'DROP TABLE t')",
    "import os\nx = os.environ['X'].execute('DROP TABLE t')",
]


@pytest.mark.parametrize("text", OPAQUE)
def test_it_is_opaque_for_everything(text: str) -> None:
    found = [transition.operation for transition in body(text).transitions]
    assert [getattr(operation, "may_touch", "known") for operation in found][:1] == [None]


HARMLESS = [
    "x = sorted([3, 1], key=lambda n: -n)",
    "import itertools\nfor key, group in itertools.groupby([1, 2], key=lambda n: n + 1):\n    pass",
    "print(op.get_bind())",
    "import logging\nlogging.getLogger(__name__).info('on %s', op.get_bind())",
    "import functools\nx = functools.reduce(lambda a, b: a + b, [1, 2])",
]


@pytest.mark.parametrize("text", HARMLESS)
def test_what_cannot_change_anything_is_passed_over(text: str) -> None:
    assert shown(body(text)) == []


def test_the_session_of_a_query_is_a_session() -> None:
    text = (
        "from sqlalchemy.orm import Session\n"
        "query = Session(op.get_bind()).query(sa.table('t'))\n"
        "session = sa.inspect(query).session\n"
        "session.execute(query)\n"
        "session.execute(sa.text('DROP TABLE t'))"
    )
    assert shown(body(text)) == ["Query", "DropTable t"]
