"""Constraints, indexes, enum types and other objects."""

from __future__ import annotations

import pytest

from migrate_guard.dialect import DialectName
from migrate_guard.operations import (
    UNKNOWN,
    AddColumn,
    AddConstraint,
    AddEnumValue,
    AlterColumn,
    AlterConstraint,
    AlterObject,
    BatchContext,
    Check,
    Column,
    Constraint,
    CreateEnum,
    CreateIndex,
    CreateObject,
    CreateTable,
    Default,
    DropColumn,
    DropConstraint,
    DropEnum,
    DropIndex,
    DropObject,
    DropTable,
    Exclude,
    ForeignKey,
    Index,
    IndexPart,
    PrimaryKey,
    RenameConstraint,
    RenameEnumValue,
    RenameIndex,
    SqlType,
    TableName,
    Unique,
    ValidateConstraint,
)
from migrate_guard.schema import EnumType, Schema, empty_schema
from tests.schema.build import ORDERS, SPAN, SQL, USERS, run, shop, table_of

STATE = TableName("state")


def _add(schema: Schema, constraint: Constraint) -> Schema:
    return run(schema, AddConstraint(span=SPAN, table=USERS, constraint=constraint))


def _names(schema: Schema, table: TableName = USERS) -> set[object]:
    return {c.name for c in table_of(schema, table).constraints}


def test_a_constraint_is_dropped_by_its_chosen_name() -> None:
    schema = run(shop(), DropConstraint(span=SPAN, table=USERS, name="users_email_key", kind="unique"))
    assert _names(schema) == {"users_pkey"}
    assert table_of(schema).known


def test_dropping_a_key_keeps_not_null() -> None:
    schema = run(shop(), DropConstraint(span=SPAN, table=USERS, name="users_pkey"))
    assert table_of(schema).columns["id"].nullable is False


def test_cascade_takes_the_keys_that_point_to_it_along() -> None:
    drop = DropConstraint(span=SPAN, table=USERS, name="users_pkey", cascade=True)
    assert not table_of(run(shop(), drop), ORDERS).foreign_keys


@pytest.mark.parametrize("name", [None, UNKNOWN])
def test_a_constraint_without_a_name_leaves_a_doubt(name: None) -> None:
    schema = run(shop(), DropConstraint(span=SPAN, table=USERS, name=name))
    assert not table_of(schema).certain
    assert table_of(schema, ORDERS).certain
    assert len(table_of(schema).constraints) == 2


def test_a_naming_convention_tells_nameless_constraints_apart() -> None:
    schema = _add(shop("sqlite"), Unique(None, ("name",)))
    batch = BatchContext(USERS, 1, naming_convention=UNKNOWN)
    drop = DropConstraint(span=SPAN, table=USERS, name="uq_users_email", kind="unique", batch=batch)
    assert [u.columns for u in table_of(run(schema, drop)).uniques] == [("name",)]
    plain = DropConstraint(span=SPAN, table=USERS, name="uq_users_email", kind="unique")
    assert len(table_of(run(schema, plain)).uniques) == 2
    vague = DropConstraint(span=SPAN, table=USERS, name="uq_1", kind="unique", batch=batch)
    assert not table_of(run(schema, vague)).certain


def test_an_undecidable_name_may_be_the_one_that_is_dropped() -> None:
    schema = _add(shop(), Check(UNKNOWN, "true"))
    drop = DropConstraint(span=SPAN, table=USERS, name="ck_x", kind="check")
    assert not table_of(run(schema, drop)).checks


def test_mysql_drops_a_unique_either_way() -> None:
    schema = shop("mysql")
    assert not table_of(run(schema, DropIndex(span=SPAN, name="email", table=USERS))).uniques
    index = CreateIndex(span=SPAN, index=Index("u", USERS, (IndexPart("name"),), unique=True))
    drop = DropConstraint(span=SPAN, table=USERS, name="u", kind="unique")
    assert not table_of(run(schema, index, drop)).indexes


