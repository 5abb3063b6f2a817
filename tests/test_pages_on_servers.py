"""The examples of the rule pages run for real: what they claim about a server is what the server does.

Alembic runs every revision of an example on a throw-away server whose tables have rows. A finding that
names a lock must be right about it, one that speaks of a rewrite must see another file, one that says that
the revision fails must see it fail; a good example runs, and takes no table for long.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config as AlembicConfig
from sqlalchemy.exc import SQLAlchemyError

from migrate_guard.dialect import Dialect
from migrate_guard.finding import Finding
from tests.pages import RULE_PAGES, Example, examples, judge, write
from tests.servers import MariadbServer, PostgresServer

_ENV = """
from alembic import context

context.configure(transaction_per_migration=True, **context.config.attributes["options"])
with context.begin_transaction():
    context.run_migrations()
"""
# Families whose pages claim something about a server; of the others nothing can be seen on one.
_FAMILIES = ("locking", "failing", "transaction", "surprise", "data-loss", "compatibility")
# Rules about the history or the file, not about what a server does with a statement.
_NOT_ABOUT_SERVERS = {"undefined-name"}
_FAILS = {
    "add-column-not-null-without-default",
    "object-missing",
    "object-exists",
    "unnamed-constraint",
    "sqlite-alter-unsupported",
    "concurrent-index-in-transaction",
    "statement-refuses-transaction",
    "enum-value-in-transaction",
    "revision-id-too-long",
    "sql-syntax-error",
}


def _on(dialect: str) -> list[Example]:
    pages = [page for family in _FAMILIES for page in sorted((RULE_PAGES / family).glob("*.md"))]
    found = examples(page for page in pages if page.stem not in _NOT_ABOUT_SERVERS)
    return [
        example
        for example in found
        if example.block.option("dialect", "postgresql").partition(":")[0] == dialect
        and example.block.section in ("Bad", "Good")
    ]


@dataclass
class Ran:
    """What running an example showed: by table the locks at the end, the files that changed, the error."""

    locks: dict[str, set[str]] = field(default_factory=dict)
    rewritten: set[str] = field(default_factory=set)
    error: Exception | None = None


def run(engine: sa.Engine, root: Path, inspect: Callable[[sa.Connection], None]) -> Exception | None:
    """Upgrade to the head with the real Alembic; return the error that ended it, if any.

    `inspect` is called inside the transaction of each revision, after its statements.
    """
    (root / "migrations" / "env.py").write_text(_ENV, encoding="utf-8")
    config = AlembicConfig()
    config.set_main_option("script_location", str(root / "migrations"))
    with engine.connect() as connection:

        def applied(**_: Any) -> None:
            inspect(connection)

        config.attributes["options"] = {"connection": connection, "on_version_apply": applied}
        try:
            command.upgrade(config, "heads")
        except (SQLAlchemyError, NotImplementedError, ValueError, AssertionError) as error:
            return error
    return None


_LOCKS = """
SELECT c.relname, l.mode FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
WHERE l.pid = pg_backend_pid() AND l.locktype = 'relation' AND l.granted AND c.relkind IN ('r', 'p')
"""
_FILES = "SELECT oid, relname, pg_relation_filenode(oid) FROM pg_class WHERE relkind = 'r' AND oid >= 16384"


def run_on_postgresql(engine: sa.Engine, root: Path) -> Ran:
    """Run an example on PostgreSQL; locks and files are those of its last revision."""
    ran = Ran()
    files: dict[int, tuple[str, int]] = {}

    def look(connection: sa.Connection) -> None:
        ran.locks.clear()
        ran.rewritten.clear()
        for table, mode in connection.execute(sa.text(_LOCKS)):
            ran.locks.setdefault(table, set()).add(_spelled(mode))
        now = {oid: (name, file) for oid, name, file in connection.execute(sa.text(_FILES))}
        ran.rewritten |= {now[oid][0] for oid in now.keys() & files.keys() if now[oid][1] != files[oid][1]}
        files.clear()
        files.update(now)

    with engine.connect() as connection:
        files.update({oid: (name, file) for oid, name, file in connection.execute(sa.text(_FILES))})
    ran.error = run(engine, root, look)
    return ran


def _spelled(mode: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", mode.removesuffix("Lock")).upper()


_COLUMNS: Mapping[str, Mapping[str, str]] = {
    "orders": {
        "id": "int PRIMARY KEY",
        "customer_id": "bigint DEFAULT 1",
        "number": "text DEFAULT '1'",
        "total": "numeric(10, 2) DEFAULT 1",
        "net": "numeric(12, 2) DEFAULT 1",
        "tax": "numeric(12, 2) DEFAULT 1",
        "state": "order_state DEFAULT 'new'",
        "returned_at": "timestamp DEFAULT now()",
    },
    "customers": {
        "id": "bigint PRIMARY KEY",
        "email": "varchar(200) DEFAULT 'a@example.org'",
        "fullname": "varchar(100) DEFAULT 'A'",
        "nickname": "varchar(50) DEFAULT 'a'",
        "notes": "varchar(500) DEFAULT ''",
        "plan": "varchar(20)",
    },
    "customer": {"id": "bigint PRIMARY KEY", "name": "text DEFAULT 'A'"},
    "users": {"id": "bigint PRIMARY KEY"},
    "coupons": {"id": "bigint PRIMARY KEY"},
    "items": {"id": "bigint PRIMARY KEY", "order_id": "int DEFAULT 1"},
    "events": {"id": "bigint NOT NULL"},
    "bookings": {"id": "bigint PRIMARY KEY", "during": "tstzrange DEFAULT 'empty'"},
    "invoices": {"id": "bigint PRIMARY KEY"},
    "sessions": {"id": "bigint PRIMARY KEY", "expires_at": "timestamptz DEFAULT now()"},
}


def set_up(engine: sa.Engine, example: Example) -> None:
    """Create the tables that an example takes for granted, each with one row."""
    text = "\n".join(block.text for block in example.blocks)
    made = set(re.findall(r'create_table\(\s*(?:#[^\n]*\n\s*)?"(\w+)"', text))
    made |= set(re.findall(r'rename_table\("\w+", "(\w+)"', text))
    columns = set(re.findall(r'sa\.Column\(\s*"(\w+)"', text)) - {"email", "fullname"}
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TYPE order_state AS ENUM ('new', 'paid')"))
        for table, known in _COLUMNS.items():
            if table in made:
                continue
            wanted = {name: kind for name, kind in known.items() if name == "id" or name not in columns}
            listed = ", ".join(f"{name} {kind}" for name, kind in wanted.items())
            connection.execute(sa.text(f"CREATE TABLE {table} ({listed})"))
            connection.execute(sa.text(f"INSERT INTO {table} (id) VALUES (1)"))
        if re.search(r"(?i)drop.index", text):
            connection.execute(sa.text("CREATE INDEX ix_orders_customer_id ON orders (customer_id)"))
        if "measurements" in text:
            connection.execute(sa.text("CREATE TABLE measurements (id int) PARTITION BY RANGE (id)"))
            connection.execute(
                sa.text("CREATE TABLE measurements_2019 PARTITION OF measurements FOR VALUES FROM (1) TO (9)")
            )


@pytest.mark.server
@pytest.mark.parametrize("example", _on("postgresql"), ids=lambda example: example.name)
def test_example_does_on_postgresql_what_the_page_says(
    example: Example, tmp_path: Path, postgresql: PostgresServer
) -> None:
    """Locks, rewrites and failures are those that the findings name; a good example just runs."""
    wanted = example.block.option("dialect").partition(":")[2]
    if int(wanted or postgresql.version[0]) != postgresql.version[0]:
        pytest.skip(f"the example is about PostgreSQL {wanted}")
    if not wanted and postgresql.version[0] < 14:
        pytest.skip("an example without a version is about a PostgreSQL that is still supported")
    judgement, _ = judge(write(example, tmp_path))
    with _engine(postgresql.fresh_database()) as engine:
        set_up(engine, example)
        ran = run_on_postgresql(engine, tmp_path)
    if isinstance(ran.error, sa.exc.CompileError):
        pytest.skip(f"SQLAlchemy {sa.__version__} cannot write it: {ran.error}")
    findings = [finding for finding in judgement.findings if finding.suppressed is None]
    failing = [finding for finding in findings if _says_that_it_fails(finding, example)]
    if failing:
        assert ran.error is not None, failing[0].message
        return
    assert ran.error is None
    rewritten = set()
    for finding in findings:
        lock = re.match(r"([A-Z ]+) lock on (\w+)(?: and (\w+))?", finding.label)
        for table in filter(None, lock.groups()[1:] if lock else ()):
            assert lock is not None
            assert lock[1] in ran.locks.get(table, set()), (finding.label, ran.locks)
        if lock and "rewrite" in finding.label:
            rewritten.add(lock[2])
    if "truncate" not in {finding.rule for finding in findings}:  # that gives the table another file as well
        assert ran.rewritten == rewritten


def _says_that_it_fails(finding: Finding, example: Example) -> bool:
    in_downgrade = "def downgrade" in example.block.text and "upgrade" not in finding.message
    return finding.rule in _FAILS and not in_downgrade


@contextmanager
def _engine(url: str) -> Iterator[sa.Engine]:
    engine = sa.create_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()


_IN_MARIADB = {"order_state": "varchar(20)", "text": "varchar(50)", "timestamptz": "timestamp"}


@pytest.mark.server
@pytest.mark.parametrize("example", _on("mysql"), ids=lambda example: example.name)
def test_example_does_on_mariadb_what_the_page_says(
    example: Example, tmp_path: Path, mariadb: MariadbServer
) -> None:
    """Nothing fails on MariaDB; what a finding calls lost is lost, and what is restated is kept."""
    judgement, _ = judge(write(example, tmp_path))
    rules = {finding.rule for finding in judgement.findings}
    text = "\n".join(block.text for block in example.blocks)
    with _engine(mariadb.fresh_database()) as engine:
        _set_up_mariadb(engine, text)
        assert run(engine, tmp_path, lambda connection: None) is None
        if example.block.page.stem == "alter-column-loses-attributes":
            plan = next(c for c in sa.inspect(engine).get_columns("customers") if c["name"] == "plan")
            assert (plan["nullable"], plan["default"] is None) == (bool(rules), bool(rules))
        if "add-column-not-null-without-default" in rules:
            with engine.connect() as connection:
                assert connection.execute(sa.text("SELECT is_active FROM users")).scalar_one() == 0


def _set_up_mariadb(engine: sa.Engine, text: str) -> None:
    made = set(re.findall(r'create_table\(\s*"(\w+)"', text))
    with engine.begin() as connection:
        for table, known in _COLUMNS.items():
            if table in made or table == "bookings":
                continue
            columns = {name: _IN_MARIADB.get(kind.split()[0], kind) for name, kind in known.items()}
            listed = ", ".join(f"{name} {kind}" for name, kind in columns.items())
            connection.execute(sa.text(f"CREATE TABLE {table} ({listed})"))
            connection.execute(sa.text(f"INSERT INTO {table} (id) VALUES (1)"))


@pytest.mark.parametrize("example", _on("sqlite"), ids=lambda example: example.name)
def test_example_does_on_sqlite_what_the_page_says(example: Example, tmp_path: Path) -> None:
    """What a finding says fails, fails; what it says is lost is lost while foreign keys are enforced.

    The examples are judged for the version that runs them.
    """
    here = Dialect("sqlite", sqlite3.sqlite_version_info)
    written = write(example, tmp_path)
    judgement, _ = judge(replace(written, config=replace(written.config, dialects=(here,))))
    rules = {finding.rule for finding in judgement.findings if finding.suppressed is None}
    with _engine(f"sqlite:///{tmp_path / 'test.db'}") as engine:
        sa.event.listen(engine, "connect", _enforce_foreign_keys)
        with engine.begin() as connection:
            for table in ("user", "users"):
                connection.execute(sa.text(f'CREATE TABLE "{table}" (id integer PRIMARY KEY, email varchar)'))
                connection.execute(sa.text(f"INSERT INTO \"{table}\" VALUES (1, 'a')"))
            if 'Column("email"' in example.block.text:
                connection.execute(sa.text('ALTER TABLE "user" DROP COLUMN email'))
        error = run(engine, tmp_path, _fill_parent_and_child)
        assert (error is not None) == bool(rules & _FAILS), error
        if example.block.page.stem == "batch-loses-rows":
            with engine.connect() as connection:
                kept = connection.execute(sa.text("SELECT count(*) FROM child")).scalar_one()
            assert kept == (0 if rules else 1)


def _enforce_foreign_keys(connection: Any, _: object) -> None:
    connection.execute("PRAGMA foreign_keys=ON")


def _fill_parent_and_child(connection: sa.Connection) -> None:
    """Put a row into each table after the revision that creates them, which is the one after the start."""
    made = {"parent", "child"} <= set(sa.inspect(connection).get_table_names())
    if made and not connection.execute(sa.text("SELECT count(*) FROM parent")).scalar_one():
        connection.execute(sa.text("INSERT INTO parent (id, name) VALUES (1, 'a')"))
        connection.execute(sa.text("INSERT INTO child (id, parent_id) VALUES (1, 1)"))
