"""Several reports of one run, and what happens where one cannot be written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import migrate_guard.check
from migrate_guard.cli import output
from migrate_guard.cli.reports import SUMMARY_VARIABLE, Target, read_targets
from migrate_guard.cli.run import run
from migrate_guard.config import Config
from migrate_guard.errors import GuardError
from migrate_guard.finding import Severity
from migrate_guard.judgement import InternalError, Judgement, Summary
from migrate_guard.report import FORMATS
from tests.judgements import PATH, finding, judgement

BEGINNINGS = {
    "text": "error[index-blocks-writes]: ",
    "concise": f"{PATH}:8:5: error[",
    "json": '{\n  "version": 1,',
    "sarif": '{\n  "$schema": ',
    "github": "::error file=",
    "gitlab": '[\n  {\n    "check_name": ',
    "junit": "<?xml version='1.0' encoding='us-ascii'?>\n<testsuites ",
    "markdown": "<!-- migrate-guard -->\n",
}


class Here:
    """An empty directory in which a run gives a fixed judgement."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.gives = judgement(finding())

    def check(self, config: Config) -> Judgement:
        """Stand in for the pipeline."""
        return self.gives

    def read(self, name: str) -> str:
        """Return what a file of the directory holds."""
        return (self.path / name).read_text(encoding="utf-8")


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Here:
    """Be in such a directory, outside of CI."""
    made = Here(tmp_path)
    monkeypatch.setattr(migrate_guard.check, "check", made.check)
    monkeypatch.chdir(tmp_path)
    for name in (SUMMARY_VARIABLE, "GITHUB_WORKSPACE", "CI_PROJECT_DIR", "FORCE_COLOR", "CLICOLOR_FORCE"):
        monkeypatch.delenv(name, raising=False)
    return made


def test_every_format_is_written_in_one_run(here: Here, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = [part for form in FORMATS for part in ("--output", f"{form}=out.{form}")]

    assert run(["check", *arguments]) == 1
    assert BEGINNINGS.keys() == FORMATS.keys()
    for form, beginning in BEGINNINGS.items():
        assert here.read(f"out.{form}").startswith(beginning), form
    out, err = capsys.readouterr()
    assert out == here.read("out.text")
    assert err == ""


def test_a_file_alone_takes_the_place_of_the_standard_output(
    here: Here, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["check", "--format", "json", "-o", "./a=b", "-o", "sarif=x.sarif"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("1 error in 1 of 3 new revisions; ")
    assert json.loads(here.read("a=b"))["version"] == 1
    assert json.loads(here.read("x.sarif"))["version"] == "2.1.0"


@pytest.mark.parametrize("form", FORMATS)
def test_what_cannot_be_written_is_one_error_and_keeps_nothing_back(
    here: Here, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    arguments = ["--output", f"{form}=no/such/file", "--output", "json=report.json", "--output", "text=no/x"]

    assert run(["check", *arguments]) == 2
    out, err = capsys.readouterr()
    errors = [line for line in err.splitlines() if line.startswith("error: ")]
    assert [line.partition(": cannot be written")[0] for line in errors] == [
        f"error: {Path('no/such/file')}",
        f"error: {Path('no/x')}",
    ]
    assert json.loads(here.read("report.json"))["findings"]
    assert out.startswith(BEGINNINGS["text"])
    assert sorted(path.name for path in here.path.iterdir()) == ["report.json"]


def test_files_are_written_when_the_standard_output_is_full(
    here: Here, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(text: str, colour: bool = False) -> None:
        raise GuardError("the standard output cannot be written: disk full")

    monkeypatch.setattr(output, "write", full)

    assert run(["check", "--output", "json=report.json"]) == 2
    assert capsys.readouterr().err == "error: the standard output cannot be written: disk full\n"
    assert json.loads(here.read("report.json"))["findings"]


@pytest.mark.parametrize(
    ("gives", "arguments", "code"),
    [
        pytest.param(judgement(), [], 0, id="clean"),
        pytest.param(judgement(finding()), [], 1, id="findings"),
        pytest.param(judgement(finding(suppressed="small")), [], 0, id="suppressed"),
        pytest.param(judgement(finding(severity=Severity.INFO)), [], 0, id="below"),
        pytest.param(judgement(finding()), ["--fail-on", "never"], 0, id="never"),
        pytest.param(judgement(finding()), ["--exit-zero"], 0, id="exit-zero"),
        pytest.param(
            Judgement((), Summary(()), internal_errors=(InternalError("r", "p", "e"),)), [], 2, id="bug"
        ),
        pytest.param(Judgement((), Summary(()), skipped=("x.ini",)), [], 2, id="skipped"),
    ],
)
@pytest.mark.parametrize("form", FORMATS)
def test_no_file_changes_the_exit_code(
    here: Here, gives: Judgement, arguments: list[str], code: int, form: str
) -> None:
    here.gives = gives

    assert run(["check", "--output", f"{form}=report", *arguments]) == code
    assert (here.path / "report").is_file()


def test_targets_are_read() -> None:
    assert read_targets(["report.txt", "sarif=a=b", "./json=x", "C:\\out=1", "=x"]) == (
        Target("", "report.txt"),
        Target("sarif", "a=b"),
        Target("", "./json=x"),
        Target("", "C:\\out=1"),
        Target("", "=x"),
    )


@pytest.mark.parametrize(
    ("values", "message", "hint"),
    [
        (["sarfi=x"], "--output: unknown format 'sarfi'", "did you mean 'sarif'?; for a file of that name "),
        (["sarif="], "--output: 'sarif=' names no file", "write --output sarif=FILE"),
        (["json=x", "./x"], "--output: x is named twice", "give each report a file of its own"),
    ],
)
def test_a_wrong_target_is_told_before_anything_runs(
    here: Here, capsys: pytest.CaptureFixture[str], values: list[str], message: str, hint: str
) -> None:
    arguments = [part for value in values for part in ("--output", value)]

    assert run(["check", *arguments]) == 2
    error, told = capsys.readouterr().err.splitlines()
    assert error == f"error: {message}"
    assert told.startswith(f"hint: {hint}")
    assert list(here.path.iterdir()) == []


def test_the_summary_of_the_job_is_appended_to(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SUMMARY_VARIABLE, str(here.path / "summary.md"))
    (here.path / "summary.md").write_text("of an earlier command\n", encoding="utf-8")

    assert run(["check"]) == 1
    assert here.read("summary.md") == "of an earlier command\n"
    assert run(["check", "--format", "github"]) == 1
    assert here.read("summary.md").startswith("of an earlier command\n## migrate-guard\n\n1 error in 1 of 3")
    (here.path / "summary.md").unlink()
    assert run(["check", "--output", "github=annotations"]) == 1
    assert here.read("summary.md").startswith("## migrate-guard\n")


def test_a_summary_that_cannot_be_written_is_an_error(
    here: Here, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SUMMARY_VARIABLE, str(Path("no/summary.md")))

    assert run(["check", "--format", "github"]) == 2
    out, err = capsys.readouterr()
    assert out.startswith("::error file=")
    assert err.startswith(f"error: {Path('no/summary.md')}: cannot be written: ")


@pytest.mark.parametrize("variable", ["GITHUB_WORKSPACE", "CI_PROJECT_DIR"])
def test_services_get_paths_from_the_root(here: Here, monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    monkeypatch.setenv(variable, str(here.path.parent))

    run(["check", "--output", "sarif=s", "--output", "gitlab=g", "--output", "json=j"])
    shown = f"{here.path.name}/{PATH}"
    (result,) = json.loads(here.read("s"))["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == shown
    assert json.loads(here.read("g"))[0]["location"]["path"] == shown
    assert json.loads(here.read("j"))["findings"][0]["path"] == PATH


def test_the_help_of_a_rule_is_its_page(here: Here) -> None:
    here.gives = judgement(finding(), finding(rule="no-such-rule"))

    run(["check", "--output", "sarif=s"])
    rules = json.loads(here.read("s"))["runs"][0]["tool"]["driver"]["rules"]
    assert rules[0]["help"]["markdown"].startswith("# index-blocks-writes\n")
    assert rules[1]["help"]["markdown"] == "no-such-rule"
