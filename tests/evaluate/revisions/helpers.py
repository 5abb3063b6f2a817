"""Call helper functions of the same file."""

from functools import partial
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "helpers"
down_revision = "loops"


def add(table: str, *names: str, kind: type = sa.Integer, **options: Any) -> None:
    for name in names:
        op.add_column(table, sa.Column(name, kind(), **options))


def with_operations(operations: Any, table: str) -> None:
    operations.add_column(table, sa.Column("h4", sa.Integer))


def timestamps() -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.DateTime, server_default=sa.func.now()) for name in ("made_at", "seen_at")]


def index_name(table: str, *columns: str, prefix: str = "ix") -> str:
    return "_".join((prefix, table, *columns))


def upgrade() -> None:
    def nested(name: str) -> None:
        op.drop_column("customers", name)

    add("customers", "h1", "h2")
    add("customers", "h3", kind=sa.Text, nullable=False, server_default="x")
    with_operations(op, "customers")
    nested("h2")
    drop = lambda name: op.drop_column("customers", name)  # noqa: E731  # as real scripts do
    drop("h4")  # type: ignore[no-untyped-call]
    add_to_orders = partial(add, "orders")
    add_to_orders("h5", kind=sa.Date)
    op.create_table("visits", sa.Column("id", sa.Integer, primary_key=True), *timestamps())
    columns = ["made_at", "seen_at"]
    op.create_index(index_name("visits", *columns), "visits", columns)
    arguments: dict[str, Any] = {
        "table_name": "visits",
        "column": sa.Column("where", sa.String(9), nullable=True),
    }
    op.add_column(**arguments)
