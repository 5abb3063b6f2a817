"""Change rows with text and with expressions."""

from datetime import datetime, timezone
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "rows"
down_revision = "batches"


customers = sa.table(
    "customers", sa.column("id"), sa.column("email"), sa.column("active"), sa.column("seen", sa.DateTime)
)
orders = sa.Table(
    "orders", sa.MetaData(), sa.Column("id", sa.Integer), sa.Column("note", sa.Text), sa.Column("customer_id")
)


def upgrade() -> None:
    op.add_column("customers", sa.Column("seen", sa.DateTime))
    op.add_column("customers", sa.Column("token", sa.Uuid, server_default=str(uuid4())))
    op.execute("UPDATE customers SET active = true WHERE active IS NULL")
    op.execute(
        customers.update()
        .where(customers.c.active.is_(None))
        .values(active=False, seen=datetime.now(timezone.utc))
    )
    connection = op.get_bind()
    connection.execute(sa.text("UPDATE orders SET note = :note WHERE id = :id"), {"note": "x", "id": 1})
    connection.execute(sa.text("DELETE FROM orders WHERE note = :note").bindparams(note="y"))
    connection.execute(sa.delete(orders))
    connection.execute(sa.insert(orders).values(id=1, note="n", customer_id=op.inline_literal(3)))
    connection.exec_driver_sql("DELETE FROM orders WHERE id = 5")
    op.execute(orders.insert().from_select(["id", "note"], sa.select(customers.c.id, customers.c.email)))
    op.bulk_insert(
        orders, [{"id": 1, "note": "a", "customer_id": 1}, {"id": 2, "note": "b", "customer_id": 1}]
    )
    op.bulk_insert(orders, [{"id": n, "note": str(n), "customer_id": 1} for n in range(3)], multiinsert=False)
    op.execute(
        sa.update(orders).where(sa.and_(orders.c.id > 1, orders.c.note.like("a%"))).values({"note": "z"})
    )
    for row in connection.execute(sa.select(orders.c.id)):
        connection.execute(orders.update().where(orders.c.id == row.id).values(note="seen"))
    rows = connection.execute(sa.text("SELECT id FROM customers")).fetchall()
    if rows:
        op.execute("DELETE FROM customers WHERE id < 0")
