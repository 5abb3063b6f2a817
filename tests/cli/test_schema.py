"""`migrate-guard schema` on the fixtures, in the process."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from migrate_guard.cli.run import run
from tests.commands import FIXTURES, migrate_guard


@pytest.fixture
def conditional(monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a project some of whose migrations cannot be decided."""
    for name in ("NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "ALEMBIC_CONFIG", "FLASK_DB_DIRECTORY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(FIXTURES / "conditional")
    return FIXTURES / "conditional"


TEXT = """\
alembic.ini · postgresql · at e8f90a1b2c3d

devices
  column  type                   null  default  key
  name    character varying(64)  no             PK
  primary key  pk_devices  (name)

readings? (not certain)
  column   type                   null  default                               key
  id       bigint                 no    nextval('readings_id_seq'::regclass)  PK
  device   character varying(64)  no
  value    double precision       no
  payload  jsonb                  yes
  unit     character varying(16)  yes
  primary key  pk_readings         (id)
  index        ix_readings_device  (device)
  ? it depends on not (os.environ.get("SKIP_LONG_INDEXES")) \
(migrations/versions/d7e8f90a1b2c_index_by_device.py:26)
  ? the column depends on an item of column_names() \
(migrations/versions/e8f90a1b2c3d_forget_broken_readings.py:32)
  ? it depends on for each of column_names() \
(migrations/versions/e8f90a1b2c3d_forget_broken_readings.py:32)

2 tables; 1 table not certain, 1 operation not analysed.
Not analysed:
  migrations/versions/e8f90a1b2c3d_forget_broken_readings.py:32: the column depends on an item of \
column_names(); it may touch readings
"""


def test_text_is_the_default(conditional: Path) -> None:
    done = migrate_guard("schema", cwd=conditional)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == TEXT


def test_json_marks_what_is_not_certain(conditional: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["schema", "--format", "json"]) == 0
    (environment,) = json.loads(capsys.readouterr().out)["environments"]

    assert (environment["name"], environment["revision"]) == ("alembic.ini", "e8f90a1b2c3d")
    devices, readings = environment["tables"]
    assert (devices["certain"], devices["doubts"]) == (True, [])
    assert readings["certain"] is False
    assert len(readings["doubts"]) == 3
    assert readings["columns"][3] == {
        "name": "payload",
        "type": "jsonb",
        "nullable": True,
        "default": None,
        "autoincrement": False,
        "identity": None,
        "computed": None,
        "comment": None,
        "certain": True,
        "unknown": [],
    }
    assert readings["indexes"][0]["columns"] == ["device"]
    assert environment["opaque"] == [
        {
            "path": "migrations/versions/e8f90a1b2c3d_forget_broken_readings.py",
            "line": 32,
            "reason": "the column depends on an item of column_names()",
            "may_touch": ["readings"],
        }
    ]


def test_sql_and_mermaid_mark_it_in_comments(conditional: Path, capsys: pytest.CaptureFixture[str]) -> None:
    reason = 'readings: it depends on not (os.environ.get("SKIP_LONG_INDEXES"))'
    assert run(["schema", "--format", "sql"]) == 0
    script = capsys.readouterr().out
    assert f"-- not certain: {reason}" in script
    assert "-- Not analysed: migrations/versions/e8f90a1b2c3d_forget_broken_readings.py:32:" in script

    assert run(["schema", "--format", "mermaid"]) == 0
    diagram = capsys.readouterr().out
    assert "%% " + reason.replace('"', "'") in diagram
    assert '    "readings"["readings (not certain)"] {' in diagram
    assert '    "devices" {' in diagram


def test_a_revision_is_named_as_for_alembic(conditional: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for symbol in ("d7e8f90a1b2c", "d7e8", "head-1"):
        assert run(["schema", symbol]) == 0
        assert capsys.readouterr().out.startswith("alembic.ini · postgresql · at d7e8f90a1b2c\n")


def test_a_change_has_signs(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(FIXTURES / "clean")
    assert run(["schema", "base..head"]) == 0
    out = capsys.readouterr().out
    assert " · from base to " in out.splitlines()[0]
    assert "\n+ table " in out
    assert "    +  column " in out
    assert run(["schema", "head..base"]) == 0
    assert "\n- table " in capsys.readouterr().out
    assert run(["schema", "head..", "--format", "json"]) == 0
    (same,) = json.loads(capsys.readouterr().out)["environments"]
    assert same["from"] == same["to"]
    assert same["differences"] == []


@pytest.mark.parametrize("form", ["sql", "mermaid"])
def test_a_change_has_two_formats(conditional: Path, form: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["schema", "base..head", "--format", form]) == 2
    assert f"--format {form} prints a schema" in capsys.readouterr().err


def test_paths_and_dialects_choose(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(FIXTURES)
    assert run(["schema", "head", "clean", "merge", "--dialect", "postgresql:16,sqlite"]) == 0
    heads = [line for line in capsys.readouterr().out.splitlines() if " · at " in line]
    assert [line.split(" · ")[:2] for line in heads] == [
        ["clean/alembic.ini", "postgresql 16"],
        ["clean/alembic.ini", "sqlite"],
        ["merge/alembic.ini", "postgresql 16"],
        ["merge/alembic.ini", "sqlite"],
    ]


def test_an_environment_left_out_is_noted(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(FIXTURES)
    assert run(["schema", "e8f90a1b2c3d", "clean", "conditional"]) == 0
    assert "note: left out: clean/alembic.ini: there is no revision" in capsys.readouterr().err


def test_several_heads_are_joined_and_it_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(FIXTURES / "branch-labels")
    assert run(["schema"]) == 0
    assert capsys.readouterr().out.splitlines()[0].endswith(", joined as a merge would join them")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nothing"], "there is no revision or branch 'nothing'"),
        (["one", "two"], "two: there is no such file or directory, and one already names a revision"),
        (["migrations/versions/absent.py"], "absent.py"),
        (["../absent"], "../absent"),
        (["--dialect", "oracle"], "unknown dialect 'oracle'"),
        (["--output", "absent/file"], "absent/file: cannot be written"),
    ],
)
def test_errors_are_one_line_and_exit_2(
    conditional: Path, arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["schema", *arguments]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert message in told.err.splitlines()[0]


def test_output_goes_into_a_file(
    conditional: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["schema", "--format", "sql", "-o", str(tmp_path / "schema.sql")]) == 0
    assert capsys.readouterr().out == ""
    assert "CREATE TABLE readings (" in (tmp_path / "schema.sql").read_text(encoding="utf-8")


def test_a_configuration_that_cannot_be_used_is_exit_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "good/versions").mkdir(parents=True)
    (tmp_path / "good/env.py").write_text("from alembic import context\n", encoding="utf-8")
    (tmp_path / "good/versions/a1.py").write_text(
        "revision = 'a1'\ndown_revision = None\ndef upgrade():\n    pass\n", encoding="utf-8"
    )
    (tmp_path / "alembic.ini").write_text("[alembic]\nscript_location = good\n", encoding="utf-8")
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad/alembic.ini").write_text("[alembic]\nscript_location = %(absent)s\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    assert run(["schema"]) == 2
    told = capsys.readouterr()
    assert "alembic.ini · " in told.out
    assert "bad/alembic.ini" in told.err
