"""Create, change and drop enum types."""

from enum import Enum

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "enums"
down_revision = "returned"


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


SIZES = ("small", "large")
size = sa.Enum(*SIZES, name="size")
shape = postgresql.ENUM("round", "square", name="shape", create_type=False)


def upgrade() -> None:
    bind = op.get_bind()
    postgres = bind.dialect.name == "postgresql"
    size.create(bind, checkfirst=True)
    if postgres:
        shape.create(bind, checkfirst=False)
        op.add_column("orders", sa.Column("shape", shape, nullable=True))
    op.add_column("orders", sa.Column("size", size, server_default="small"))
    op.create_table(
        "paints",
        sa.Column("colour", sa.Enum(Colour)),
        sa.Column("tone", sa.Enum(Colour, name="tone", values_callable=lambda kind: [e.value for e in kind])),
        sa.Column(
            "size", postgresql.ENUM(*SIZES, name="size", create_type=False) if postgres else sa.String(5)
        ),
        sa.Column("plain", sa.Enum("a", "bcd", name="plain", native_enum=False, create_constraint=True)),
    )
    if postgres:
        op.execute("ALTER TYPE size ADD VALUE IF NOT EXISTS 'huge' AFTER 'large'")
        op.execute("ALTER TABLE orders ALTER COLUMN size TYPE text USING size::text")
        sa.Enum(name="size").drop(bind, checkfirst=False)
