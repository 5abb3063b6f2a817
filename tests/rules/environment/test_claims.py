"""What the pages of the family say will happen happens: their examples run by the real Alembic."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.commands import environment, run
from tests.pages import Example
from tests.rules.environment.projects import (
    REVISION,
    Project,
    from_page,
    page_examples,
    project,
)
from tests.servers import PostgresServer

SECTIONS = ["Bad", "Good"]
_ONLINE = """
from alembic import context
from sqlalchemy import create_engine

engine = create_engine(context.config.get_main_option("sqlalchemy.url"))
{more}
with engine.connect() as connection:
    context.configure(connection=connection, {options})
    with context.begin_transaction():
        context.run_migrations()
"""


def only(rule: str, section: str, number: int | None = None) -> Example:
    """Return one example of a page; without a number the first bad one and the last, whole good one."""
    return page_examples(rule, section)[number or (0 if section == "Bad" else -1)]


def generated(made: Project) -> str:
    """Upgrade, let autogenerate write the next revision, and return its text."""
    for arguments in (("upgrade", "head"), ("revision", "--autogenerate", "-m", "next", "--rev-id", "gen")):
        done = made.alembic(*arguments)
        assert done.code == 0, done.output
    return next((made.root / "migrations" / "versions").glob("gen_*.py")).read_text(encoding="utf-8")


@pytest.mark.parametrize(("section", "number"), [("Bad", 0), ("Bad", 1), ("Good", 0)])
def test_metadata_empty(section: str, number: int, tmp_path: Path) -> None:
    """Autogenerate drops the table exactly where the rule says so."""
    script = generated(from_page(only("metadata-empty", section, number), tmp_path))
    upgrade = script.partition("def downgrade")[0]
    assert ("op.drop_table('orders')" in upgrade) == (section == "Bad")


def test_no_metadata_is_refused_by_alembic_itself(tmp_path: Path) -> None:
    """So `target_metadata = None` is no finding."""
    made = project(tmp_path, _ONLINE.format(more="", options="target_metadata=None"))
    assert made.alembic("upgrade", "head").code == 0
    done = made.alembic("revision", "--autogenerate", "-m", "next")
    assert done.code != 0
    assert "does not provide a MetaData object" in done.output
    assert made.rules("sqlite") == set()


@pytest.mark.parametrize("option", ["compare_type=False", "compare_type=True"])
def test_compare_type_off(option: str, tmp_path: Path) -> None:
    more = (
        "from sqlalchemy import BigInteger, Column, MetaData, String, Table\n"
        "metadata = MetaData()\n"
        "Table('notes', metadata, Column('id', String(20), primary_key=True))\n"
    )
    made = project(tmp_path, _ONLINE.format(more=more, options=f"target_metadata=metadata, {option}"))
    is_off = option.endswith("False")
    assert (made.rules("sqlite") == {"compare-type-off"}) == is_off
    assert made.alembic("upgrade", "head").code == 0
    assert (made.alembic("check").code == 0) == is_off


@pytest.mark.parametrize(
    ("section", "number", "error"),
    [
        ("Bad", 0, "InterpolationSyntaxError"),
        ("Bad", 1, "ValueError: invalid interpolation syntax"),
        ("Bad", 2, "ValueError: invalid interpolation syntax"),
        ("Good", 0, ""),
    ],
)
def test_percent_in_url(section: str, number: int, error: str, tmp_path: Path) -> None:
    made = from_page(only("percent-in-url", section, number), tmp_path, "postgresql://shop:p%40ss@db/shop")
    ini = tmp_path / "alembic.ini"
    if not ini.exists():
        ini.write_text("[alembic]\nscript_location = migrations\n", encoding="utf-8")
    env = environment(DATABASE_URL=made.url, DB_PASSWORD="p@ss")
    done = run(sys.executable, "-m", "alembic.config", "current", cwd=tmp_path, env=env)
    assert (error in done.stderr) if error else done.returncode == 0, done.stderr


@pytest.mark.parametrize("section", SECTIONS)
def test_shared_version_table(section: str, tmp_path: Path) -> None:
    """The second environment does not find the revision that the first has left in the table."""
    made = from_page(only("shared-version-table", section), tmp_path)
    for ini in ("alembic.ini", "billing/alembic.ini"):
        text = (tmp_path / ini).read_text(encoding="utf-8")
        text = text.replace("postgresql+psycopg://shop@db/shop", made.url)
        (tmp_path / ini).write_text(text, encoding="utf-8")
    (tmp_path / "billing/migrations/script.py.mako").write_text("", encoding="utf-8")
    assert made.alembic("upgrade", "head").code == 0
    done = made.alembic("upgrade", "head", ini="billing/alembic.ini")
    assert ("Can't locate revision identified by 'r" in done.output) == (section == "Bad")
    assert (done.code == 0) == (section == "Good")
    assert ("shared-version-table" in made.rules()) == (section == "Bad")


@pytest.mark.parametrize("section", SECTIONS)
def test_missing_bind_function(section: str, tmp_path: Path) -> None:
    """The environment of Alembic's own multidb template fails at the missing function."""
    run(
        sys.executable,
        "-m",
        "alembic.config",
        "init",
        "-t",
        "multidb",
        "migrations",
        cwd=tmp_path,
        check=True,
    )
    example = only("missing-bind-function", section)
    (tmp_path / "page").mkdir()
    made = from_page(example, tmp_path / "page")
    revision = (made.root / "migrations/versions" / example.block.file).read_text(encoding="utf-8")
    revision = revision.replace('down_revision = "start"', "down_revision = None")
    (tmp_path / "migrations/versions/r1.py").write_text(revision, encoding="utf-8")
    ini = "[alembic]\nscript_location = migrations\ndatabases = orders, audit\n"
    for name in ("orders", "audit"):
        ini += f"[{name}]\nsqlalchemy.url = sqlite:///{tmp_path / name}.db\n"
    (tmp_path / "alembic.ini").write_text(ini + _LOGGING, encoding="utf-8")
    done = run(sys.executable, "-m", "alembic.config", "upgrade", "head", cwd=tmp_path)
    assert ("KeyError: 'upgrade_audit'" in done.stderr) == (section == "Bad"), done.stderr
    assert (done.returncode == 0) == (section == "Good"), done.stderr


