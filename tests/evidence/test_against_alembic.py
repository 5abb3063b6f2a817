"""What we say that autogenerate would write is what it writes on a real database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import produce_migrations, render_python_code
from alembic.operations import Operations, ops
from alembic.runtime.migration import MigrationContext

from tests.evidence.projects import Project, compare, initial_upgrade, metadata_of, models_module
from tests.servers import MariadbServer, PostgresServer

CHANGES: dict[str, tuple[str, str]] = {
    "a column more": ("", 'sa.Column("c", sa.String(9), nullable=False, comment="new")'),
    "a column less": ('sa.Column("c", sa.Integer)', ""),
    "another length": ('sa.Column("c", sa.String(9))', 'sa.Column("c", sa.String(10))'),
    "another type": ('sa.Column("c", sa.Integer)', 'sa.Column("c", sa.Text)'),
    "not null": ('sa.Column("c", sa.Date)', 'sa.Column("c", sa.Date, nullable=False)'),
    "an index more": ("", 'sa.Index("ix_n", "n")'),
    "an index less": ('sa.Index("ix_n", "n")', ""),
    "a unique index": ('sa.Index("ix_n", "n")', 'sa.Index("ix_n", "n", unique=True)'),
    "a constraint more": ("", 'sa.UniqueConstraint("n", name="uq_n")'),
    "a constraint less": ('sa.UniqueConstraint("n", name="uq_n")', ""),
    "a key more": ("", 'sa.ForeignKeyConstraint(["n"], ["t.id"], name="fk_n")'),
    "another action": (
        'sa.ForeignKeyConstraint(["n"], ["t.id"], name="fk_n")',
        'sa.ForeignKeyConstraint(["n"], ["t.id"], name="fk_n", ondelete="CASCADE")',
    ),
}
TABLE = """
columns = (sa.Column("id", sa.Integer, primary_key=True), sa.Column("n", sa.Integer))
t = sa.Table("t", metadata, *columns, {items})
{more}
"""


def real(url: str, project: Project) -> list[str]:
    """Run `upgrade()` on an empty database and return the lines that autogenerate writes after it."""
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        scope: dict[str, Any] = {}
        with Operations.context(context):
            exec(compile(project.revision, "a1.py", "exec"), scope)
            scope["upgrade"]()
        connection.commit()
        context = MigrationContext.configure(connection, opts={"target_metadata": None})
        script = produce_migrations(context, metadata_of(project.models))
        assert script.upgrade_ops is not None
        found = _lines(script.upgrade_ops, context)
    engine.dispose()
    return found


def _lines(upgrade: ops.UpgradeOps, context: MigrationContext) -> list[str]:
    text = render_python_code(upgrade, migration_context=context)
    return sorted(line.strip() for line in text.splitlines() if line.strip() not in ("pass", ")"))[2:]


def said(root: Path, project: Project) -> list[str]:
    """Return the lines that we say autogenerate would write."""
    project.write(root)
    (found,) = compare(root, project.dialect)
    lines = [line for one in found.differences if one.autogenerate for line in one.code]
    return sorted(line.strip() for line in lines if line.strip() != ")")


def agree(url: str, dialect: str, old: str, new: str, root: Path) -> None:
    project = Project(dialect, new, initial_upgrade(old, dialect))
    assert said(root, project) == real(url, project)


def changed(name: str) -> tuple[str, str]:
    """Return the module of models before and after a change."""
    old, new = CHANGES[name]
    return (
        models_module(TABLE.format(items=old, more="")),
        models_module(TABLE.format(items=new, more='sa.Table("u", metadata, sa.Column("x", sa.Integer))')),
    )


@pytest.mark.parametrize("name", CHANGES)
def test_on_sqlite(name: str, tmp_path: Path) -> None:
    """Every kind of change leads to the same operations as on a real SQLite."""
    agree(f"sqlite:///{tmp_path}/real.db", "sqlite", *changed(name), tmp_path / "project")


@pytest.mark.server
@pytest.mark.parametrize("name", CHANGES)
def test_on_postgresql(name: str, postgresql: PostgresServer, tmp_path: Path) -> None:
    """Every kind of change leads to the same operations as on a real PostgreSQL."""
    agree(postgresql.fresh_database(), "postgresql", *changed(name), tmp_path)


@pytest.mark.server
@pytest.mark.parametrize("name", CHANGES)
def test_on_mariadb(name: str, mariadb: MariadbServer, tmp_path: Path) -> None:
    """Every kind of change leads to the same operations as on a real MariaDB."""
    agree(mariadb.fresh_database(), "mariadb", *changed(name), tmp_path)
