"""The table of a declarative class in a revision: columns of mixins, and what a base may hide."""

from __future__ import annotations

import textwrap

import pytest

from migrate_guard.operations import Insert, TableName
from migrate_guard.schema import Table
from tests.evaluate.running import run

MODELS = """
from elsewhere import Unseen
from flask_appbuilder.models.mixins import AuditMixin
from sqlalchemy.orm import declarative_base, declared_attr, relationship
Base = declarative_base()
class Changed({base}):
    created_on = sa.Column(sa.DateTime)
    changed_on = sa.Column(sa.DateTime)
    @declared_attr
    def created_by_fk(cls):
        return sa.Column(sa.Integer, sa.ForeignKey("users.id"))
    @declared_attr
    def changed_by_fk(cls):
        return sa.Column(sa.Integer, sa.ForeignKey("users.id"))
class Tag(Base, Changed):
    __tablename__ = "tags"
    id = sa.Column(sa.Integer, primary_key=True)
    {attribute}
def upgrade():
    Tag.__table__.create(op.get_bind())
"""


def _created(base: str, attribute: str = "") -> Table:
    found = run(textwrap.dedent(MODELS.format(base=base, attribute=attribute)))
    table = found.after.table(TableName("tags"))
    assert table is not None
    return table


@pytest.mark.parametrize("base", ["", "object", "AuditMixin"])
def test_a_mixin_gives_its_columns_those_of_declared_attr_too(base: str) -> None:
    table = _created(base)
    assert table.certain
    assert list(table.columns) == ["created_on", "changed_on", "created_by_fk", "changed_by_fk", "id"]
    assert [key.name for key in table.foreign_keys] == ["tags_created_by_fk_fkey", "tags_changed_by_fk_fkey"]


def test_a_base_that_cannot_be_seen_may_add_columns_however_far_up_it_is() -> None:
    assert not _created("Unseen").certain


def test_a_declared_attribute_that_cannot_be_read_may_be_a_column() -> None:
    unread = "@declared_attr\n    def extra(cls):\n        return Unseen.column(cls)"
    assert not _created("object", unread).certain


def test_a_relationship_is_no_column() -> None:
    assert _created("object", 'user = relationship("User")').certain


def test_a_relationship_is_nothing_that_a_row_has_and_a_column_goes_by_its_own_name() -> None:
    found = run(
        """
        from sqlalchemy.orm import Session, declarative_base, relationship
        Base = declarative_base()
        class Grant(Base):
            __tablename__ = "grants"
            id = sa.Column(sa.Integer, primary_key=True)
            role_id = sa.Column("role", sa.Integer, sa.ForeignKey("roles.id"))
            role = relationship("Role")
        def upgrade():
            Session(bind=op.get_bind()).add(Grant(id=1, role_id=2, role=None))
        """
    )
    (insert,) = (t.operation for t in found.transitions if isinstance(t.operation, Insert))
    assert insert.columns == ("id", "role")
