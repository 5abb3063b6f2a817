"""Ask the database before changing it."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.engine.reflection import Inspector

revision = "guards"
down_revision = "enums"


def has_column(table: str, column: str) -> bool:
    return any(found["name"] == column for found in sa.inspect(op.get_bind()).get_columns(table))


def upgrade() -> None:
    bind: Any = op.get_bind()
    inspector = sa.inspect(bind)
    if "guarded" not in inspector.get_table_names():
        op.create_table("guarded", sa.Column("id", sa.Integer, primary_key=True))
    if not has_column("guarded", "id"):
        op.add_column("guarded", sa.Column("id", sa.Integer))
    if has_column("guarded", "id") and not has_column("guarded", "name"):
        op.add_column("guarded", sa.Column("name", sa.Text))
    if inspector.has_table("never_there"):
        op.drop_table("never_there")
    names = {column["name"] for column in Inspector.from_engine(bind).get_columns("guarded")}
    for wanted in ("id", "name", "g1"):
        if wanted not in names:
            op.add_column("guarded", sa.Column(wanted, sa.Integer))
    indexes = [index["name"] for index in inspector.get_indexes("orders")]
    if "ix_orders_note" in indexes:
        op.drop_index("ix_orders_note", "orders")
