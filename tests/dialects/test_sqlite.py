"""What SQLite is claimed to do is what it does, counted in the pages it writes and the steps it takes."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import BatchOperations, Operations

from migrate_guard.dialect import Dialect
from migrate_guard.dialects import effect_of
from migrate_guard.operations import (
    AddColumn,
    AddConstraint,
    AlterColumn,
    AnyOperation,
    BatchContext,
    Check,
    Column,
    CreateIndex,
    CreateTable,
    Default,
    Delete,
    DropColumn,
    DropConstraint,
    DropIndex,
    DropTable,
    Insert,
    Maintain,
    Query,
    RenameColumn,
    RenameTable,
    TableName,
    Update,
)
from tests.dialects.shop import INTEGER, SPAN, TEXT, column, foreign_key, index, schema, table

T = TableName("t")
ROWS = 3000
SHOP = schema(
    "sqlite",
    [
        table(
            "t",
            [column("id", INTEGER), column("a", INTEGER), column("b", TEXT), column("spare", TEXT)],
            [],
            [index("ia", "t", "a")],
        )
    ],
)
VERSION = sqlite3.sqlite_version_info
BATCH = BatchContext(T, 1)


@dataclass(frozen=True)
class Counted:
    """Pages that a statement wrote, and steps of SQLite's machine that it took."""

    pages: int
    steps: int


