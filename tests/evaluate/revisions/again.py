"""Run another revision's functions."""

import importlib

from alembic import op

from tests.evaluate.revisions import helpers

revision = "again"
down_revision = "collected"


modern = importlib.import_module("tests.evaluate.revisions.modern")


def upgrade() -> None:
    op.drop_column("customers", modern.WANTED[2].name)
    helpers.add("customers", "again", nullable=True)
    op.create_index(helpers.index_name("customers", "again"), "customers", ["again"])
