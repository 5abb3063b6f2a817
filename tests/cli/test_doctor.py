"""`migrate-guard doctor`: exit codes, forms, and files that cannot be read."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from migrate_guard.cli.run import run
from tests.doctor.projects import project
from tests.old_projects import write
from tests.repositories import revision

GOOD = {
    ".github/workflows/ci.yml": "on: pull_request\njobs:\n  guard:\n    steps:\n"
    "      - run: migrate-guard check\n",
    "Procfile": "release: alembic upgrade head\n",
}
BAD = {"start.sh": "alembic upgrade head || alembic stamp head\n"}


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Stand in an empty directory where nothing changes the output."""
    for name in ("NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "ALEMBIC_CONFIG", "FLASK_DB_DIRECTORY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def test_nothing_found_is_exit_0(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project(tmp_path, GOOD)
    assert run(["doctor"]) == 0
    assert capsys.readouterr().out == "Nothing found in 2 files and the code.\n"


def test_something_found_is_exit_1_with_its_place_and_remedy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project(tmp_path, {**GOOD, **BAD})
    assert run(["doctor"]) == 1
    out = capsys.readouterr().out
    assert out.startswith(
        "start.sh:1: [stamp-fallback] when `alembic upgrade` fails, this records head as done"
    )
    assert "\n  help:\n    alembic upgrade head\n" in out
    assert "1 diagnosis in 3 files and the code.\n" in out
    assert run(["doctor", "--format", "json"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert document["version"] == 1
    assert document["diagnoses"][0]["check"] == "stamp-fallback"
    assert (document["diagnoses"][0]["path"], document["diagnoses"][0]["line"]) == ("start.sh", 1)
    assert document["read"] == [".github/workflows/ci.yml", "Procfile", "start.sh"]


def test_a_baseline_hides_nothing_that_lets_a_deploy_skip_revisions(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project(tmp_path, GOOD)
    for name in ("left", "right"):
        write(tmp_path / "migrations" / "versions" / f"{name}.py", revision(name, None))
    write(tmp_path / "migrate-guard.toml", 'baseline = "b.json"\n')
    assert run(["baseline"]) == 0
    assert run(["check"]) == 0
    capsys.readouterr()

    assert run(["doctor"]) == 1
    assert "[multiple-heads]" in capsys.readouterr().out


def test_paths_are_shown_from_where_the_user_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    project(tmp_path, {**GOOD, **BAD})
    monkeypatch.chdir(tmp_path / "migrations")
    assert run(["doctor"]) == 1
    assert capsys.readouterr().out.startswith("../start.sh:1: [stamp-fallback]")


def test_what_cannot_be_read_is_named_and_exit_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project(tmp_path, {**GOOD, "compose.yml": "services:\n\tweb: x\n", "Procfile": "web: \0\n"})
    (tmp_path / "big.sh").write_text("#" * 600_000, encoding="utf-8")
    (tmp_path / "out.sh").symlink_to("/etc/hostname")
    (tmp_path / "gone.sh").symlink_to("nowhere")
    os.mkfifo(tmp_path / "pipe.sh")
    assert run(["doctor"]) == 2
    out = capsys.readouterr().out
    assert "  compose.yml:2: could not be read: a tab is no indentation\n" in out
    assert "  Procfile: could not be read: it is no text\n" in out
    assert "  big.sh: could not be read: it is longer than 500 kB\n" in out
    assert "  out.sh: could not be read: it is a link that leads out of the project\n" in out
    assert "  gone.sh: could not be read: " in out
    assert "  pipe.sh: could not be read: it is not a regular file\n" in out


def test_formats_that_are_not_known_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    others = {
        ".circleci/config.yml": "jobs:\n  x:\n    - run: poetry run flask db upgrade\n",
        "Makefile": "up:\n\talembic upgrade heads\n",
        "deploy/k8s.yaml": "command: [alembic, upgrade, head]\n",
        "other.yaml": "alembic: 1\n",
    }
    project(tmp_path, {**GOOD, **others})
    assert run(["doctor"]) == 0
    out = capsys.readouterr().out
    assert out.endswith(
        "Not checked:\n"
        "  .circleci/config.yml:3: runs `flask db upgrade`, in a format that is not read\n"
        "  Makefile:2: runs `alembic upgrade`, in a format that is not read\n"
        "  deploy/k8s.yaml:1: runs `alembic, upgrade`, in a format that is not read\n"
    )


def test_parts_that_are_not_read_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    jobs = (
        "jobs:\n  called:\n    uses: org/repo/.github/workflows/x.yml@v1\n  own:\n    steps:\n"
        "      - uses: some/ssh-action@v1\n        with:\n          script: alembic upgrade head\n"
        "      - shell: pwsh\n        run: alembic upgrade head\n      - run: migrate-guard check\n"
    )
    gitlab = "include:\n  - local: x.yml\n  - project: group/ci\n    file: x.yml\n  - https://x/y.yml\n"
    project(tmp_path, {**GOOD, ".github/workflows/ci.yml": jobs, ".gitlab-ci.yml": gitlab})
    assert run(["doctor"]) == 0
    assert capsys.readouterr().out.partition("Not checked:\n")[2].splitlines() == [
        (
            "  .github/workflows/ci.yml:3: the job called is defined in "
            "org/repo/.github/workflows/x.yml@v1, which is not read"
        ),
        "  .github/workflows/ci.yml:8: the input script of some/ssh-action@v1 is not read",
        "  .github/workflows/ci.yml:9: a script for pwsh is not read",
        "  .gitlab-ci.yml:3: includes group/ci, which is not read",
        "  .gitlab-ci.yml:5: includes https://x/y.yml, which is not read",
    ]


def test_no_configuration_of_ci_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project(tmp_path, {})
    assert run(["doctor"]) == 0
    out = capsys.readouterr().out
    assert "  no configuration of CI was found\n" in out
    assert "  no command that upgrades the database was found: how revisions reach it is not known\n" in out


def test_no_migrations_is_exit_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["doctor"]) == 2
    assert "no migrations found" in capsys.readouterr().err


def test_an_environment_that_cannot_be_used_is_exit_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project(tmp_path, {**GOOD, "bad/alembic.ini": "[alembic]\nscript_location = %(absent)s\n"})
    assert run(["doctor"]) == 2
    assert "bad/alembic.ini" in capsys.readouterr().out
