"""The ways in which projects are set up, as the fixtures show them, ready to be driven by the real commands.

A copy of a fixture gets a database of its own. Fixtures whose revisions are faulty on purpose are mended as
the findings advise; where the revisions were written for another database, the project's own command
generates them anew, as somebody who starts on that database would.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.commands import FIXTURES, environment

Edit = tuple[str, str, str]
"""A file, a text that is in it once, and what takes its place."""


@dataclass(frozen=True)
class Setup:
    """A fixture as a user's project.

    `url` is the file and the text that is its database URL; `tool` starts the commands, which run in
    `folder`. `column` is the edit that gives the models a column `nick` that may be NULL, in `table`.
    `mends` let its revisions run, on the dialects of `runs_on`; on others they are generated anew.
    `scheme` are the drivers that its `env.py` needs. `bind` is where a second database is named, and
    `database` what the project calls it, where the table is in that one. `beside` is the folder of a second
    environment.
    """

    fixture: str
    url: tuple[str, str]
    table: str
    column: Edit
    tool: str = "alembic"
    folder: str = "."
    mends: tuple[Edit, ...] = ()
    runs_on: tuple[str, ...] = ("sqlite", "postgresql")
    scheme: tuple[tuple[str, str], ...] = ()
    needs: str = ""
    database: str = ""
    bind: tuple[str, str] | None = None
    beside: str = ""

    def copy(self, target: Path) -> Path:
        """Copy the fixture and mend it; skip the test where a library is missing."""
        if self.needs and find_spec(self.needs) is None:
            pytest.skip(f"{self.needs} is not installed")
        shutil.copytree(
            FIXTURES / self.fixture, target, ignore=shutil.ignore_patterns("__pycache__", "instance")
        )
        for one in self.mends:
            edit(target, one)
        return target

    def point(self, project: Path, dialect: str, url: str, other: str) -> None:
        """Give the project its database, and `other` as the second one of a multidb environment."""
        driver = dict(self.scheme).get(dialect)
        if driver is not None and find_spec(driver) is None:
            pytest.skip(f"{driver} is not installed")
        own = url if driver is None else f"{dialect}+{driver}:{url.partition(':')[2]}"
        for place, text in ((self.url, own), (self.bind, other)):
            if place is not None:
                edit(project, (*place, text.replace("%", "%%") if place[0].endswith(".ini") else text))

    def upgrade(self, project: Path, dialect: str) -> None:
        """Bring its databases to the head, with a history that their dialect takes."""
        for folder in filter(None, (self.folder, self.beside)):
            if dialect not in self.runs_on:
                generate_anew(project / folder, self.tool)
            shell(project / folder, f"{self.tool} upgrade head")


def generate_anew(folder: Path, tool: str) -> None:
    """Let the project's own command write its history for an empty database."""
    for file in folder.glob("*/versions/*.py"):
        file.unlink()
    words = "migrate" if tool == "flask db" else "revision --autogenerate"
    shell(folder, f"{tool} {words} -m initial")


def shell(folder: Path, line: str) -> str:
    """Type a line as a user would, with the environment's programs on the path; return what it prints."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    done = subprocess.run(
        line,
        shell=True,
        cwd=folder,
        env=environment(PATH=path),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, f"{line} ended with {done.returncode}\n{done.stdout}{done.stderr}"
    return done.stdout + done.stderr


def edit(project: Path, change: Edit) -> None:
    """Change one place of a file."""
    file, old, new = change
    path = project / file
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{path} has {text.count(old)} times {old!r}"
    path.write_text(text.replace(old, new), encoding="utf-8")


_BATCH = "migrations/versions/8a51edff73cf_add_user_email.py"
_CONCURRENT = "migrations/versions/d9160e5ab872_index_messages_by_time.py"
_INDEX = 'op.create_index("ix_messages_sent_at", "messages", ["sent_at"], postgresql_concurrently=True)'
_REFERENCE = "migrations/versions/9e27c4a8b013_reference_of_an_invoice.py"
_BASE = "from library.base import Base"
SETUPS = {
    "flask-migrate": Setup(
        fixture="flask-migrate",
        tool="flask db",
        url=("app.py", "sqlite:///app.db"),
        table="user",
        column=("models.py", "    username:", "    nick: Mapped[int | None]\n    username:"),
        mends=(
            (
                _BATCH,
                "create_unique_constraint(None, ['email'])",
                "create_unique_constraint('uq', ['email'])",
            ),
        ),
    ),
    "flask-multidb": Setup(
        fixture="flask-multidb",
        tool="flask db",
        url=("app.py", "sqlite:///shop.db"),
        bind=("app.py", "sqlite:///audit.db"),
        database="audit",
        table="audit_event",
        column=("models.py", "    actor:", "    nick: Mapped[int | None]\n    actor:"),
    ),
    "alembic-ini": Setup(
        fixture="alembic-ini",
        url=("alembic.ini", "postgresql+psycopg://shop:shop@localhost:5432/shop"),
        table="customers",
        column=("shop/models.py", "    full_name:", "    nick: Mapped[int | None]\n    full_name:"),
        runs_on=("postgresql",),
    ),
    "alembic-pyproject": Setup(
        fixture="alembic-pyproject",
        url=("alembic.ini", "mysql+pymysql://blog:blog@localhost/blog?charset=utf8mb4"),
        table="authors",
        column=(
            "blog.py",
            '    Column("bio", Text),',
            '    Column("bio", Text),\n    Column("nick", Integer),',
        ),
        runs_on=("postgresql", "mariadb"),
    ),
    "async-env": Setup(
        fixture="async-env",
        url=("alembic.ini", "postgresql+asyncpg://chat@localhost/chat"),
        scheme=(("sqlite", "aiosqlite"),),
        table="rooms",
        column=("chat/models.py", "    name:", "    nick: Mapped[int | None]\n    name:"),
        mends=(
            (
                _CONCURRENT,
                f"    {_INDEX}",
                f"    with op.get_context().autocommit_block():\n        {_INDEX}",
            ),
        ),
        runs_on=("postgresql",),
    ),
    "sqlmodel": Setup(
        fixture="sqlmodel",
        url=("alembic.ini", "postgresql+psycopg://billing@localhost/billing"),
        table="account",
        column=("billing/models.py", "    country:", "    nick: int | None = None\n    country:"),
        mends=(
            (_REFERENCE, "import sqlalchemy as sa\n", "import sqlalchemy as sa\nimport sqlmodel\n"),
            (
                "migrations/script.py.mako",
                "import sqlalchemy as sa\n",
                "import sqlalchemy as sa\nimport sqlmodel\n",
            ),
        ),
        runs_on=("postgresql",),
        needs="sqlmodel",
    ),
    "two-environments": Setup(
        fixture="two-environments",
        url=("services/billing/alembic.ini", "postgresql+psycopg://billing@localhost/billing"),
        bind=("services/catalog/alembic.ini", "mysql+pymysql://catalog@localhost/catalog"),
        folder="services/billing",
        beside="services/catalog",
        table="invoices",
        column=(
            "services/billing/billing/models.py",
            "    number:",
            "    nick: Mapped[int | None]\n    number:",
        ),
        runs_on=("postgresql",),
    ),
    "models-not-imported": Setup(
        fixture="models-not-imported",
        url=("alembic.ini", "sqlite:///library.db"),
        table="books",
        column=("library/models/book.py", "    title:", "    nick: Mapped[int | None]\n    title:"),
        mends=(("migrations/env.py", _BASE, f"import library.models  # noqa: F401\n{_BASE}"),),
    ),
}
