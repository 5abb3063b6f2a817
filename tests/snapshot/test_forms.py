"""Every format takes every schema, and what programs read keeps its contract."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import migrate_guard.report.schema
from migrate_guard.config import Config
from migrate_guard.dialect import DIALECTS, Dialect, DialectName
from migrate_guard.evaluate.sql import read_sql
from migrate_guard.operations import AnyOperation, Column, CreateTable, ForeignKey, Opaque, TableName
from migrate_guard.report import Style
from migrate_guard.report.schema import changes_json, changes_text, mermaid, schema_json, schema_text, sql
from migrate_guard.schema import Schema, apply, empty_schema
from migrate_guard.snapshot import Snapshot, Unread, compared, snapshots
from tests.commands import FIXTURES
from tests.schema import strategies
from tests.schema.build import SPAN, TEXT
from tests.snapshot.building import snapshot

PROJECTS = sorted(path.name for path in FIXTURES.iterdir() if path.is_dir())
_NAME = r'"[^"%\r\n\v\\]+"'
_WORD = r"[A-Za-z_][A-Za-z0-9_]*"
MERMAID_LINES = re.compile(
    rf"""
      \s*%%\ [^\n]*
    | erDiagram
    | \ {{4}}{_NAME}(\[{_NAME}\])?(\ {{)?
    | \ {{8}}{_WORD}[A-Za-z0-9_()\[\]]*\ (?!(?:[PFU]K)\b){_WORD}(\ [PFU]K(,\ [PFU]K)*)?(\ "[^"\n]*")?
    | \ {{4}}}}
    | \ {{4}}{_NAME}\ (\|\||\|o)(--|\.\.)(o\||o{{)\ {_NAME}\ :\ "[^"\n]*"
    """,
    re.VERBOSE,
)
"""A narrow reading of Mermaid's grammar (`erDiagram.jison`), line by line."""


def _validator(name: str) -> jsonschema.Draft202012Validator:
    file = Path(migrate_guard.report.schema.__file__).parent / f"{name}.schema.json"
    contract = json.loads(file.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(contract)
    return jsonschema.Draft202012Validator(contract)


SCHEMA = _validator("schema-v1")
CHANGES = _validator("schema-changes-v1")


def _assert_diagram(text: str) -> None:
    lines = text.splitlines()
    assert [line for line in lines if not MERMAID_LINES.fullmatch(line)] == []
    assert lines.count("erDiagram") == 1
    assert sum(line.endswith(" {") for line in lines) == lines.count("    }")


def _assert_every_form(found: Snapshot) -> None:
    for style in (Style(), Style(colour=True, verbose=True)):
        assert schema_text([found], style).endswith("\n")
    assert schema_text([found]).replace("\n", "").isprintable()
    SCHEMA.validate(json.loads(schema_json([found])))
    _assert_diagram(mermaid([found]))
    script = sql([found])
    assert script.replace("\n", "").isprintable()
    assert script.count("CREATE TABLE ") + script.count("CREATE TEMPORARY TABLE ") <= len(found.schema.tables)


def _replayed(dialect: DialectName, history: list[AnyOperation]) -> Snapshot:
    schema = empty_schema(dialect)
    unread = []
    for operation in history:
        schema = apply(schema, operation, "r")
        if isinstance(operation, Opaque):
            unread.append(Unread(operation.span, operation.reason, operation.may_touch))
    return Snapshot(
        "alembic.ini", Dialect(dialect), None, ("r",), schema, {"r": 0}, tuple(unread), ("a note",)
    )


histories = st.lists(strategies.operation, max_size=25)
dialects = st.sampled_from(DIALECTS)


@settings(max_examples=150, deadline=None)
@given(dialects, histories)
def test_every_form_takes_every_schema(dialect: DialectName, history: list[AnyOperation]) -> None:
    _assert_every_form(_replayed(dialect, history))


@settings(max_examples=100, deadline=None)
@given(dialects, histories, histories)
def test_every_form_takes_every_change(
    dialect: DialectName, history: list[AnyOperation], more: list[AnyOperation]
) -> None:
    before, after = _replayed(dialect, history), _replayed(dialect, history + more)
    change = compared(before, after)
    CHANGES.validate(json.loads(changes_json([change])))
    assert changes_text([change]).replace("\n", "").isprintable()
    same = compared(after, after)
    assert changes_text([same]).endswith("\n\nNo differences.\n")


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("project", PROJECTS)
def test_every_form_takes_every_fixture(
    project: str, dialect: DialectName, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(FIXTURES / project)
    taken = snapshots(Config(root=FIXTURES / project, dialects=(Dialect(dialect),)))
    assert taken.found
    for found in taken.found:
        assert found.schema.tables
        _assert_every_form(found)
    SCHEMA.validate(json.loads(schema_json(taken.found)))


def test_a_doubt_about_everything_reaches_everything() -> None:
    schema = empty_schema("postgresql")
    for text in ("CREATE TABLE t (a text)", "CREATE TYPE mood AS ENUM ('a')", "CREATE VIEW v AS SELECT 1"):
        for operation in read_sql(text, Dialect("postgresql"), lambda start, end: SPAN):
            schema = apply(schema, operation, "abc")
    found = snapshot(schema.with_doubt("something unread (x.py:1)"))
    (environment,) = json.loads(schema_json([found]))["environments"]

    assert environment["doubts"] == ["something unread (x.py:1)"]
    for kind in ("tables", "enums", "views"):
        assert [one["certain"] for one in environment[kind]] == [False]
    text = schema_text([found])
    assert "t? (not certain)" in text
    assert "\n  ?  mood  'a'\n" in text
    assert "\n  ?  v\n" in text
    assert "Not certain as a whole:\n  something unread (x.py:1)\n" in text
    assert "-- Not certain: something unread (x.py:1)\n" in sql([found])


ODD = 'pk FK 1a a"b a%b a\\b direction\nTB über {x} a-b one'.split(" ")


def test_odd_names_leave_a_diagram_that_can_be_read() -> None:
    schema = empty_schema("postgresql")
    columns = tuple(Column(name, TEXT, comment=f'"}}%%{{ {name}') for name in ODD)
    for name in ODD:
        key = ForeignKey(f"{name} direction LR", ("pk",), TableName(ODD[0]), ("pk",))
        table = CreateTable(span=SPAN, table=TableName(name), columns=columns, constraints=(key,))
        schema = apply(schema, table, "abc")
    text = mermaid([snapshot(schema)])

    _assert_diagram(text)
    assert "%%{" not in text
    assert not re.search(r"^ {4}\S.*direction\s+(TB|LR)", text, re.MULTILINE)
    assert '        text _pk FK "named pk; ' in text


def test_several_diagrams_are_a_markdown_document() -> None:
    one = Snapshot("a.ini", Dialect("sqlite"), None, (), Schema("sqlite"))
    text = mermaid([one, one])

    assert text.startswith("## a.ini · sqlite · before the first revision\n\n```mermaid\n")
    assert len(re.findall(r"```mermaid\n(.*?)```\n", text, re.DOTALL)) == 2
