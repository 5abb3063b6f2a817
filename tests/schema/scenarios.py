"""Migration-like histories, written once with Alembic's own directives.

Each is a list of steps; the databases are compared with the replay after every one of them.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic.operations import Operations
from sqlalchemy.dialects import postgresql

from tests.schema.recorded import Step


def _customers(op: Operations) -> None:
    op.create_table(
        "customers",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("email", sa.String(120), nullable=False, unique=True),
        sa.Column("name", sa.String(80), server_default="nobody"),
        sa.Column("visits", sa.Integer(), nullable=False, server_default="0", index=True),
        sa.Column("balance", sa.Numeric(10, 2)),
        sa.CheckConstraint("balance >= 0"),
        sa.Column("created", sa.DateTime(), server_default=sa.func.now()),
    )


def _orders(op: Operations) -> None:
    op.create_table(
        "orders",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("customer_id", sa.Integer(), sa.ForeignKey("customers.id", ondelete="CASCADE")),
        sa.Column("parent_id", sa.BigInteger(), nullable=True),
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("paid", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.PrimaryKeyConstraint("id", name="pk_orders"),
        sa.ForeignKeyConstraint(["parent_id"], ["orders.id"], name="fk_orders_parent"),
        sa.UniqueConstraint("customer_id", "code", name="uq_orders_code"),
        sa.CheckConstraint("code <> '-'", name="ck_orders_code"),
    )


def _links(op: Operations) -> None:
    op.create_table(
        "order_tags",
        sa.Column("order_id", sa.BigInteger(), sa.ForeignKey("orders.id"), primary_key=True),
        sa.Column("tag", sa.String(30), primary_key=True),
        sa.Column("note", sa.Text()),
    )


BASE: list[Step] = [_customers, _orders, _links]

PORTABLE: dict[str, list[Step]] = {
    "create": BASE,
    "rename table": [
        *BASE,
        lambda op: op.rename_table("customers", "clients"),
        lambda op: op.rename_table("orders", "purchases"),
        lambda op: op.add_column("clients", sa.Column("phone", sa.String(20))),
    ],
    "indexes": [
        *BASE,
        lambda op: op.create_index("ix_orders_code", "orders", ["code"]),
        lambda op: op.create_index("ix_orders_both", "orders", ["code", "paid"], unique=True),
        lambda op: op.drop_index("ix_orders_code", table_name="orders"),
        lambda op: op.drop_index("ix_customers_visits", table_name="customers"),
    ],
    "columns": [
        *BASE,
        lambda op: op.add_column("customers", sa.Column("age", sa.SmallInteger(), server_default="18")),
        lambda op: op.add_column(
            "customers", sa.Column("city", sa.String(40), nullable=False, server_default="")
        ),
        lambda op: op.drop_column("customers", "name"),
        lambda op: op.add_column("customers", sa.Column("nick", sa.String(10), index=True)),
    ],
    "drop tables": [
        *BASE,
        lambda op: op.drop_table("order_tags"),
        lambda op: op.drop_table("orders"),
        _orders,
    ],
    "same keys twice": [
        lambda op: op.create_table(
            "twins",
            sa.Column("a", sa.Integer(), primary_key=True, autoincrement=False),
            sa.Column("b", sa.Integer(), nullable=False),
            sa.Column("c", sa.Integer()),
            sa.UniqueConstraint("b"),
            sa.UniqueConstraint("b", "c"),
            sa.UniqueConstraint("c"),
            sa.CheckConstraint("b > 0"),
            sa.CheckConstraint("c > 0"),
            sa.CheckConstraint("c > b"),
        ),
    ],
}


SERVERS: dict[str, list[Step]] = {
    "alter columns": [
        *BASE,
        lambda op: op.alter_column(
            "customers", "name", existing_type=sa.String(80), type_=sa.String(200), existing_nullable=True
        ),
        lambda op: op.alter_column("customers", "name", existing_type=sa.String(200), nullable=False),
        lambda op: op.alter_column("customers", "visits", existing_type=sa.Integer(), server_default=None),
        lambda op: op.alter_column("customers", "visits", existing_type=sa.Integer(), server_default="5"),
        lambda op: op.alter_column("orders", "id", existing_type=sa.BigInteger(), comment="the number"),
        lambda op: op.alter_column(
            "customers",
            "email",
            new_column_name="mail",
            existing_type=sa.String(120),
            existing_nullable=False,
        ),
        lambda op: op.alter_column(
            "customers", "visits", type_=sa.BigInteger(), existing_type=sa.Integer(), existing_nullable=False
        ),
    ],
    "constraints": [
        *BASE,
        lambda op: op.create_unique_constraint("uq_orders_code2", "orders", ["code"]),
        lambda op: op.drop_constraint("uq_orders_code2", "orders", type_="unique"),
        lambda op: op.create_unique_constraint(None, "orders", ["code", "paid"]),
        lambda op: op.create_check_constraint("ck_id", "orders", sa.text("code <> 'x'")),
        lambda op: op.drop_constraint("ck_id", "orders", type_="check"),
        lambda op: op.drop_constraint("fk_orders_parent", "orders", type_="foreignkey"),
        lambda op: op.create_foreign_key(
            None, "orders", "orders", ["parent_id"], ["id"], ondelete="SET NULL", onupdate="CASCADE"
        ),
        lambda op: op.add_column("customers", sa.Column("order_id", sa.BigInteger())),
        lambda op: op.create_foreign_key(None, "customers", "orders", ["order_id"], ["id"]),
    ],
    "comments": [
        *BASE,
        lambda op: op.create_table_comment("orders", "what was ordered"),
        lambda op: op.drop_table_comment("orders"),
    ],
    "drop columns": [
        *BASE,
        lambda op: op.create_index("ix_three", "orders", ["code", "paid", "id"]),
        lambda op: op.create_index("ix_one", "orders", ["paid"]),
        lambda op: op.drop_column("orders", "paid"),
        lambda op: op.drop_column("customers", "visits"),
    ],
    "generated": [
        lambda op: op.create_table(
            "boxes",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("width", sa.Integer()),
            sa.Column("area", sa.Integer(), sa.Computed("width * width", persisted=True)),
        ),
        lambda op: op.alter_column(
            "boxes", "id", new_column_name="number", existing_type=sa.Integer(), existing_nullable=False
        ),
    ],
    "key at last": [
        lambda op: op.create_table("plain", sa.Column("a", sa.Integer()), sa.Column("b", sa.String(9))),
        lambda op: op.create_primary_key(None, "plain", ["a", "b"]),
        lambda op: op.create_table(
            "child",
            sa.Column("x", sa.Integer()),
            sa.Column("y", sa.String(9)),
            sa.ForeignKeyConstraint(["x", "y"], ["plain.a", "plain.b"]),
        ),
    ],
}

_LONG = "a_very_long_table_name_that_leaves_little_room_for_more"

POSTGRESQL: dict[str, list[Step]] = {
    "enums": [
        lambda op: op.create_table(
            "tickets",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("state", sa.Enum("open", "closed", name="ticket_state"), server_default="open"),
            sa.Column("tags", postgresql.ARRAY(sa.String(10))),
        ),
        lambda op: op.drop_column("tickets", "state"),
        lambda op: op.drop_table("tickets"),
    ],
    "defaults that the server reads": [
        lambda op: op.create_table(
            "d",
            sa.Column("none", sa.Interval(), server_default="0"),
            sa.Column("long", sa.Interval(), server_default="-3725"),
            sa.Column("day", sa.Interval(), server_default="1 day"),
            sa.Column("keys", postgresql.JSONB(), server_default='{"long": {"b": 1, "a": "it\'s"}, "k": []}'),
            sa.Column("text", sa.JSON(), server_default='{"b": 1, "a": 2}'),
        ),
        lambda op: op.alter_column("d", "keys", server_default='{"b": 1, "a": 2}'),
    ],
    "names that are cut": [
        lambda op: op.create_table(
            _LONG,
            sa.Column("identifier_of_the_row", sa.Integer(), primary_key=True),
            sa.Column("a_rather_long_column_name_too", sa.Integer(), unique=True),
            sa.Column(
                "another_rather_long_column_name",
                sa.Integer(),
                sa.ForeignKey(_LONG + ".identifier_of_the_row"),
            ),
            sa.CheckConstraint("a_rather_long_column_name_too > 1"),
            sa.UniqueConstraint("a_rather_long_column_name_too", "another_rather_long_column_name"),
        ),
        lambda op: op.create_unique_constraint(None, _LONG, ["another_rather_long_column_name"]),
        lambda op: op.create_check_constraint(None, _LONG, sa.text("a_rather_long_column_name_too > 2")),
    ],
    "names that clash": [
        lambda op: op.create_table("a", sa.Column("b_c", sa.Integer(), unique=True)),
        lambda op: op.create_table("a_b", sa.Column("c", sa.Integer(), unique=True)),
        lambda op: op.create_table("x", sa.Column("y_z", sa.Integer(), sa.ForeignKey("a.b_c"))),
        lambda op: op.create_table("x_y", sa.Column("z", sa.Integer(), sa.ForeignKey("a.b_c"))),
        lambda op: op.create_table("a_b_c_key2", sa.Column("c", sa.Integer(), sa.CheckConstraint("c > 0"))),
        lambda op: op.create_unique_constraint(None, "a", ["b_c"]),
        lambda op: op.create_check_constraint(None, "a", sa.text("b_c > 0")),
        lambda op: op.create_check_constraint(None, "a_b", sa.text("c > 0")),
    ],
    "unique like the key": [
        lambda op: op.create_table("u", sa.Column("id", sa.Integer(), primary_key=True, unique=True)),
        lambda op: op.create_table(
            "v", sa.Column("id", sa.Integer(), primary_key=True), sa.UniqueConstraint("id", name="uq_v")
        ),
    ],
    "identity and serial": [
        lambda op: op.create_table(
            "numbers",
            sa.Column("id", sa.BigInteger(), sa.Identity(always=True), primary_key=True),
            sa.Column("other", sa.Integer(), sa.Identity()),
        ),
        lambda op: op.create_table("serials", sa.Column("id", sa.SmallInteger(), primary_key=True)),
        lambda op: op.rename_table("serials", "renamed"),
        lambda op: op.drop_column("numbers", "other"),
        lambda op: op.drop_table("renamed"),
    ],
    "partial and covering indexes": [
        *BASE,
        lambda op: op.create_index("ix_p", "orders", ["code"], postgresql_where=sa.text("paid")),
        lambda op: op.create_index("ix_i", "orders", ["code"], postgresql_include=["paid"]),
        lambda op: op.create_index("ix_h", "orders", ["code"], postgresql_using="hash"),
        lambda op: op.create_index("ix_e", "orders", [sa.text("lower(code)")]),
        lambda op: op.drop_column("orders", "paid"),
        lambda op: op.alter_column("orders", "code", new_column_name="number"),
    ],
}

MARIADB: dict[str, list[Step]] = {
    "restated": [
        *BASE,
        lambda op: op.alter_column("customers", "visits", type_=sa.BigInteger(), existing_type=sa.Integer()),
        lambda op: op.alter_column("customers", "email", nullable=False, existing_type=sa.String(120)),
        lambda op: op.add_column("customers", sa.Column("memo", sa.String(10), comment="kept?")),
        lambda op: op.alter_column("customers", "memo", nullable=False, existing_type=sa.String(10)),
        lambda op: op.alter_column("customers", "memo", new_column_name="note", existing_type=sa.String(10)),
    ],
    "foreign keys and their indexes": [
        *BASE,
        lambda op: op.create_index("ix_parent", "orders", ["parent_id"]),
        lambda op: op.drop_constraint("fk_orders_parent", "orders", type_="foreignkey"),
        lambda op: op.drop_index("ix_parent", table_name="orders"),
        lambda op: op.create_foreign_key(None, "orders", "orders", ["parent_id"], ["id"]),
        lambda op: op.add_column("order_tags", sa.Column("owner", sa.Integer())),
        lambda op: op.create_foreign_key("fk_named", "order_tags", "customers", ["owner"], ["id"]),
        lambda op: op.drop_constraint("fk_named", "order_tags", type_="foreignkey"),
    ],
    "a unique constraint that serves a foreign key": [
        *BASE,
        lambda op: op.create_table(
            "seats",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("customer_id", sa.Integer()),
            sa.Column("row", sa.Integer()),
            sa.ForeignKeyConstraint(["customer_id"], ["customers.id"]),
            sa.UniqueConstraint("customer_id", "row", name="uq_seat"),
        ),
        lambda op: op.create_table(
            "chairs",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("customer_id", sa.Integer()),
            sa.Column("row", sa.Integer()),
            sa.ForeignKeyConstraint(["customer_id"], ["customers.id"]),
        ),
        lambda op: op.create_unique_constraint("uq_chair", "chairs", ["customer_id", "row"]),
    ],
}
