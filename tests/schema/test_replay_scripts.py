"""Scripts replayed: each the shortest form of a random history that a database had otherwise."""

from __future__ import annotations

from migrate_guard.operations import Index, IndexPart, SqlType, TableName, Unknown
from migrate_guard.schema import Table
from tests.evaluate.running import body

LONG = "a_column_with_a_name_that_is_longer_than_what_postgresql_keeps_of_one"
KEPT = LONG[:63]


def table(script: str, dialect: str = "sqlite", name: str = "t") -> Table:
    """Return a table after a script."""
    found = body(script, dialect=dialect).after.table(TableName(name))
    assert found is not None
    assert found.known
    return found


def keys(index: Index) -> tuple[IndexPart, ...]:
    """Return the keys of an index, which must be known."""
    assert not isinstance(index.parts, Unknown)
    return index.parts


def test_a_check_of_an_added_column_makes_no_batch_copy_the_table() -> None:
    found = table(
        """
        op.create_table("t", sa.Column("a", sa.Integer()), sa.CheckConstraint("a > 0"))
        with op.batch_alter_table("t") as batch:
            batch.add_column(sa.Column("b", sa.Integer(), sa.CheckConstraint("b > 0", name="positive")))
        """
    )
    assert [check.name for check in found.checks] == [None, "positive"]


def test_a_copy_leaves_the_texts_of_checks_and_what_refers_to_a_renamed_column() -> None:
    script = """
        op.create_table("t", sa.Column("A", sa.Integer(), primary_key=True), sa.Column("b", sa.Integer()),
            sa.CheckConstraint('"A" > 0', name="positive"),
            sa.ForeignKeyConstraint(["b"], ["t.A"], name="own"))
        op.create_index("ix", "t", ["A"])
        with op.batch_alter_table("t", recreate="{}") as batch:
            batch.alter_column("A", new_column_name="c")
        """
    copied = table(script.format("always"))
    assert list(copied.columns) == ["c", "b"]
    assert [check.sql for check in copied.checks] == ['"A" > 0']
    assert [key.target_columns for key in copied.foreign_keys] == [("A",)]
    assert [index.columns for index in copied.indexes] == [("c",)]
    altered = table(script.format("never"))
    assert [check.sql for check in altered.checks] == ['"c" > 0']
    assert [key.target_columns for key in altered.foreign_keys] == [("c",)]


def test_a_copy_makes_the_index_of_an_added_column_twice() -> None:
    script = """
        op.create_table("t", sa.Column("a", sa.Integer()))
        with op.batch_alter_table("t") as batch:
            {}
            batch.add_column(sa.Column("b", sa.Integer(), index=True))
            {}
        """
    alter = 'batch.alter_column("a", nullable=False)'
    for first, last in ((alter, ""), ("", alter)):
        names = [index.name for index in table(script.format(first, last)).indexes]
        assert sorted(map(str, names)) == ["ix__alembic_tmp_t_b", "ix_t_b"]
    assert [index.name for index in table(script.format("", "")).indexes] == ["ix_t_b"]


def test_a_key_of_sqlite_implies_no_not_null() -> None:
    found = table(
        """
        op.create_table("t", sa.Column("id", sa.Integer(), nullable=True), sa.PrimaryKeyConstraint("id"))
        with op.batch_alter_table("t") as batch:
            batch.alter_column("id", type_=sa.BigInteger())
        """
    )
    assert found.columns["id"].nullable is True
    on_server = table('op.execute("CREATE TABLE t (id int PRIMARY KEY)")', "postgresql")
    assert on_server.columns["id"].nullable is False


def test_a_quoted_name_with_a_space_is_a_key_of_an_index() -> None:
    found = table(
        """
        op.create_table("t", sa.Column("two words", sa.Integer()), sa.Column('a"b', sa.Integer()))
        op.create_index("ix", "t", [sa.text('"two words" DESC NULLS  LAST'), sa.text('"a""b"')])
        op.create_index("iy", "t", [sa.text('"two words" + 1 DESC')])
        """
    )
    parts = [(part.column, part.expression, part.sort) for index in found.indexes for part in keys(index)]
    assert parts == [
        ("two words", None, "DESC NULLS LAST"),
        ('a"b', None, ""),
        (None, '"two words" + 1', "DESC"),
    ]


