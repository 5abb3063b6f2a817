"""`migrate-guard init`: what it writes for what it finds, and what it leaves alone."""

from __future__ import annotations

import os
import re
import shutil
import sys
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from migrate_guard.cli import output
from migrate_guard.cli.run import run
from migrate_guard.init import templates
from tests.commands import FIXTURES, ROOT, migrate_guard
from tests.commands import run as run_program
from tests.old_projects import old_project, write
from tests.repositories import new_repository, revision

IN_CI = bool(os.environ.get("CI"))
BASELINE = "migrate-guard-baseline.json"
WORKFLOW = ".github/workflows/migrate-guard.yml"
HOOKS = "# ours\nrepos:\n  - repo: local\n    hooks:\n      - {id: x, name: x, entry: x, language: system}\n"
PYPROJECT = '[project]\nname = "shop" # kept\ndependencies = ["psycopg"]\n'
GITLAB = "stages: [build, lint]\n\nbuild:\n  stage: build\n  script: make\n"
TEXTS = {"pyproject.toml": PYPROJECT, ".pre-commit-config.yaml": HOOKS, ".gitlab-ci.yml": GITLAB}


@pytest.fixture
def old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Be in an old project in git that has hooks, workflows, a pipeline and a pyproject.toml."""
    for name in ("CI", "FORCE_COLOR", "CLICOLOR_FORCE"):
        monkeypatch.delenv(name, raising=False)
    old_project(tmp_path)
    for name, text in TEXTS.items():
        write(tmp_path / name, text)
    write(tmp_path / ".github" / "workflows" / "ci.yml", "on: push\njobs: {}\n")
    new_repository(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def files(root: Path) -> dict[str, str]:
    """Return every file of a project but git's."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes().decode()
        for path in sorted(root.rglob("*"))
        if path.is_file() and ".git" not in path.parts
    }


def schema_check(schema: str, file: Path) -> None:
    """Insist that a file is what a schema says."""
    run_program(
        *(sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, file),
        cwd=file.parent,
        check=True,
    )


