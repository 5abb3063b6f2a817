"""The comparison with `alembic check` counts every item once, and its seeds are seen on both sides."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import api
from alembic.runtime.migration import MigrationContext

from benchmarks.models import Outcome, details, report
from benchmarks.real.items import Agreement, Item, agreement
from benchmarks.real.seeds import CHANGES, seeded
from migrate_guard.evidence.models.autogenerate import Found
from migrate_guard.evidence.probe.compare import described, leaves, make_dialect
from migrate_guard.evidence.probe.ddl import statements
from migrate_guard.evidence.probing import START
from migrate_guard.operations import TableName
from migrate_guard.schema import Schema
from tests.commands import ROOT, migrate_guard, run
from tests.evidence.projects import Project, models_module
from tests.schema.reflected import reflect

PREFIXES = {
    "sqlalchemy_module_prefix": "sa.",
    "alembic_module_prefix": "op.",
    "user_module_prefix": None,
    "render_as_batch": False,
}


def metadata() -> sa.MetaData:
    """Return models with room for every change."""
    found = sa.MetaData()
    for number in range(16):
        sa.Table(
            f"t{number:02}",
            found,
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("a", sa.Integer),
            sa.Column("b", sa.String(20)),
            sa.Column("c", sa.Integer, sa.ForeignKey("t00.id", name=f"fk{number}")),
            sa.Column("d", sa.Integer, index=True),
            sa.Column("e", sa.Integer),
            sa.UniqueConstraint("e", name=f"uq{number}"),
        )
    return found


def alembic_says(old: sa.MetaData, new: sa.MetaData) -> tuple[list[dict[str, Any]], Schema]:
    """Return the operations that autogenerate finds on a database with the old models, and its schema."""
    engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
    with engine.connect() as connection:
        old.create_all(connection)
        context = MigrationContext.configure(connection, opts=PREFIXES)
        script = api.produce_migrations(context, new)
        about = api.AutogenContext(context, new)
        found = [described(table, one, about) for table, one in leaves(script.upgrade_ops_list)]
        real = reflect(connection, "sqlite")
    engine.dispose()
    return found, real


def compared(new: sa.MetaData, ours: list[Found], open_tables: tuple[str, ...] = ()) -> Agreement:
    operations, real = alembic_says(metadata(), new)
    ddl = statements(new, make_dialect("sqlite"))["ddl"]
    return agreement(operations, ddl, real, ours, open_tables)


def new_column() -> sa.MetaData:
    changed = metadata()
    changed.tables["t01"].append_column(sa.Column("x", sa.Integer))
    return changed


def found_column(name: str, table: str = "t01") -> Found:
    return Found("column", TableName(table), name, "", name, None, ())


def shown(found: Agreement) -> dict[str, list[str]]:
    return {part: [str(item) for item in items] for part, items in vars(found).items() if items}


@pytest.mark.parametrize(
    ("ours", "open_tables", "expected"),
    [
        ([found_column("x")], (), {"both": ["column t01.x"]}),
        ([], (), {"missed": ["column t01.x"]}),
        ([], ("t01",), {"open": ["column t01.x"]}),
        ([found_column("x"), found_column("y")], (), {"both": ["column t01.x"], "false": ["column t01.y"]}),
    ],
)
def test_every_item_is_counted_once(
    ours: list[Found], open_tables: tuple[str, ...], expected: dict[str, list[str]]
) -> None:
    assert shown(compared(new_column(), ours, open_tables)) == expected


def test_what_alembic_does_not_see_is_confirmed_by_the_real_schema() -> None:
    changed = metadata()
    changed.tables["t01"].c.a.server_default = sa.DefaultClause("1")
    ours = [Found("column", TableName("t01"), "a", "default", "1", None, ())]

    assert shown(compared(changed, ours)) == {"more": ["column t01.a (default)"]}


def test_two_spellings_of_one_thing_are_no_miss() -> None:
    """Autogenerate writes an operation for what the server keeps as it is."""
    operations, real = alembic_says(metadata(), metadata())
    assert operations == []
    same: dict[str, Any] = {
        "kind": "AlterColumnOp",
        "schema": None,
        "table": "t01",
        "name": "b",
        "type": None,
        "what": {"type": ["VARCHAR(20)", "String(20)"]},
        "code": [],
        "parts": {},
    }
    ddl = statements(metadata(), make_dialect("sqlite"))["ddl"]

    assert shown(agreement([same], ddl, real, [], ())) == {"noise": ["column t01.b (type)"]}


def test_every_seed_is_one_that_autogenerate_sees() -> None:
    changed = metadata()
    done = seeded(changed)
    operations, _ = alembic_says(metadata(), changed)
    tables = {one["table"] for one in operations}

    assert len(done) == len(CHANGES) + 1
    # SQLite has no comments.
    assert len(tables) == len(done) - 1
    assert {one["kind"] for one in operations} >= {
        "AddColumnOp",
        "AlterColumnOp",
        "CreateForeignKeyOp",
        "CreateIndexOp",
        "CreateTableOp",
        "CreateUniqueConstraintOp",
        "DropColumnOp",
        "DropConstraintOp",
        "DropIndexOp",
        "DropTableOp",
    }


TABLE = (
    'sa.Table("t", metadata, sa.Column("id", sa.Integer(), primary_key=True), sa.Column("n", sa.Integer()))'
)
MADE = 'op.create_table("t", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("n", sa.Integer()))'


def test_both_sides_get_the_same_seeds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The script that runs beside the package, and the one that changes what the probe loads."""
    Project("sqlite", models_module(TABLE), MADE).write(tmp_path)
    url = f"sqlite:///{(tmp_path / 'live.db').as_posix()}"
    given = {
        "url": url,
        "location": str(tmp_path / "migrations"),
        "ini": str(tmp_path / "alembic.ini"),
        "before": "import sys; sys.path.insert(0, '.')",
        "program": "",
        "before_file": str(tmp_path / "before.json"),
        "answer": str(tmp_path / "answer.json"),
        "probe": str(START.parent),
        "models": [],
        "dialect": "sqlite",
    }
    real = ROOT / "benchmarks" / "real"
    run(sys.executable, real / "autogenerate.py", json.dumps(given), cwd=tmp_path, check=True)
    answer = json.loads((tmp_path / "answer.json").read_text(encoding="utf-8"))

    assert answer["clean"]["operations"] == []
    assert {one["name"] or one["table"] for one in answer["seeded"]["operations"]} == {
        "ix_seeded",
        "seeded_table",
    }
    assert answer["seeded"]["seeds"] == ["new_index", "new_table"]

    arguments = ("check", "--models=auto", "--select=model-not-migrated", "--format=json")
    assert json.loads(migrate_guard(*arguments, cwd=tmp_path).stdout)["findings"] == []
    monkeypatch.setattr("tests.commands._KEPT", ("PATH", "HOME", "PYTHONPATH", "SEEDS"))
    monkeypatch.setenv("PYTHONPATH", str(real / "seeding"))
    monkeypatch.setenv("SEEDS", str(real / "seeds.py"))
    found = json.loads(migrate_guard(*arguments, cwd=tmp_path).stdout)["findings"]
    assert {one["message"].partition(",")[0] for one in found} == {
        "the models have index ix_seeded of t",
        "the models have table seeded_table",
    }


def test_the_table_sums_up_and_says_what_was_not_compared() -> None:
    item = Item("column", "t", "x", "")
    outcomes = {
        ("shop", "sqlite", "clean"): Outcome(tables=3, left_out={"u": "unread"}),
        ("shop", "sqlite", "seeded"): Outcome(tables=3, seeds=2, found=Agreement(both=[item], missed=[item])),
        ("blog", "sqlite", "clean"): Outcome("no models"),
    }
    text, failed = report(outcomes)  # type: ignore[arg-type]  # a dictionary of literals
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in text.splitlines()[2:]]
    assert rows == [
        ["shop, sqlite, clean", "3", "1", "0", "0", "0", "0", "0", "0"],
        ["shop, sqlite, 2 changes", "3", "0", "1", "1", "0", "0", "0", "0"],
        ["all, clean", "3", "1", "0", "0", "0", "0", "0", "0"],
        ["all, seeded", "3", "0", "1", "1", "0", "0", "0", "0"],
    ]
    assert failed == "Not compared:\n\n- blog, sqlite, clean: no models"
    assert list(details(outcomes)) == [  # type: ignore[arg-type]  # likewise
        "shop, sqlite, not whole: u: unread",
        "shop, sqlite, seeded, missed: column t.x",
    ]