_LOGGING = """
[loggers]
keys = root

[handlers]
keys = console

[formatters]
keys = plain

[logger_root]
level = WARNING
handlers = console

[handler_console]
class = StreamHandler
args = (sys.stderr,)
formatter = plain

[formatter_plain]
format = %(message)s
"""


@pytest.mark.parametrize("section", SECTIONS)
def test_logging_disabled(section: str, tmp_path: Path) -> None:
    """After the upgrade at its start the application's logger is disabled, or not."""
    from_page(only("logging-disabled", section), tmp_path)
    (tmp_path / "alembic.ini").write_text(f"[alembic]\nscript_location = migrations\n{_LOGGING}", "utf-8")
    code = (
        "import logging\nlogger = logging.getLogger('shop')\n"
        "from shop.app import create_app\ncreate_app()\nprint(logger.disabled)"
    )
    done = run(sys.executable, "-c", code, cwd=tmp_path, check=True)
    assert done.stdout.strip() == str(section == "Bad")


@pytest.mark.parametrize("ondelete", ["", ', ondelete="CASCADE"', ', ondelete="SET NULL"'])
@pytest.mark.parametrize("section", SECTIONS)
def test_batch_with_foreign_keys_on(section: str, ondelete: str, tmp_path: Path) -> None:
    """The rebuild fails or takes rows or references along, unless `env.py` switches enforcement off."""
    made = from_page(only("batch-with-foreign-keys-on", section), tmp_path)
    for file in (tmp_path / "migrations/versions").glob("*.py"):
        text = file.read_text(encoding="utf-8").replace('name="fk_child_parent"', f'name="fk"{ondelete}')
        file.write_text(text, encoding="utf-8")
    assert made.alembic("upgrade", "head-1").code == 0
    with sqlite3.connect(tmp_path / "test.db") as connection:
        connection.execute("INSERT INTO parent VALUES (1, 'a')")
        connection.execute("INSERT INTO child VALUES (1, 1)")
    connection.close()
    done = made.alembic("upgrade", "head")
    with sqlite3.connect(tmp_path / "test.db") as connection:
        child = connection.execute("SELECT parent_id FROM child").fetchall()
    connection.close()
    if section == "Good":
        assert (done.code, child) == (0, [(1,)]), done.output
    elif not ondelete:
        assert "FOREIGN KEY constraint failed" in done.output
    else:
        assert (done.code, child) == (0, [] if "CASCADE" in ondelete else [(None,)]), done.output


def test_create_all_at_start(tmp_path: Path) -> None:
    """A table of the models that the start makes is in the way of its revision."""
    model = (
        "from sqlalchemy import BigInteger, Column, MetaData, Table\n"
        "metadata = MetaData()\n"
        "Table('notes', metadata, Column('id', BigInteger(), primary_key=True))\n"
    )
    app = (
        "from flask import Flask\nfrom sqlalchemy import create_engine\nfrom models import metadata\n\n"
        f"app = Flask(__name__)\nmetadata.create_all(create_engine('sqlite:///{tmp_path / 'test.db'}'))\n"
    )
    made = project(tmp_path, _ONLINE.format(more="", options=""), **{"models.py": model, "app.py": app})
    assert "create-all-at-start" in made.rules("sqlite")
    run(sys.executable, "-c", "import app", cwd=tmp_path, check=True)
    assert "table notes already exists" in made.alembic("upgrade", "head").output


