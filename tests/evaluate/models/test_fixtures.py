"""The models of every fixture, read statically and imported for real."""

from __future__ import annotations

import pytest

from migrate_guard.config import Config
from migrate_guard.dialect import DialectName, parse_dialect
from migrate_guard.evaluate.models import read_models
from migrate_guard.project import Environment, find_environments, open_environment
from migrate_guard.schema.compare import differences
from tests.commands import FIXTURES
from tests.evaluate.models.truth import built, fresh_sqlmodel, imported
from tests.servers import PostgresServer

MODELS = {
    "alembic-ini": ("shop.models:Base.metadata", None, "sqlalchemy"),
    "alembic-pyproject": ("blog:metadata", None, "sqlalchemy"),
    "async-env": ("chat.models:Base.metadata", None, "sqlalchemy"),
    "batch-sqlite": ("notes:metadata", None, "sqlalchemy"),
    "flask-migrate": ("models:db.metadata", None, "flask_sqlalchemy"),
    "flask-multidb": ("models:db.metadata", None, "flask_sqlalchemy"),
    "flask-multidb audit": ("models:db.metadatas", "audit", "flask_sqlalchemy"),
    "long-history": ("tracker.models:metadata", None, "sqlalchemy"),
    "sqlmodel": ("billing.models:SQLModel.metadata", None, "sqlmodel"),
    "two-environments/services/billing": ("billing.models:Base.metadata", None, "sqlalchemy"),
    "two-environments/services/catalog": ("catalog.models:Base.metadata", None, "sqlalchemy"),
}
POSTGRESQL_ONLY = {"long-history"}
NOT_REACHED = {"models-not-imported"}
"""Where `env.py` does not lead to all models, reading finds them, and loading does not."""


def environment_of(project: str) -> Environment:
    """Return the environment of a fixture."""
    config = Config(root=FIXTURES / project)
    (found,) = find_environments(config).environments
    return open_environment(found, config)[0]


def check(name: str, dialect: DialectName, url: str) -> None:
    """Hold what is read of a fixture's models against what they really build."""
    target, database, needs = MODELS[name]
    pytest.importorskip(needs, reason=f"{needs} is not installed")
    fresh_sqlmodel()
    root = FIXTURES / name.partition(" ")[0]
    read = read_models(environment_of(name.partition(" ")[0]), parse_dialect(dialect), root, database)
    with imported(root, target) as found:
        metadata = found if database is None else found[database]  # type: ignore[index]  # metadata by bind
        real = built(metadata, dialect, url)
    assert [*map(str, differences(real, read.schema))] == []
    assert read.notes == ()
    assert set(read.schema.tables) == set(real.tables)
    assert all(table.certain for table in read.schema.tables.values())
    assert {part for part in read.places if part[1] is None} == {(table, None) for table in real.tables}


def test_every_fixture_with_models_is_here() -> None:
    words = ("declarative_base", "DeclarativeBase", "db.Model", "SQLModel", "MetaData(")
    found = {
        path.relative_to(FIXTURES).parts[0]
        for path in FIXTURES.rglob("*.py")
        if path.name != "env.py" and path.parent.name != "versions"
        if any(word in path.read_text(encoding="utf-8", errors="replace") for word in words)
    }
    assert found == {name.partition(" ")[0].partition("/")[0] for name in MODELS} | NOT_REACHED


@pytest.mark.parametrize("name", sorted(set(MODELS) - POSTGRESQL_ONLY))
def test_sqlite(name: str) -> None:
    check(name, "sqlite", "sqlite://")


@pytest.mark.server
@pytest.mark.parametrize("name", sorted(MODELS))
def test_postgresql(name: str, postgresql: PostgresServer) -> None:
    if name in POSTGRESQL_ONLY and postgresql.version < (13,):
        pytest.skip("gen_random_uuid() needs PostgreSQL 13")
    check(name, "postgresql", postgresql.fresh_database())
