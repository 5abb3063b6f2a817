"""Loop over what is known."""

from itertools import chain, product
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "loops"
down_revision = "texts"


TABLES = ("customers", "orders")
NEW: dict[str, sa.types.TypeEngine[Any]] = {"l1": sa.Integer(), "l2": sa.Text()}


def upgrade() -> None:
    for table in TABLES:
        for name, kind in NEW.items():
            op.add_column(table, sa.Column(name, kind))
    for position, (table, name) in enumerate(product(TABLES, ["l3"])):
        if position == 1:
            continue
        op.add_column(table, sa.Column(f"{name}_{position}", sa.Integer))
    for table, name in zip(TABLES, sorted(NEW, reverse=True), strict=True):
        op.create_index(f"ix_{table}_{name}", table, [name])
    for name in chain(["l4"], (f"l{n}" for n in range(5, 7))):
        op.add_column("customers", sa.Column(name, sa.Date))
        if name == "l5":
            break
    else:
        op.drop_table("customers")
    [op.drop_column(table, "l1") for table in TABLES]  # type: ignore[func-returns-value]  # as real scripts do
    left = ["l2", "l4"]
    while left:
        op.drop_column("customers", left.pop())
