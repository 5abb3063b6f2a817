"""Small histories on disk, and what is said of a database beside them."""

from __future__ import annotations

from pathlib import Path

from migrate_guard.check import check
from migrate_guard.config import Config
from migrate_guard.dialect import Dialect
from migrate_guard.judgement import Judgement

_HEADER = """import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = {parent}


def upgrade():
"""

CUSTOMERS = 'op.create_table("customers", sa.Column("id", sa.Integer(), primary_key=True))'
NICK = 'op.add_column("customers", sa.Column("nick", sa.String(80)))'


def write_history(root: Path, *upgrades: str) -> Path:
    """Write revisions r1, r2, … that follow each other and return their directory."""
    versions = root / "migrations" / "versions"
    versions.mkdir(parents=True)
    for number, body in enumerate(upgrades, 1):
        parent = f'"r{number - 1}"' if number > 1 else None
        text = _HEADER.format(revision=f"r{number}", parent=parent)
        lines = "".join(f"    {line}\n" for line in body.splitlines())
        (versions / f"r{number}.py").write_text(text + lines, encoding="utf-8")
    return versions


def judged(
    root: Path, url: str, dialect: Dialect | None = None, version_table: str | None = None
) -> Judgement:
    """Judge the history below `root` with a database."""
    return check(
        Config(
            root=root,
            paths=(root / "migrations" / "versions",),
            dialects=(dialect or Dialect("sqlite"),),
            database_url=url,
            version_table=version_table,
            select=("database-drift", "database-leftover", "database-off-history", "revision-not-applied"),
        )
    )


def messages(judgement: Judgement) -> list[str]:
    """Return what was found, as `rule: message`."""
    return [f"{finding.rule}: {finding.message}" for finding in judgement.findings]
