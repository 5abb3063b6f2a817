"""Create and drop constraints and indexes."""

import sqlalchemy as sa
from alembic import op

revision = "constraints"
down_revision = "columns"


def upgrade() -> None:
    op.create_index("ix_orders_note", "orders", ["note", sa.text("lower(note) DESC")], unique=False)
    op.create_index(op.f("ix_customers_rank"), "customers", ["rank"], unique=True)
    op.drop_index("ix_orders_state", table_name="orders")
    op.create_unique_constraint("uq_customers_phone", "customers", ["phone"])
    op.create_foreign_key(
        None, "orders", "customers", ["customer_id"], ["id"], ondelete="SET NULL", onupdate="CASCADE"
    )
    op.create_check_constraint("ck_customers_rank", "customers", sa.column("rank") > 0)
    op.drop_constraint("uq_orders_note", "orders", type_="unique")
    op.rename_table("orders", "purchases")
    op.rename_table("purchases", "orders")
