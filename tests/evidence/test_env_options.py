"""What `env.py` gives to Alembic decides in the comparison as it does for autogenerate."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.evidence.projects import Project, compare, models_module, shown

COLUMNS = 'sa.Column("id", sa.Integer, primary_key=True)'
MADE = 'op.create_table("t", sa.Column("id", sa.Integer(), primary_key=True))'
MADE_TOO = '\nop.create_table("u", sa.Column("id", sa.Integer(), primary_key=True))'
BOTH = models_module(f'sa.Table("t", metadata, {COLUMNS})\nsa.Table("u", metadata, {COLUMNS})')


def _said(root: Path, models: str, upgrade: str, options: str, dialect: str = "postgresql") -> list[str]:
    Project(dialect, models, upgrade, options).write(root)
    (found,) = compare(root, dialect)
    return [shown(one) for one in found.differences]


def test_several_metadatas(tmp_path: Path) -> None:
    more = f'\nother = sa.MetaData()\nsa.Table("u", other, {COLUMNS})\nsa.Table("v", other, {COLUMNS})\n'
    models = models_module(f'sa.Table("t", metadata, {COLUMNS})') + more
    Project("postgresql", models, MADE + MADE_TOO).write(tmp_path)
    env = tmp_path / "migrations" / "env.py"
    text = env.read_text(encoding="utf-8")
    env.write_text(text.replace("=models.metadata", "=[models.metadata, models.other]"), encoding="utf-8")

    (found,) = compare(tmp_path, "postgresql")

    assert [shown(one) for one in found.differences] == ["table v: only in the models"]


@pytest.mark.parametrize(
    ("options", "expected"), [("", []), ("include_schemas=True", ["table s.w: only in the history"])]
)
def test_schemas_are_looked_at_where_they_are_included(
    options: str, expected: list[str], tmp_path: Path
) -> None:
    """Without it, autogenerate does not see what only the database has in another schema."""
    made = f'{MADE}\nop.create_table("w", sa.Column("id", sa.Integer(), primary_key=True), schema="s")'
    models = models_module(f'sa.Table("t", metadata, {COLUMNS})')

    assert _said(tmp_path, models, made, options) == expected


FILTERS = {
    "include_object by table": 'include_object=lambda o, name, kind, reflected, other: name != "u"',
    "include_object by kind": 'include_object=lambda o, name, kind, reflected, other: kind != "table"',
}


@pytest.mark.parametrize("name", FILTERS)
def test_objects_that_are_left_out(name: str, tmp_path: Path) -> None:
    assert _said(tmp_path, BOTH, MADE, FILTERS[name]) == []


def test_names_that_are_left_out(tmp_path: Path) -> None:
    """`include_name` is asked about what the database has."""
    made = f'{MADE}\nop.create_table("legacy", sa.Column("id", sa.Integer(), primary_key=True))'
    models = models_module(f'sa.Table("t", metadata, {COLUMNS})')
    option = 'include_name=lambda name, kind, parents: kind != "table" or name != "legacy"'

    assert _said(tmp_path, models, made, option) == []


def test_render_item_writes_the_offered_lines(tmp_path: Path) -> None:
    models = models_module(f'sa.Table("t", metadata, {COLUMNS}, sa.Column("m", sa.Numeric(9, 2)))')
    option = (
        "render_item=lambda kind, thing, autogenerate: "
        '"Money()" if kind == "type" and getattr(thing, "scale", None) else False'
    )
    Project("postgresql", models, MADE, option).write(tmp_path)

    (found,) = compare(tmp_path, "postgresql")

    (one,) = found.differences
    assert one.code == ("op.add_column('t', sa.Column('m', Money(), nullable=True))",)
