"""Put names and SQL together."""

from string import Template
from textwrap import dedent

import sqlalchemy as sa
from alembic import op

revision = "texts"
down_revision = "aliases"


TABLE = "customers"
PREFIX = "ix_" + TABLE
COLUMNS = ["email", "full_name"]


def upgrade() -> None:
    name = f"{PREFIX}_{'_'.join(COLUMNS)}"
    op.create_index(name, TABLE, COLUMNS)
    op.execute("ALTER TABLE %s ADD COLUMN %s INTEGER" % (TABLE, "t1"))  # noqa: UP031  # as real scripts do
    op.execute("ALTER TABLE {table} ADD COLUMN {0} INTEGER".format("t2", table=TABLE))
    op.execute(
        dedent(
            f"""
            ALTER TABLE {TABLE}
            ADD COLUMN t3 VARCHAR({10 * 4})
            """
        )
    )
    op.execute(Template("UPDATE $table SET t1 = 1").substitute(table=TABLE))
    op.execute(sa.text("DELETE FROM " + TABLE.lower() + " WHERE t2 IS NULL"))
    op.drop_index(index_name=f"{PREFIX:s}_" + "_".join(c.strip() for c in COLUMNS), table_name=TABLE)
