"""Use types of the project, of dialects, and variants."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy import types
from sqlalchemy.dialects import mysql, postgresql
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.ext.compiler import compiles

revision = "types"
down_revision = "statements"


class Guid(types.TypeDecorator[Any]):
    impl = types.CHAR
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> types.TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(postgresql.UUID())
        return dialect.type_descriptor(types.CHAR(32))


class Shouted(types.TypeDecorator[str]):
    impl = types.String


class Point(types.UserDefinedType[Any]):
    def get_col_spec(self, **options: object) -> str:
        return "POINT"


class Packed(types.JSON):
    __visit_name__ = "PACKED"


@compiles(Packed)
def packed(element: Any, compiler: Any, **options: object) -> str:
    return "JSONB" if compiler.dialect.name == "postgresql" else "BLOB"


class Binary(types.JSON):
    pass


@compiles(Binary, "sqlite")
def binary(element: Any, compiler: Any, **options: object) -> str:
    return "JSONB"


def upgrade() -> None:
    op.create_table(
        "typed",
        sa.Column("id", Guid(), primary_key=True),
        sa.Column("shouted", Shouted(12), nullable=False),
        sa.Column("binary", Binary()),
        sa.Column("variant", sa.String(9).with_variant(mysql.VARCHAR(9, charset="ascii"), "mysql")),
        sa.Column("stamp", sa.TIMESTAMP(timezone=True), server_default=sa.text("CURRENT_TIMESTAMP")),
        sa.Column("blob", sa.LargeBinary(100)),
        sa.Column("doubled", sa.Double(), sa.Computed("1 + 1", persisted=True)),
        sa.Column("identity", sa.Integer, sa.Identity(always=True)),
    )
    op.add_column("typed", sa.Column("packed", Packed()))
    op.add_column("typed", sa.Column("point", Point()))
    if op.get_bind().dialect.name == "postgresql":
        op.add_column("typed", sa.Column("tags", postgresql.ARRAY(sa.String(5)), server_default="{}"))
        op.add_column("typed", sa.Column("range", postgresql.INT4RANGE()))
        op.add_column("typed", sa.Column("data", postgresql.JSONB(astext_type=sa.Text()), nullable=True))
        first = sa.column("data", postgresql.JSONB)["a"].as_string()
        op.create_index("ix_typed_a", "typed", [first], postgresql_where=first.is_not(None))
