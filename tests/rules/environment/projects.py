"""Little projects with an `env.py`, judged by migrate-guard and run by the real Alembic."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from migrate_guard.check import check
from migrate_guard.config import Config
from migrate_guard.dialect import parse_dialect
from migrate_guard.finding import Finding
from tests.commands import ROOT, environment, run
from tests.pages import Example, examples, write

REVISION = '''"""Notes."""

import sqlalchemy as sa
from alembic import op

revision = "a1"
down_revision = None


def upgrade():
    op.create_table("notes", sa.Column("id", sa.BigInteger(), primary_key=True))


def downgrade():
    op.drop_table("notes")
'''
MAKO = '''"""${message}"""

import sqlalchemy as sa
from alembic import op

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade():
    ${upgrades if upgrades else "pass"}


def downgrade():
    ${downgrades if downgrades else "pass"}
'''
_INI = (
    "[alembic]\nscript_location = %(here)s/migrations\nsqlalchemy.url = {url}\nprepend_sys_path = %(here)s\n"
)


@dataclass(frozen=True)
class Ran:
    """How a command ended: exit code and everything that it printed."""

    code: int
    output: str


@dataclass(frozen=True)
class Project:
    """A project on disk; `url` is that of its database, which its `alembic.ini` names if it had none."""

    root: Path
    url: str

    def write(self, files: dict[str, str]) -> Project:
        """Write files of the project by their relative paths."""
        for name, text in files.items():
            (self.root / name).parent.mkdir(parents=True, exist_ok=True)
            (self.root / name).write_text(text, encoding="utf-8")
        return self

    def alembic(self, *arguments: str, ini: str = "alembic.ini") -> Ran:
        """Run Alembic's own command; a project that has no ini file gets one with its URL."""
        self._complete()
        env = environment(DATABASE_URL=self.url, PYTHONPATH=str(self.root))
        done = run(sys.executable, "-m", "alembic.config", "-c", ini, *arguments, cwd=self.root, env=env)
        return Ran(done.returncode, done.stdout + done.stderr)

    def findings(self, dialect: str = "postgresql") -> tuple[Finding, ...]:
        """Return what migrate-guard finds in the project."""
        self._complete()
        return check(Config(root=self.root, dialects=(parse_dialect(dialect),))).findings

    def rules(self, dialect: str = "postgresql") -> set[str]:
        """Return the names of the rules of this family that find something."""
        return {one.rule for one in self.findings(dialect) if one.family == "environment"}

    def _complete(self) -> None:
        ini, mako = self.root / "alembic.ini", self.root / "migrations" / "script.py.mako"
        if not ini.exists():
            ini.write_text(_INI.format(url=self.url.replace("%", "%%")), encoding="utf-8")
        mako.write_text(MAKO, encoding="utf-8")


def project(root: Path, env: str, url: str | None = None, **files: str) -> Project:
    """Return a project with one revision and this `env.py`, on SQLite if there is no `url`."""
    versions = root / "migrations" / "versions"
    versions.mkdir(parents=True)
    (versions / "a1_notes.py").write_text(REVISION, encoding="utf-8")
    made = Project(root, url or f"sqlite:///{root / 'test.db'}")
    return made.write({"migrations/env.py": env, **files})


def page_examples(rule: str, section: str) -> list[Example]:
    """Return the examples of a section of a rule's page."""
    page = ROOT / "rules" / "environment" / f"{rule}.md"
    return [one for one in examples([page]) if one.block.section == section]


def from_page(example: Example, root: Path, url: str | None = None) -> Project:
    """Write an example of a page as a project that Alembic can run."""
    write(example, root)
    return Project(root, url or f"sqlite:///{root / 'test.db'}")
