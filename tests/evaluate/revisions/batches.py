"""Change tables in batches."""

import sqlalchemy as sa
from alembic import op

revision = "batches"
down_revision = "dialects"


def upgrade() -> None:
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.add_column(sa.Column("b1", sa.Integer(), nullable=False, server_default=sa.text("0")))
        batch_op.alter_column(
            "b1", existing_type=sa.Integer(), type_=sa.BigInteger(), existing_nullable=False
        )
        batch_op.create_index(batch_op.f("ix_orders_b1"), ["b1"], unique=False)
        batch_op.create_unique_constraint("uq_orders_b1", ["b1", "note"])
        batch_op.create_foreign_key("fk_orders_b1", "customers", ["b1"], ["id"], ondelete="CASCADE")
    with (
        op.batch_alter_table("customers", recreate="never") as batch,
        op.batch_alter_table("orders") as other,
    ):
        batch.drop_column("phone")
        other.drop_constraint("uq_orders_b1", type_="unique")
        for name in ("b2", "b3"):
            batch.add_column(sa.Column(name, sa.Integer))
    with op.batch_alter_table("customers") as batch_op:
        pass
