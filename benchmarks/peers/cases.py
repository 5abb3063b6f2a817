"""The project's own case set for other tools: the examples of rule pages and cases that are one revision."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.peers.tools import ENV, Target
from tests.pages import CASES, RULE_PAGES, VERSIONS, Example, examples, write

FAMILIES = frozenset({"compatibility", "data-loss", "failing", "locking", "transaction"})
"""What other tools look for as well: what statements do to rows, traffic and the running release."""

INI = """\
[alembic]
script_location = %(here)s/migrations
sqlalchemy.url = postgresql+psycopg://app@localhost/app
"""


@dataclass(frozen=True)
class Case:
    """One example as a project; `hazard` if its page says that something is wrong with it."""

    target: Target
    hazard: bool


def cases(root: Path) -> Iterator[Case]:
    """Write the examples for PostgreSQL that need nothing but their own revisions, each into a directory."""
    pages = [page for page in sorted(RULE_PAGES.glob("*/*.md")) if page.parent.name in FAMILIES]
    for number, example in enumerate(examples([*pages, *sorted(CASES.glob("*.md"))])):
        if _stands_alone(example):
            yield _case(example, root / f"case-{number}")


def _stands_alone(example: Example) -> bool:
    alone = not any(one.whole or one.module or "base" in one.options for one in example.blocks)
    dialect = example.block.option("dialect", "postgresql")
    return alone and not example.database and dialect.startswith("postgresql")


def _case(example: Example, root: Path) -> Case:
    written = write(example, root)
    (root / "alembic.ini").write_text(INI, encoding="utf-8")
    (root / "migrations" / "env.py").write_text(ENV, encoding="utf-8")
    revision, parent = f"r{len(example.before)}", written.config.since or "start"
    dialect = str(written.config.dialects[0]).replace(" ", ":")
    target = Target(root, VERSIONS / example.block.file, revision, parent, dialect)
    return Case(target, bool(written.expected))
