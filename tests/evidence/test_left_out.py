"""A table that is not compared with the models is named, never passed over."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.evidence.projects import Project, compare, models_module

COLUMNS = 'sa.Column("id", sa.Integer(), primary_key=True), sa.Column("o", sa.Integer())'
TABLE = f'sa.Table("t", metadata, {COLUMNS})'
MADE = f'op.create_table("t", {COLUMNS})'
UNREAD = "for row in op.get_bind().execute(sa.text('SELECT name FROM s')):\n    op.execute(row.name)"
OPEN_KEY = MADE + '\nimport os\nop.create_unique_constraint("u", "t", [os.environ["COLUMN"]])'


@pytest.mark.parametrize(
    ("upgrade", "expected"),
    [
        (MADE, None),
        (f"{MADE}\n{UNREAD}", ""),
        (UNREAD, "something that could not be read may create it"),
        (OPEN_KEY, "not all is known of its constraints and indexes: unique"),
    ],
)
def test_what_is_not_compared_is_named(upgrade: str, expected: str | None, tmp_path: Path) -> None:
    Project("postgresql", models_module(TABLE), upgrade).write(tmp_path)

    (found,) = compare(tmp_path)

    assert found.differences == ()
    assert [str(one.table) for one in found.left_out] == ([] if expected is None else ["t"])
    assert all((expected or "") in one.reason for one in found.left_out)


@pytest.mark.parametrize(
    ("models", "made", "expected"),
    [
        ('deferrable=True, initially="DEFERRED"', "deferrable=True", ["fk"]),
        ('deferrable=True, initially="DEFERRED"', 'deferrable=True, initially="DEFERRED"', ["fk"]),
        ("deferrable=True", "deferrable=True", []),
        ('ondelete="NO ACTION"', "", []),
    ],
)
def test_a_deferred_foreign_key_is_compared_in_part(
    models: str, made: str, expected: list[str], tmp_path: Path
) -> None:
    """Autogenerate sees whether it is INITIALLY DEFERRED, the replay does not."""
    key = 'sa.Table("t", metadata, {}, sa.ForeignKeyConstraint(["o"], ["t.id"], name="fk", {}))'
    upgrade = f'{MADE}\nop.create_foreign_key("fk", "t", "t", ["o"], ["id"], {made})'
    Project("postgresql", models_module(key.format(COLUMNS, models)), upgrade).write(tmp_path)

    (found,) = compare(tmp_path)

    assert found.differences == ()
    assert [one.reason.rpartition(": ")[2] for one in found.left_out] == expected


NUMBERED = (
    'sa.Table("{}", metadata, sa.Column("id", sa.Integer(), sa.Sequence("{}_numbers"), primary_key=True))'
)
KIND = 'sa.Table("{}", metadata, sa.Column("k", sa.Enum("a", "b", name="{}_kind")))'
HIDES = 'include_object=lambda o, name, kind, reflected, other: name != "u"'


@pytest.mark.parametrize(
    ("form", "options", "upgrade", "expected"),
    [
        (
            NUMBERED,
            "",
            'op.create_table("u", sa.Column("id", sa.Integer(), primary_key=True))',
            ["u_numbers"],
        ),
        (NUMBERED, "", 'op.create_index("ix", "u", ["id"])', []),
        (NUMBERED, HIDES, "", []),
        (KIND, "", "", ["u_kind"]),
        (KIND, HIDES, "", []),
    ],
)
def test_what_belongs_to_a_table_of_others_is_theirs(
    form: str, options: str, upgrade: str, expected: list[str], tmp_path: Path
) -> None:
    """Sequences and enums of a table that the migrations do not make, or the project leaves out."""
    tables = f"{TABLE}\n{form.format('u', 'u')}"
    Project("postgresql", models_module(tables), f"{MADE}\n{upgrade}", options).write(tmp_path)

    (found,) = compare(tmp_path)

    assert [one.name for one in found.differences if one.kind in ("sequence", "enum")] == expected


@pytest.mark.parametrize(
    ("options", "schema", "expected"),
    [
        ("", "", ["s", "t"]),
        ('include_name=lambda name, kind, parents: name != "s"', "", ["t"]),
        ("", "own", ["t"]),
        ("include_schemas=True", "own", ["own.s", "t"]),
    ],
)
def test_a_table_that_only_the_migrations_have_is_named_too(
    options: str, schema: str, expected: list[str], tmp_path: Path
) -> None:
    """Autogenerate would drop it, unless the project's options keep it from looking there."""
    given = f', schema="{schema}"' if schema else ""
    upgrade = f'{MADE}\nop.create_table("s", sa.Column("id", sa.Integer()){given})\n{UNREAD}'
    Project("postgresql", models_module(TABLE), upgrade, options).write(tmp_path)

    (found,) = compare(tmp_path)

    assert [str(one.table) for one in found.left_out] == expected
