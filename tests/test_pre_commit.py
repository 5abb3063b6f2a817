"""The pre-commit hook, installed by pre-commit itself into an isolated environment."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands import FIXTURES, ROOT, environment, run

# One worker runs the whole module: what it installs first is needed by every test.
pytestmark = pytest.mark.xdist_group("pre-commit")

# What the hook's environment is built of; a copy keeps caches and the checkout's git state out of it.
SHIPPED = ("migrate_guard", "rules", "pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml")
USER = ("-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false")


def git(*arguments: str, cwd: Path) -> None:
    """Run git in a directory and insist that it works."""
    run("git", *USER, *arguments, cwd=cwd, check=True)


def committed(folder: Path) -> Path:
    """Make a folder a git repository with everything committed."""
    git("init", "--quiet", cwd=folder)
    git("add", "--all", cwd=folder)
    git("commit", "--quiet", "--message", "Add everything", cwd=folder)
    return folder


@pytest.fixture(scope="module")
def hook_repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository that holds what a user's pre-commit would clone."""
    folder = tmp_path_factory.mktemp("hook")
    for name in SHIPPED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__", ".*cache"))
        else:
            shutil.copy(source, folder / name)
    return committed(folder)


@pytest.fixture(scope="module")
def pre_commit_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pre-commit keeps what it installs, apart from the user's own."""
    return tmp_path_factory.mktemp("pre-commit-home")


def try_repo(hook: Path, project: str, home: Path, tmp_path: Path) -> subprocess.CompletedProcess[str]:
    """Run the hook over a fixture project inside a repository of its own."""
    repository = tmp_path / project
    shutil.copytree(FIXTURES / project, repository)
    committed(repository)
    done = run(
        *(sys.executable, "-m", "pre_commit", "try-repo", hook, "migrate-guard", "--all-files", "--verbose"),
        cwd=repository,
        env=environment(PRE_COMMIT_HOME=str(home)),
        timeout=300,
    )
    if "An unexpected error" in done.stdout and not os.environ.get("CI"):
        pytest.skip(f"pre-commit could not install the hook: {done.stdout[-300:]}")
    return done


def test_manifest_is_valid() -> None:
    run(
        *(sys.executable, "-m", "pre_commit", "validate-manifest", ".pre-commit-hooks.yaml"),
        cwd=ROOT,
        check=True,
    )


def test_hook_stops_the_tutorial_revision(
    hook_repository: Path, pre_commit_home: Path, tmp_path: Path
) -> None:
    done = try_repo(hook_repository, "flask-migrate", pre_commit_home, tmp_path)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "migrations/versions/8a51edff73cf_add_user_email.py" in done.stdout
    assert "exit code: 1" in done.stdout


def test_hook_lets_a_clean_project_pass(hook_repository: Path, pre_commit_home: Path, tmp_path: Path) -> None:
    done = try_repo(hook_repository, "clean", pre_commit_home, tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Passed" in done.stdout


def test_hook_is_skipped_when_no_revision_changes(
    hook_repository: Path, pre_commit_home: Path, tmp_path: Path
) -> None:
    repository = tmp_path / "docs"
    repository.mkdir()
    (repository / "README.md").write_text("# No migrations here\n", encoding="utf-8")
    committed(repository)
    done = run(
        *(sys.executable, "-m", "pre_commit", "try-repo", hook_repository, "migrate-guard", "--all-files"),
        cwd=repository,
        env=environment(PRE_COMMIT_HOME=str(pre_commit_home)),
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "no files to check" in done.stdout
