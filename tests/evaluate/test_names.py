"""Names on their way from the script to the schema: `op.f()`, defaults, own MetaData, inspectors."""

from __future__ import annotations

from textwrap import indent

import pytest

from migrate_guard.operations import UNKNOWN, Check, DropIndex, ForeignKey, PrimaryKey, Unknown
from migrate_guard.schema import Schema, empty_schema
from migrate_guard.schema.conventions import Convention
from tests.evaluate.running import run

CONVENTION = {
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "pk": "pk_%(table_name)s",
    "ix": "idx_%(column_0_label)s",
}


def after(code: str, naming: Convention | Unknown | None = CONVENTION, dialect: str = "postgresql") -> Schema:
    """Return the schema that statements build."""
    before = empty_schema("sqlite" if dialect == "sqlite" else "postgresql", naming=naming)
    return run(f"def upgrade():\n{indent(code, '    ')}", dialect=dialect, before=before).after


def names(schema: Schema) -> list[object]:
    """Return the names of all CHECK constraints and indexes."""
    found: list[object] = []
    for table in schema.all_tables():
        found += [check.name for check in table.checks] + [index.name for index in table.indexes]
    return found


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("'pos'", "ck_t_pos"),
        ("op.f('pos')", "pos"),
        ("sa.schema.conv('pos')", "pos"),
        ("op.f('po') + 's'", "ck_t_pos"),
        ("op.f('pos').lower()", "ck_t_pos"),
        ("f\"{op.f('pos')}\"", "ck_t_pos"),
    ],
)
def test_a_final_name_is_one_until_something_else_is_made_of_it(name: str, expected: str) -> None:
    for code in (
        f"op.create_table('t', sa.Column('a', sa.Integer()), sa.CheckConstraint('a > 0', name={name}))",
        f"op.create_check_constraint({name}, 't', 'a > 0')",
        f"op.add_column('t', sa.Column('a', sa.Integer(), sa.CheckConstraint('a > 0', name={name})))",
    ):
        assert names(after(code)) == [expected], code


@pytest.mark.parametrize(
    "code",
    [
        "sa.Table('t', sa.MetaData(), {items}).create(op.get_bind())",
        "meta = sa.MetaData()\nsa.Table('t', meta, {items})\nmeta.create_all(op.get_bind())",
    ],
)
def test_a_table_object_of_the_script_has_the_names_of_its_own_metadata(code: str) -> None:
    items = "sa.Column('a', sa.Integer(), index=True), sa.CheckConstraint('a > 0', name='pos')"
    assert names(after(code.format(items=items))) == ["pos", "ix_t_a"]


AUTOINCREMENT = (
    "op.create_table('t', sa.Column('id', sa.{type}(), primary_key=True), sqlite_autoincrement=True)"
)


@pytest.mark.parametrize(
    ("dialect", "kind", "name"),
    [("sqlite", "Integer", None), ("sqlite", "String", "pk_t"), ("postgresql", "Integer", "pk_t")],
)
def test_an_autoincrement_key_of_sqlite_has_no_name(dialect: str, kind: str, name: str | None) -> None:
    (table,) = after(AUTOINCREMENT.format(type=kind), dialect=dialect).all_tables()
    assert isinstance(table.primary_key, PrimaryKey)
    assert table.primary_key.name == name


CREATE = """op.create_table(
    "t",
    sa.Column("a", sa.Integer(), sa.ForeignKey("u.id"), index=True),
    sa.CheckConstraint("a > 0", name="pos"),
)
"""


def test_without_the_convention_names_are_unknown_and_what_they_may_be_is_kept() -> None:
    (table,) = (one for one in after(CREATE, UNKNOWN).all_tables() if one.name.name == "t")
    given = {
        type(one): (one.name, one.given) for one in table.constraints if isinstance(one, (Check, ForeignKey))
    }
    assert given == {Check: (UNKNOWN, "pos"), ForeignKey: (UNKNOWN, "t_a_fkey")}
    assert [(one.name, one.given) for one in table.indexes] == [(UNKNOWN, "ix_t_a")]


def test_what_an_inspector_finds_is_dropped_whatever_its_name() -> None:
    loops = [
        "for one in i.get_indexes('t'):\n    op.drop_index(one['name'], table_name='t')",
        "for one in i.get_check_constraints('t'):\n    op.drop_constraint(one['name'], 't', type_='check')",
        "for one in i.get_foreign_keys('t'):\n    op.drop_constraint(one['name'], 't', type_='foreignkey')",
    ]
    schema = after("\n".join([CREATE, "i = sa.inspect(op.get_bind())", *loops]), UNKNOWN)
    (table,) = (one for one in schema.all_tables() if one.name.name == "t")
    assert (table.indexes, table.constraints, table.certain) == ((), (), True)


def test_whether_an_index_of_a_possible_name_is_there_is_not_decided() -> None:
    code = CREATE + "if sa.inspect(op.get_bind()).has_index('t', 'ix_t_a'):\n    op.drop_index('ix_t_a', 't')"
    found = run(f"def upgrade():\n{indent(code, '    ')}", before=empty_schema("postgresql", naming=UNKNOWN))
    drops = [one.operation for one in found.transitions if isinstance(one.operation, DropIndex)]
    assert [bool(drop.conditions) for drop in drops] == [True]


def test_an_unknown_key_of_a_dict_is_not_an_absent_one() -> None:
    code = "import os\nname = {'a': 'b'}.get(os.environ['X'])\nop.create_check_constraint(name, 't', 'a > 0')"
    (table,) = after(code, None).all_tables()
    assert [one.name for one in table.checks] == [UNKNOWN]
