"""Models that are only read are held against the history as loaded ones are."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterable
from pathlib import Path

import pytest

from migrate_guard.evidence.models.difference import ModelsEvidence
from tests.commands import FIXTURES
from tests.evaluate.models.class_forms import CLASSES
from tests.evaluate.models.form import Form
from tests.evaluate.models.library_forms import FLASK, SQLMODEL
from tests.evaluate.models.mapped_forms import MAPPED
from tests.evaluate.models.table_forms import HONEST, TABLES
from tests.evaluate.models.test_forms import written
from tests.evaluate.models.truth import fresh_sqlmodel, imported
from tests.evidence.blind_spots import BLIND_SPOTS
from tests.evidence.in_line import EVERY, IN_LINE, types_of
from tests.evidence.projects import (
    Project,
    compare,
    compare_read,
    initial_upgrade,
    models_module,
    shown,
    upgrade_of,
    write_history,
)
from tests.evidence.test_against_alembic import CHANGES, changed
from tests.evidence.test_blind_spots import CASES as BLIND
from tests.evidence.test_blind_spots import after, before


def _said(project: Project, root: Path) -> list[str]:
    project.write(root)
    (found,) = compare_read(root, project.dialect)
    assert not found.imported
    return [shown(one) for one in found.differences]


@pytest.mark.parametrize("dialect", EVERY)
def test_no_type_is_mistaken_for_another(dialect: str, tmp_path: Path) -> None:
    models = models_module(types_of(dialect))
    assert _said(Project(dialect, models, initial_upgrade(models, dialect)), tmp_path) == []


@pytest.mark.parametrize(
    ("name", "dialect"), [(name, dialect) for name, case in IN_LINE.items() for dialect in case.dialects]
)
def test_what_agrees_gives_no_difference(name: str, dialect: str, tmp_path: Path) -> None:
    case = IN_LINE[name]
    models = models_module(case.tables, case.metadata)
    project = Project(dialect, models, initial_upgrade(models, dialect), case.options)
    assert _said(project, tmp_path) == []


@pytest.mark.parametrize(("name", "dialect"), BLIND)
def test_what_autogenerate_does_not_see_is_told(name: str, dialect: str, tmp_path: Path) -> None:
    spot = BLIND_SPOTS[name]
    project = Project(dialect, after(spot, dialect), initial_upgrade(before(spot, dialect), dialect))
    assert _plain(_said(project, tmp_path)) == _plain(spot.said)


def _plain(said: Iterable[str]) -> set[str]:
    """Return differences without the types, which are SQL here and Python there."""
    return {one.partition(": type: ")[0] for one in said}


@pytest.mark.parametrize("dialect", EVERY)
@pytest.mark.parametrize("name", CHANGES)
def test_what_autogenerate_sees_is_told(name: str, dialect: str, tmp_path: Path) -> None:
    old, new = changed(name)
    project = Project(dialect, new, initial_upgrade(old, dialect))
    project.write(tmp_path)
    (read,), (loaded,) = compare_read(tmp_path, dialect), compare(tmp_path, dialect)
    assert _objects(read) == _objects(loaded)
    lines = {one.name: one.span.line for one in loaded.differences if one.span is not None}
    told = {one.name: one.span.line for one in read.differences if one.span is not None}
    assert lines.items() <= told.items()
    assert all(one.span is not None for one in read.differences if one.models is not None)


def _objects(found: ModelsEvidence) -> set[tuple[str, str, str | None]]:
    return {(str(one.table), one.name, one.revision) for one in found.differences}


@pytest.mark.parametrize("dialect", EVERY)
@pytest.mark.parametrize("name", CHANGES)
def test_the_lines_close_the_difference(name: str, dialect: str, tmp_path: Path) -> None:
    old, new = changed(name)
    first = initial_upgrade(old, dialect)
    Project(dialect, new, first).write(tmp_path)
    (found,) = compare_read(tmp_path, dialect)
    assert all(one.code for one in found.differences)
    lines = [line for one in found.differences for line in one.code]
    project = Project(dialect, new, "\n".join([first, *lines]))
    (tmp_path / "migrations" / "versions" / "a1.py").write_text(project.revision, encoding="utf-8")
    assert [shown(one) for one in compare_read(tmp_path, dialect)[0].differences] == []
    (loaded,) = compare(tmp_path, dialect)
    assert [shown(one) for one in loaded.differences] == []


FORMS = {**MAPPED, **CLASSES, **TABLES, **FLASK, **SQLMODEL}
# Autogenerate writes indexes of other dialects and leaves out the CHECKs of columns.
for _wrong in ("indexes of one dialect", "association tables"):
    del FORMS[_wrong]


@pytest.mark.parametrize("form", [pytest.param(f, id=n) for n, f in FORMS.items() if not f.postgresql_only])
def test_models_of_every_form_agree_with_what_autogenerate_writes(form: Form, tmp_path: Path) -> None:
    """The revision is made from the imported models, and held against those that are read."""
    pytest.importorskip(form.needs, reason=f"{form.needs} is not installed")
    fresh_sqlmodel()
    written(form, tmp_path)
    with imported(tmp_path, form.target, tmp_path / "vendor") as metadata:
        upgrade = upgrade_of(metadata, "sqlite")
    write_history(tmp_path, upgrade)
    (found,) = compare_read(tmp_path, "sqlite")
    assert [shown(one) for one in found.differences] == []
    assert found.compared or found.left_out


def test_a_table_that_is_not_all_read_is_named_and_passed_over(tmp_path: Path) -> None:
    form = HONEST["a base from elsewhere"]
    written(form, tmp_path)
    write_history(tmp_path, 'op.create_table("other", sa.Column("id", sa.Integer))')
    (found,) = compare_read(tmp_path, "sqlite")
    (new,) = found.differences
    assert new.name == "plain"
    assert new.doubt is not None
    assert "other_library.Identified" in new.doubt
    left_out = {str(one.table): one.reason for one in found.left_out}
    assert set(left_out) == {"user", "meter", "other"}
    assert left_out["other"].startswith("it may have a model that was not found: ")
    assert "other_library.ident" in left_out["meter"]


READABLE = """
    from sqlalchemy import Column, Integer, MetaData, Table
    metadata = MetaData()
    Table("users", metadata, Column("id", Integer, primary_key=True))
    import mails
