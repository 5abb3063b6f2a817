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


def _batch_columns(op: Operations) -> None:
    with op.batch_alter_table("orders") as batch:
        batch.add_column(sa.Column("weight", sa.Float()))
        batch.alter_column("code", existing_type=sa.String(20), type_=sa.String(40), nullable=True)
        batch.alter_column("paid", existing_type=sa.Boolean(), server_default=None, existing_nullable=False)


def _batch_constraints(op: Operations) -> None:
    with op.batch_alter_table("orders") as batch:
        batch.drop_constraint("uq_orders_code", type_="unique")
        batch.create_unique_constraint("uq_orders_paid", ["code", "paid"])
        batch.create_check_constraint("ck_orders_paid", sa.text("paid in (0, 1)"))
        batch.create_foreign_key("fk_orders_tag", "tags", ["code"], ["name"], ondelete="SET NULL")
        batch.create_index("ix_orders_paid", ["paid"])


def _tags(op: Operations) -> None:
    op.create_table("tags", sa.Column("name", sa.String(20), primary_key=True))


def _batch_rename(op: Operations) -> None:
    with op.batch_alter_table("customers") as batch:
        batch.alter_column(
            "email", new_column_name="mail", existing_type=sa.String(120), existing_nullable=False
        )


def _batch_drop(op: Operations) -> None:
    with op.batch_alter_table("orders") as batch:
        batch.drop_column("customer_id")


def _batch_drop_key_column(op: Operations) -> None:
    with op.batch_alter_table("order_tags") as batch:
        batch.drop_column("tag")


def _batch_drop_indexed(op: Operations) -> None:
    with op.batch_alter_table("customers") as batch:
        batch.drop_index("ix_customers_visits")
        batch.drop_column("visits")


def _batch_add(op: Operations) -> None:
    with op.batch_alter_table("customers") as batch:
        batch.add_column(sa.Column("age", sa.Integer(), nullable=False, server_default="1"))
        batch.create_index("ix_customers_age", ["age"])


def _batch_conventional(op: Operations) -> None:
    convention = {"uq": "uq_%(table_name)s_%(column_0_name)s"}
    with op.batch_alter_table("customers", naming_convention=convention) as batch:
        batch.drop_constraint("uq_customers_email", type_="unique")


def _batch_always(op: Operations) -> None:
    with op.batch_alter_table("customers", recreate="always") as batch:
        batch.add_column(sa.Column("age", sa.Integer()))


def _batch_collation(op: Operations) -> None:
    with op.batch_alter_table("names") as batch:
        batch.add_column(sa.Column("c", sa.String(9, collation="RTRIM"), nullable=False, server_default="x"))
        batch.alter_column("b", existing_type=sa.String(9), type_=sa.String(8, collation="NOCASE"))


def _batch_types(op: Operations) -> None:
    with op.batch_alter_table("b") as batch:
        batch.add_column(sa.Column("new", sa.BINARY(3)))
        batch.alter_column("a", existing_type=sa.BINARY(16), nullable=False)


SQLITE: dict[str, list[Step]] = {
    "types without a name in SQLAlchemy": [
        lambda op: op.create_table(
            "b",
            sa.Column("a", sa.BINARY(16)),
            sa.Column("c", sa.VARBINARY(3)),
            sa.Column("d", sa.DOUBLE_PRECISION()),
            sa.Column("e", sa.Enum("x", "y")),
            sa.Column("f", sa.Uuid()),
            sa.Column("g", sa.CLOB()),
        ),
        _batch_types,
    ],
    "batch collation": [
        lambda op: op.create_table(
            "names",
            sa.Column("a", sa.String(9, collation="NOCASE")),
            sa.Column("b", sa.String(9, collation="NOCASE")),
        ),
        lambda op: op.add_column("names", sa.Column("d", sa.Text(collation="NOCASE"))),
        _batch_collation,
        lambda op: op.create_index("ix_c", "names", ["c"]),
    ],
    "batch columns": [*BASE, _batch_columns],
    "batch constraints": [*BASE, _tags, _batch_constraints, _batch_columns],
    "batch rename": [*BASE, _batch_rename],
    "batch drop": [*BASE, _batch_drop],
    "batch drop of a key column": [*BASE, _batch_drop_key_column],
    "batch drop with index": [*BASE, _batch_drop_indexed],
    "batch add": [*BASE, _batch_add],
    "batch with naming convention": [*BASE, _batch_conventional],
    "batch always": [*BASE, _batch_always],
    "plain rename of a column": [
        *BASE,
        lambda op: op.alter_column("customers", "email", new_column_name="mail"),
        lambda op: op.alter_column("customers", "id", new_column_name="number"),
    ],
    "drop a table that is referred to": [*BASE, lambda op: op.drop_table("customers")],
    "expression index": [
        *BASE,
        lambda op: op.create_index("ix_lower", "customers", ["visits"], sqlite_where=sa.text("visits > 3")),
        _batch_rename,
    ],
    "a primary key that may hold NULL": [
        lambda op: op.create_table(
            "settings",
            sa.Column("name", sa.String(20), nullable=False),
            sa.Column("space", sa.String(20), nullable=True),
            sa.PrimaryKeyConstraint("name", "space"),
        ),
    ],
    "batch with ordered indexes": [
        *BASE,
        lambda op: op.execute("CREATE INDEX ix_visits ON customers (visits DESC)"),
        lambda op: op.execute("CREATE INDEX ix_email ON customers (email COLLATE NOCASE, visits)"),
        _batch_rename,
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
