"""`migrate-guard baseline`, and `check` with one: what is written, what is said, what the exit code is."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from migrate_guard.cli import output
from migrate_guard.cli.run import run
from migrate_guard.report import FORMATS
from tests.commands import migrate_guard
from tests.commands import run as run_program
from tests.old_projects import old_project, write
from tests.repositories import revision

NAME = "migrate-guard-baseline.json"
CONFIG = f'baseline = "{NAME}"\ndialects = ["postgresql:16"]\n'
MENDED = revision("a1", "a0", 'op.drop_column("orders", "note")')


@pytest.fixture
def old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Be in a project with five findings, outside of CI, with a configuration that names a baseline."""
    for name in ("CI", "GITHUB_STEP_SUMMARY", "GITHUB_WORKSPACE", "CI_PROJECT_DIR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    old_project(tmp_path)
    write(tmp_path / "migrate-guard.toml", CONFIG)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def mend(root: Path) -> None:
    """Remove one of the findings."""
    write(root / "migrations" / "versions" / "a1_step.py", MENDED)


def test_a_project_as_a_user_meets_it(tmp_path: Path) -> None:
    old_project(tmp_path)
    assert migrate_guard("check", cwd=tmp_path).returncode == 1

    done = migrate_guard("baseline", cwd=tmp_path)
    assert done.stdout == f"{NAME}: 5 findings recorded (5 new, 0 gone)\n"
    assert done.stderr == f'note: to use it, write into the configuration: baseline = "{NAME}"\n'
    done = migrate_guard("check", "--baseline", NAME, cwd=tmp_path)
    assert done.returncode == 0
    assert "No findings in 3 revisions; 2 operations not analysed, 5 in the baseline." in done.stdout
    assert done.stderr == ""


def test_recording_twice_changes_nothing(old: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["baseline"]) == 0
    first = (old / NAME).stat()
    assert run(["baseline"]) == 0

    assert (old / NAME).stat() == first
    assert capsys.readouterr().out.splitlines()[1] == f"{NAME}: 5 findings recorded (0 new, 0 gone)"
    assert {file.name for file in old.iterdir()} == {"alembic.ini", "migrations", "migrate-guard.toml", NAME}


def test_the_file_lies_beside_the_configuration(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(old / "migrate-guard.toml", "")
    (old / "migrations" / "deep").mkdir()
    monkeypatch.chdir(old / "migrations" / "deep")

    assert run(["baseline", "../.."]) == 0
    assert (old / NAME).is_file()


def test_check_shrinks_it_and_never_lets_it_grow(old: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["baseline"])
    mend(old)
    write(old / "migrations" / "versions" / "a3.py", revision("a3", "a2", 'op.drop_table("orders")'))
    capsys.readouterr()

    assert run(["check"]) == 1
    said = capsys.readouterr()
    assert said.err == f"note: {NAME}: 1 recorded finding is gone, and removed from it\n"
    assert "1 warning in 1 of 4 revisions; 2 operations not analysed, 4 in the baseline." in said.out
    assert "index-blocks-writes" not in (old / NAME).read_text(encoding="utf-8")
    assert "drop-table" not in (old / NAME).read_text(encoding="utf-8")
    assert run(["check"]) == 1
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("arguments", "environ"),
    [
        (["check"], {"CI": "true"}),
        (["check", "--select", "locking"], {}),
        (["check", "--ignore", "locking"], {}),
        (["check", "--since", "a0"], {}),
        (["check", "--dialect", "sqlite"], {}),
        (["check", "migrations/versions"], {}),
        (["check", "-c", "alembic.ini"], {}),
        (["check", "-d", "migrations"], {}),
    ],
    ids=str,
)
def test_neither_ci_nor_a_look_at_a_part_writes(
    old: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], environ: dict[str, str]
) -> None:
    run(["baseline"])
    mend(old)
    before = (old / NAME).read_bytes()
    for name, value in environ.items():
        monkeypatch.setenv(name, value)

    assert run(arguments) == 0
    assert (old / NAME).read_bytes() == before


