# ruff: noqa: E501 - one case is one line
"""Objects of SQLAlchemy that change the schema by themselves, and questions to the database."""

from __future__ import annotations

import pytest

from migrate_guard.operations import (
    UNKNOWN,
    AddEnumValue,
    AlterColumn,
    AnyOperation,
    CreateEnum,
    CreateIndex,
    CreateObject,
    CreateTable,
    DropEnum,
    DropTable,
    Opaque,
    SqlType,
    TableName,
    Unique,
    Unknown,
)
from tests.evaluate.running import body, run, shown


def operations(text: str, dialect: str = "postgresql") -> list[AnyOperation]:
    """Return the operations of statements."""
    return [transition.operation for transition in body(text, dialect=dialect).transitions]


ENUMS = """
from sqlalchemy.dialects import postgresql
bind = op.get_bind()
"""


@pytest.mark.parametrize(
    ("text", "kind", "guarded"),
    [
        ("sa.Enum('a', name='e').create(bind)", CreateEnum, False),
        ("sa.Enum('a', name='e').create(bind, checkfirst=True)", CreateEnum, True),
        ("postgresql.ENUM('a', name='e').create(bind)", CreateEnum, True),
        (
            "postgresql.ENUM('a', name='e', create_type=False).create(bind, checkfirst=False)",
            CreateEnum,
            False,
        ),
        ("sa.Enum(name='e').drop(op.get_bind(), checkfirst=False)", DropEnum, False),
        ("postgresql.ENUM(name='e').drop(bind)", DropEnum, True),
    ],
)
def test_an_enum_is_created_and_dropped_where_there_are_enum_types(
    text: str, kind: type[AnyOperation], guarded: bool
) -> None:
    found = operations(ENUMS + text)
    assert [type(one) for one in found] == [kind]
    assert getattr(found[0], "name", None) == TableName("e")
    assert getattr(found[0], "if_not_exists" if kind is CreateEnum else "if_exists") is guarded
    assert operations(ENUMS + text, "mysql") == []
    assert operations(ENUMS + text, "sqlite") == []


def test_adding_a_column_creates_no_enum_type() -> None:
    found = operations("op.add_column('t', sa.Column('e', sa.Enum('a', name='e')))")
    assert shown(body("op.add_column('t', sa.Column('e', sa.Enum('a', name='e')))")) == ["AddColumn t e"]
    assert not any(isinstance(one, CreateEnum) for one in found)


METADATA = """
meta = sa.MetaData(naming_convention={"uq": "uq_%(table_name)s_%(column_0_name)s", "ix": "i_%(column_0_label)s"})
one = sa.Table("one", meta, sa.Column("id", sa.Integer, primary_key=True), sa.Column("a", sa.Integer, unique=True),
               sa.Column("b", sa.Integer, index=True))
two = sa.Table("two", meta, sa.Column("one_id", sa.ForeignKey(one.c.id)))
bind = op.get_bind()
"""


def test_create_all_creates_the_known_tables_under_the_convention() -> None:
    found = operations(METADATA + "meta.create_all(bind)")
    assert [one.table.name for one in found if isinstance(one, CreateTable)] == ["one", "two"]
    created = found[0]
    assert isinstance(created, CreateTable)
    assert created.if_not_exists
    assert [one.name for one in created.constraints if isinstance(one, Unique)] == ["uq_one_a"]
    assert [index.name for index in created.indexes] == ["i_one_b"]


def test_drop_all_goes_backwards_and_tables_can_be_chosen() -> None:
    dropped = operations(METADATA + "meta.drop_all(bind)")
    assert [one.table.name for one in dropped if isinstance(one, DropTable)] == ["two", "one"]
    chosen = operations(METADATA + "meta.create_all(bind, tables=[two])")
    assert [one.table.name for one in chosen if isinstance(one, CreateTable)] == ["two"]


