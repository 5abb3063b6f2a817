"""Collect first and act afterwards."""

import sqlalchemy as sa
from alembic import op

revision = "collected"
down_revision = "modern"


def upgrade() -> None:
    wanted: list[sa.Column[int]] = []
    wanted.append(sa.Column("c1", sa.Integer))
    wanted += [sa.Column("c2", sa.Integer)]
    wanted.extend(sa.Column(name, sa.Integer) for name in ("c3", "c4"))
    if op.get_bind().dialect.name == "sqlite":
        wanted.pop()
    for column in wanted:
        op.add_column("orders", column)
    by_table: dict[str, list[str]] = {}
    by_table.setdefault("orders", []).append("c1")
    by_table["orders"].append("c2")
    by_table.update(customers=["n4"])
    for table, columns in sorted(by_table.items()):
        for column_name in columns:
            op.create_index(f"ix_{table}_{column_name}", table, [column_name])
    seen = {"c1", "c2"}
    seen.discard("c2")
    for column_name in sorted(seen):
        op.drop_index(f"ix_orders_{column_name}", table_name="orders")
    count = 0
    while count < 3:
        count += 1
        if count == 2:
            continue
        op.add_column("customers", sa.Column(f"c{count}", sa.Integer))