def test_long_names_are_cut_in_checks_and_indexes_too() -> None:
    found = table(
        f"""
        op.create_table("t", sa.Column("{LONG}", sa.Integer()), sa.Column("b", sa.Integer()),
            sa.CheckConstraint("{LONG} > 0"))
        op.create_index("ix", "t", ["{LONG}"], postgresql_where=sa.text("{LONG} > 1"))
        op.create_index("iy", "t", ["b"], postgresql_include=["{LONG}"])
        op.execute('CREATE INDEX iz ON t ((abs({LONG})))')
        """,
        "postgresql",
    )
    assert [check.sql for check in found.checks] == [f"{KEPT} > 0"]
    assert found.checks[0].name == f"t_{LONG[:55]}_check"
    first, second, third = found.indexes
    assert (first.columns, first.where) == ((KEPT,), f"{KEPT} > 1")
    assert second.include == (KEPT,)
    assert [part.expression for part in keys(third)] == [f"(abs({KEPT}))"]


def test_a_check_takes_its_name_before_the_keys_of_its_table() -> None:
    found = table(
        'op.execute("CREATE TABLE t (a int PRIMARY KEY, b int CONSTRAINT t_pkey CHECK (b > 0))")',
        "postgresql",
    )
    assert [one.name for one in found.constraints] == ["t_pkey", "t_pkey1"]


def test_the_type_of_a_column_may_be_an_enum_in_quotes() -> None:
    found = table(
        """
        op.execute('''CREATE TYPE "Two Words" AS ENUM ('x')''')
        op.execute("CREATE TYPE Mood AS ENUM ('y')")
        op.execute('CREATE TABLE t (a "Two Words", b "public"."Two Words"[], c MOOD)')
        """,
        "postgresql",
    )
    kinds = [column.type for column in found.columns.values()]
    items = [kind.item or kind for kind in kinds if isinstance(kind, SqlType)]
    assert [kind.enum for kind in items] == [
        TableName("Two Words"),
        TableName("Two Words"),
        TableName("mood"),
    ]


def test_a_name_with_a_space_is_quoted_where_it_comes_into_a_text() -> None:
    found = table(
        """
        op.execute("CREATE TABLE t (a int, CONSTRAINT c CHECK (a > 0))")
        op.execute('ALTER TABLE t RENAME COLUMN a TO "two words"')
        """,
        "postgresql",
    )
    assert [check.sql for check in found.checks] == ['"two words" > 0']


def test_a_foreign_key_rests_on_the_oldest_key_of_its_columns() -> None:
    script = """
        op.execute("CREATE TABLE t (id int PRIMARY KEY)")
        op.execute("ALTER TABLE t ADD CONSTRAINT one UNIQUE (id)")
        op.execute("CREATE TABLE u (a int CONSTRAINT own REFERENCES t (id))")
        op.execute("ALTER TABLE t DROP CONSTRAINT {} CASCADE")
        """
    assert [key.name for key in table(script.format("one"), "postgresql", "u").foreign_keys] == ["own"]
    assert not table(script.format("t_pkey"), "postgresql", "u").foreign_keys


def test_it_is_not_known_whether_a_foreign_key_rests_on_an_index() -> None:
    found = body(
        """
        op.execute("CREATE TABLE t (id int UNIQUE)")
        op.execute("CREATE UNIQUE INDEX ix ON t (id)")
        op.execute("CREATE TABLE u (a int CONSTRAINT own REFERENCES t (id))")
        op.execute("ALTER TABLE t DROP CONSTRAINT t_id_key CASCADE")
        """
    ).after.table(TableName("u"))
    assert found is not None
    assert not found.certain
    assert [key.name for key in found.foreign_keys] == ["own"]


def test_a_column_that_a_sequence_fills_may_become_nullable() -> None:
    script = """
        op.create_table("t", sa.Column("id", sa.Integer(), primary_key=True))
        op.drop_constraint("t_pkey", "t")
        {}
        """
    column = table(script.format('op.alter_column("t", "id", nullable=True)'), "postgresql").columns["id"]
    assert (column.nullable, column.serial) == (True, True)
    column = table(script.format('op.alter_column("t", "id", comment="x")'), "postgresql").columns["id"]
    assert column.nullable is False


def test_a_copy_keeps_a_check_whose_column_is_dropped() -> None:
    script = """
        op.create_table("t", sa.Column("two words", sa.Integer()), sa.Column("b", sa.Integer()),
            sa.CheckConstraint('"two words" > 0', name="positive"))
        with op.batch_alter_table("t") as batch:
            batch.drop_column("two words")
        """
    assert [check.name for check in table(script).checks] == ["positive"]
    assert not table(script, "postgresql").checks
