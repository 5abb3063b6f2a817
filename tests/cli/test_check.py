"""`migrate-guard check` around a pipeline that gives a fixed judgement."""

from __future__ import annotations

import errno
import json
import re
from dataclasses import dataclass, field
from pathlib import Path

import click
import pytest

import migrate_guard.check
from migrate_guard.cli import check as command_module
from migrate_guard.cli.group import SUBCOMMANDS, command
from migrate_guard.cli.run import run
from migrate_guard.config import OPTIONS, Config
from migrate_guard.dialect import Dialect
from migrate_guard.errors import GuardError
from migrate_guard.finding import Severity
from migrate_guard.judgement import InternalError, Judgement, Summary
from migrate_guard.report import FORMATS
from tests.judgements import finding, judgement

CI_VARIABLES = ("GITHUB_WORKSPACE", "CI_PROJECT_DIR", "GITHUB_STEP_SUMMARY")


@dataclass
class Pipeline:
    """Stands in for the pipeline: remembers the settings and gives a judgement or an error."""

    gives: Judgement | BaseException = field(default_factory=lambda: Judgement((), Summary((), 3, 3)))
    config: Config | None = None

    def __call__(self, config: Config) -> Judgement:
        self.config = config
        if isinstance(self.gives, BaseException):
            raise self.gives
        return self.gives


