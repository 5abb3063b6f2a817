"""Exit codes: what each format, and each way of not being able to look, comes to for the shell."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import pytest

from migrate_guard.report import FORMATS
from tests.cli import ways_not_to_look as ways
from tests.cli.runs import READERS, Command, clean_project
from tests.old_projects import old_project, write
from tests.project.git.shop import Shop, configure, shop_at
from tests.repositories import Repository

OLD = "what an earlier run left\n"


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Command:
    return Command(tmp_path, monkeypatch, capfd)


def test_every_format_is_read_here() -> None:
    assert READERS.keys() == FORMATS.keys()


VERDICTS = [
    pytest.param(clean_project, [], 0, id="clean"),
    pytest.param(old_project, [], 1, id="findings"),
    pytest.param(old_project, ["--select", "drop-column"], 1, id="at-fail-on"),
    pytest.param(old_project, ["--select", "drop-column", "--fail-on", "error"], 0, id="below-fail-on"),
    pytest.param(old_project, ["--severity", "drop-column=error", "--fail-on", "error"], 1, id="raised"),
    pytest.param(old_project, ["--fail-on", "never"], 0, id="never"),
    pytest.param(old_project, ["--exit-zero"], 0, id="exit-zero"),
    pytest.param(old_project, ["--since", "a2"], 0, id="nothing-new"),
]


@pytest.mark.parametrize(("project", "arguments", "code"), VERDICTS)
@pytest.mark.parametrize("form", FORMATS)
def test_a_verdict_has_one_code_in_every_format(
    command: Command, form: str, project: Callable[[Path], Path], arguments: list[str], code: int
) -> None:
    project(command.root)

    printed = command("check", "--format", form, *arguments)
    assert printed.code == code, printed
    assert "error: " not in printed.err
    READERS[form](printed.out)
    written = command("check", "--format", form, *arguments, "-o", "report")
    assert (written.code, written.out) == (code, "")
    READERS[form]((command.root / "report").read_text(encoding="utf-8"))


def test_what_the_baseline_holds_fails_in_no_format(command: Command) -> None:
    old_project(command.root)
    assert command("baseline").code == 0

    for form in FORMATS:
        done = command("check", "--baseline", "migrate-guard-baseline.json", "--format", form)
        assert done.code == 0, done
        READERS[form](done.out)


CANNOT_LOOK = [
    pytest.param(ways.nothing, "no migrations found", id="no-migrations"),
    pytest.param(ways.given("nowhere"), "nowhere: there is no such", id="missing-path"),
    pytest.param(ways.given(""), "PATHS: the value is empty", id="empty-path"),
    pytest.param(ways.given("-c", "nowhere.ini"), "nowhere.ini: there is no such file", id="missing-ini"),
    pytest.param(ways.given("-d", "nowhere"), "nowhere: there is no such directory", id="missing-directory"),
    pytest.param(ways.given("-n", "nowhere"), "alembic.ini: there is no section", id="missing-section"),
    pytest.param(ways.with_file("alembic.ini", "nonsense\n"), "alembic.ini:1: ", id="broken-ini"),
    pytest.param(ways.given("--config", "nowhere.toml"), "nowhere.toml: no such file", id="missing-config"),
    pytest.param(
        ways.with_file("migrate-guard.toml", "a = \n"), "migrate-guard.toml:1: not valid", id="broken-toml"
    ),
    pytest.param(
        ways.with_file("migrate-guard.toml", "nope = 1\n"), "migrate-guard.toml:1: unknown", id="unknown-key"
    ),
    pytest.param(ways.given("--select", "drop-tabel"), "--select: unknown rule", id="unknown-rule"),
    pytest.param(ways.given("--dialect", "oracle"), "--dialect: unknown dialect", id="unknown-dialect"),
    pytest.param(ways.given("--dialect", "mysql:"), "--dialect: unknown dialect", id="no-version"),
    pytest.param(ways.given("--fail-on", "bad"), "--fail-on: unknown severity", id="unknown-level"),
    pytest.param(ways.given("--since", "nope"), "there is no revision", id="unknown-revision"),
    pytest.param(ways.given("--baseline", "nope.json"), "nope.json: there is no such", id="missing-baseline"),
    pytest.param(ways.with_file("b.json", "{", "--baseline", "b.json"), "b.json", id="broken-baseline"),
    pytest.param(ways.given("--models", "nope"), "--models: expected module:", id="wrong-models"),
    pytest.param(ways.given("--database-url", ""), "--database-url: the value is empty", id="empty-url"),
    pytest.param(
        ways.given("--models-fallback", "static"), "--models-fallback does nothing", id="idle-fallback"
    ),
    pytest.param(ways.given("--python", "python"), "--python does nothing without", id="idle-python"),
    pytest.param(
        ways.given("--version-table", "v", "--models"), "--version-table does nothing", id="idle-table"
    ),
    pytest.param(ways.given("--write"), "--write needs the models", id="write-without-models"),
    pytest.param(ways.given("--write", "--models", "static"), "--write lets", id="write-what-is-only-read"),
    pytest.param(ways.given("--base", "main"), "alembic.ini: is not in a git repository", id="no-repository"),
    pytest.param(ways.given("--staged"), "alembic.ini: is not in a git repository", id="staged-nowhere"),
    pytest.param(ways.given("--pre-commit"), "this directory is not in a git repository", id="hook-nowhere"),
    pytest.param(ways.shallow, "the clone is shallow", id="shallow-clone"),
    pytest.param(ways.unknown_base, "git does not know the base origin/nowhere", id="unknown-base"),
    pytest.param(ways.no_base_in_ci, "--base auto found no base", id="no-base-in-ci"),
    pytest.param(ways.unrelated, "HEAD and main have no commit in common", id="no-common-commit"),
    pytest.param(ways.no_git, "there is no git", id="no-git"),
    pytest.param(ways.unborn, "the branch has no commit yet", id="unborn-branch"),
    pytest.param(ways.broken_repository, "git could not read the repository", id="broken-repository"),
]


@pytest.mark.parametrize(("case", "message"), CANNOT_LOOK)
def test_what_cannot_be_looked_at_is_exit_two_and_writes_nothing(
    command: Command, monkeypatch: pytest.MonkeyPatch, case: ways.Case, message: str
) -> None:
    root = command.root / "project"
    root.mkdir()
    flags = case(root, monkeypatch)
    before = sorted(root.rglob("*"))

    for form in FORMATS:
        for more in ((), ("--exit-zero",)):
            done = command("check", "--format", form, *more, *flags, root=root)
            assert message in done.complaint()
    outside = command.root / "report"
    outside.write_text(OLD, encoding="utf-8")
    targets = [part for form in FORMATS for part in ("--output", f"{form}={command.root / f'report.{form}'}")]
    assert message in command("check", "-o", outside, *targets, *flags, root=root).complaint()
    assert outside.read_text(encoding="utf-8") == OLD
    assert [path.name for path in command.root.glob("report*")] == ["report"]
    assert [path for path in sorted(root.rglob("*")) if ".git" not in path.parts] == [
        path for path in before if ".git" not in path.parts
    ]


LOOKED_IN_PART = [
    pytest.param(ways.models_fail, "a_package_that_is_not_there", id="models-cannot-be-loaded"),
    pytest.param(ways.no_interpreter, "no/such/python", id="no-interpreter"),
    pytest.param(ways.database("postgresql+psycopg://ci@127.0.0.1:1/x"), "cannot be looked at", id="down"),
    pytest.param(ways.database("no url"), "cannot be looked at", id="wrong-url"),
    pytest.param(ways.broken_neighbour, "bad/alembic.ini:1: ", id="broken-neighbour"),
    pytest.param(ways.rule_fails, "this is a bug in migrate-guard: the rule ", id="bug-in-a-rule"),
]


@pytest.mark.parametrize(("case", "message"), LOOKED_IN_PART)
def test_what_was_looked_at_in_part_is_exit_two_and_says_so(
    command: Command, monkeypatch: pytest.MonkeyPatch, case: ways.Case, message: str
) -> None:
    root = command.root / "project"
    root.mkdir()
    flags = case(root, monkeypatch)
    targets = [part for form in FORMATS for part in ("--output", f"{form}={command.root / form}")]

    done = command("check", "--exit-zero", *targets, *flags, root=root)
    assert done.code == 2, done
    errors = [line for line in done.err.splitlines() if line.startswith("error: ")]
    assert errors, done
    assert all(message in line for line in errors), errors
    READERS["text"](done.out)
    for form in FORMATS:
        READERS[form]((command.root / form).read_text(encoding="utf-8"))
    assert json.loads((command.root / "json").read_text(encoding="utf-8"))["summary"]["not_checked"]
    (sarif,) = json.loads((command.root / "sarif").read_text(encoding="utf-8"))["runs"]
    assert sarif["invocations"][0]["executionSuccessful"] is False
    assert ET.parse(command.root / "junit").getroot().get("errors") != "0"
    assert "Not checked: " in (command.root / "markdown").read_text(encoding="utf-8")


@pytest.mark.parametrize("form", FORMATS)
def test_a_broken_neighbour_is_told_whatever_the_format(
    command: Command, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    ways.broken_neighbour(command.root, monkeypatch)

    done = command("check", "--format", form, "--exit-zero")
    assert done.code == 2
    assert done.err.startswith("error: bad/alembic.ini:1: ")
    READERS[form](done.out)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("place", ["missing/report", "folder", "folder/file/report"])
def test_a_report_that_cannot_be_written_keeps_no_other_from_it(
    command: Command, form: str, place: str
) -> None:
    old_project(command.root)
    write(command.root / "folder" / "file", OLD)

    done = command("check", "--exit-zero", "--output", f"{form}={place}", "--output", "json=good.json")
    assert done.code == 2
    error, hint = done.err.splitlines()[:2]
    assert error.startswith(f"error: {place}: cannot be written: ")
    assert hint.startswith("hint: ")
    READERS["text"](done.out)
    READERS["json"]((command.root / "good.json").read_text(encoding="utf-8"))
    assert not list(command.root.rglob("*.tmp"))


# The other commands that look at a project.

OTHERS = ["baseline", "doctor", "graph", "graph --no-check", "schema", "status"]


@pytest.mark.parametrize(
    ("case", "message"),
    [
        pytest.param(ways.nothing, "no migrations found", id="no-migrations"),
        pytest.param(ways.given("no/where"), "no/where: there is no such", id="missing-path"),
        pytest.param(ways.given("-c", "nowhere.ini"), "nowhere.ini: there is no such file", id="missing-ini"),
        pytest.param(ways.with_file("alembic.ini", "nonsense\n"), "alembic.ini:1: ", id="broken-ini"),
        pytest.param(
            ways.with_file("migrate-guard.toml", "nope = 1\n"), "unknown key 'nope'", id="unknown-key"
        ),
        pytest.param(ways.given("--dialect", "oracle"), "--dialect: unknown dialect", id="unknown-dialect"),
        pytest.param(ways.given("--dialect", ""), "--dialect: the value is empty", id="empty-dialect"),
    ],
)
@pytest.mark.parametrize("other", OTHERS)
def test_other_commands_that_cannot_look(
    command: Command, monkeypatch: pytest.MonkeyPatch, other: str, case: ways.Case, message: str
) -> None:
    flags = case(command.root, monkeypatch)
    before = sorted(command.root.rglob("*"))

    assert message in command(*other.split(), *flags).complaint()
    assert sorted(command.root.rglob("*")) == before


@pytest.mark.parametrize("other", ["doctor", "graph", "graph --no-check", "schema", "status"])
def test_other_commands_that_look_in_part(
    command: Command, monkeypatch: pytest.MonkeyPatch, other: str
) -> None:
    ways.broken_neighbour(command.root, monkeypatch)

    for form in ("text", "json"):
        done = command(*other.split(), "--format", form)
        assert done.code == 2, done
        assert "bad/alembic.ini:1: " in done.out + done.err
        if form == "json":
            assert "error: bad/alembic.ini:1: " in done.err
            json.loads(done.out)


def test_a_baseline_is_not_made_of_a_part(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    ways.broken_neighbour(command.root, monkeypatch)

    assert "could not look at bad/alembic.ini:1: " in command("baseline").complaint()
    assert not (command.root / "migrate-guard-baseline.json").exists()


def test_a_repository_in_which_nothing_is_new_passes(command: Command) -> None:
    """The cases above fail for what they are about, not for what they have in common."""
    shop = shop_at(command.root / "shop")

    for form in FORMATS:
        done = command("check", "--base", "main", "--format", form, root=shop.root)
        assert done.code == 0, done


def test_a_copy_without_git_is_judged_whole(command: Command) -> None:
    shop = Shop(Repository(command.root))
    configure(shop)
    shop.add("a", None)

    assert command("check", "--fail-on", "error").code == 0
