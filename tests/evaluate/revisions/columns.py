"""Add, alter, rename and drop columns with every argument."""

import sqlalchemy as sa
from alembic import op

revision = "columns"
down_revision = "tables"


def upgrade() -> None:
    op.add_column("customers", sa.Column("phone", sa.String(20), nullable=True))
    op.add_column("customers", sa.Column("rank", sa.SmallInteger, nullable=False, server_default="1"))
    op.add_column("orders", sa.Column("shop_id", sa.Integer, comment="where it was bought"))
    op.alter_column(
        "customers", "phone", existing_type=sa.String(20), type_=sa.String(40), existing_nullable=True
    )
    op.alter_column("customers", "rank", existing_type=sa.SmallInteger(), nullable=True, server_default=None)
    op.alter_column("customers", "name", new_column_name="full_name", existing_type=sa.Unicode(80))
    op.alter_column(
        "orders",
        "total",
        type_=sa.Numeric(12, 2),
        postgresql_using="total::numeric",
        existing_type=sa.Float(),
    )
    op.drop_column("orders", "shop_id")