def test_ci_says_what_to_do_and_prune_does_it(
    old: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["baseline"])
    mend(old)
    monkeypatch.setenv("CI", "true")
    capsys.readouterr()

    assert run(["check"]) == 0
    said = f"note: {NAME}: 1 recorded finding is gone; to remove it: migrate-guard baseline --prune\n"
    assert capsys.readouterr().err == said
    write(old / "migrations" / "versions" / "a3.py", revision("a3", "a2", 'op.drop_table("orders")'))
    assert run(["baseline", "--prune"]) == 0
    assert capsys.readouterr().out == f"{NAME}: 4 findings recorded (0 new, 1 gone)\n"
    assert run(["check"]) == 1


@pytest.mark.parametrize("level", ["info", "warning", "error", "never"])
def test_what_is_recorded_fails_no_run(old: Path, level: str) -> None:
    run(["baseline"])

    assert run(["check", "--fail-on", level]) == 0


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_says_how_many_there_are(
    old: Path, form: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run(["baseline"])
    capsys.readouterr()

    assert run(["check", "--format", form]) == 0
    said = capsys.readouterr()
    if form == "json":
        report = json.loads(said.out)
        assert (report["summary"]["suppressed"], report["summary"]["in_baseline"]) == (5, 5)
        assert [one["in_baseline"] for one in report["findings"]] == [True] * 5
        assert report["summary"]["errors"] == 0
    elif form == "sarif":
        results = json.loads(said.out)["runs"][0]["results"]
        kinds = [one["suppressions"] for one in results]
        assert kinds == [[{"kind": "external", "justification": f"recorded in {NAME}"}]] * 5
    else:
        assert "5 in the baseline" in said.out + said.err
    if form == "gitlab":
        assert json.loads(said.out) == []
    if form == "junit":
        assert said.out.count("<skipped ") == 5


def test_verbose_lists_them(old: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["baseline"])
    run(["check", "-v"])

    assert f"a1_step.py:11:5: index-blocks-writes: recorded in {NAME}" in capsys.readouterr().out


@pytest.mark.parametrize("command", ["check", "baseline"])
def test_a_baseline_that_is_not_understood_is_one_line(
    old: Path, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write(old / NAME, '{"version": 7, "findings": []}')

    assert run([command]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines() == [
        f"error: {NAME}: a baseline of version 7; this migrate-guard reads version 1",
        "hint: upgrade migrate-guard",
    ]


def test_a_baseline_that_is_not_there(old: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check"]) == 2
    assert run(["baseline", "--prune"]) == 2
    assert (
        capsys.readouterr().err.splitlines()
        == [
            f"error: {NAME}: there is no such baseline",
            "hint: record the findings of today: migrate-guard baseline",
        ]
        * 2
    )


def refuse(error: OSError) -> Callable[[str, Path], None]:
    """Return a writer that cannot."""

    def writer(text: str, file: Path) -> None:
        raise error

    return writer


def test_one_that_cannot_be_written_stays_as_it_is(
    old: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["baseline"])
    mend(old)
    before = (old / NAME).read_bytes()
    monkeypatch.setattr(output, "replace_file", refuse(OSError(30, "Read-only file system")))
    capsys.readouterr()

    assert run(["check"]) == 0
    wrong = f"{NAME}: cannot be written: Read-only file system"
    assert capsys.readouterr().err == f"note: 1 recorded finding is gone, but {wrong}\n"
    assert run(["baseline"]) == 2
    assert capsys.readouterr().err == f"error: {wrong}\nhint: name another with --baseline\n"
    assert (old / NAME).read_bytes() == before


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_a_link_stays_a_link(old: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("shared") / "b.json"
    write(elsewhere, '{"version": 1, "findings": []}')
    (old / NAME).symlink_to(elsewhere)

    assert run(["baseline"]) == 0
    assert (old / NAME).is_symlink()
    assert "drop-column" in elsewhere.read_text(encoding="utf-8")


def test_a_plain_check_imports_none_of_it(tmp_path: Path) -> None:
    old_project(tmp_path)
    program = (
        "import sys\n"
        "from migrate_guard.cli.run import run\n"
        "run(['check', '--exit-zero'])\n"
        "names = ('baseline', 'check.recording', 'verdict.baseline', 'cli.baseline')\n"
        "print([name for name in names if f'migrate_guard.{name}' in sys.modules], file=sys.stderr)\n"
    )
    assert run_program(sys.executable, "-c", program, cwd=tmp_path).stderr == "[]\n"
