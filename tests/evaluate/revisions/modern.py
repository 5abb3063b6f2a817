"""Use newer syntax."""

from dataclasses import dataclass

import sqlalchemy as sa
from alembic import op

revision = "modern"
down_revision = "types"


@dataclass
class Wanted:
    name: str
    size: int = 10
    nullable: bool = True

    def column(self) -> sa.Column[str]:
        return sa.Column(self.name, sa.String(self.size), nullable=self.nullable)


WANTED = [Wanted("n1"), Wanted("n2", size=20), Wanted(name="n3", nullable=True)]


def upgrade() -> None:
    for one in WANTED:
        op.add_column("customers", one.column())
    if (dialect := op.get_bind().dialect.name) and dialect:
        op.add_column("customers", sa.Column("n4", sa.Integer))
    match dialect:
        case "postgresql" | "mysql":
            op.add_column("customers", sa.Column("n5", sa.Integer))
        case "sqlite":
            op.add_column("customers", sa.Column("n6", sa.Integer))
        case _:
            op.add_column("customers", sa.Column("n7", sa.Integer))
    first, *rest = [one.name for one in WANTED]
    op.drop_column("customers", first)
    for name in rest[:-1]:
        op.drop_column("customers", name)
    made = {name: sa.Integer() for name in ("n8", "n9")} | {"n10": sa.Text()}
    for name, kind in made.items():
        op.add_column("customers", sa.Column(name, kind))