def test_a_dropped_not_null_constraint_of_postgresql_18() -> None:
    drop = DropConstraint(span=SPAN, table=ORDERS, name="orders_id_not_null")
    assert table_of(run(shop(), drop), ORDERS).columns["id"].nullable is True


def test_validation() -> None:
    schema = _add(shop(), Check("ck", "name is not null", validated=False))
    assert [c.validated for c in table_of(schema).checks] == [False]
    schema = run(schema, ValidateConstraint(span=SPAN, table=USERS, name="ck"))
    assert [c.validated for c in table_of(schema).checks] == [True]
    schema = _add(schema, Check("nn", "", validated=False, not_null="name"))
    assert table_of(schema).columns["name"].nullable is True
    schema = run(schema, ValidateConstraint(span=SPAN, table=USERS, name="nn"))
    assert table_of(schema).columns["name"].nullable is False


def test_renamed_constraints_and_deferrability() -> None:
    schema = run(
        shop(),
        RenameConstraint(span=SPAN, table=ORDERS, name="orders_user_id_fkey", to="fk"),
        AlterConstraint(span=SPAN, table=ORDERS, name="fk", detail="DEFERRABLE INITIALLY DEFERRED"),
    )
    assert [(k.name, k.deferrable) for k in table_of(schema, ORDERS).foreign_keys] == [("fk", True)]
    back = AlterConstraint(span=SPAN, table=ORDERS, name="fk", detail="NOT DEFERRABLE")
    assert [k.deferrable for k in table_of(run(schema, back), ORDERS).foreign_keys] == [False]


def test_an_index_becomes_a_constraint() -> None:
    index = CreateIndex(span=SPAN, index=Index("ix", USERS, (IndexPart("name"),), unique=True))
    schema = _add(run(shop(), index), Unique("uq", UNKNOWN, using_index="ix"))
    assert not table_of(schema).indexes
    assert table_of(schema).constraint("uq") == Unique("uq", ("name",), using_index="ix")


def test_unnamed_checks_and_excludes() -> None:
    schema = _add(
        _add(_add(shop(), Check(None, "id > 0")), Check(None, "length(name) > id")), Check(None, "id < 9")
    )
    assert {c.name for c in table_of(schema).checks} == {"users_id_check", "users_check", "users_id_check1"}
    schema = _add(schema, Exclude(None, "USING gist (name WITH =)"))
    assert [e.name for e in table_of(schema).excludes] == ["users_name_excl"]
    schema = _add(schema, Check(None, UNKNOWN))
    assert UNKNOWN in {c.name for c in table_of(schema).checks}


def test_a_key_points_to_the_primary_key_by_default() -> None:
    schema = run(shop(), AddConstraint(span=SPAN, table=ORDERS, constraint=ForeignKey("k", ("id",), USERS)))
    key = table_of(schema, ORDERS).constraint("k")
    assert isinstance(key, ForeignKey)
    assert key.target_columns == ("id",)


def test_unknown_columns_are_kept_as_unknown() -> None:
    schema = _add(shop(), Unique("u", UNKNOWN))
    assert table_of(schema).constraint("u") == Unique("u", UNKNOWN)
    assert UNKNOWN in _names(_add(shop(), Unique(None, UNKNOWN)))


def test_unnamed_indexes_of_raw_sql() -> None:
    def create(*parts: IndexPart, unique: bool = False) -> CreateIndex:
        return CreateIndex(span=SPAN, index=Index(None, USERS, parts, unique=unique), sql=SQL)

    schema = run(
        shop(),
        create(IndexPart("name"), IndexPart("id")),
        create(IndexPart("name"), IndexPart("id")),
        create(IndexPart(expression="lower(name)")),
        create(IndexPart(expression="(a || b)")),
    )
    names = [i.name for i in table_of(schema).indexes]
    assert names == ["users_name_id_idx", "users_name_id_idx1", "users_lower_idx", UNKNOWN]


