"""Every kind of setup through the real `flask db` and `alembic`: clean after `upgrade`, each step forgotten.

What `migrate-guard status` says to type next is typed as it stands.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.commands import migrate_guard
from tests.servers import MariadbServer, PostgresServer
from tests.setups import SETUPS, Setup, edit, shell

STEPS = ("models", "migration", "review", "apply", "verify")
CLEAN = dict.fromkeys(STEPS, "done")


@dataclass(frozen=True)
class Walk:
    """A project on its database, which is at the head of its history."""

    setup: Setup
    project: Path
    url: str

    def status(self, code: int) -> dict[str, Any]:
        """Return what `status` says of the environment; another one beside it is in order."""
        done = migrate_guard("status", "--format", "json", cwd=self.project)
        assert done.returncode == code, done.stdout + done.stderr
        found = {one["name"]: one for one in json.loads(done.stdout)["environments"]}
        own = {name: one for name, one in found.items() if name.startswith(self.setup.folder.lstrip("."))}
        assert all(one["next"] is None for name, one in found.items() if name not in own)
        (environment,) = own.values()
        assert isinstance(environment, dict)
        return environment

    def expect(self, **missing: str) -> str:
        """Check which steps are missing and that each detail has its text; return what to type next."""
        environment = self.status(1 if missing else 0)
        states = {step["step"]: step["state"] for step in environment["steps"]}
        details = {step["step"]: step["detail"] for step in environment["steps"]}
        assert {step for step, state in states.items() if state == "missing"} == set(missing), details
        assert missing or states == CLEAN, details
        for step, text in missing.items():
            assert text in details[step]
        return str(environment["next"])

    def type(self, line: str) -> None:
        """Type what `status` says."""
        shell(self.project, line)

    def newest(self) -> Path:
        """Return the revision file that was written last."""
        files = (self.project / self.setup.folder).glob("*/versions/*.py")
        return max(files, key=lambda file: file.stat().st_mtime_ns)

    def execute(self, statement: str) -> None:
        """Change the database by hand."""
        engine = sa.create_engine(self.url, poolclass=sa.NullPool)
        with engine.begin() as connection:
            connection.exec_driver_sql(statement)

    def checked(self, *more: str) -> list[dict[str, Any]]:
        """Return what `check` finds of models and database, without what it says of the revisions."""
        evidence = ("--models=auto", "--database-url=auto", "--select=forgotten", *more)
        done = migrate_guard("check", *evidence, "--format=json", cwd=self.project)
        assert done.returncode != 2, done.stdout + done.stderr
        found: list[dict[str, Any]] = json.loads(done.stdout)["findings"]
        return found


def begun(setup: Setup, project: Path, dialect: str, url: str, other: str) -> Walk:
    """Copy a setup and upgrade its database with its own command."""
    setup.copy(project)
    setup.point(project, dialect, url, other)
    setup.upgrade(project, dialect)
    return Walk(setup, project, other if setup.database else url)


def walk(one: Walk) -> None:
    """Forget each step in turn, and mend it with what is said to be typed next."""
    tool, at = one.setup.tool, f" ({one.setup.database})" if one.setup.database else ""
    there = "" if one.setup.folder == "." else f"cd {one.setup.folder} && "
    generate = "flask db migrate" if tool == "flask db" else f"{there}alembic revision --autogenerate"
    generate = f'{generate} -m "describe it"'
    upgrade = "flask db upgrade" if tool == "flask db" else f"{there}alembic upgrade head"
    nick = f"column {one.setup.table}.nick{at}"

    assert one.checked() == []
    one.expect()

    # Generated before the change, which is why it is empty.
    shell(one.project / one.setup.folder, f"{tool} revision -m early")
    early = one.newest()
    edit(one.project, one.setup.column)
    following = one.expect(models=f"generated before {nick}", migration=nick, apply="pending: ")
    assert following == f"delete {early.relative_to(one.project).as_posix()}, then {generate}"
    early.unlink()

    # Never generated.
    assert one.expect(migration=f"1 difference: {nick}") == generate
    one.type(generate)

    # Never applied.
    made = one.newest()
    assert one.expect(apply=f"{at} is at ") == upgrade
    one.type(upgrade)

    # Undone by hand.
    one.execute(f"ALTER TABLE {quoted(one)} DROP COLUMN nick")
    following = one.expect(verify=f"{at} lacks column nick of {one.setup.table}")
    assert following == "migrate-guard check --database-url auto"

    # Applied from a branch whose files are not here.
    made.unlink()
    file, old, new = one.setup.column
    edit(one.project, (file, new, old))
    one.expect(apply="which no file declares")
    found = one.checked()
    assert {each["rule"] for each in found} == {"database-off-history"}
    assert all(f"{there}{tool} stamp --purge <revision>" in each["help"] for each in found)


def quoted(one: Walk) -> str:
    """Return the table as its database writes it."""
    dialect: sa.Dialect = sa.make_url(one.url).get_dialect()()
    return dialect.identifier_preparer.quote(one.setup.table)


@pytest.mark.parametrize("name", SETUPS)
def test_on_sqlite(name: str, tmp_path: Path) -> None:
    """Each setup, on SQLite."""
    urls = [f"sqlite:///{(tmp_path / file).as_posix()}" for file in ("live.db", "other.db")]
    walk(begun(SETUPS[name], tmp_path / "project", "sqlite", *urls))


@pytest.mark.server
@pytest.mark.parametrize("name", SETUPS)
def test_on_postgresql(name: str, postgresql: PostgresServer, tmp_path: Path) -> None:
    """Each setup, on PostgreSQL."""
    urls = [postgresql.fresh_database() for _ in range(2)]
    walk(begun(SETUPS[name], tmp_path / "project", "postgresql", *urls))


@pytest.mark.server
@pytest.mark.parametrize("name", [name for name, setup in SETUPS.items() if "mariadb" in setup.runs_on])
def test_on_mariadb(name: str, mariadb: MariadbServer, tmp_path: Path) -> None:
    """The setups that are written for it, on MariaDB."""
    urls = [mariadb.fresh_database() for _ in range(2)]
    walk(begun(SETUPS[name], tmp_path / "project", "mariadb", *urls))


def test_models_that_are_not_imported_come_before_every_other_step(tmp_path: Path) -> None:
    """To generate a revision would drop the tables, so that nobody is told to."""
    setup = SETUPS["models-not-imported"]
    url = f"sqlite:///{(tmp_path / 'live.db').as_posix()}"
    one = begun(replace(setup, mends=()), tmp_path / "project", "sqlite", url, "")
    shell(one.project, "alembic revision --autogenerate -m proof")
    proof = one.newest()
    assert "op.drop_table('books')" in proof.read_text(encoding="utf-8")
    proof.unlink()

    assert one.expect(models="nothing that env.py imports brings in the model of") == "migrate-guard check"
    found = one.checked("--select=metadata-empty")
    assert {(each["rule"], each["message"].partition(":")[0]) for each in found} == {
        ("metadata-empty", "nothing that env.py imports brings in the model of books and loans"),
        ("model-not-migrated", "the migrations create table books, and the models do not have it"),
        ("model-not-migrated", "the migrations create table loans, and the models do not have it"),
    }
    (advice,) = [each["help"] for each in found if each["rule"] == "metadata-empty"]
    imports = "\n".join(line.strip() for line in advice.splitlines() if "# noqa" in line)
    edit(one.project, (*setup.mends[0][:2], f"{imports}\n{setup.mends[0][1]}"))
    assert imports.count("\n") == 1
    one.expect()
