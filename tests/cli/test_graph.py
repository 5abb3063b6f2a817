"""`migrate-guard graph` on the fixtures and in a repository."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from migrate_guard.cli.run import run
from tests.commands import FIXTURES, migrate_guard
from tests.old_projects import old_project, write
from tests.repositories import new_repository, revision


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing around change the output."""
    for name in ("NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "ALEMBIC_CONFIG", "FLASK_DB_DIRECTORY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "100")


TEXT = """\
alembic.ini · postgresql · 5 revisions, 1 head

◆ e6b2a4d7f190 (head) index plans and invoices  ▲ 2 errors
● d5916f2bc803 merge plans and invoices
├─╮
│ ● c4e8016ab7d9 create invoices
● │ b27f9d3e0c61 accounts get a plan
├─╯
● a10c5e7d9b24 (base) create accounts

2 errors in 1 of 5 judged revisions; 1 info about the environment as a whole.
"""


def test_text_is_the_default() -> None:
    done = migrate_guard("graph", cwd=FIXTURES / "merge")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == TEXT


def test_each_format_is_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(FIXTURES)
    projects = ["merge", "branch-labels"]
    assert run(["graph", *projects, "--format", "json"]) == 0
    both = json.loads(capsys.readouterr().out)["environments"]
    assert [len(one["revisions"]) for one in both] == [5, 4]
    assert both[1]["revisions"][1]["depends_on"] == ["15d2c9a0e7f3"]
    assert both[0]["revisions"][0]["findings"][0]["rule"] == "index-blocks-writes"
    assert run(["graph", *projects, "--format", "svg", "-o", str(tmp_path / "graph.svg")]) == 0
    assert capsys.readouterr().out == ""
    ET.parse(tmp_path / "graph.svg")
    assert run(["graph", *projects, "--format", "mermaid"]) == 0
    assert capsys.readouterr().out.count("flowchart TB") == 2


def test_no_check_says_that_it_did_not_look(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(FIXTURES / "merge")
    assert run(["graph", "--no-check", "--last", "2"]) == 0
    out = capsys.readouterr().out
    assert "▲" not in out
    assert "3 more revisions not drawn." in out
    assert "Not checked: no rule looked at these revisions (--no-check)." in out
    assert run(["graph", "--since", "d5916f2bc803"]) == 0
    assert "4 more revisions not drawn." in capsys.readouterr().out


def test_what_is_silenced_is_counted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = old_project(tmp_path) / "migrations" / "versions" / "a1_step.py"
    comment = "  # migrate-guard: ignore[drop-column] -- unused"
    file.write_text(file.read_text(encoding="utf-8").replace('"note")\n', f'"note"){comment}\n', 1))
    write(tmp_path / "migrate-guard.toml", 'baseline = "b.json"\n')
    monkeypatch.chdir(tmp_path)
    assert run(["baseline"]) == 0
    capsys.readouterr()

    assert run(["graph"]) == 0
    assert "No findings in 3 judged revisions; 1 finding suppressed, 4 in the baseline." in (
        capsys.readouterr().out
    )
    assert run(["graph", "--format", "json"]) == 0
    (one,) = json.loads(capsys.readouterr().out)["environments"]
    assert (one["suppressed"], one["in_baseline"], one["findings"]) == (1, 4, [])


def test_new_revisions_are_marked_on_the_merged_tree(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    repository = new_repository(tmp_path / "shop")
    repository.write("alembic.ini", "[alembic]\nscript_location = m\nsqlalchemy.url = postgresql://h/d\n")
    repository.write("m/env.py", "from alembic import context\n")
    repository.write("m/versions/a1.py", revision("a1", None))
    repository.commit()
    repository.git("checkout", "--quiet", "-b", "feature")
    repository.write("m/versions/b2.py", revision("b2", "a1"))
    repository.commit()
    repository.git("checkout", "--quiet", "main")
    repository.write("m/versions/c3.py", revision("c3", "a1"))
    repository.commit()
    repository.git("checkout", "--quiet", "feature")
    monkeypatch.chdir(repository.root)

    assert run(["graph", "--base", "main"]) == 0
    out = capsys.readouterr().out
    assert "2 heads · against main" in out
    assert "b2 (head, new)" in out
    assert "c3 (head, only in the base)" in out
    assert "1 revision new, 1 only in the base against main." in out
    repository.write("m/versions/d4.py", revision("d4", "b2"))
    repository.git("add", "--all")
    assert run(["graph", "--staged", "--no-check"]) == 0
    assert "d4 (head, new)" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["absent"], "absent"),
        (["--base", "nowhere"], "does not know the base nowhere"),
        (["--since", "ffffffff"], "there is no revision or branch 'ffffffff'"),
        (["--no-check", "--since", "ffffffff"], "there is no revision or branch 'ffffffff'"),
        (["--last", "0"], "--last"),
        (["--format", "png"], "png"),
        (["-o", "absent/graph.txt"], "absent/graph.txt: cannot be written"),
    ],
)
def test_errors_are_short_and_exit_2(
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    message: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(FIXTURES / "merge")
    assert run(["graph", *arguments]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert message in told.err


@pytest.mark.parametrize("more", [[], ["--no-check"]])
def test_a_configuration_that_cannot_be_used_is_exit_2(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    more: list[str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "good/versions").mkdir(parents=True)
    (tmp_path / "good/env.py").write_text("from alembic import context\n", encoding="utf-8")
    (tmp_path / "good/versions/a1.py").write_text(revision("a1", None), encoding="utf-8")
    (tmp_path / "alembic.ini").write_text("[alembic]\nscript_location = good\n", encoding="utf-8")
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad/alembic.ini").write_text("[alembic]\nscript_location = %(absent)s\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    assert run(["graph", *more]) == 2
    told = capsys.readouterr()
    assert "◆ a1 (head, base)" in told.out
    assert "bad/alembic.ini" in told.err