@pytest.mark.parametrize("dialect", ["postgresql", "sqlite"])
def test_an_index_is_found_without_its_table(dialect: DialectName) -> None:
    created = CreateIndex(span=SPAN, index=Index("ix", USERS, (IndexPart("name"),)))
    schema = run(shop(dialect), created)
    assert schema.table_of_index("ix") == table_of(schema)
    assert not table_of(run(schema, DropIndex(span=SPAN, name="ix"))).indexes
    renamed = run(schema, RenameIndex(span=SPAN, name="ix", to="iy"))
    assert [i.name for i in table_of(renamed).indexes] == ["iy"]
    assert renamed.table_of_index("ix") is None


def test_an_index_name_belongs_to_one_table() -> None:
    created = CreateIndex(span=SPAN, index=Index("ix", USERS, (IndexPart("name"),)), if_not_exists=True)
    other = CreateIndex(span=SPAN, index=Index("ix", ORDERS, (IndexPart("id"),)), if_not_exists=True)
    assert not table_of(run(shop(), created, other), ORDERS).indexes
    assert len(table_of(run(shop("mysql"), created, other), ORDERS).indexes) == 2


def test_an_index_without_a_known_name_leaves_a_doubt() -> None:
    schema = run(shop(), DropIndex(span=SPAN, name=UNKNOWN, table=USERS))
    assert not table_of(schema).certain
    everywhere = run(shop(), DropIndex(span=SPAN, name=UNKNOWN))
    assert not table_of(everywhere, ORDERS).certain


def test_renaming_the_index_of_a_constraint_renames_the_constraint() -> None:
    schema = run(shop(), RenameIndex(span=SPAN, name="users_email_key", to="uq"))
    assert _names(schema) == {"users_pkey", "uq"}


def _with_enum() -> Schema:
    kind = SqlType("ENUM", enum=STATE, labels=("a", "b"))
    added = AddColumn(span=SPAN, table=USERS, column=Column("state", kind))
    return run(shop(), CreateEnum(span=SPAN, name=STATE, labels=("a", "b")), added)


def _labels(schema: Schema) -> object:
    kind = table_of(schema).columns["state"].type
    enum = schema.enum(STATE)
    assert isinstance(kind, SqlType)
    assert isinstance(enum, EnumType)
    assert kind.labels == enum.labels
    return enum.labels


def test_enum_labels_change_in_the_type_and_in_its_columns() -> None:
    schema = run(
        _with_enum(),
        AddEnumValue(span=SPAN, name=STATE, value="z"),
        AddEnumValue(span=SPAN, name=STATE, value="m", before="b"),
        AddEnumValue(span=SPAN, name=STATE, value="n", after="m"),
        AddEnumValue(span=SPAN, name=STATE, value="z", if_not_exists=True),
        RenameEnumValue(span=SPAN, name=STATE, value="a", to="first"),
    )
    assert _labels(schema) == ("first", "m", "n", "b", "z")


@pytest.mark.parametrize("quoted", [True, False])
def test_a_default_follows_the_renamed_label(quoted: bool) -> None:
    default = AlterColumn(span=SPAN, table=USERS, column="state", default=Default("'a'", quoted=quoted))
    renamed = RenameEnumValue(span=SPAN, name=STATE, value="a", to="it's")

    column = table_of(run(_with_enum(), default, renamed)).columns["state"]
    assert column.default == Default("'it''s'", quoted=quoted)


def test_a_renamed_enum_type_stays_the_type_of_its_columns() -> None:
    old = TableName("state_old")
    schema = run(_with_enum(), AlterObject(span=SPAN, kind="type", name=STATE, to=old))
    kind = table_of(schema).columns["state"].type
    assert isinstance(kind, SqlType)
    assert kind.enum == old
    assert schema.enum(STATE) is None
    assert schema.linked("enum", old) == (USERS,)


def test_dropping_an_enum_type() -> None:
    kept = run(_with_enum(), DropEnum(span=SPAN, name=STATE))
    assert kept.enum(STATE) is None
    raw = run(_with_enum(), DropObject(span=SPAN, kind="type", name=STATE, cascade=True))
    assert raw.enum(STATE) is None
    assert "state" not in table_of(raw).columns


