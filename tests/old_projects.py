"""A little project with old sins, for the tests of what makes them bearable."""

from __future__ import annotations

from pathlib import Path

from tests.repositories import revision

INI = """\
[alembic]
script_location = %(here)s/migrations
sqlalchemy.url = driver://user:pass@localhost/dbname
"""
ENV = "from alembic import context\n"
TABLE = """\
op.create_table("orders", sa.Column("id", sa.BigInteger(), primary_key=True), sa.Column("note", sa.Text()))
"""
INDEXES = """\
op.create_index("ix_orders_note", "orders", ["note"])
op.drop_column("orders", "note")
"""
TWICE = """\
op.execute("ALTER TABLE orders ADD COLUMN a text")
op.execute(statement())
op.execute(statement())
"""


def old_project(root: Path, name: str = "") -> Path:
    """Write a project for PostgreSQL of three revisions that have findings, two of them alike.

    `name` comes before its revision ids. Returns its directory.
    """
    write(root / "alembic.ini", INI)
    write(root / "migrations" / "env.py", ENV)
    write(root / "migrations" / "script.py.mako", "")
    bodies = [TABLE, INDEXES, TWICE]
    ids = [f"{name}a{number}" for number in range(len(bodies))]
    for number, (own, body) in enumerate(zip(ids, bodies, strict=True)):
        parent = ids[number - 1] if number else None
        write(root / "migrations" / "versions" / f"{own}_step.py", revision(own, parent, body))
    return root


def write(file: Path, text: str) -> Path:
    """Write a file, and the directories that it lies in."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8", newline="\n")
    return file
