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
