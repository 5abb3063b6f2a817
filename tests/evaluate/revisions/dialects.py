"""Do one thing or another by the dialect."""

import sqlalchemy as sa
from alembic import context, op

revision = "dialects"
down_revision = "helpers"


def is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def upgrade_postgresql() -> None:
    op.add_column("orders", sa.Column("d_pg", sa.Integer))


def upgrade_mysql() -> None:
    op.add_column("orders", sa.Column("d_my", sa.Integer))


def upgrade_sqlite() -> None:
    op.add_column("orders", sa.Column("d_lite", sa.Integer))


def upgrade() -> None:
    bind = op.get_bind()
    if bind.engine.name == "postgresql":
        op.execute("CREATE EXTENSION IF NOT EXISTS citext")
    elif bind.dialect.name in ("mysql", "mariadb"):
        op.execute("ALTER TABLE orders ENGINE=InnoDB")
    else:
        op.add_column("orders", sa.Column("d1", sa.Integer))
    kind = sa.Text() if is_postgresql() else sa.String(50)
    op.add_column("orders", sa.Column("d2", kind))
    globals()[f"upgrade_{bind.dialect.name}"]()
    if context.get_context().dialect.name != "sqlite":
        op.add_column("orders", sa.Column("d3", sa.Integer))
    if not op.get_context().as_sql and is_postgresql():
        with op.get_context().autocommit_block():
            op.create_index(
                "ix_orders_d2", "orders", ["d2"], postgresql_concurrently=True, if_not_exists=True
            )
        return
    op.create_index("ix_orders_d2", "orders", ["d2"], mysql_length={"d2": 10})
