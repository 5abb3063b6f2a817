"""Create the tables that the others change."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "tables"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "customers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=120), nullable=False, unique=True),
        sa.Column("name", sa.Unicode(80), index=True),
        sa.Column("active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now()),
        sa.Column("credit", sa.Numeric(10, 2), server_default="0"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customers")),
    )
    op.create_table(
        "orders",
        sa.Column("id", sa.BigInteger, primary_key=True),
        sa.Column(
            "customer_id", sa.Integer, sa.ForeignKey("customers.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("state", sa.Enum("open", "paid", "sent", name="order_state"), nullable=False),
        sa.Column("payload", sa.JSON().with_variant(postgresql.JSONB(), "postgresql")),
        sa.Column("note", sa.Text()),
        sa.Column("total", sa.Float()),
        sa.CheckConstraint("total >= 0", name="ck_orders_total"),
        sa.UniqueConstraint("customer_id", "note", name="uq_orders_note"),
        sa.Index("ix_orders_state", "state"),
        comment="what customers bought",
    )
