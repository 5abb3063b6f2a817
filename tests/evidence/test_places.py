"""Where the models say it: what the probe finds out about classes, and the lines that are made of that."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from migrate_guard.evidence.models.places import Places
from migrate_guard.evidence.probe.places import places
from migrate_guard.operations import TableName

MODELS = """import sqlalchemy as sa
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class Stamped:
    made_at = sa.Column(sa.DateTime)


class User(Stamped, Base):
    __tablename__ = "users"
    id = sa.Column(sa.Integer, primary_key=True)
    mail = sa.Column("e_mail", sa.Text)


def model():
    class Inner(Base):
        __tablename__ = "inner"
        id = sa.Column(sa.Integer, primary_key=True)

    return Inner


inner = model()
tags = sa.Table(
    "tags", Base.metadata, sa.Column("id", sa.Integer, primary_key=True))
metadata = Base.metadata
sa.Table("loose", metadata, sa.Column("id", sa.Integer, primary_key=True), schema="public")
"""


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    (tmp_path / "models_with_places.py").write_text(MODELS, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield importlib.import_module("models_with_places")
    del sys.modules["models_with_places"]


def test_what_the_probe_says_of_classes(module: ModuleType) -> None:
    found = {one["table"]: one for one in places([module.Base.metadata])}

    assert [one["name"] for one in found["users"]["classes"]][:2] == ["User", "Stamped"]
    assert found["users"]["columns"] == {"e_mail": "mail"}
    assert next(one["name"] for one in found["inner"]["classes"]) == "model.<locals>.Inner"
    assert found["tags"]["classes"] == []
    assert found["tags"]["files"] == found["loose"]["files"] == [module.__file__]


@pytest.mark.parametrize(
    ("table", "column", "line"),
    [
        ("users", None, 11),
        ("users", "e_mail", 14),
        ("users", "made_at", 8),
        ("users", "nowhere", 11),
        ("inner", "id", 20),
        ("tags", None, 26),
        ("tags", "id", 26),
        ("loose", None, 29),
        ("absent", None, None),
        (None, None, None),
    ],
)
def test_the_lines(
    table: str | None, column: str | None, line: int | None, module: ModuleType, tmp_path: Path
) -> None:
    found = Places(places([module.Base.metadata]), tmp_path)

    span = found.of(None if table is None else TableName(table), column)

    assert (span and span.line) == line
    assert span is None or span.path == "models_with_places.py"


def test_a_file_that_is_gone_has_no_lines(module: ModuleType, tmp_path: Path) -> None:
    answer = places([module.Base.metadata])
    for one in answer:
        for cls in one["classes"]:
            cls["file"] = str(tmp_path / "gone.py")

    assert Places(answer, tmp_path).of(TableName("users"), "id") is None
