"""A batch does its work at the end of its block, as Alembic's does; other operations do it at once."""

from __future__ import annotations

from migrate_guard.operations import UNKNOWN, BatchContext, TableShape
from tests.evaluate.running import body, shown


def test_operations_inside_the_block_come_before_those_of_the_batch() -> None:
    found = body(
        """
        with op.batch_alter_table("t") as batch_op:
            batch_op.add_column(sa.Column("a", sa.Integer))
            op.execute("UPDATE t SET b = 1")
            batch_op.drop_column("b")
        op.drop_table("u")
        """
    )
    assert shown(found) == ["Update t", "AddColumn t a", "DropColumn t b", "DropTable u"]
    batches = [transition.operation.batch for transition in found.transitions]
    assert [batch is None for batch in batches] == [True, False, False, True]


def test_the_inner_of_two_batches_ends_first() -> None:
    found = body(
        """
        with op.batch_alter_table("t") as outer, op.batch_alter_table("u") as inner:
            outer.drop_column("a")
            inner.drop_column("b")
        """
    )
    assert shown(found) == ["DropColumn u b", "DropColumn t a"]


def test_a_batch_that_cannot_be_read_to_its_end_is_recorded() -> None:
    found = body(
        """
        with op.batch_alter_table("t") as batch_op:
            batch_op.drop_column("a")
            while True:
                batch_op.drop_column("b")
        """
    )
    assert shown(found)[0] == "DropColumn t a"


def _batch(arguments: str) -> BatchContext:
    found = body(f'with op.batch_alter_table("t", {arguments}) as batch_op:\n    batch_op.drop_column("a")')
    batch = found.transitions[-1].operation.batch
    assert batch is not None
    return batch


def test_the_naming_convention_of_a_batch_is_read() -> None:
    assert _batch("naming_convention={'fk': 'fk_%(table_name)s'}").naming_convention == (
        ("fk", "fk_%(table_name)s"),
    )
    assert _batch("naming_convention=unseen()").naming_convention is UNKNOWN
    assert _batch("naming_convention=None").naming_convention == ()


def test_the_table_that_a_batch_copies_from_is_read() -> None:
    copied = _batch(
        "copy_from=sa.Table('t', sa.MetaData(), sa.Column('a', sa.Integer, index=True))"
    ).copy_from
    assert isinstance(copied, TableShape)
    assert [column.name for column in copied.columns] == ["a"]
    assert [index.name for index in copied.indexes] == ["ix_t_a"]
    assert _batch("copy_from=sa.Table('t', sa.MetaData(), *unseen())").copy_from is UNKNOWN
    assert _batch("copy_from=unseen()").copy_from is UNKNOWN
    assert _batch("copy_from=None").copy_from is None
