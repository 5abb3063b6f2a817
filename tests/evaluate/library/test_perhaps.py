"""A list whose items are perhaps there is no list of known items to a directive."""

from __future__ import annotations

import textwrap

from migrate_guard.operations import UNKNOWN, CreateIndex, Insert
from tests.evaluate.running import body

START = textwrap.dedent(
    """
    rows = op.get_bind().execute(sa.text("SELECT 1"))
    names = ["a"]
    values = []
    for row in rows:
        names.append("b")
        values.append({"a": row.a})
    """
)


def test_rows_are_not_counted() -> None:
    found = body(f"{START}op.bulk_insert(sa.table('t', sa.column('a')), values)").transitions[-1].operation
    assert isinstance(found, Insert)
    assert found.rows is None


def test_keys_are_not_known() -> None:
    found = body(f"{START}op.create_index('i', 't', names)").transitions[-1].operation
    assert isinstance(found, CreateIndex)
    assert found.index.parts is UNKNOWN
    assert found.unknowns != ()
