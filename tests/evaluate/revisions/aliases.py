"""Call the directives under other names."""

import alembic.op as aop
import sqlalchemy
from alembic import op as operations
from alembic.op import add_column, drop_column
from sqlalchemy import Column, Integer, types

revision = "aliases"
down_revision = "constraints"


directive = operations.add_column


def upgrade() -> None:
    add_column("customers", Column("a1", Integer))
    aop.add_column("customers", sqlalchemy.Column("a2", types.BigInteger()))
    directive("customers", Column("a3", Integer(), nullable=True))
    create = operations.create_index
    create("ix_customers_a1", "customers", ["a1"])
    drop_column("customers", "a3")