@pytest.mark.parametrize(
    "text",
    [
        "meta = sa.MetaData()\nmeta.reflect(bind=op.get_bind())\nmeta.drop_all(op.get_bind())",
        "from app import db\ndb.create_all()",
        "from sqlalchemy.orm import declarative_base\ndeclarative_base().metadata.create_all(op.get_bind())",
    ],
)
def test_tables_that_are_not_known_may_be_any(text: str) -> None:
    found = operations(text)
    assert [type(one) for one in found] == [Opaque]
    assert isinstance(found[0], Opaque)
    assert found[0].may_touch is None


def test_a_table_object_creates_and_drops_itself() -> None:
    text = "t = sa.Table('t', sa.MetaData(), sa.Column('a', sa.Integer))\n"
    made = operations(text + "t.create(op.get_bind(), checkfirst=False)\nt.drop(op.get_bind())")
    assert [type(one) for one in made] == [CreateTable, DropTable]
    assert isinstance(made[0], CreateTable)
    assert not made[0].if_not_exists


def test_an_index_object_builds_itself_on_the_table_of_its_columns() -> None:
    text = "t = sa.Table('t', sa.MetaData(), sa.Column('a', sa.Integer))\nsa.Index('i', t.c.a).create(op.get_bind())"
    found = operations(text)[0]
    assert isinstance(found, CreateIndex)
    assert (found.index.name, found.table, found.index.columns) == ("i", TableName("t"), ("a",))


KNOWN = """
op.create_table("t", sa.Column("id", sa.Integer, primary_key=True), sa.Column("a", sa.Integer, unique=True))
op.create_index("i", "t", ["a"])
insp = sa.inspect(op.get_bind())
if CONDITION:
    op.drop_table("yes")
else:
    op.drop_table("no")
"""


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("'t' in insp.get_table_names()", True),
        ("'u' in insp.get_table_names()", False),
        ("insp.has_table('t')", True),
        ("insp.has_table('u')", False),
        ("op.get_bind().dialect.has_table(op.get_bind(), 'u')", False),
        ("'a' in [c['name'] for c in insp.get_columns('t')]", True),
        ("'z' in {c['name'] for c in insp.get_columns('t')}", False),
        ("any(ix['name'] == 'i' for ix in insp.get_indexes('t'))", True),
        ("insp.get_pk_constraint('t')['constrained_columns'] == ['id']", True),
        ("insp.get_foreign_keys('t')", False),
        ("[u['column_names'] for u in insp.get_unique_constraints('t')] == [['a']]", True),
        ("op.get_bind().dialect.name == 'postgresql'", True),
        ("op.get_bind().engine.name == 'sqlite'", False),
        ("op.get_context().dialect.name.startswith('postgres')", True),
        ("op.get_context().as_sql", False),
    ],
)
def test_the_replayed_schema_answers_for_the_database(condition: str, holds: bool) -> None:
    found = body(KNOWN.replace("CONDITION", condition))
    assert shown(found)[-1] == f"DropTable {'yes' if holds else 'no'}"


@pytest.mark.parametrize(
    "condition", ["insp.has_table('u')", "'u' in insp.get_table_names()", "insp.get_columns('u')"]
)
def test_a_history_that_begins_elsewhere_does_not_answer(condition: str) -> None:
    found = body("op.add_column('old', sa.Column('a', sa.Integer))" + KNOWN.replace("CONDITION", condition))
    assert shown(found)[-2:] == [f"DropTable yes if {condition}", f"DropTable no if not ({condition})"]


TYPES = """
from sqlalchemy.types import TypeDecorator, UserDefinedType, CHAR
from sqlalchemy.dialects.postgresql import UUID
class Text3(TypeDecorator):
    impl = sa.String(3)
class Sized(TypeDecorator):
    impl = sa.String
class Sub(sa.String):
    pass
class Point(UserDefinedType):
    def get_col_spec(self, **kw):
        return "POINT"
class Guid(TypeDecorator):
    impl = CHAR
    def load_dialect_impl(self, dialect):
        if dialect.name == "postgresql":
            return dialect.type_descriptor(UUID())
        return dialect.type_descriptor(CHAR(32))
def upgrade():
    op.alter_column("t", "a", type_=TYPE)
"""


