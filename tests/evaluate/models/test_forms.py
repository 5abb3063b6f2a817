"""Models of every form, read statically and imported for real: the schemas must be equal."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrate_guard.dialect import DialectName, parse_dialect
from migrate_guard.evaluate.models import StaticModels, read_models
from migrate_guard.operations import UNKNOWN, Column, SqlType, TableName
from migrate_guard.project import Environment
from migrate_guard.schema import Schema
from migrate_guard.schema.compare import differences
from migrate_guard.schema.spelling import spelled
from tests.evaluate.models.class_forms import CLASSES
from tests.evaluate.models.form import Form
from tests.evaluate.models.library_forms import FLASK, SQLMODEL
from tests.evaluate.models.mapped_forms import MAPPED
from tests.evaluate.models.table_forms import HONEST, TABLES
from tests.evaluate.models.truth import built, fresh_sqlmodel, imported
from tests.servers import PostgresServer

FORMS = {**MAPPED, **CLASSES, **TABLES, **FLASK, **SQLMODEL, **HONEST}


def written(form: Form, folder: Path) -> Environment:
    """Write a form's project, and return its environment."""
    for path, text in {**form.files, "migrations/env.py": form.env_py}.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    scripts = folder / "migrations"
    return Environment("alembic.ini", "alembic.ini", folder, scripts, (), env_py=scripts / "env.py")


def open_attributes(schema: Schema) -> set[str]:
    """Return the columns of which an attribute is left open."""
    found = set()
    for table in schema.tables.values():
        for column in table.columns.values():
            if _is_open(column, schema.dialect):
                found.add(f"{table.name}.{column.name}")
    return found


def _is_open(column: Column, dialect: DialectName) -> bool:
    kind = column.type
    custom = isinstance(kind, SqlType) and spelled(kind, dialect) is UNKNOWN
    return custom or UNKNOWN in (kind, column.nullable, column.default, column.comment)


def check(form: Form, folder: Path, dialect: DialectName, url: str) -> None:
    """Hold what is read of a form against what it really builds."""
    environment = written(form, folder)
    read = read_models(environment, parse_dialect(dialect), folder)
    with imported(folder, form.target, folder / "vendor") as metadata:
        real = built(metadata, dialect, url)
    told = "\n".join(map(str, (*read.notes, *read.schema.tables)))
    sure = [
        found for found in differences(real, read.schema) if found.certain and not _is_comment(found, dialect)
    ]
    assert not sure, "\n".join(map(str, sure)) + "\n" + told
    _check_doubts(form, read, real, dialect, told)
    _check_places(read)


def _is_comment(found: object, dialect: DialectName) -> bool:
    """Tell whether a difference is about a comment, which SQLite does not keep."""
    return dialect == "sqlite" and getattr(found, "aspect", "") == "comment"


def _check_doubts(form: Form, read: StaticModels, real: Schema, dialect: DialectName, told: str) -> None:
    tables = read.schema.tables
    assert {str(name) for name, table in tables.items() if not table.certain} == set(form.uncertain), told
    for name, word in form.uncertain.items():
        assert word in " ".join(tables[TableName(name)].doubts)
    wanted = {name.rpartition(" ")[2] for name in form.unknown if not _is_of_other(name, dialect)}
    assert open_attributes(read.schema) == wanted, told
    assert read.schema.complete is not form.missing, told
    absent = set(real.tables) - set(tables)
    assert not absent or form.missing, told


def _is_of_other(name: str, dialect: DialectName) -> bool:
    return " " in name and not name.startswith(dialect)


def _check_places(read: StaticModels) -> None:
    """Every table and column has the line that declares it."""
    for name, table in read.schema.tables.items():
        assert (name, None) in read.places
        for column in table.columns:
            assert read.places[name, column].line > 0


@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")
@pytest.mark.parametrize("form", [pytest.param(f, id=n) for n, f in FORMS.items() if not f.postgresql_only])
def test_sqlite(form: Form, tmp_path: Path) -> None:
    pytest.importorskip(form.needs, reason=f"{form.needs} is not installed")
    check(form, tmp_path, "sqlite", "sqlite://")


@pytest.mark.server
@pytest.mark.parametrize("form", [pytest.param(f, id=n) for n, f in FORMS.items()])
def test_postgresql(form: Form, tmp_path: Path, postgresql: PostgresServer) -> None:
    pytest.importorskip(form.needs, reason=f"{form.needs} is not installed")
    check(form, tmp_path, "postgresql", postgresql.fresh_database())


@pytest.fixture(autouse=True)
def _own_metadata() -> None:
    fresh_sqlmodel()
