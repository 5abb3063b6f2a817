"""Little projects whose models and revisions are written here, and what the comparison says of them.

A revision is what Alembic's autogenerate writes for models on an empty database: the way in which most
revisions come into being. The models that it is compared with may be others.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic.autogenerate import render_python_code
from alembic.operations import ops
from alembic.runtime.migration import MigrationContext

from migrate_guard.check.evidence import at_heads
from migrate_guard.config import Config
from migrate_guard.dialect import parse_dialect
from migrate_guard.evaluate.histories import histories
from migrate_guard.evidence.models.compare import Replay, compare_models
from migrate_guard.evidence.models.difference import ModelDifference, ModelsEvidence
from migrate_guard.evidence.models.static import compare_static
from migrate_guard.evidence.probing import Interpreter, Loading
from migrate_guard.project import Environment, find_environments, open_environment

PYTHON = Interpreter(Path(sys.executable), 60)
_MODELS = """import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql

metadata = sa.MetaData({metadata})

{tables}
"""
_REVISION = """import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql, postgresql

revision = "a1"
down_revision = None


def upgrade():
{upgrade}


def downgrade():
    raise NotImplementedError("there is no way back")
"""
_ENV = """from alembic import context
from sqlalchemy import create_engine

import models

with create_engine(context.config.get_main_option("sqlalchemy.url")).connect() as connection:
    context.configure(connection=connection, target_metadata=models.metadata, {options})
    with context.begin_transaction():
        context.run_migrations()
"""
_INI = "[alembic]\nscript_location = migrations\nprepend_sys_path = .\nsqlalchemy.url = {url}\n"
_URLS = {
    "postgresql": "postgresql://localhost/shop",
    "mariadb": "mariadb+pymysql://localhost/shop",
    "mysql": "mysql+pymysql://localhost/shop",
    "sqlite": "sqlite:///shop.db",
}


@dataclass(frozen=True)
class Project:
    """A project on one dialect: the models of its code, and the body of its only `upgrade()`.

    `options` are arguments of `context.configure()` as Python.
    """

    dialect: str
    models: str
    upgrade: str
    options: str = ""

    @property
    def revision(self) -> str:
        """The text of the revision file."""
        lines = self.upgrade.splitlines() or ["pass"]
        return _REVISION.format(upgrade="\n".join(f"    {line}" if line else "" for line in lines))

    def write(self, root: Path) -> None:
        """Write the project below a directory."""
        versions = root / "migrations" / "versions"
        versions.mkdir(parents=True)
        (root / "models.py").write_text(self.models, encoding="utf-8")
        (root / "alembic.ini").write_text(_INI.format(url=_URLS[self.dialect]), encoding="utf-8")
        (root / "migrations" / "env.py").write_text(_ENV.format(options=self.options), encoding="utf-8")
        (versions / "a1.py").write_text(self.revision, encoding="utf-8")


def write_history(root: Path, upgrade: str, dialect: str = "sqlite") -> None:
    """Write the configuration and the only revision of a project whose `env.py` and models are there."""
    project = Project(dialect, "", upgrade)
    versions = root / "migrations" / "versions"
    versions.mkdir(parents=True)
    (root / "alembic.ini").write_text(_INI.format(url=_URLS[dialect]), encoding="utf-8")
    (versions / "a1.py").write_text(project.revision, encoding="utf-8")


def models_module(tables: str, metadata: str = "") -> str:
    """Return a module with the definitions of tables in `metadata`, whose arguments are Python."""
    return _MODELS.format(metadata=metadata, tables=tables)


def metadata_of(module: str) -> sa.MetaData:
    """Return the MetaData of a module given as text."""
    scope: dict[str, Any] = {}
    exec(compile(module, "models.py", "exec"), scope)
    found = scope["metadata"]
    assert isinstance(found, sa.MetaData)
    return found


def initial_upgrade(module: str, dialect: str) -> str:
    """Return the body of `upgrade()` that autogenerate writes for models on an empty database."""
    return upgrade_of(metadata_of(module), dialect)


def upgrade_of(metadata: sa.MetaData, dialect: str) -> str:
    """Return the body of `upgrade()` that autogenerate writes for a MetaData on an empty database."""
    context = MigrationContext.configure(dialect_name=dialect, opts={"user_module_prefix": None})
    made: list[ops.MigrateOperation] = []
    for table in metadata.sorted_tables:
        made.append(ops.CreateTableOp.from_table(table))
        made += [
            ops.CreateIndexOp.from_index(index) for index in sorted(table.indexes, key=lambda i: str(i.name))
        ]
    text = render_python_code(ops.UpgradeOps(ops=made), migration_context=context)
    return "\n".join(line.removeprefix("    ") for line in text.splitlines())


def compare(
    root: Path, *dialects: str, models: tuple[str, ...] = ("auto",), interpreter: Interpreter = PYTHON
) -> list[ModelsEvidence]:
    """Return what the models of each environment below a directory say, on these dialects or its own."""
    return [
        compare_models(environment, replays, models, Loading(interpreter), root)
        for environment, replays in replayed(root, *dialects)
    ]


def compare_read(root: Path, *dialects: str, models: tuple[str, ...] = ()) -> list[ModelsEvidence]:
    """Return what the models say where they are read and not loaded."""
    return [
        compare_static(environment, replays, models, root)
        for environment, replays in replayed(root, *dialects)
    ]


def replayed(root: Path, *dialects: str) -> Iterator[tuple[Environment, list[Replay]]]:
    """Go through the environments below a directory with their schemas, on these dialects or their own."""
    config = Config(root=root, dialects=tuple(map(parse_dialect, dialects)))
    for each in find_environments(config).environments:
        environment, graph = open_environment(each, config)
        yield environment, [at_heads(variant, graph) for variant in histories(environment, graph, root)]


def shown(one: ModelDifference) -> str:
    """Return a difference as a line: what it is about, and both sides where only an aspect differs."""
    of = "" if one.table is None or one.kind == "table" else f" of {one.table}"
    if not one.aspect:
        return f"{one.kind} {one.name}{of}: only in the {'models' if one.history is None else 'history'}"
    if one.aspect == "definition":
        return f"{one.kind} {one.name}{of}: definition"
    return f"{one.kind} {one.name}{of}: {one.aspect}: {one.history} -> {one.models}"
