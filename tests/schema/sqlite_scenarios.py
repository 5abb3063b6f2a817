"""Histories on SQLite: batches, and what only it has; in the form of `tests.schema.scenarios`."""

from __future__ import annotations

import sqlalchemy as sa
from alembic.operations import Operations

from tests.schema.recorded import Step
from tests.schema.scenarios import BASE


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


_NAMES: tuple[dict[str, str], ...] = (
    {"fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s"},
    {"pk": "pk_%(table_name)s", "uq": "uq_%(table_name)s_%(column_0_N_name)s"},
    {"ck": "ck_%(table_name)s_%(constraint_name)s"},
)


def _without_names(op: Operations) -> None:
    op.create_table(
        "a", sa.Column("id", sa.Integer, primary_key=True), sa.Column("x", sa.Integer, unique=True)
    )
    op.create_table(
        "b",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("x", sa.Integer, sa.ForeignKey("a.x")),
        sa.Column("y", sa.Integer, sa.ForeignKey("a.id")),
        sa.CheckConstraint("x > 0", name="positive"),
        sa.UniqueConstraint("x", name="uq_given"),
        sa.UniqueConstraint("x", "y"),
    )


def _batch_named(names: dict[str, str]) -> list[Step]:
    """Return batches with a naming convention: one that only reads, and one that makes a key of its name."""

    def alter(op: Operations) -> None:
        with op.batch_alter_table("b", naming_convention=names) as batch:
            batch.alter_column("y", existing_type=sa.Integer(), nullable=False)

    def redefine(op: Operations) -> None:
        with op.batch_alter_table("b", naming_convention=names) as batch:
            batch.create_foreign_key("fk_b_x_a", "a", ["x"], ["x"], ondelete="CASCADE")

    return [_without_names, redefine, alter]


def _batch_copied(op: Operations) -> None:
    table = sa.Table(
        "customers",
        sa.MetaData(),
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("email", sa.String(99), nullable=False),
        sa.UniqueConstraint("email", "id"),
        sa.CheckConstraint("id > 0"),
    )
    with op.batch_alter_table("customers", copy_from=table) as batch:
        batch.create_unique_constraint("uq_email", ["email"])


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
    "batch with a convention for foreign keys": _batch_named(_NAMES[0]),
    "batch with a convention for other keys": _batch_named(_NAMES[1]),
    "batch with a convention for checks": _batch_named(_NAMES[2]),
    "batch that copies from a table of the script": [*BASE, _batch_copied],
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
