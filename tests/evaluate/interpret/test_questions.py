"""A guard that asks the database whether a table exists is known as that, however it is written."""

from __future__ import annotations

import textwrap

import pytest

from migrate_guard.operations import Condition
from migrate_guard.schema import empty_schema
from tests.evaluate.running import run

DOUBTFUL = empty_schema("postgresql").with_doubt("something unread")
HELPERS = """
insp = sa.inspect(op.get_bind())
def exists(name):
    found = sa.inspect(op.get_bind()).has_table(name)
    return found
def drop(name):
    if not exists(name):
        return
    op.drop_table(name)
"""


def _conditions(statements: str) -> tuple[Condition, ...]:
    """Return what the last operation depends on, where nothing is known of the database."""
    text = HELPERS + "\ndef upgrade():\n" + textwrap.indent(textwrap.dedent(statements), "    ")
    return run(text, before=DOUBTFUL).transitions[-1].operation.conditions


def _asked(statements: str) -> list[tuple[str, bool] | None]:
    """Return for each guard the table that it asks for and whether it holds where there is one."""
    return [
        None if one.asks is None else (str(one.asks.table), one.holds is one.asks.present)
        for one in _conditions(statements)
    ]


@pytest.mark.parametrize(
    ("statements", "table", "there"),
    [
        ("if insp.has_table('t'): op.drop_table('t')", "t", True),
        ("if exists('t'): op.drop_table('t')", "t", True),
        ("drop('t')", "t", True),
        ("name = 't'\nif name in insp.get_table_names(): op.drop_table(name)", "t", True),
        ("if not exists('t'): op.create_table('t')", "t", False),
        ("if 't' not in insp.get_table_names(): op.create_table('t')", "t", False),
        ("if exists('t'): return\nop.create_table('t')", "t", False),
        ("if insp.has_table('t', schema='s'): op.drop_table('t')", "s.t", True),
    ],
)
def test_a_question_is_known(statements: str, table: str, there: bool) -> None:
    assert _asked(statements) == [(table, there)]


@pytest.mark.parametrize(
    "statements",
    [
        "if exists('t') == False: op.drop_table('t')",
        "if exists('t') is True: op.drop_table('t')",
        "if exists('t') and exists('u'): op.drop_table('t')",
        "if exists('t') or exists('u'): op.drop_table('t')",
        "if 't' in insp.get_table_names()[1:]: op.drop_table('t')",
        "for name in insp.get_table_names(): op.drop_table('t')",
        "if exists(op.get_bind().execute('SELECT 1')): op.drop_table('t')",
    ],
)
def test_what_is_made_of_an_answer_is_no_question(statements: str) -> None:
    assert set(_asked(statements)) == {None}


def test_a_list_that_is_older_than_a_change_does_not_answer() -> None:
    statements = """
        names = insp.get_table_names()
        op.create_table("t", sa.Column("id", sa.Integer))
        op.execute(open("more.sql").read())
        if "t" in names:
            op.drop_table("t")
        """
    assert _asked(statements) == [None]
