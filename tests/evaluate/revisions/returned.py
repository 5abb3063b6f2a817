"""Use what create_table returns."""

import sqlalchemy as sa
from alembic import op

revision = "returned"
down_revision = "rows"


def upgrade() -> None:
    kinds = op.create_table(
        "kinds",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("name", sa.String(10), nullable=False),
        if_not_exists=True,
    )
    op.bulk_insert(kinds, [{"id": 1, "name": "one"}])
    op.execute(kinds.update().values(name="two").where(kinds.c.id == 1))
    op.create_index("ix_kinds_name", kinds.name, [kinds.c.name.name])