def test_everything_is_written_and_a_second_run_has_nothing_to_do(
    old: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = files(old)
    assert run(["check"]) == 1
    capsys.readouterr()

    assert run(["init", "--yes"]) == 0
    said = capsys.readouterr()
    assert said.err.splitlines() == [
        "alembic.ini · postgresql (from psycopg in pyproject.toml) · 3 revisions, 1 head",
        f"written: {BASELINE}, pyproject.toml, .pre-commit-config.yaml, {WORKFLOW}, .gitlab-ci.yml",
    ]
    made = files(old)
    assert set(made) - set(before) == {BASELINE, WORKFLOW}
    assert {name for name in before if made[name] != before[name]} == set(TEXTS)
    for name, text in TEXTS.items():
        assert made[name].startswith(text)
    header, why, dialects, more, baseline = made["pyproject.toml"].removeprefix(PYPROJECT).split("\n")[1:-1]
    assert (header, dialects) == ("[tool.migrate-guard]", 'dialects = ["postgresql"]')
    assert why.startswith("# from psycopg in pyproject.toml; ")
    assert (more[0], baseline) == ("#", f'baseline = "{BASELINE}"')

    assert run(["init"]) == 0
    again = capsys.readouterr()
    assert (again.out, again.err.splitlines()[-1]) == ("", "nothing to do: everything is in place")
    assert run(["init", "--yes"]) == 0
    assert files(old) == made
    assert run(["check"]) == 0
    assert "5 in the baseline" in capsys.readouterr().out


def test_what_is_written_is_valid_to_its_readers(old: Path) -> None:
    run(["init", "--yes"])

    schema_check("vendor.github-workflows", old / WORKFLOW)
    schema_check("vendor.gitlab-ci", old / ".gitlab-ci.yml")
    hooks = old / ".pre-commit-config.yaml"
    run_program(sys.executable, "-m", "pre_commit", "validate-config", hooks, cwd=old, check=True)
    pipeline: Any = yaml.safe_load((old / ".gitlab-ci.yml").read_text(encoding="utf-8"))
    assert pipeline["migrate-guard"]["stage"] in pipeline["stages"]
    workflow: Any = yaml.safe_load((old / WORKFLOW).read_text(encoding="utf-8"))
    assert workflow["permissions"] == {"contents": "read"}
    assert workflow["jobs"]["migrate-guard"]["steps"][0]["with"] == {
        "fetch-depth": 0,
        "persist-credentials": False,
    }


def test_zizmor_finds_the_tag_and_nothing_else(old: Path) -> None:
    zizmor = shutil.which("zizmor", path=str(Path(sys.executable).parent))
    if zizmor is None and not IN_CI:
        pytest.skip("zizmor is not installed")
    assert zizmor, "zizmor is in the extra dev"
    run(["init", "--yes"])

    done = run_program(zizmor, "--offline", "--format", "plain", old / WORKFLOW, cwd=old)
    assert set(re.findall(r"\[([a-z-]+)\]:", done.stdout)) <= {"unpinned-uses"}, done.stdout


def test_without_a_terminal_nothing_is_written(old: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = files(old)

    assert run(["init"]) == 1
    said = capsys.readouterr()
    assert files(old) == before
    assert said.err.splitlines()[-1] == (
        "note: nothing is written: there is no terminal to ask at; to write it: migrate-guard init --yes"
    )
    assert said.out.startswith(f"--- /dev/null\n+++ b/{BASELINE}\n")
    write(old / "p.patch", said.out)
    run_program("git", "apply", "p.patch", cwd=old, check=True)
    (old / "p.patch").unlink()
    applied = files(old)
    for name in set(applied) - set(before):
        (old / name).unlink()
    for name, text in before.items():
        (old / name).write_bytes(text.encode())
    run(["init", "--yes"])
    assert files(old) == applied


@pytest.mark.parametrize(("answer", "code"), [("y\n", 0), ("n\n", 1), ("\n", 1), ("", 130)])
def test_at_a_terminal_it_asks(old: Path, monkeypatch: pytest.MonkeyPatch, answer: str, code: int) -> None:
    before = files(old)
    read = iter(answer.splitlines())

    def confirm(text: str, err: bool) -> bool:
        said = next(read, None)
        if said is None:
            raise click.Abort
        return said == "y"

    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(output, "is_terminal", lambda: True)
    monkeypatch.setattr(click, "confirm", confirm)

    assert run(["init"]) == code
    assert (files(old) == before) == (code != 0)


def test_only_what_the_project_uses_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old_project(tmp_path)
    monkeypatch.chdir(tmp_path)
    before = files(tmp_path)

    assert run(["init", "--yes"]) == 0
    made = files(tmp_path)
    assert set(made) - set(before) == {BASELINE, "migrate-guard.toml"}
    assert "dialects" not in made["migrate-guard.toml"], "nothing in this project names a database"
    assert run(["check"]) == 0


def test_a_clean_project_has_no_baseline(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(FIXTURES / "clean", tmp_path / "p")
    done = migrate_guard("init", "--yes", cwd=tmp_path / "p")

    assert done.returncode == 0
    assert not (tmp_path / "p" / BASELINE).exists()
    assert 'dialects = ["postgresql' in (tmp_path / "p" / "migrate-guard.toml").read_text(encoding="utf-8")


def test_a_configuration_that_is_there_only_gets_the_baseline(old: Path) -> None:
    write(old / "migrate-guard.toml", '# ours\nfail-on = "error"\n\n[severity]\ndrop-column = "info"\n')

    assert run(["init", "--yes"]) == 0
    made = files(old)
    assert made["pyproject.toml"] == PYPROJECT
    assert made["migrate-guard.toml"] == (
        '# ours\nfail-on = "error"\n'
        "# findings of the first day, which do not count: see migrate-guard baseline --help\n"
        f'baseline = "{BASELINE}"\n'
        '\n[severity]\ndrop-column = "info"\n'
    )


def test_a_baseline_that_is_there_is_named_and_not_changed(old: Path) -> None:
    run(["baseline"])
    write(old / "migrations" / "versions" / "a3.py", revision("a3", "a2", 'op.drop_table("orders")'))
    before = (old / BASELINE).read_bytes()

    assert run(["init", "--yes"]) == 0
    assert (old / BASELINE).read_bytes() == before
    assert f'baseline = "{BASELINE}"' in (old / "pyproject.toml").read_text(encoding="utf-8")
    assert run(["init"]) == 0
    assert run(["check"]) == 1, "what came after it counts"


def test_a_form_that_is_not_understood_is_left_alone(old: Path, capsys: pytest.CaptureFixture[str]) -> None:
    odd = {
        "pyproject.toml": "[tool]\nmigrate-guard = {}\n",
        ".pre-commit-config.yaml": "repos: []\n",
        ".gitlab-ci.yml": "stages: !reference [a]\n",
    }
    for name, text in odd.items():
        write(old / name, text)

    assert run(["init", "--yes"]) == 1
    said = capsys.readouterr().err
    made = files(old)
    assert {name: made[name] for name in odd} == odd
    for name in odd:
        assert f"note: {name} has a form that is not understood; add this to it:\n" in said
    assert "[tool.migrate-guard]\n" in said
    assert "  hooks:\n    - id: migrate-guard\n" in said
    assert WORKFLOW in made


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (".pre-commit-config.yaml", HOOKS + "  - repo: https://github.com/migrate-guard/migrate-guard\n"),
        (".gitlab-ci.yml", "check:\n  script: migrate-guard check\n"),
        (".github/workflows/ci.yaml", "jobs:\n  a:\n    steps:\n      - run: migrate-guard check\n"),
    ],
)
def test_what_names_us_already_is_left_alone(old: Path, name: str, text: str) -> None:
    write(old / name, text)

    assert run(["init", "--yes"]) == 0
    made = files(old)
    assert made[name] == text
    assert (WORKFLOW in made) != ("workflows" in name)


def test_a_file_of_that_name_is_never_overwritten(old: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(old / WORKFLOW, "on: push\njobs: {}\n")

    assert run(["init", "--yes"]) == 1
    assert (old / WORKFLOW).read_text(encoding="utf-8") == "on: push\njobs: {}\n"
    assert f"note: {WORKFLOW} has a form" in capsys.readouterr().err


def test_the_hook_runs_where_the_revisions_are(old: Path) -> None:
    (old / "migrations" / "versions").rename(old / "steps")
    write(
        old / "alembic.ini",
        (old / "alembic.ini").read_text() + "version_locations = %(here)s/steps\n",
    )

    assert run(["init", "--yes"]) == 0
    document: Any = yaml.safe_load((old / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    files = re.compile(document["repos"][-1]["hooks"][0]["files"])
    assert files.search("steps/a1_step.py")
    assert files.search("services/versions/a.py")
    assert files.search("alembic.ini")
    assert not files.search("steps.py")
    assert not files.search("other/steps/a1.py")


def test_below_the_root_of_a_repository_only_the_configuration_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    old_project(tmp_path / "service")
    write(tmp_path / ".pre-commit-config.yaml", HOOKS)
    new_repository(tmp_path)
    monkeypatch.chdir(tmp_path / "service")

    assert run(["init", "--yes"]) == 0
    assert (tmp_path / ".pre-commit-config.yaml").read_text(encoding="utf-8") == HOOKS
    assert "note: hooks and CI belong to .., where the repository begins" in capsys.readouterr().err
    assert (tmp_path / "service" / "migrate-guard.toml").is_file()


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        (
            "other/alembic.ini",
            "[alembic]\nscript_location = nowhere\n",
            "could not look at other/alembic.ini",
        ),
        (BASELINE, "{", f"{BASELINE}:1: not a baseline"),
        ("migrate-guard.toml", "y = 1\n", "migrate-guard.toml:1: unknown key 'y'"),
    ],
)
def test_what_cannot_be_looked_at_ends_it(
    old: Path, capsys: pytest.CaptureFixture[str], file: str, text: str, said: str
) -> None:
    write(old / file, text)
    before = files(old)

    assert run(["init", "--yes"]) == 2
    assert said in capsys.readouterr().err.splitlines()[0]
    assert files(old) == before


def test_no_project_is_an_error(tmp_path: Path) -> None:
    done = migrate_guard("init", cwd=tmp_path)

    assert done.returncode == 2
    assert done.stderr.startswith("error: no migrations found")


def test_a_change_of_dialects_is_not_made_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, driver in (("billing", "psycopg"), ("catalog", "pymysql")):
        old_project(tmp_path / name, name[0])
        write(tmp_path / name / "requirements.txt", f"{driver}\n")
    monkeypatch.chdir(tmp_path)

    assert run(["init", "--yes"]) == 0
    assert "dialects" not in (tmp_path / "migrate-guard.toml").read_text(encoding="utf-8")
    assert run(["check"]) == 0


def test_the_templates_are_those_of_the_readme_and_the_manifest() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    manifest: Any = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    hook: Any = yaml.safe_load(templates.hook())

    assert manifest[0]["files"] == templates.HOOK_FILES
    assert f"- uses: {templates.CHECKOUT}\n" in readme
    assert f"repo: {hook[0]['repo']}\n    rev: {hook[0]['rev']}\n" in readme
    assert templates.WORKFLOW.rstrip().rsplit("\n", 1)[1].strip(" -") in readme
    for line in yaml.safe_load(templates.gitlab_job())["migrate-guard"]["script"]:
        assert line.partition("==")[0] in readme


def test_colour_is_only_for_terminals(old: Path) -> None:
    plain = migrate_guard("init", cwd=old).stdout
    coloured = migrate_guard("init", "--color", "always", cwd=old).stdout

    assert "\x1b[" not in plain
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain
