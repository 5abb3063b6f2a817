"""Look at the mode, and at arguments of the command."""

import sqlalchemy as sa
from alembic import context, op

revision = "offline"
down_revision = "again"


def upgrade() -> None:
    if context.is_offline_mode():
        op.execute("UPDATE customers SET again = 1")
    else:
        op.execute("UPDATE customers SET again = 2 WHERE again IS NULL")
    if op.get_context().as_sql:
        return
    op.alter_column("customers", "again", existing_type=sa.Integer(), nullable=False)