@pytest.mark.parametrize(
    ("kind", "dialect", "name", "arguments"),
    [
        ("Text3()", "postgresql", "VARCHAR", (3,)),
        ("Text3", "postgresql", "VARCHAR", (3,)),
        ("Sized(7)", "postgresql", "VARCHAR", (7,)),
        ("Sub(9)", "postgresql", "VARCHAR", (9,)),
        ("Point()", "postgresql", "POINT", ()),
        ("Guid()", "postgresql", "UUID", ()),
        ("Guid()", "mysql", "CHAR", (32,)),
        ("sa.ARRAY(Text3())", "postgresql", "ARRAY", ()),
    ],
)
def test_a_type_of_the_project_is_what_it_stores(
    kind: str, dialect: str, name: str, arguments: tuple[int, ...]
) -> None:
    found = run(TYPES.replace("TYPE", kind), dialect=dialect).transitions[-1].operation
    assert isinstance(found, AlterColumn)
    assert isinstance(found.type, SqlType)
    assert (found.type.name, found.type.arguments) == (name, arguments)


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("import sqlmodel\nkind = sqlmodel.sql.sqltypes.AutoString(length=4)", "VARCHAR"),
        ("import sqlalchemy_utils\nkind = sqlalchemy_utils.types.uuid.UUIDType(binary=False)", "UUID"),
        (
            "import geoalchemy2\nkind = geoalchemy2.types.Geometry(geometry_type='POINT', srid=4326)",
            "GEOMETRY",
        ),
        ("from pgvector.sqlalchemy import Vector\nkind = Vector(3)", "VECTOR"),
        ("from fastapi_users_db_sqlalchemy.generics import GUID\nkind = GUID()", "UUID"),
    ],
)
def test_types_of_packages_are_known(source: str, name: str) -> None:
    found = operations(source + "\nop.alter_column('t', 'a', type_=kind)")[-1]
    assert isinstance(found, AlterColumn)
    assert isinstance(found.type, SqlType)
    assert found.type.name == name


@pytest.mark.parametrize(
    ("given", "dialect", "arguments"),
    [("", "postgresql", ()), ("", "mysql", (255,)), ("", "mariadb", (255,)), ("length=4", "mysql", (4,))],
)
def test_what_sqlmodel_makes_of_text(given: str, dialect: str, arguments: tuple[int, ...]) -> None:
    source = f"import sqlmodel\nop.alter_column('t', 'a', type_=sqlmodel.AutoString({given}))"
    found = run(
        f"from alembic import op\n\ndef upgrade():\n    {source}".replace("\nop", "\n    op"), dialect=dialect
    )
    altered = found.transitions[-1].operation
    assert isinstance(altered, AlterColumn)
    assert altered.type == SqlType("VARCHAR", arguments)


def test_a_type_that_is_not_known_is_named() -> None:
    found = operations("import app.types\nop.alter_column('t', 'a', type_=app.types.Money)")[-1]
    assert isinstance(found, AlterColumn)
    assert isinstance(found.type, SqlType)
    assert (found.type.name, found.type.custom) == ("CUSTOM", "app.types.Money")
    assert found.unknowns == ("the type app.types.Money is not known",)


@pytest.mark.parametrize(
    ("text", "reason", "touched"),
    [
        ("op.create_table(NAME, sa.Column('a', sa.Integer))", "the table depends on", None),
        ("op.add_column('t', NAME)", "the column depends on", "t"),
        ("op.drop_column('t', NAME)", "the column depends on", "t"),
        ("op.alter_column('t', 'a', new_column_name=NAME)", "the new name depends on", "t"),
        ("op.drop_table(*NAME)", "depends on", None),
        ("op.add_column('t')", "is not given column", None),
        ("op.add_column('t', sa.Column('a'), nullable=False)", "takes no argument nullable", None),
        ("op.rename_table('a', 'b', 'c', 'd')", "takes at most 3", None),
        ("op.add_column('t', sa.Column('a', sa.Integer, server_default=0))", "neither a string nor SQL", "t"),
        ("op.drop_constraint('c', 't', type_='uniq')", "is no kind of constraint", "t"),
        ("op.frobnicate('t')", "op.frobnicate() is no directive", None),
        ("op.invoke(NAME)", "the operation that is invoked", None),
    ],
)
def test_a_call_that_cannot_be_read_says_why_and_what_it_may_touch(
    text: str, reason: str, touched: str | None
) -> None:
    found = operations("import os\nNAME = os.environ['X']\n" + text)[-1]
    assert isinstance(found, Opaque)
    assert reason in found.reason
    assert found.may_touch == (None if touched is None else (TableName(touched),))


