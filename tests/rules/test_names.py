"""What rules say of names that a naming convention of the project gives, or may give."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrate_guard.check import check
from migrate_guard.config import Config
from migrate_guard.dialect import parse_dialect
from tests.project.trees import alembic_project, write_files

RULES = {"object-missing", "object-exists"}
CREATE = (
    'op.create_table("t", sa.Column("a", sa.Integer(), index=True), sa.CheckConstraint("a > 0", name="pos"))'
)
METADATA = (
    'target_metadata = MetaData(naming_convention={"ck": "ck_%(table_name)s_%(constraint_name)s", '
    '"ix": "idx_%(column_0_label)s"})'
)
ENV_PY = """
from alembic import context
from sqlalchemy import MetaData
{metadata}
context.configure(connection=None, target_metadata=target_metadata)
"""
KNOWN = {
    "none": "target_metadata = None",
    "known": METADATA,
    "unseen": "from elsewhere import target_metadata",
}
REVISION = """
import sqlalchemy as sa
from alembic import op
revision, down_revision = {revision!r}, {down!r}


def upgrade():
    {code}
"""


def said(root: Path, metadata: str, code: str) -> list[str]:
    """Return what the rules say of the second revision."""
    alembic_project(root, "a1")
    versions = root / "migrations" / "versions"
    (versions / "a1_.py").unlink()
    write_files(root, {"migrations/env.py": ENV_PY.format(metadata=metadata)})
    (versions / "a1.py").write_text(REVISION.format(revision="a1", down=None, code=CREATE), encoding="utf-8")
    (versions / "b2.py").write_text(REVISION.format(revision="b2", down="a1", code=code), encoding="utf-8")
    judgement = check(Config(root=root, dialects=(parse_dialect("postgresql"),)))
    return [one.message for one in judgement.findings if one.rule in RULES]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        # What the convention does to a name, it does to the same name again.
        ('op.drop_constraint("pos", "t", type_="check")', {"none": False, "known": False}),
        ('op.drop_constraint("pos", "t")', {"none": False, "known": True}),
        ('op.drop_constraint("ck_t_pos", "t")', {"none": True, "known": False}),
        ('op.drop_constraint(op.f("ck_t_pos"), "t", type_="check")', {"none": True, "known": False}),
        ('op.drop_constraint("ck_t_pos", "t", type_="check")', {"none": True, "known": True}),
        ('op.drop_index("ix_t_a", table_name="t")', {"none": False, "known": True}),
        ('op.drop_index("idx_t_a", table_name="t")', {"none": True, "known": False}),
        ('op.create_check_constraint("pos", "t", "a > 1")', {"none": True, "known": True}),
        ('op.create_check_constraint(op.f("pos"), "t", "a > 1")', {"none": True, "known": False}),
        ('op.create_check_constraint(op.f("ck_t_pos"), "t", "a > 1")', {"none": False, "known": True}),
        ('op.create_index("ix_t_a", "t", ["a"])', {"none": True, "known": False}),
        ('op.create_index("idx_t_a", "t", ["a"])', {"none": False, "known": True}),
        ('op.create_index(None, "t", ["a"])', {"none": True, "known": True}),
    ],
)
def test_names_as_the_convention_gives_them(code: str, expected: dict[str, bool], tmp_path: Path) -> None:
    for name, speaks in {**expected, "unseen": False}.items():
        found = said(tmp_path / name, KNOWN[name], code)
        assert bool(found) is speaks, (name, found)