"""
TWO_TABLES = """
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True))
op.create_table("mails", sa.Column("id", sa.Integer(), primary_key=True))
""".strip()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"class Mail(Base)\n    pass\n", "mails.py: it is not valid Python"),
        (b'"""caf\xe9"""\n', "mails.py: it cannot be decoded as utf-8"),
    ],
)
def test_the_table_of_a_model_that_cannot_be_read_is_not_called_absent(
    content: bytes, reason: str, tmp_path: Path
) -> None:
    project = Project("sqlite", textwrap.dedent(READABLE), TWO_TABLES)
    project.write(tmp_path)
    (tmp_path / "mails.py").write_bytes(content)
    (found,) = compare_read(tmp_path, "sqlite")
    assert found.differences == ()
    (left,) = found.left_out
    assert str(left.table) == "mails"
    assert reason in left.reason


ASYNC_MODELS = """
    from sqlalchemy import ForeignKey, String
    from sqlalchemy.ext.asyncio import AsyncAttrs
    from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


    class Base(AsyncAttrs, DeclarativeBase):
        pass


    class Room(Base):
        __tablename__ = "rooms"
        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[str] = mapped_column(String(80), unique=True)
        topic: Mapped[str | None]
"""


def _async_project(root: Path) -> None:
    """Write models into the fixture with the async template, whose migrations have rooms without a topic."""
    shutil.copytree(FIXTURES / "async-env", root, ignore=shutil.ignore_patterns("__pycache__"))
    (root / "chat" / "models.py").write_text(textwrap.dedent(ASYNC_MODELS), encoding="utf-8")


def test_the_async_template_gives_what_loading_it_gives(tmp_path: Path) -> None:
    root = tmp_path / "chat"
    _async_project(root)
    (read,), (loaded,) = compare_read(root), compare(root)
    assert {str(one.table) for one in read.differences} == {str(one.table) for one in loaded.differences}
    columns = [{one.name for one in found.differences if one.kind == "column"} for found in (read, loaded)]
    assert columns[0] == columns[1] >= {"topic", "id", "name"}


@pytest.mark.parametrize(
    "fixture",
    ["alembic-ini", "alembic-pyproject", "batch-sqlite", "flask-migrate", "flask-multidb", "sqlmodel"],
)
def test_fixtures_are_in_line(fixture: str) -> None:
    for found in compare_read(FIXTURES / fixture):
        assert [shown(one) for one in found.differences] == []
        assert found.left_out == ()
        assert found.compared