def test_undecided_attributes_are_unknown_with_a_reason() -> None:
    text = """
    import os
    X = os.environ['X']
    op.create_table('t', sa.Column('a', X, nullable=X, server_default=X), sa.UniqueConstraint(X, name=X), comment=X)
    """
    found = operations(text)[-1]
    assert isinstance(found, CreateTable)
    assert not isinstance(found.columns, Unknown)
    column, unique = found.columns[0], found.constraints[0]
    assert (column.type, column.nullable, column.default, found.comment) == (UNKNOWN,) * 4
    assert isinstance(unique, Unique)
    assert (unique.name, unique.columns) == (UNKNOWN, UNKNOWN)
    assert all("os.environ" in reason for reason in found.unknowns)


def test_a_table_with_an_unknown_item_has_unknown_columns() -> None:
    found = operations("import os\nop.create_table('t', sa.Column('a', sa.Integer), os.environ['X'])")[-1]
    assert isinstance(found, CreateTable)
    assert found.columns is UNKNOWN
    starred = operations("import os\nop.create_table('t', *os.environ['X'])")[-1]
    assert isinstance(starred, CreateTable)
    assert starred.columns is UNKNOWN


ENTITY = """
from alembic_utils.pg_view import PGView
from alembic_utils.pg_trigger import PGTrigger
view = PGView(schema="public", signature="v", definition="SELECT id FROM t")
"""


def test_entities_of_alembic_utils_are_read_as_sql() -> None:
    created, replaced, dropped = operations(
        ENTITY + "op.create_entity(view)\nop.replace_entity(view)\nop.drop_entity(view)"
    )
    assert isinstance(created, CreateObject)
    assert (created.kind, created.name, created.uses) == ("view", TableName("v", "public"), (TableName("t"),))
    assert isinstance(replaced, CreateObject)
    assert replaced.replace
    assert type(dropped).__name__ == "DropObject"


def test_sync_enum_values_of_either_package() -> None:
    text = "op.sync_enum_values('public', 'e', ['a', 'b'], [('t', 'c')], enum_values_to_rename=[])"
    assert [type(one).__name__ for one in operations(text)] == [
        "AlterObject", "CreateEnum", "AlterColumn", "DropObject",
    ]  # fmt: skip
    added = operations("op.sync_enum_values('public', 'e', ['a'], ['a', 'b'])")
    assert [one.value for one in added if isinstance(one, AddEnumValue)] == ["b"]


def test_names_that_are_too_long_are_cut_as_sqlalchemy_cuts_them() -> None:
    long = "x" * 70
    found = operations(f"op.create_index(op.f('{long}'), 't', ['a'])")[-1]
    assert isinstance(found, CreateIndex)
    assert isinstance(found.index.name, str)
    assert len(found.index.name) == 60
    assert found.index.name.startswith("x" * 55 + "_")


def test_flask_sqlalchemys_object_has_sqlalchemys_names() -> None:
    text = """
    from flask_sqlalchemy import SQLAlchemy
    db = SQLAlchemy()
    op.create_table('t', db.Column('a', db.Integer, db.ForeignKey('o.id')), db.Column('b', db.String(3)))
    """
    found = operations(text)[-1]
    assert isinstance(found, CreateTable)
    assert not isinstance(found.columns, Unknown)
    assert [str(column.type) for column in found.columns] == ["INTEGER", "VARCHAR(3)"]
