"""Change objects in other schemas."""

import sqlalchemy as sa
from alembic import op

revision = "schemas"
down_revision = "offline"


SCHEMA = "audit"


def upgrade() -> None:
    op.create_table(
        "entries",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("customer_id", sa.Integer, sa.ForeignKey("customers.id")),
        schema=SCHEMA,
    )
    op.create_index("ix_entries_customer_id", "entries", ["customer_id"], schema=SCHEMA)
    op.add_column("entries", sa.Column("what", sa.Text), schema=SCHEMA)
    if op.get_bind().dialect.name != "sqlite":  # whose keys cannot refer to another schema
        op.create_foreign_key(
            "fk_entries", "entries", "orders", ["id"], ["id"], source_schema=SCHEMA, referent_schema=None
        )
        op.drop_constraint("fk_entries", "entries", schema=SCHEMA, type_="foreignkey")
    op.drop_index("ix_entries_customer_id", table_name="entries", schema=SCHEMA)
    op.drop_table("entries", schema=SCHEMA)
