"""What certainly fails ends the code there, and what certainly does not lets it go on."""

from __future__ import annotations

import pytest

from migrate_guard.operations import Opaque
from tests.evaluate.running import body, run, shown

ROWS = "for row in op.get_bind().execute(sa.text('SELECT 1')):\n    "


def test_an_attribute_of_none_ends_the_branch_and_leaves_what_follows_certain() -> None:
    found = run(
        """
        def make():
            op.create_table("t")
        def upgrade():
            made = make()
            for row in op.get_bind().execute("SELECT 1"):
                op.execute(made.insert().values(a=row["a"]))
            op.drop_table("late")
        """
    )
    condition = 'for each of op.get_bind().execute("SELECT 1")'
    assert shown(found)[-2:] == [
        f"Opaque None has no attribute insert: the code fails here if {condition}",
        "DropTable late",
    ]
    assert [t.operation.may_touch for t in found.transitions if isinstance(t.operation, Opaque)] == [()]
    assert not found.missed


def test_where_none_is_certain_it_is_not_believed() -> None:
    """A revision that fails each time it runs would not be there: reading is likelier wrong."""
    (found,) = body("made = None\nop.execute(made.insert())").transitions
    assert isinstance(found.operation, Opaque)
    assert found.operation.may_touch is None


def test_an_attribute_that_none_has_ends_nothing() -> None:
    assert shown(body(f"made = None\n{ROWS}made.__class__\n    op.drop_table('t')"))[-1].startswith(
        "DropTable"
    )


@pytest.mark.parametrize(
    ("test", "outcome"),
    [
        ("isinstance(Shop, sa.Table)", False),
        ("isinstance(Shop, DeclarativeMeta)", None),
        ("isinstance(table, sa.Table)", True),
        ("isinstance(table, sa.Column)", None),
        ("hasattr(Shop, '__tablename__')", True),
        ("hasattr(Shop, 'query')", None),
        ("hasattr('shops', '__tablename__')", False),
    ],
)
def test_what_a_helper_is_given_decides_its_branch(test: str, outcome: bool | None) -> None:
    found = run(
        f"""
        from sqlalchemy.orm import DeclarativeMeta, declarative_base
        Base = declarative_base()
        class Shop(Base):
            __tablename__ = "shops"
            id = sa.Column(sa.Integer, primary_key=True)
        table = sa.Table("other", sa.MetaData())
        def upgrade():
            if {test}:
                op.drop_table("yes")
            else:
                op.drop_table("no")
        """
    )
    certain = {True: ["DropTable yes"], False: ["DropTable no"]}
    both = [f"DropTable yes if {test}", f"DropTable no if not ({test})"]
    assert shown(found) == (both if outcome is None else certain[outcome])