def test_create_all_inside_a_revision(tmp_path: Path) -> None:
    """On a new database it makes today's tables, and the revision that adds one fails."""
    model = (
        "from sqlalchemy import BigInteger, Column, MetaData, Table\n"
        "metadata = MetaData()\n"
        "Table('notes', metadata, Column('id', BigInteger(), primary_key=True))\n"
    )
    first = REVISION.partition("def upgrade")[0].replace('"a1"', '"a0"')
    first += "from models import metadata\n\n\ndef upgrade():\n    metadata.create_all(op.get_bind())\n"
    files = {"models.py": model, "migrations/versions/a0_all.py": first}
    files["migrations/versions/a1_notes.py"] = REVISION.replace(
        "down_revision = None", 'down_revision = "a0"'
    )
    made = project(tmp_path, _ONLINE.format(more="", options=""), **files)
    assert "create-all-at-start" in made.rules("sqlite")
    assert "table notes already exists" in made.alembic("upgrade", "head").output


@pytest.mark.server
def test_asynchronous_engine_commits_nothing(tmp_path: Path, postgresql: PostgresServer) -> None:
    """The second example of `statement-before-configure`, and the same with a commit."""
    made = from_page(only("statement-before-configure", "Bad", 1), tmp_path, postgresql.fresh_database())
    engine = sa.create_engine(made.url)
    assert made.alembic("upgrade", "head").code == 0
    assert sa.inspect(engine).get_table_names() == []
    env = tmp_path / "migrations/env.py"
    text = env.read_text(encoding="utf-8").replace(
        "        await connection.run_sync",
        "        await connection.commit()\n        await connection.run_sync",
    )
    env.write_text(text, encoding="utf-8")
    assert "statement-before-configure" not in made.rules()
    assert made.alembic("upgrade", "head").code == 0
    assert sorted(sa.inspect(engine).get_table_names()) == ["alembic_version", "notes"]
    engine.dispose()


@pytest.mark.server
@pytest.mark.parametrize("section", SECTIONS)
def test_no_lock_timeout(section: str, tmp_path: Path, postgresql: PostgresServer) -> None:
    """While a transaction reads the table, the revision gives up, or waits and makes readers wait."""
    made = from_page(only("no-lock-timeout", section), tmp_path, postgresql.fresh_database())
    env = tmp_path / "migrations/env.py"
    env.write_text(env.read_text(encoding="utf-8").replace("=4s", "=300ms"), encoding="utf-8")
    assert made.alembic("upgrade", "head-1").code == 0
    engine = sa.create_engine(made.url)
    with engine.connect() as reader:
        reader.execute(sa.text("SELECT * FROM orders"))
        command = [sys.executable, "-m", "alembic.config", "upgrade", "head"]
        migrating = subprocess.Popen(
            command, cwd=tmp_path, env=environment(), stderr=subprocess.PIPE, stdout=subprocess.DEVNULL
        )
        if section == "Good":
            _, errors = migrating.communicate(timeout=60)
            assert b"LockNotAvailable" in errors
        else:
            _wait_until_queued(engine)
            with engine.connect() as other:
                other.execute(sa.text("SET statement_timeout = '300ms'"))
                with pytest.raises(sa.exc.OperationalError):
                    other.execute(sa.text("SELECT * FROM orders"))
    if section == "Bad":
        _, errors = migrating.communicate(timeout=60)
        assert migrating.returncode == 0, errors
    engine.dispose()


@pytest.mark.server
@pytest.mark.parametrize("section", SECTIONS)
def test_transaction_per_migration_off(section: str, tmp_path: Path, postgresql: PostgresServer) -> None:
    """Run one by one the revisions work; where one upgrade runs the last two, they fail or not."""
    made = from_page(only("transaction-per-migration-off", section), tmp_path, postgresql.fresh_database())
    assert made.alembic("upgrade", "head-2").code == 0
    done = made.alembic("upgrade", "head")
    assert ("unsafe use of new value" in done.output) == (section == "Bad"), done.output
    for step in ("+1", "+1") if section == "Bad" else ():
        assert made.alembic("upgrade", step).code == 0


@pytest.mark.server
def test_a_new_database_fails_before_postgresql_17(tmp_path: Path, postgresql: PostgresServer) -> None:
    """All revisions in one transaction, the one that makes the type included."""
    made = from_page(only("transaction-per-migration-off", "Bad"), tmp_path, postgresql.fresh_database())
    done = made.alembic("upgrade", "head")
    assert ("unsafe use of new value" in done.output) == ((12,) <= postgresql.version < (17,)), done.output


def _wait_until_queued(engine: sa.Engine) -> None:
    waiting = sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    for _ in range(300):
        with engine.connect() as connection:
            if connection.execute(waiting).scalar_one():
                return
            connection.execute(sa.text("SELECT pg_sleep(0.1)"))
    raise AssertionError("the revision never waited for its lock")
