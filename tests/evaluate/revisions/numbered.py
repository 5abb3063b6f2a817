"""Name constraints by a convention, and leave some unnamed."""

import sqlalchemy as sa
from alembic import op

revision = "numbered"
down_revision = "schemas"


def upgrade() -> None:
    op.create_table(
        "unnamed",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("a", sa.Integer, sa.ForeignKey("customers.id"), unique=True),
        sa.Column("b", sa.Integer, sa.CheckConstraint("b > 0")),
        sa.UniqueConstraint("a", "b"),
        sa.ForeignKeyConstraint(["b"], ["orders.id"]),
    )
    with op.batch_alter_table(
        "unnamed", naming_convention={"uq": "uq_%(table_name)s_%(column_0_name)s"}
    ) as batch_op:
        batch_op.create_unique_constraint(batch_op.f("uq_unnamed_b"), ["b"])
    op.drop_table("unnamed", if_exists=True)
