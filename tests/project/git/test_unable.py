"""Where git cannot tell what is new, the exit code is 2, and one line says what to add."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Protocol

import pytest

from migrate_guard.cli.run import run
from migrate_guard.errors import GuardError
from migrate_guard.project.git import process
from tests.commands import environment
from tests.project.git.shop import Shop, configure, shop_at
from tests.repositories import Repository, new_repository, revision

GITHUB = {"GITHUB_ACTIONS": "true"}
GITLAB = {"GITLAB_CI": "true"}
FORMATS = ("text", "concise", "json", "github")


class Refused(Protocol):
    """Run the command, insist on exit code 2 and nothing else said, and return message and hint."""

    def __call__(self, root: Path, *arguments: str, **variables: str) -> tuple[str, str]: ...


@pytest.fixture
def refused(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Refused:
    """The command as a process would run it, in a scrubbed environment."""
    for name in set(os.environ) - set(environment()):
        monkeypatch.delenv(name)

    def call(root: Path, *arguments: str, **variables: str) -> tuple[str, str]:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        monkeypatch.chdir(root)
        capfd.readouterr()
        code = run(["check", *arguments])
        said = capfd.readouterr()
        assert (code, said.out) == (2, ""), said
        message, hint = said.err.strip().splitlines()
        return message.removeprefix("error: "), hint.removeprefix("hint: ")

    return call


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """A project with revisions a and b on main; a branch made from it has c."""
    shop = shop_at(tmp_path / "shop")
    shop.add("c", "b")
    shop.commit()
    return shop


def clone(shop: Shop, *arguments: str) -> Path:
    """Clone it as CI does."""
    target = shop.root.parent / "clone"
    shop.git("clone", "--quiet", *arguments, f"file://{shop.root.as_posix()}", str(target))
    return target


def cut(shop: Shop) -> Path:
    """Clone it with one commit of each branch."""
    for name, parent in (("d", "b"), ("e", "d")):
        shop.git("checkout", "--quiet", "main")
        shop.add(name, parent)
        shop.commit()
    shop.git("checkout", "--quiet", "work")
    return clone(shop, "--depth=1", "--no-single-branch")


@pytest.mark.parametrize(
    ("variables", "hint"),
    [
        ({}, "git fetch --unshallow origin"),
        (GITHUB, "under `with:` of actions/checkout, add: fetch-depth: 0"),
        (GITLAB, 'under `variables:` of the job, add: GIT_DEPTH: "0"'),
    ],
)
def test_shallow_clone_without_a_merge_base(
    refused: Refused, shop: Shop, variables: dict[str, str], hint: str
) -> None:
    message, said = refused(cut(shop), "--base", "origin/main", **variables)
    assert "the clone is shallow and does not reach back to where the branch left origin/main" in message
    assert said == hint


@pytest.mark.parametrize("form", FORMATS)
def test_no_format_passes(refused: Refused, shop: Shop, form: str) -> None:
    refused(cut(shop), "--base", "origin/main", "--format", form)
    refused(shop.root, "--base", "nowhere", "--format", form)


@pytest.mark.parametrize(
    ("variables", "hint"),
    [
        ({}, "git fetch origin main"),
        (GITHUB, "under `with:` of actions/checkout, add: fetch-depth: 0"),
        (GITLAB, 'under `variables:` of the job, add: GIT_DEPTH: "0"'),
    ],
)
def test_shallow_clone_without_the_base(
    refused: Refused, shop: Shop, variables: dict[str, str], hint: str
) -> None:
    message, said = refused(clone(shop, "--depth=1"), "--base", "origin/main", **variables)
    assert message.endswith("git does not know the base origin/main")
    assert said == hint


def test_the_base_of_the_pull_request_is_not_there(refused: Refused, shop: Shop) -> None:
    message, said = refused(clone(shop, "--depth=1"), "--base", GITHUB_BASE_REF="main", **GITHUB)
    assert message.endswith("git does not know the base origin/main (from GITHUB_BASE_REF)")
    assert said == "under `with:` of actions/checkout, add: fetch-depth: 0"


def test_missing_branches_are_named(refused: Refused, shop: Shop) -> None:
    assert refused(shop.root, "--base", "origin/main")[1] == "git fetch origin main"
    assert refused(shop.root, "--base", "feature/x")[1] == "git fetch origin feature/x"
    path = refused(shop.root, "--base", "migrations")[1]
    assert path == "git fetch origin migrations, or if it is a path: --base=auto migrations"
    there = clone(shop, "--branch=work")
    assert refused(there, "--base", "main")[1] == "did you mean --base origin/main?"


@pytest.mark.parametrize("base", ["--output=stolen", "-h", "main:alembic.ini", "HEAD^{tree}", "a..b"])
def test_a_base_that_is_no_commit(shop: Shop, base: str) -> None:
    with pytest.raises(GuardError, match="git does not know the base"):
        shop.judge(base)
    assert not (shop.root / "stolen").exists()


def test_ci_that_names_no_base(refused: Refused, shop: Shop) -> None:
    message, hint = refused(shop.root, "--base")
    assert message.startswith("--base auto found no base: neither GITHUB_BASE_REF nor CI_MERGE_REQUEST")
    assert hint.endswith("--base origin/main")


def test_histories_without_a_common_commit(refused: Refused, shop: Shop) -> None:
    shop.git("checkout", "--quiet", "--orphan", "other")
    shop.commit()
    message, _ = refused(shop.root, "--base", "main")
    assert message.endswith("HEAD and main have no commit in common")


def test_unborn_branch(refused: Refused, tmp_path: Path) -> None:
    shop = Shop(new_repository(tmp_path / "shop"))
    configure(shop)
    shop.add("a", None)
    message, _ = refused(shop.root, "--base", "main")
    assert "the branch has no commit yet" in message


@pytest.mark.parametrize("flag", [("--base", "main"), ("--staged",)])
def test_not_a_repository(refused: Refused, tmp_path: Path, flag: tuple[str, ...]) -> None:
    shop = Shop(Repository(tmp_path))
    configure(shop)
    shop.add("a", None)
    message, hint = refused(tmp_path, *flag)
    assert message.startswith("alembic.ini: is not in a git repository")
    assert "run it in a clone" in hint


@pytest.mark.parametrize("flag", [("--base", "main"), ("--staged",)])
def test_no_git(refused: Refused, shop: Shop, flag: tuple[str, ...], tmp_path: Path) -> None:
    message, hint = refused(shop.root, *flag, PATH=str(tmp_path))
    assert message.startswith("there is no git")
    assert "apt-get install git" in hint


def test_broken_repository(refused: Refused, shop: Shop) -> None:
    (shop.root / ".git" / "HEAD").write_text("nonsense\n", encoding="utf-8")
    message, _ = refused(shop.root, "--base", "main")
    assert "git could not read the repository" in message


@pytest.mark.parametrize("lost", ["main^{tree}", "main:migrations/versions/b.py"])
def test_lost_objects(refused: Refused, shop: Shop, lost: str) -> None:
    shop.remove("b")
    name = shop.git("rev-parse", lost)
    (shop.root / ".git" / "objects" / name[:2] / name[2:]).unlink()
    message, hint = refused(shop.root, "--base", "main")
    assert "git could not read" in message or "git does not have the content" in message
    assert "git fsck" in hint


def test_conflicts_in_the_index(refused: Refused, shop: Shop) -> None:
    shop.git("checkout", "--quiet", "-b", "other", "main")
    shop.add("c", "b", "op.execute('SELECT 1')")
    shop.commit()
    shop.repository.git("merge", "--quiet", "work", check=False)
    message, _ = refused(shop.root, "--staged")
    assert message == "migrations/versions/c.py: has a conflict that is not resolved"


def test_a_git_directory_has_no_files(refused: Refused, shop: Shop) -> None:
    inside = shop.root / ".git" / "project"
    shutil.copytree(shop.root / "migrations", inside / "migrations")
    shutil.copy(shop.root / "alembic.ini", inside)
    message, _ = refused(inside, "--base", "main")
    assert "lies in a git directory" in message


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give files away")
def test_a_repository_of_another_user(refused: Refused, shop: Shop) -> None:
    os.chown(shop.root, 12345, 12345)
    os.chown(shop.root / ".git", 12345, 12345)
    nothing = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    message, hint = refused(shop.root, "--base", "main", **nothing)
    assert "belongs to another user" in message
    assert hint == f"git config --global --add safe.directory {shop.root}"


def test_a_git_that_hangs(shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = tmp_path / "bin" / "git"
    fake.parent.mkdir()
    fake.write_text("#!/bin/sh\nexec sleep 60\n", encoding="utf-8")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{fake.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(process, "TIMEOUT", 0.2)
    with pytest.raises(GuardError, match="did not end within"):
        shop.judge()


def test_an_environment_beside_the_repository_is_not_passed_over(
    refused: Refused, shop: Shop, tmp_path: Path
) -> None:
    """One environment that cannot be held against the base ends the run, however good the others are."""
    outside = Repository(tmp_path / "outside")
    outside.write("alembic.ini", "[alembic]\nscript_location = %(here)s/migrations\n")
    outside.write("migrations/env.py", "")
    outside.write("migrations/versions/x.py", revision("x", None))
    message, _ = refused(shop.root, "--base", "main", ".", str(outside.root))
    assert "is not in a git repository" in message
