"""`statement-before-configure` against Alembic: it speaks exactly where nothing is committed."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from migrate_guard.finding import Confidence
from tests.rules.environment.projects import Project, project
from tests.servers import PostgresServer

_RULE = "statement-before-configure"
_HEAD = """
import contextlib
from alembic import context
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect, text

engine = create_engine(context.config.get_main_option("sqlalchemy.url"))
"""
_RUN = """
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
"""
_WITH = "with engine.connect() as connection:"
_EXECUTE = '    connection.execute(text("SELECT 1"))'
LOST = {
    "execute": f"{_WITH}\n{_EXECUTE}{_RUN}",
    "driver": f'{_WITH}\n    connection.exec_driver_sql("SELECT 1"){_RUN}',
    "scalar": f'{_WITH}\n    found = connection.scalar(text("SELECT 1")){_RUN}',
    "committed-too-early": f"{_WITH}\n    connection.commit()\n{_EXECUTE}{_RUN}",
    "executed-again": f"{_WITH}\n{_EXECUTE}\n    connection.commit()\n{_EXECUTE}{_RUN}",
    "assigned": f"connection = engine.connect()\ntry:\n{_EXECUTE}{_RUN}finally:\n    connection.close()",
    "handler": f"{_WITH}\n  try:\n    {_EXECUTE.strip()}{_RUN}"
    "  except ValueError:\n    connection.rollback()\n    raise",
    "in-function": f"def online():\n  {_WITH}\n    {_EXECUTE.strip()}{_RUN}\nonline()",
    "helper": "def prepare(given, name):\n    given.execute(text(name))\n\n"
    f'{_WITH}\n    prepare(connection, "SELECT 1"){_RUN}',
    "helper-runs": f"def migrate(connection):{_RUN}\n{_WITH}\n{_EXECUTE}\n    migrate(connection=connection)",
    "condition": f'{_WITH}\n    if connection.dialect.name != "mysql":\n    {_EXECUTE}{_RUN}',
    "execution-options": "with engine.connect().execution_options(logging_token='x') as connection:\n"
    f"{_EXECUTE}{_RUN}",
}
KEPT = {
    "nothing": f"{_WITH}{_RUN}",
    "commit": f"{_WITH}\n{_EXECUTE}\n    connection.commit(){_RUN}",
    "rollback": f"{_WITH}\n{_EXECUTE}\n    connection.rollback(){_RUN}",
    "own-transaction": f"{_WITH}\n    with connection.begin():\n    {_EXECUTE}{_RUN}",
    "commit-after": f"{_WITH}\n{_EXECUTE}{_RUN}    connection.commit()",
    "begin": f"with engine.begin() as connection:\n{_EXECUTE}{_RUN}",
    "both": f"with engine.connect() as connection, connection.begin():\n{_EXECUTE}{_RUN}",
    "around": f"{_WITH}\n  with connection.begin():\n    {_EXECUTE.strip()}{_RUN}",
    "between": f"{_WITH}\n    context.configure(connection=connection)\n{_EXECUTE}\n"
    "    with context.begin_transaction():\n        context.run_migrations()",
    "autocommit": "with engine.execution_options(isolation_level='AUTOCOMMIT').connect() as connection:\n"
    f"{_EXECUTE}{_RUN}",
    "other-connection": f"with engine.connect() as other:\n"
    f'    other.execute(text("SELECT 1"))\n    other.commit()\n{_WITH}{_RUN}',
    "unused-function": f"def prepare(given):\n    given.execute(text('SELECT 1'))\n\n{_WITH}{_RUN}",
    "helper-commits": "def prepare(given):\n    given.execute(text('SELECT 1'))\n    given.commit()\n\n"
    f"{_WITH}\n    prepare(connection){_RUN}",
}
# What happens to the connection in them is not followed; nothing is said whatever comes of it.
NOT_FOLLOWED = {
    "handed-out": f"{_WITH}\n    inspect(connection).get_table_names(){_RUN}",
    "kept": f"keeper = {{}}\n{_WITH}\n    keeper['c'] = connection\n{_EXECUTE}{_RUN}",
    "stack": "with contextlib.ExitStack() as stack:\n"
    f"    connection = stack.enter_context(engine.connect())\n{_EXECUTE}{_RUN}",
}


def _is_committed(made: Project) -> bool:
    done = made.alembic("upgrade", "head")
    assert done.code == 0, done.output
    engine = sa.create_engine(made.url)
    with engine.connect() as connection:
        tables = sa.inspect(connection).get_table_names()
        rows = connection.execute(sa.text("SELECT * FROM alembic_version")).all() if tables else []
    engine.dispose()
    assert not rows or "notes" in tables
    return bool(rows)


@pytest.mark.parametrize("form", LOST)
def test_it_speaks_where_sqlite_keeps_no_version(form: str, tmp_path: Path) -> None:
    made = project(tmp_path, _HEAD + LOST[form])
    found = [one for one in made.findings("sqlite") if one.rule == _RULE]
    assert len(found) == 1
    assert found[0].confidence is (Confidence.POSSIBLE if form == "condition" else Confidence.CERTAIN)
    assert not _is_committed(made)


@pytest.mark.parametrize("form", KEPT)
def test_it_is_silent_where_sqlite_keeps_the_version(form: str, tmp_path: Path) -> None:
    made = project(tmp_path, _HEAD + KEPT[form])
    assert made.rules("sqlite") == set()
    assert _is_committed(made)


@pytest.mark.parametrize("form", NOT_FOLLOWED)
def test_it_is_silent_where_it_cannot_follow(form: str, tmp_path: Path) -> None:
    made = project(tmp_path, _HEAD + NOT_FOLLOWED[form])
    assert made.rules("sqlite") == set()
    _is_committed(made)


def test_a_plain_string_is_of_a_sqlalchemy_that_begins_no_transaction(tmp_path: Path) -> None:
    made = project(tmp_path, _HEAD + LOST["execute"].replace('text("SELECT 1")', '"SELECT 1"'))
    assert made.rules("sqlite") == set()
    assert "ObjectNotExecutableError" in made.alembic("upgrade", "head").output


def test_a_connection_from_elsewhere_belongs_to_whoever_made_it(tmp_path: Path) -> None:
    given = f'connection = context.config.attributes["connection"]\n{_EXECUTE.strip()}\n'
    made = project(tmp_path, f"{_HEAD}{given}if connection:{_RUN}")
    assert made.rules("sqlite") == set()


@pytest.mark.parametrize(
    ("file", "text", "old"),
    [
        ("requirements.txt", "alembic\nSQLAlchemy==1.4.54\n", True),
        ("requirements.txt", "sqlalchemy[asyncio]~=1.4\n", True),
        ("requirements.txt", "sqlalchemy>=1.3,<2\n", True),
        ("pyproject.toml", 'dependencies = ["sqlalchemy>=1.4.0,<2.0"]\n', True),
        ("pyproject.toml", 'sqlalchemy = "^1.4"\n', True),
        ("requirements.txt", "sqlalchemy<2.1\n", False),
        ("requirements.txt", "sqlalchemy>=1.4\n", False),
        ("requirements.txt", "sqlalchemy==2.0.30\n", False),
        ("requirements.txt", "sqlalchemy  # once it was ==1.4\n", False),
        ("requirements.txt", "sqlalchemy-utils==1.4\nflask-sqlalchemy<2\n", False),
    ],
)
def test_sqlalchemy_before_2(file: str, text: str, old: bool, tmp_path: Path) -> None:
    made = project(tmp_path, _HEAD + LOST["execute"], **{file: text})
    assert (_RULE in made.rules("sqlite")) != old
    if old:
        future = _HEAD.replace('url"))', 'url"), future=True)')
        (tmp_path / "migrations" / "env.py").write_text(future + LOST["execute"], encoding="utf-8")
        assert _RULE in made.rules("sqlite")


@pytest.mark.server
@pytest.mark.parametrize("form", [*LOST, *KEPT])
def test_postgresql_commits_what_the_rule_says(form: str, tmp_path: Path, postgresql: PostgresServer) -> None:
    made = project(tmp_path, _HEAD + (LOST | KEPT)[form], postgresql.fresh_database())
    assert (_RULE in made.rules()) == (form in LOST)
    committed = _is_committed(made)
    assert committed == (form in KEPT)
    if not committed:
        engine = sa.create_engine(made.url)
        assert sa.inspect(engine).get_table_names() == []
        engine.dispose()
