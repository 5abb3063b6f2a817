"""Synthetic histories of any length, for measuring growth.

Run as `python -m benchmarks.synthetic COUNT DIRECTORY`. Each revision looks like what people write: tables,
columns, indexes, batch blocks, raw SQL; every table that is changed was created before.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

CONFIG = """\
[alembic]
script_location = %(here)s/migrations
sqlalchemy.url = postgresql+psycopg://app@localhost/app
"""

REVISION = '''\
"""revision {number}

Revision ID: {revision}
Revises: {parent_text}
Create Date: 2026-01-01 00:00:00.000000

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = "{revision}"
down_revision = {parent!r}
branch_labels = None
depends_on = None


def upgrade() -> None:
{upgrade}

def downgrade() -> None:
{downgrade}'''

# Every revision whose number is a multiple of this creates a table; those between change it.
TABLE_EVERY = 6


def revision_id(number: int) -> str:
    """Return the id of the revision with this number; ids look like Alembic's and do not sort by number."""
    return f"{(number * 0x9E3779B97F4A) % (1 << 48):012x}"


def _create(table: str, number: int) -> tuple[list[str], list[str]]:
    columns = [
        'sa.Column("id", sa.Integer(), nullable=False),',
        'sa.Column("name", sa.String(length=120), nullable=False),',
        f'sa.Column("kind", sa.String(length=20), server_default="k{number}", nullable=False),',
        'sa.Column("created_at", sa.DateTime(), server_default=sa.func.now(), nullable=False),',
        f'sa.PrimaryKeyConstraint("id", name="pk_{table}"),',
    ]
    up = ["op.create_table(", f'    "{table}",', *(f"    {column}" for column in columns), ")"]
    return up, [f'op.drop_table("{table}")']


def _column(table: str, number: int) -> tuple[list[str], list[str]]:
    return (
        [f'op.add_column("{table}", sa.Column("extra_{number}", sa.Text(), nullable=True))'],
        [f'op.drop_column("{table}", "extra_{number}")'],
    )


def _index(table: str, number: int) -> tuple[list[str], list[str]]:
    name = f"ix_{table}_{number}"
    return (
        [f'op.create_index(op.f("{name}"), "{table}", ["kind", "created_at"], unique=False)'],
        [f'op.drop_index(op.f("{name}"), table_name="{table}")'],
    )


def _batch(table: str, number: int) -> tuple[list[str], list[str]]:
    del number
    up = [
        f'with op.batch_alter_table("{table}", schema=None) as batch_op:',
        '    batch_op.alter_column("name", existing_type=sa.String(length=120), type_=sa.String(length=200))',
        f'    batch_op.create_unique_constraint(batch_op.f("uq_{table}_name"), ["name"])',
    ]
    down = [
        f'with op.batch_alter_table("{table}", schema=None) as batch_op:',
        f'    batch_op.drop_constraint(batch_op.f("uq_{table}_name"), type_="unique")',
        '    batch_op.alter_column("name", existing_type=sa.String(length=200), type_=sa.String(length=120))',
    ]
    return up, down


def _sql(table: str, number: int) -> tuple[list[str], list[str]]:
    return (
        [
            'op.execute("""',
            f"    ALTER TABLE {table} ADD COLUMN note_{number} text;",
            f"    UPDATE {table} SET note_{number} = lower(name) WHERE note_{number} IS NULL;",
            '""")',
        ],
        [f'op.execute("ALTER TABLE {table} DROP COLUMN note_{number}")'],
    )


def _loop(table: str, number: int) -> tuple[list[str], list[str]]:
    return (
        [
            'for suffix in ("low", "high"):',
            f'    op.add_column("{table}", sa.Column(f"limit_{number}_{{suffix}}", sa.Numeric(12, 2)))',
        ],
        [
            'for suffix in ("high", "low"):',
            f'    op.drop_column("{table}", f"limit_{number}_{{suffix}}")',
        ],
    )


CHANGES: tuple[Callable[[str, int], tuple[list[str], list[str]]], ...] = (
    _create,
    _column,
    _index,
    _batch,
    _sql,
    _loop,
)


def source(number: int) -> str:
    """Return the text of the revision with this number, counted from 0."""
    table = f"table_{number // TABLE_EVERY}"
    up, down = CHANGES[number % TABLE_EVERY](table, number)
    parent = revision_id(number - 1) if number else None
    return REVISION.format(
        number=number,
        revision=revision_id(number),
        parent=parent,
        parent_text=parent or "",
        upgrade="".join(f"    {line}\n" for line in up),
        downgrade="".join(f"    {line}\n" for line in down),
    )


def generate(count: int, folder: Path) -> Path:
    """Write a project with `count` revisions in a row into a folder and return the folder."""
    versions = folder / "migrations" / "versions"
    versions.mkdir(parents=True)
    (folder / "alembic.ini").write_text(CONFIG, encoding="utf-8")
    (folder / "migrations" / "env.py").write_text('"""Nothing runs it."""\n', encoding="utf-8")
    for number in range(count):
        path = versions / f"{revision_id(number)}_revision_{number}.py"
        path.write_text(source(number), encoding="utf-8")
    return folder


def main() -> int:
    """Write a history where the command line says."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.synthetic", description=__doc__)
    parser.add_argument("count", type=int, metavar="COUNT")
    parser.add_argument("directory", type=Path, metavar="DIRECTORY")
    arguments = parser.parse_args()
    print(generate(arguments.count, arguments.directory))
    return 0


if __name__ == "__main__":
    sys.exit(main())