@pytest.fixture
def database(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A database in WAL mode, where every written page can be counted."""
    connection = sqlite3.connect(tmp_path / "db", isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("BEGIN")
    connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, a int, b text, spare text)")
    connection.execute("CREATE TABLE u (id INTEGER PRIMARY KEY)")
    connection.executemany(
        "INSERT INTO t VALUES (?, ?, ?, 's')", ((i, i % 7, "x" * 200) for i in range(ROWS))
    )
    connection.execute("CREATE INDEX ia ON t (a)")
    connection.execute("COMMIT")
    yield connection
    connection.close()


def _count(connection: sqlite3.Connection, sql: str) -> Counted:
    row = connection.execute("PRAGMA database_list").fetchone()
    log = Path(f"{row[2]}-wal")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    steps = [0]

    def stepped() -> int:
        steps[0] += 1
        return 0

    connection.set_progress_handler(stepped, 1)
    connection.execute(sql).fetchall()
    connection.set_progress_handler(None, 0)
    frame = connection.execute("PRAGMA page_size").fetchone()[0] + 24
    return Counted(log.stat().st_size // frame, steps[0])


def _added(*constraints: Check, name: str = "x") -> AddColumn:
    return AddColumn(
        span=SPAN, table=T, column=Column(name, INTEGER), constraints=tuple(constraints), inline=True
    )


CASES: list[tuple[str, AnyOperation]] = [
    ("ALTER TABLE t ADD COLUMN x int", _added()),
    (
        "ALTER TABLE t ADD COLUMN x int NOT NULL DEFAULT 5",
        AddColumn(span=SPAN, table=T, column=Column("x", INTEGER, nullable=False, default=Default("5"))),
    ),
    ("ALTER TABLE t ADD COLUMN x int CHECK (x > 0)", _added(Check(None, "x > 0"))),
    (
        "ALTER TABLE t ADD COLUMN x int REFERENCES u (id)",
        AddColumn(
            span=SPAN,
            table=T,
            column=Column("x", INTEGER),
            constraints=(foreign_key("fk", "x", "u"),),
            inline=True,
        ),
    ),
    ("ALTER TABLE t RENAME TO t2", RenameTable(span=SPAN, table=T, to=TableName("t2"))),
    ("ALTER TABLE t RENAME COLUMN b TO c", RenameColumn(span=SPAN, table=T, column="b", to="c")),
    ("ALTER TABLE t DROP COLUMN spare", DropColumn(span=SPAN, table=T, column="spare")),
    ("CREATE INDEX ib ON t (b)", CreateIndex(span=SPAN, index=index("ib", "t", "b"))),
    ("UPDATE t SET b = 'y' || b", Update(span=SPAN, table=T)),
    ("INSERT INTO t (a) VALUES (1)", Insert(span=SPAN, table=T)),
    ("SELECT 1", Query(span=SPAN)),
    ("CREATE TABLE made (id int)", CreateTable(span=SPAN, table=TableName("made"), columns=())),
]


@pytest.mark.parametrize(("sql", "operation"), CASES, ids=[sql for sql, _ in CASES])
def test_claim(sql: str, operation: AnyOperation, database: sqlite3.Connection) -> None:
    if isinstance(operation, DropColumn) and VERSION < (3, 35):
        pytest.skip("DROP COLUMN came with SQLite 3.35")
    effect = effect_of(operation, SHOP, Dialect("sqlite", VERSION))
    counted = _count(database, sql)
    whole_table = ROWS * 200 // 4096
    assert effect.known
    if not isinstance(operation, (Update, CreateIndex)):
        assert bool(effect.rewrites) == (counted.pages >= whole_table)
    assert bool(effect.scans) == (counted.steps >= ROWS)
    assert bool(effect.holds) == (not isinstance(operation, (Query, CreateTable)))


def test_a_write_makes_other_writers_wait(database: sqlite3.Connection, tmp_path: Path) -> None:
    effect = effect_of(_added(), SHOP, Dialect("sqlite", VERSION))
    other = sqlite3.connect(tmp_path / "db", timeout=0)
    database.execute("BEGIN")
    database.execute("ALTER TABLE t ADD COLUMN x int")
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        other.execute("INSERT INTO u VALUES (1)")
    assert other.execute("SELECT count(*) FROM t").fetchone() == (ROWS,)
    other.close()
    database.execute("ROLLBACK")
    assert [hold.blocks for hold in effect.holds] == ["writes"]


BatchStep = tuple[str, Callable[[BatchOperations], object], AnyOperation]
BATCHES: list[BatchStep] = [
    (
        "add_column",
        lambda b: b.add_column(sa.Column("x", sa.Integer)),
        AddColumn(span=SPAN, table=T, column=Column("x", INTEGER), batch=BATCH),
    ),
    (
        "add_column with an SQL default",
        lambda b: b.add_column(sa.Column("x", sa.Integer, server_default=sa.text("(1)"))),
        AddColumn(span=SPAN, table=T, column=Column("x", INTEGER, default=Default("(1)")), batch=BATCH),
    ),
    (
        "add_column with a literal default",
        lambda b: b.add_column(sa.Column("x", sa.Integer, server_default="1")),
        AddColumn(
            span=SPAN, table=T, column=Column("x", INTEGER, default=Default("'1'", quoted=True)), batch=BATCH
        ),
    ),
    (
        "drop_column",
        lambda b: b.drop_column("spare"),
        DropColumn(span=SPAN, table=T, column="spare", batch=BATCH),
    ),
    (
        "alter_column",
        lambda b: b.alter_column("b", nullable=False),
        AlterColumn(span=SPAN, table=T, column="b", nullable=False, batch=BATCH),
    ),
    (
        "create_check_constraint",
        lambda b: b.create_check_constraint("ck", sa.text("a >= 0")),
        AddConstraint(span=SPAN, table=T, constraint=Check("ck", "a >= 0"), batch=BATCH),
    ),
    (
        "create_index",
        lambda b: b.create_index("ib", ["b"]),
        CreateIndex(span=SPAN, index=index("ib", "t", "b"), batch=BATCH),
    ),
    ("drop_index", lambda b: b.drop_index("ia"), DropIndex(span=SPAN, name="ia", table=T, batch=BATCH)),
]


@pytest.mark.parametrize(("name", "step", "operation"), BATCHES, ids=[name for name, _, _ in BATCHES])
def test_batch_rebuilds(
    name: str,
    step: Callable[[BatchOperations], object],
    operation: AnyOperation,
    database: sqlite3.Connection,
    tmp_path: Path,
) -> None:
    del name
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'db'}")
    statements: list[str] = []
    sa.event.listen(engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    with engine.connect() as connection:
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table("t") as batch:
            step(batch)
    engine.dispose()
    rebuilt = any("_alembic_tmp_t" in statement for statement in statements)
    effect = effect_of(operation, SHOP, Dialect("sqlite", VERSION))
    assert effect.known
    assert bool(effect.rewrites) == rebuilt


def test_without_batch_nothing_is_claimed() -> None:
    for operation in (
        AlterColumn(span=SPAN, table=T, column="b", nullable=False),
        AddConstraint(span=SPAN, table=T, constraint=Check("ck", "a >= 0")),
        DropConstraint(span=SPAN, table=T, name="ck"),
    ):
        assert not effect_of(operation, SHOP, Dialect("sqlite", VERSION)).known


def test_vacuum_cannot_run_in_a_transaction(database: sqlite3.Connection) -> None:
    operation = Maintain(span=SPAN, command="VACUUM", target=None, kind="database")
    assert not effect_of(operation, SHOP, Dialect("sqlite", VERSION)).transactional
    database.execute("BEGIN")
    with pytest.raises(sqlite3.OperationalError, match="within a transaction"):
        database.execute("VACUUM")


@pytest.mark.parametrize(
    "operation", [DropTable(span=SPAN, table=T), Delete(span=SPAN, table=T, where="a = 1")]
)
def test_other_writes_lock_the_database(operation: AnyOperation) -> None:
    effect = effect_of(operation, SHOP, Dialect("sqlite", VERSION))
    assert [(hold.blocks, hold.long) for hold in effect.holds] == [("writes", True)]
