# ruff: noqa: E501 - one case is one line
"""Every directive and every argument does what Alembic does: both are written as facts and compared."""

from __future__ import annotations

import textwrap

import pytest
from alembic.operations import BatchOperations, Operations

from migrate_guard.evaluate.library.directives import BATCH_DIRECTIVES, DIRECTIVES
from tests.evaluate.library.oracle import expected, found
from tests.evaluate.library.versions import skip_newer

ALL = ("postgresql", "mysql", "sqlite")
SERVERS = ("postgresql", "mysql")
PG = ("postgresql",)

CASES: list[tuple[tuple[str, ...], str]] = [
    (ALL, 'op.create_table("t", sa.Column("id", sa.Integer(), primary_key=True))'),
    (ALL, 'op.create_table("t", sa.Column("id", sa.BigInteger(), nullable=False), sa.PrimaryKeyConstraint("id"))'),
    (ALL, 'op.create_table("t", sa.Column("id", sa.SmallInteger, primary_key=True, autoincrement=False))'),
    (ALL, 'op.create_table("t", sa.Column("id", sa.String(9), primary_key=True))'),
    (ALL, 'op.create_table("t", sa.Column("a", sa.Integer, primary_key=True), sa.Column("b", sa.Integer, primary_key=True))'),
    (SERVERS, 'op.create_table("t", sa.Column("a", sa.Integer, primary_key=True, autoincrement=True), sa.Column("b", sa.Integer, primary_key=True))'),
    (ALL, 'op.create_table("t", sa.Column("id", sa.Integer, sa.ForeignKey("o.id"), primary_key=True))'),
    (ALL, 'op.create_table("t", sa.Column("id", sa.Integer, primary_key=True, server_default="7"))'),
    (ALL, 'op.create_table("t", sa.Column("id", sa.Integer, primary_key=True, default=7))'),
    (ALL, 'op.create_table("t", sa.Column("a", sa.Integer), schema="s")'),
    (SERVERS, 'op.create_table("t", sa.Column("a", sa.Integer, index=True), schema="s.x")'),
    (ALL, 'op.create_table("t", sa.Column("a", sa.Integer, index=True, unique=True), sa.Column("b", sa.Integer, unique=True))'),
    (ALL, 'op.create_table("t", sa.Column("a", sa.Integer), if_not_exists=True)'),
    (ALL, 'op.create_table("t", sa.Column("a", sa.Integer, comment="one"), comment="two")'),
    (ALL, 'op.create_table("t", sa.Column("a", sa.Integer), prefixes=["TEMPORARY"])'),
    (PG, 'op.create_table("t", sa.Column("a", sa.Integer), prefixes=["UNLOGGED"])'),
    (PG, 'op.create_table("t", sa.Column("a", sa.Integer), postgresql_partition_by="RANGE (a)")'),
    (PG, 'op.create_table("t", sa.Column("a", sa.Integer), postgresql_inherits="p")'),
    (ALL, 'op.create_table("t", sa.Column("a", sa.Integer), sqlite_autoincrement=True, mysql_engine="InnoDB")'),
    (ALL, 'op.create_table("t", sa.Column("a", sa.Integer), sa.UniqueConstraint("a", name="u"), sa.CheckConstraint("a > 0", name="c"))'),
    (ALL, 'op.create_table("t", sa.Column("a", sa.Integer), sa.UniqueConstraint("a"), sa.CheckConstraint(sa.text("a > 0")))'),
    (ALL, 'op.create_table("t", sa.Column("a", sa.Integer, sa.CheckConstraint("a > 1")), sa.PrimaryKeyConstraint("a", name="pk"))'),
    (ALL, 'op.create_table("t", sa.Column("a", sa.Integer), sa.Column("b", sa.Integer), sa.ForeignKeyConstraint(["a", "b"], ["o.x", "o.y"], name="f", ondelete="CASCADE", onupdate="SET NULL"))'),
    (ALL, 'op.create_table("t", sa.Column("a", sa.Integer), sa.ForeignKeyConstraint(["a"], ["s.o.x"], deferrable=True, initially="DEFERRED"))'),
    (ALL, 'op.create_table("t", sa.Column("a", sa.Integer, sa.ForeignKey("o.x", name="f", ondelete="RESTRICT")))'),
    (ALL, 'op.create_table("t", sa.Column("a", sa.Integer), sa.Column("b", sa.Integer), sa.Index("i", "a", "b", unique=True))'),
    (ALL, 'op.create_table("t", sa.Column("a", sa.Boolean(create_constraint=True, name="ck"), unique=True))'),
    (ALL, 'op.create_table("t", sa.Column("a", sa.Enum("x", "it\'s", name="e", create_constraint=True)))'),
    (ALL, 'op.create_table("t", sa.Column("a", sa.Enum("x", "yy", name="e", native_enum=False)))'),
    (ALL, 'op.create_table("t", sa.Column("a", sa.Enum("x", name="e", native_enum=False, length=30, create_constraint=True)))'),
    (ALL, 'op.create_table("t", sa.Column("a", sa.Enum("x", "yyy", name="e", schema="s")))'),
    (ALL, 'op.create_table("t", sa.Column("a", sa.Enum("x", "yyy", name="e")), sa.Column("b", sa.Enum("x", "yyy", name="e")))'),
    (PG, 'op.create_table("t", sa.Column("a", sa.dialects.postgresql.ENUM("x", name="e", create_type=False)))'),
    (PG, 'op.create_table("t", sa.Column("a", sa.ARRAY(sa.Enum("x", name="e"))))'),
    (PG, 'op.create_table("t", sa.Column("id", sa.Integer, sa.Identity(always=True), primary_key=True))'),
    (ALL, 'op.create_table("t", sa.Column("id", sa.Integer, sa.Identity()))'),
    (ALL, 'op.create_table("t", sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True))'),
    (ALL, 'op.create_table("t", sa.Column("id", sa.Integer), sa.PrimaryKeyConstraint("id"), sa.ForeignKeyConstraint(["id"], ["o.id"]))'),
    (ALL, 'op.create_table("t", sa.Column("id", sa.Integer, autoincrement="ignore_fk"), sa.PrimaryKeyConstraint("id"), sa.ForeignKeyConstraint(["id"], ["o.id"]))'),
    (ALL, 'op.create_table("t", sa.Column("a", sa.Integer), sa.Column("b", sa.Integer, sa.Computed("a + 1", persisted=True)))'),
    (PG, 'op.create_table("t", sa.Column("id", sa.Integer, sa.Sequence("sq"), primary_key=True))'),
    (ALL, 'op.create_table("t", sa.Column("a", sa.String(5), server_default="it\'s"))'),
    (ALL, 'op.create_table("t", sa.Column("a", sa.DateTime, server_default=sa.func.now()), sa.Column("b", sa.Date, server_default=sa.func.current_date()))'),
    (ALL, 'op.create_table("t", sa.Column("a", sa.Integer, server_default=sa.text("1")), sa.Column("b", sa.Boolean, server_default=sa.false()), sa.Column("c", sa.Boolean, server_default=sa.true()))'),
    (ALL, 'op.create_table("t", sa.Column("a", sa.Integer, server_default=sa.null()))'),
    (PG, 'op.create_table("t", sa.Column("a", sa.Uuid, server_default=sa.func.gen_random_uuid()), sa.Column("b", sa.JSON, server_default=sa.text("\'{}\'::json")))'),
    (ALL, 'op.create_table("t", sa.Column("a", sa.Integer, server_default=sa.DefaultClause("3")), sa.Column("b", sa.Integer, sa.FetchedValue()))'),
    (ALL, 'op.create_table("t", sa.Column("a", sa.Integer, default=3, onupdate=4, doc="d", key="k", info={}))'),
    (ALL, 'op.create_table("t", sa.Column(name="a", type_=sa.Integer, nullable=False))'),
    (ALL, 'op.create_table("t", None, sa.Column("a", sa.Integer))'),
    (ALL, 'op.drop_table("t")'),
    (ALL, 'op.drop_table("t", schema="s", if_exists=True)'),
    (ALL, 'op.rename_table("t", "u")'),
    (ALL, 'op.rename_table("t", "u", schema="s")'),
    (SERVERS, 'op.create_table_comment("t", "c", existing_comment="b", schema="s")'),
    (PG, 'op.create_table_comment("t", None)'),
    (PG, 'op.drop_table_comment("t", existing_comment="b", schema="s")'),
    (ALL, 'op.add_column("t", sa.Column("a", sa.Integer()))'),
    (ALL, 'op.add_column("t", sa.Column("a", sa.Integer(), nullable=False, server_default="0"), schema="s")'),
    (PG, 'op.add_column("t", sa.Column("a", sa.Integer()), if_not_exists=True)'),
    (SERVERS, 'op.add_column("t", sa.Column("a", sa.Integer(), sa.ForeignKey("o.id", name="f"), comment="c"))'),
    (PG, 'op.add_column("t", sa.Column("a", sa.Integer(), sa.ForeignKey("o.id", name="f")), inline_references=True)'),
    (SERVERS, 'op.add_column("t", sa.Column("a", sa.Integer(), unique=True))'),
    (ALL, 'op.add_column("t", sa.Column("a", sa.Integer(), index=True))'),
    (SERVERS, 'op.add_column("t", sa.Column("a", sa.Integer(), primary_key=True))'),
    (PG, 'op.add_column("t", sa.Column("a", sa.Integer(), primary_key=True), inline_primary_key=True)'),
    (SERVERS, 'op.add_column("t", sa.Column("a", sa.Integer(), sa.CheckConstraint("a > 0", name="c")))'),
    (SERVERS, 'op.add_column("t", sa.Column("a", sa.Boolean(create_constraint=True, name="c")))'),
    (PG, 'op.add_column("t", sa.Column("a", sa.Enum("x", name="e")))'),
    (PG, 'op.add_column("t", sa.Column("a", sa.Integer(), sa.Identity()))'),
    (ALL, 'op.drop_column("t", "a")'),
    (PG, 'op.drop_column("t", "a", schema="s", if_exists=True)'),
    (PG, 'op.alter_column("t", "a", nullable=False)'),
    (PG, 'op.alter_column("t", "a", nullable=True, existing_type=sa.Integer(), existing_nullable=False, schema="s")'),
    (PG, 'op.alter_column("t", "a", server_default="x")'),
    (PG, 'op.alter_column("t", "a", server_default=sa.text("now()"), existing_server_default=sa.text("1"))'),
    (SERVERS, 'op.alter_column("t", "a", server_default=None, existing_type=sa.Integer())'),
    (PG, 'op.alter_column("t", "a", type_=sa.Text(), postgresql_using="a::text")'),
    (PG, 'op.alter_column("t", "a", new_column_name="b")'),
    (PG, 'op.alter_column("t", "a", comment="c", existing_comment="d")'),
    (PG, 'op.alter_column("t", "a", comment=None)'),
    (PG, 'op.alter_column("t", "a", server_default=sa.Identity(always=True), existing_server_default=None)'),
    (PG, 'op.alter_column("t", "a", server_default=None, existing_server_default=sa.Identity())'),
    (PG, 'op.alter_column("t", "a", type_=sa.Enum("x", name="e"), existing_type=sa.String(3))'),
    (SERVERS, 'op.alter_column("t", "a", existing_type=sa.Integer(), type_=sa.Boolean(create_constraint=True, name="c"))'),
    (("mysql",), 'op.alter_column("t", "a", existing_type=sa.Integer(), nullable=False)'),
    (("mysql",), 'op.alter_column("t", "a", existing_type=sa.Integer(), nullable=True, existing_server_default="3", existing_comment="c")'),
    (("mysql",), 'op.alter_column("t", "a", existing_type=sa.String(3), type_=sa.String(9), existing_nullable=False)'),
    (("mysql",), 'op.alter_column("t", "a", existing_type=sa.String(3), new_column_name="b", existing_nullable=False)'),
    (("mysql",), 'op.alter_column("t", "a", existing_type=sa.String(3), new_column_name="b")'),
    (("mysql",), 'op.alter_column("t", "a", existing_type=sa.String(3), comment="c")'),
    (("mysql",), 'op.alter_column("t", "a", existing_type=sa.String(3), comment=None, existing_nullable=True)'),
    (("mysql",), 'op.alter_column("t", "a", server_default="x")'),
    (("mysql",), 'op.alter_column("t", "a", server_default=sa.text("now()"), existing_type=sa.DateTime(), existing_nullable=False)'),
    (("mysql",), 'op.alter_column("t", "a", existing_type=sa.DateTime(), existing_nullable=False)'),
    (("mysql",), 'op.alter_column("t", "a", server_default=None, existing_type=sa.DateTime())'),
    (("mysql",), 'op.alter_column("t", "a", existing_type=sa.String(3), type_=sa.Text(), server_default=None, existing_server_default="x")'),
    (SERVERS, 'op.create_unique_constraint("u", "t", ["a", "b"], schema="s")'),
    (SERVERS, 'op.create_unique_constraint(None, "t", ["a"])'),
    (PG, 'op.create_unique_constraint("u", "t", ["a"], deferrable=True, initially="DEFERRED")'),
    (PG, 'op.create_unique_constraint("u", "t", ["a"], postgresql_nulls_not_distinct=True)'),
    (SERVERS, 'op.create_primary_key("p", "t", ["a", "b"], schema="s")'),
    (SERVERS, 'op.create_primary_key(None, "t", ["a"])'),
    (SERVERS, 'op.create_foreign_key("f", "t", "o", ["a"], ["x"])'),
    (SERVERS, 'op.create_foreign_key(None, "t", "o", ["a", "b"], ["x", "y"], ondelete="CASCADE", onupdate="SET NULL", source_schema="s", referent_schema="r")'),
    (PG, 'op.create_foreign_key("f", "t", "o", ["a"], ["x"], deferrable=True, initially="DEFERRED", match="FULL", postgresql_not_valid=True)'),
    (SERVERS, 'op.create_check_constraint("c", "t", "a > 0", schema="s")'),
    (SERVERS, 'op.create_check_constraint("c", "t", sa.text("a > 0"))'),
    (SERVERS, 'op.create_check_constraint("c", "t", sa.column("a") > 0)'),
    (SERVERS, 'op.create_check_constraint("c", "t", sa.func.length(sa.column("a")) > 3)'),
    (SERVERS, 'op.create_check_constraint("c", "t", sa.and_(sa.column("a") > 0, sa.column("b").is_not(None)))'),
    (PG, 'op.create_check_constraint("c", "t", sa.column("a").in_(["x", "y"]), postgresql_not_valid=True)'),
    (PG, 'op.create_exclude_constraint("x", "t", ("a", "="), where="(b > 1)", using="gist")'),
    (SERVERS, 'op.drop_constraint("c", "t", "unique")'),
    (SERVERS, 'op.drop_constraint("c", "t", type_="foreignkey", schema="s")'),
    (SERVERS, 'op.drop_constraint("c", "t", type_="check")'),
    (PG, 'op.drop_constraint("c", "t", type_="primary")'),
    (PG, 'op.drop_constraint("c", "t")'),
    (PG, 'op.drop_constraint("c", "t", type_="unique", if_exists=True)'),
    (ALL, 'op.create_index("i", "t", ["a"])'),
    (SERVERS, 'op.create_index("i", "t", ["a", "b"], unique=True, schema="s")'),
    (ALL, 'op.create_index(op.f("i"), "t", ["a"], unique=False)'),
    (ALL, 'op.create_index(None, "t", ["a"])'),
    (ALL, 'op.create_index("i", "t", ["a"], if_not_exists=True)'),
    (PG, 'op.create_index("i", "t", ["a"], postgresql_concurrently=True, if_not_exists=True)'),
    (PG, 'op.create_index("i", "t", ["a"], postgresql_using="gin", postgresql_where=sa.text("a IS NOT NULL"), postgresql_include=["b"])'),
    (PG, 'op.create_index("i", "t", ["a"], unique=True, postgresql_nulls_not_distinct=True)'),
    (PG, 'op.create_index("i", "t", ["a"], postgresql_where=sa.column("b") == 1)'),
    (PG, 'op.create_index("i", "t", [sa.text("lower(a)"), "b"])'),
    (PG, 'op.create_index("i", "t", [sa.func.lower(sa.column("a"))])'),
    (ALL, 'op.create_index("i", "t", [sa.text("a DESC"), sa.column("b").desc()])'),
    (PG, 'op.create_index("i", "t", [sa.text("a DESC NULLS LAST")])'),
    (PG, 'op.create_index("i", "t", [sa.text("lower(a) DESC"), sa.func.lower(sa.column("b")).desc()])'),
    (PG, 'op.create_index("i", "t", [sa.text("a gin_trgm_ops"), "b"], postgresql_using="gin", postgresql_ops={"b": "gin_trgm_ops"})'),
    (("sqlite",), 'op.create_index("i", "t", ["a"], sqlite_where=sa.text("a > 1"), postgresql_where=sa.text("a > 2"))'),
    (("mysql",), 'op.create_index("i", "t", ["a"], mysql_prefix="FULLTEXT")'),
    (("mysql",), 'op.create_index("i", "t", ["a"], mysql_using="hash")'),
    (("postgresql", "sqlite"), 'op.drop_index("i")'),
    (SERVERS, 'op.drop_index("i", table_name="t", schema="s")'),
    (PG, 'op.drop_index("i", "t", if_exists=True, postgresql_concurrently=True)'),
    (ALL, 'op.execute("DELETE FROM t WHERE a = 1")'),
    (ALL, 'op.execute(sa.text("UPDATE t SET a = 1"), execution_options={})'),
    (ALL, 'op.bulk_insert(sa.table("t", sa.column("a", sa.Integer)), [{"a": 1}])'),
    (ALL, 'op.bulk_insert(sa.table("t", sa.column("a", sa.Integer), schema="s"), [])'),
    (ALL, 't = op.create_table("t", sa.Column("a", sa.Integer))\nop.bulk_insert(t, [{"a": op.inline_literal(1)}], multiinsert=False)'),
    (SERVERS, 'with op.batch_alter_table("t", schema="s") as b:\n    b.add_column(sa.Column("a", sa.Integer(), unique=True))\n    b.drop_column("c")\n    b.alter_column("d", existing_type=sa.Integer(), nullable=True)'),
    (SERVERS, 'with op.batch_alter_table("t") as b:\n    b.create_unique_constraint("u", ["a"])\n    b.create_primary_key("p", ["a"])\n    b.create_check_constraint("c", "a > 1")\n    b.create_foreign_key("f", "o", ["a"], ["x"], referent_schema="s", ondelete="CASCADE")'),
    (SERVERS, 'with op.batch_alter_table("t") as b:\n    b.execute("DELETE FROM q")\n    b.drop_constraint("c", "unique")\n    b.create_index("i", ["a"], unique=True)\n    b.drop_index("j")'),
    (PG, 'with op.batch_alter_table("t") as b:\n    b.create_exclude_constraint("x", ("a", "="))\n    b.create_table_comment("c")\n    b.drop_table_comment()'),
    (ALL, 'with op.batch_alter_table("t", recreate="auto", naming_convention={}) as b:\n    b.create_index(b.f("i"), ["a"])'),
    (PG, 'op.execute(sa.schema.CreateSequence(sa.Sequence("q", schema="s")))\nop.execute(sa.schema.DropSequence(sa.Sequence("q")))'),
    (PG, 'op.execute(sa.schema.CreateSchema("q", if_not_exists=True))\nop.execute(sa.schema.DropSchema("q", cascade=True))'),
    (ALL, 'op.execute(sa.schema.CreateTable(sa.Table("t", sa.MetaData(), sa.Column("a", sa.Integer))))'),
    (ALL, 'op.execute(sa.schema.DropTable(sa.Table("t", sa.MetaData(), sa.Column("a", sa.Integer)), if_exists=True))'),
    (ALL, 'op.execute(sa.DDL("DROP TABLE t"))'),
]  # fmt: skip


def _case_id(case: tuple[str, str]) -> str:
    return f"{case[0]}: {case[1]}"


@pytest.mark.parametrize(
    "case", [(dialect, source) for dialects, source in CASES for dialect in dialects], ids=_case_id
)
def test_a_directive_does_what_alembic_does(case: tuple[str, str]) -> None:
    dialect, source = case
    skip_newer(source)
    assert found(source, dialect) == expected(source, dialect)


NOT_FOR_SCRIPTS = {"context", "create_module_class_proxy", "implementation_for", "register_operation"}
"""Methods of the class itself, which a revision does not call."""


def _public(cls: type) -> set[str]:
    return {name for name in dir(cls) if not name.startswith("_")} - NOT_FOR_SCRIPTS


def test_every_directive_of_alembic_is_known() -> None:
    attributes = {"migration_context", "impl"}
    assert _public(Operations) - attributes <= set(DIRECTIVES)
    assert _public(BatchOperations) - attributes <= set(BATCH_DIRECTIVES)


def test_every_directive_has_a_case() -> None:
    text = textwrap.dedent("".join(source for _, source in CASES))
    untested = {name for name in _public(Operations) if f".{name}(" not in text}
    assert untested <= {"get_bind", "get_context", "run_async", "invoke"}