@pytest.fixture
def pipeline(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Pipeline:
    """Put the stand-in into its place, in an empty directory."""
    stand_in = Pipeline()
    monkeypatch.setattr(migrate_guard.check, "check", stand_in)
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    for name in ("NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "FORCE_HYPERLINK", *CI_VARIABLES):
        monkeypatch.delenv(name, raising=False)
    return stand_in


def test_flags_become_settings(pipeline: Pipeline, tmp_path: Path) -> None:
    arguments = (
        "check a b/c.py -c one.ini -c two.ini -n audit -d migrations --dialect postgresql:15,sqlite "
        "--dialect mysql:8.0 --since 3f2a --select drop-table,locking --select rollback --ignore drop-column "
        "--severity drop-table=info,locking=warning --severity drop-column=error --fail-on never"
    )

    assert run(arguments.split()) == 0
    assert pipeline.config == Config(
        root=tmp_path,
        paths=(tmp_path / "a", tmp_path / "b" / "c.py"),
        config_files=(tmp_path / "one.ini", tmp_path / "two.ini"),
        sections=("audit",),
        directory=tmp_path / "migrations",
        dialects=(Dialect("postgresql", (15,)), Dialect("sqlite"), Dialect("mysql", (8, 0))),
        since="3f2a",
        select=("drop-table", "locking", "rollback"),
        ignore=("drop-column",),
        severity={"drop-table": Severity.INFO, "locking": Severity.WARNING, "drop-column": Severity.ERROR},
        fail_on=None,
        narrowed=True,
    )


def test_without_flags_the_file_decides(pipeline: Pipeline, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.migrate-guard]\nfail-on = "error"\n', encoding="utf-8")
    pipeline.gives = judgement(finding(severity=Severity.WARNING))

    assert run(["check"]) == 0
    assert run(["check", "--fail-on", "warning"]) == 1


def test_every_flag_of_the_table_exists(pipeline: Pipeline) -> None:
    parameters = {name for parameter in command_module.command.params for name in parameter.opts}

    assert {option.flag.lower() for option in OPTIONS if option.flag} <= parameters


@pytest.mark.parametrize(
    ("gives", "arguments", "code"),
    [
        pytest.param(judgement(), [], 0, id="clean"),
        pytest.param(judgement(finding()), [], 1, id="error"),
        pytest.param(judgement(finding(severity=Severity.INFO)), [], 0, id="below-the-threshold"),
        pytest.param(judgement(finding(severity=Severity.INFO)), ["--fail-on", "info"], 1, id="at-it"),
        pytest.param(judgement(finding()), ["--exit-zero"], 0, id="exit-zero"),
        pytest.param(GuardError("nothing found"), ["--exit-zero"], 2, id="could-not-check"),
        pytest.param(KeyError("x"), ["--exit-zero"], 2, id="bug"),
        pytest.param(KeyboardInterrupt(), [], 130, id="interrupted"),
        pytest.param(
            Judgement((), Summary(()), {}, (InternalError("drop-table", "3f2a", "KeyError: 1"),)),
            ["--exit-zero"],
            2,
            id="a-rule-failed",
        ),
    ],
)
@pytest.mark.parametrize("form", FORMATS)
def test_no_format_changes_the_exit_code(
    pipeline: Pipeline, gives: Judgement | BaseException, arguments: list[str], code: int, form: str
) -> None:
    pipeline.gives = gives

    assert run(["check", "--format", form, *arguments]) == code


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["--select", "drop-tabel"],
            "error: --select: unknown rule or family 'drop-tabel'\nhint: did you mean 'drop-table'?\n",
        ),
        (
            ["--severity", "drop-table"],
            "error: --severity: expected RULE=LEVEL, found 'drop-table'\nhint: write --severity drop-",
        ),
        (
            ["--severity", "drop-table=bad"],
            "error: --severity: unknown severity 'bad'\nhint: use error, warning, info\n",
        ),
        (["--dialect", "oracle"], "error: --dialect: unknown dialect 'oracle'\nhint: use one of postgresql"),
        (["--fail-on", "eror"], "error: --fail-on: unknown severity 'eror'\nhint: did you mean 'error'?\n"),
        (
            ["--config", "none.toml"],
            "error: none.toml: no such file\nhint: name an existing file with --config\n",
        ),
        (["--format", "xml"], "Usage: migrate-guard check [OPTIONS] [PATHS]..."),
        (["--nope"], "Usage: migrate-guard check [OPTIONS] [PATHS]..."),
    ],
)
def test_a_wrong_flag_is_exit_two_and_says_what_would_do(
    pipeline: Pipeline, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    assert run(["check", *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(message)
    assert pipeline.config is None


def test_an_error_is_two_lines(pipeline: Pipeline, capsys: pytest.CaptureFixture[str]) -> None:
    pipeline.gives = GuardError("alembic.ini:3: no section 'x'", "name one with -n")

    run(["check"])
    assert capsys.readouterr().err == "error: alembic.ini:3: no section 'x'\nhint: name one with -n\n"


def test_an_error_about_an_odd_name_stays_in_its_line(
    pipeline: Pipeline, capsys: pytest.CaptureFixture[str]
) -> None:
    pipeline.gives = GuardError("a\x1b[2J\nb.ini: no such file")

    run(["check"])
    assert capsys.readouterr().err == "error: a\\x1b[2J b.ini: no such file\n"


def test_a_bug_is_named_as_one_and_has_a_traceback_on_request(
    pipeline: Pipeline, capsys: pytest.CaptureFixture[str]
) -> None:
    pipeline.gives = ZeroDivisionError("two\nlines")

    assert run(["check"]) == 2
    first, second = capsys.readouterr().err.splitlines()
    assert first == "error: this is a bug in migrate-guard: ZeroDivisionError: two lines"
    assert second.startswith("hint: please report it at https://")
    for arguments in (["--debug", "check"], ["check", "--debug"]):
        assert run(arguments) == 2
        assert "Traceback (most recent call last)" in capsys.readouterr().err


def test_what_may_not_be_read_is_no_bug(pipeline: Pipeline, capsys: pytest.CaptureFixture[str]) -> None:
    pipeline.gives = PermissionError(errno.EACCES, "Permission denied", "shop/versions")

    assert run(["check"]) == 2
    assert capsys.readouterr().err == (
        "error: shop/versions: Permission denied\nhint: see who may read and search it\n"
    )


def test_a_rule_that_failed_is_named_on_the_error_stream(
    pipeline: Pipeline, capsys: pytest.CaptureFixture[str]
) -> None:
    pipeline.gives = Judgement(
        (), Summary((), 1, 1), {}, (InternalError("drop-table", "3f2a", "KeyError: 1"),)
    )

    run(["check", "--format", "json"])
    out, err = capsys.readouterr()
    assert json.loads(out)["summary"]["not_checked"] == ["drop-table on 3f2a (it failed)"]
    assert err.startswith(
        "error: this is a bug in migrate-guard: the rule drop-table failed on 3f2a: KeyError: 1\n"
    )


def test_formats_go_to_the_standard_output(pipeline: Pipeline, capsys: pytest.CaptureFixture[str]) -> None:
    pipeline.gives = judgement(finding(), reasons=(("a call", 2),))
    seen = {}
    for form in FORMATS:
        run(["check", "--format", form])
        seen[form] = capsys.readouterr()

    assert seen["text"].out.startswith("error[index-blocks-writes]: ")
    assert seen["concise"].out.count("\n") == 1
    assert json.loads(seen["json"].out)["version"] == 1
    assert seen["github"].out.startswith("::error file=")
    last = "1 error in 1 of 3 new revisions; "
    assert [form for form in seen if seen[form].err.startswith(last)] == ["concise", "github", "gitlab"]
    assert seen["json"].err == seen["text"].err == ""


def test_annotations_count_paths_from_the_workspace(
    pipeline: Pipeline, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pipeline.gives = judgement(finding())
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path.parent))

    run(["check", "--format", "github"])
    assert capsys.readouterr().out.startswith(f"::error file={tmp_path.name}/migrations/versions/")


def test_a_report_in_a_file_leaves_the_standard_output_empty(
    pipeline: Pipeline, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    pipeline.gives = judgement(finding())

    assert run(["check", "--format", "json", "--output", "report.json"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("1 error in 1 of 3 new revisions; ")
    assert json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))["findings"]
    assert run(["check", "--output", "no/such/place.txt"]) == 2
    assert capsys.readouterr().err.startswith("error: no/such/place.txt: cannot be written: ")


def test_colour_and_links_on_request(
    pipeline: Pipeline, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pipeline.gives = judgement(finding())

    run(["check"])
    assert "\x1b" not in capsys.readouterr().out
    run(["check", "--color", "always"])
    coloured = capsys.readouterr().out
    assert "\x1b[" in coloured
    assert "\x1b]8" not in coloured
    monkeypatch.setenv("FORCE_HYPERLINK", "1")
    run(["check", "--color", "always"])
    assert "/rules/locking/index-blocks-writes.md" in capsys.readouterr().out


def test_the_long_form_is_a_flag(pipeline: Pipeline, capsys: pytest.CaptureFixture[str]) -> None:
    pipeline.gives = judgement(reasons=(("a call of helper()", 2),))

    run(["check", "--verbose"])
    assert "a call of helper() (2 operations)" in capsys.readouterr().out


@pytest.mark.parametrize("name", sorted(SUBCOMMANDS))
def test_every_subcommand_is_found_and_has_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = command.get_command(click.Context(command), name)

    assert found is not None
    assert found.name == name
    assert run([name, "--help"]) == 0
    assert capsys.readouterr().out.startswith(f"Usage: migrate-guard {name} ")


def test_an_unknown_subcommand_names_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["chek"]) == 2
    assert "no such command 'chek'; did you mean 'check'?" in capsys.readouterr().err
    assert run([]) == 2


def test_rules_lists_every_rule(capsys: pytest.CaptureFixture[str]) -> None:
    from migrate_guard.rule_list import all_rules

    assert run(["rules"]) == 0
    listed = re.findall(r"^  ([a-z-]+) +(?:error|warning|info) ", capsys.readouterr().out, re.MULTILINE)
    assert listed == [rule.info.name for rule in all_rules()]
    assert run(["rules", "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["name"] for row in rows] == listed
    assert rows[0].keys() == {"name", "family", "severity", "dialects", "summary"}
