"""Leave early, and handle exceptions."""

import os

import sqlalchemy as sa
from alembic import op
from sqlalchemy.exc import OperationalError

revision = "exits"
down_revision = "guards"


def add_unless(done: bool, name: str) -> bool:
    if done:
        return False
    op.add_column("customers", sa.Column(name, sa.Integer))
    return True


def upgrade() -> None:
    add_unless(True, "e0")
    if add_unless(False, "e1"):
        op.create_index("ix_customers_e1", "customers", ["e1"])
    try:
        op.add_column("customers", sa.Column("e2", sa.Integer))
    except OperationalError:
        op.add_column("customers", sa.Column("e3", sa.Integer))
    else:
        op.add_column("customers", sa.Column("e4", sa.Integer))
    finally:
        op.add_column("customers", sa.Column("e5", sa.Integer))
    try:
        raise ValueError("always")  # noqa: TRY301  # as real scripts do
    except (KeyError, ValueError):
        op.add_column("customers", sa.Column("e6", sa.Integer))
    assert add_unless(False, "e7")
    if os.environ.get("SKIP_THE_REST"):
        return
    op.add_column("customers", sa.Column("e8", sa.Integer))
    if os.environ.get("MORE_COLUMNS"):
        op.add_column("customers", sa.Column("e9", sa.Integer))
