"""Create tables and indexes as objects."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import CreateTable, DropTable

revision = "objects"
down_revision = "sessions"


metadata = sa.MetaData()
parts = sa.Table(
    "parts",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("order_id", sa.BigInteger, nullable=False),
    sa.Column("name", sa.String(30), index=True),
)
pieces = sa.Table("pieces", metadata, sa.Column("part_id", sa.ForeignKey("parts.id"), primary_key=True))
index = sa.Index("ix_parts_order_id", parts.c.order_id, parts.c.name)


def upgrade() -> None:
    bind = op.get_bind()
    metadata.create_all(bind)
    pieces.drop(bind)
    op.execute(CreateTable(pieces))
    op.execute(DropTable(pieces))
    loose = sa.Table(
        "loose", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), sa.Column("x", sa.Text)
    )
    loose.create(bind, checkfirst=False)
    sa.Index("ix_loose_x", loose.c.id).create(bind)
    op.execute(sa.schema.DropIndex(index))