def test_a_table_brings_its_enum_types_along_through_sqlalchemy_only() -> None:
    kind = SqlType("ENUM", enum=STATE, labels=("a",))
    table = CreateTable(span=SPAN, table=USERS, columns=(Column("s", kind),))
    assert run(empty_schema("postgresql"), table).enum(STATE) is not None
    assert run(empty_schema("mysql"), table).enum(STATE) is None
    raw = CreateTable(span=SPAN, table=USERS, columns=(Column("s", kind),), sql=SQL)
    assert run(empty_schema("postgresql"), raw).enum(STATE) is None


def _view(name: str, *uses: TableName) -> CreateObject:
    return CreateObject(span=SPAN, kind="view", name=TableName(name), uses=uses)


def test_views_go_with_cascade_at_every_depth() -> None:
    schema = run(shop(), _view("v", USERS), _view("w", TableName("v")), _view("x", ORDERS))
    left = run(schema, DropTable(span=SPAN, table=USERS, cascade=True))
    assert [key[1].name for key in left.objects if key[0] == "view"] == ["x"]
    assert len(run(schema, DropTable(span=SPAN, table=USERS)).objects) == len(schema.objects) - 1


def test_triggers_belong_to_their_table() -> None:
    def trigger(table: TableName) -> CreateObject:
        return CreateObject(span=SPAN, kind="trigger", name=TableName("audit"), table=table)

    schema = run(shop(), trigger(USERS), trigger(ORDERS), DropTable(span=SPAN, table=ORDERS))
    assert schema.object("trigger", TableName("audit"), USERS) is not None
    assert schema.object("trigger", TableName("audit"), ORDERS) is None
    drop = DropObject(span=SPAN, kind="trigger", name=TableName("audit"), table=USERS)
    assert run(schema, drop).object("trigger", TableName("audit"), USERS) is None


def test_what_a_cascade_takes_along_unseen_is_a_doubt() -> None:
    drop = DropObject(span=SPAN, kind="domain", name=TableName("d"), cascade=True)
    assert not table_of(run(shop(), drop)).certain
    assert table_of(run(shop(), DropObject(span=SPAN, kind="domain", name=TableName("d")))).certain


def test_a_batch_on_sqlite_loses_nameless_checks_once() -> None:
    schema = _add(_add(shop("sqlite"), Check(None, "id > 0")), Check("ck", "id < 9"))
    batch = BatchContext(USERS, 3)
    alter = AlterColumn(span=SPAN, table=USERS, column="name", nullable=False, batch=batch)
    assert [c.name for c in table_of(run(schema, alter)).checks] == ["ck"]
    index = CreateIndex(span=SPAN, index=Index("i", USERS, (IndexPart("name"),)), batch=batch)
    assert len(table_of(run(schema, index)).checks) == 2
    added = AddConstraint(span=SPAN, table=USERS, constraint=Check(None, "id > 1"), batch=batch)
    assert [c.sql for c in table_of(run(schema, added, alter)).checks] == ["id < 9", "id > 1"]


def test_one_primary_key_at_most() -> None:
    schema = _add(shop("sqlite"), PrimaryKey("pk", ("name",)))
    keys = [c for c in table_of(schema).constraints if isinstance(c, PrimaryKey)]
    assert keys == [PrimaryKey("pk", ("name",))]
    assert table_of(schema).columns["name"].nullable is True
    assert table_of(_add(shop(), PrimaryKey("pk", ("name",)))).columns["name"].nullable is False


def test_a_batch_that_copies_from_what_could_not_be_read_leaves_a_doubt() -> None:
    batch = BatchContext(USERS, 1, copy_from=UNKNOWN)
    drop = DropColumn(span=SPAN, table=USERS, column="name", batch=batch)
    assert not table_of(run(shop("sqlite"), drop)).certain
    assert table_of(run(shop(), drop)).certain
