"""The pre-commit hooks: the static one installed by pre-commit itself, and both at real commits."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.commands import FIXTURES, ROOT, environment, run
from tests.repositories import Repository, revision

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


HOOKS = {hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))}
INI = "[alembic]\nscript_location = migrations\nprepend_sys_path = .\nsqlalchemy.url = sqlite:///shop.db\n"
ENV = """from alembic import context

from models import metadata

context.configure(url="sqlite:///shop.db", target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
"""
MODELS = """import sqlalchemy as sa

metadata = sa.MetaData()
sa.Table("t_a1", metadata, sa.Column("id", sa.BigInteger, primary_key=True))
"""
BAD = revision("b2", "a1", 'op.add_column("t_a1", sa.Column("name", sa.String(9), nullable=False))')
GOOD = revision("b2", "a1", 'op.add_column("t_a1", sa.Column("name", sa.String(9), nullable=True))')
VERSIONS = "migrations/versions"


def hooked(root: Path, hook: Path, home: Path, name: str) -> Repository:
    """Make a project whose commits run a hook, as `pre-commit install` sets it up; the first is made."""
    root.mkdir()
    repository = Repository(root, {"PRE_COMMIT_HOME": str(home), "PATH": with_programs()})
    repository.git("init", "--quiet", "--initial-branch=main")
    repository.write("alembic.ini", INI)
    repository.write("migrations/env.py", ENV)
    repository.write("models.py", MODELS)
    repository.write(f"{VERSIONS}/a1.py", revision("a1", None))
    head = run("git", "rev-parse", "HEAD", cwd=hook, check=True).stdout.strip()
    entry = {"repo": str(hook), "rev": head, "hooks": [{"id": name, "verbose": True}]}
    repository.write(".pre-commit-config.yaml", yaml.safe_dump({"repos": [entry]}))
    repository.commit()
    run(
        *(sys.executable, "-m", "pre_commit", "install", "--install-hooks"),
        cwd=root,
        env=environment(PRE_COMMIT_HOME=str(home)),
        timeout=300,
        check=True,
    )
    return repository


def with_programs() -> str:
    """Return a PATH with the programs of the environment that tests: an active environment."""
    return os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])


def try_commit(repository: Repository) -> str:
    """Commit what is staged; return what the hook says, with `committed` at the end if it let it pass."""
    done = repository.run("commit", "--message", "Change something")
    return done.stdout + done.stderr + ("committed" if done.returncode == 0 else "stopped")


@pytest.fixture
def project(request: pytest.FixtureRequest, tmp_path: Path) -> Repository:
    """A project with the static hook installed, or with the one that `indirect` names."""
    name = getattr(request, "param", "migrate-guard")
    hook, home = request.getfixturevalue("hook_repository"), request.getfixturevalue("pre_commit_home")
    try:
        return hooked(tmp_path / "shop", hook, home, name)
    except AssertionError as error:
        if "An unexpected error" in str(error) and not os.environ.get("CI"):
            pytest.skip(f"pre-commit could not install the hook: {str(error)[-300:]}")
        raise


def test_a_commit_is_stopped_and_then_made(project: Repository) -> None:
    project.write(f"{VERSIONS}/b2.py", BAD)
    project.git("add", "--all")
    said = try_commit(project)
    assert said.endswith("stopped"), said
    assert "error[add-column-not-null-without-default]" in said
    assert "1 error in 1 of 1 new revision; 1 older one replayed" in said

    project.write(f"{VERSIONS}/b2.py", GOOD)
    project.git("add", "--all")
    said = try_commit(project)
    assert said.endswith("committed"), said
    assert "No findings in 1 new revision; 1 older one replayed" in said


def test_what_is_staged_counts_and_not_what_lies_there(project: Repository) -> None:
    """Of a half-staged file the staged half is judged, whichever of the two is the bad one."""
    project.write(f"{VERSIONS}/b2.py", BAD)
    project.git("add", "--all")
    project.write(f"{VERSIONS}/b2.py", GOOD)
    assert try_commit(project).endswith("stopped")

    project.git("add", "--all")
    project.write(f"{VERSIONS}/b2.py", BAD)
    assert try_commit(project).endswith("committed")
    assert project.git("show", f"HEAD:{VERSIONS}/b2.py") == GOOD.strip()


def test_merged_revisions_are_not_judged_again_and_all_files_are(project: Repository) -> None:
    project.write(f"{VERSIONS}/b2.py", BAD)
    project.git("add", "--all")
    project.git("commit", "--no-verify", "--message", "Let it pass once")
    project.write(f"{VERSIONS}/c3.py", revision("c3", "b2"))
    project.git("add", "--all")
    assert try_commit(project).endswith("committed")

    whole = (sys.executable, "-m", "pre_commit", "run", "--color", "never")
    env = environment(PRE_COMMIT_HOME=project.more["PRE_COMMIT_HOME"])
    everything = run(*whole, "--all-files", cwd=project.root, env=env, timeout=120)
    assert everything.returncode == 1, everything.stdout
    assert "1 error in 1 of 3 revisions" in everything.stdout
    last = run(*whole, "--from-ref=HEAD~1", "--to-ref=HEAD", cwd=project.root, env=env, timeout=120)
    assert last.returncode == 0, last.stdout
    assert "No findings in 1 new revision; 2 older ones replayed" in last.stdout


@pytest.mark.parametrize("project", ["migrate-guard-models"], indirect=True)
def test_models_without_a_revision_stop_a_commit(project: Repository) -> None:
    column = MODELS.replace("True))", 'True), sa.Column("name", sa.String(9)))')
    project.write("models.py", column)
    project.git("add", "--all")
    said = try_commit(project)
    assert said.endswith("stopped"), said
    assert "[model-not-migrated]" in said

    project.write(f"{VERSIONS}/b2.py", GOOD)
    project.git("add", "--all")
    said = try_commit(project)
    assert said.endswith("committed"), said


@pytest.mark.parametrize(
    ("path", "static", "models"),
    [
        ("migrations/versions/8a51_add_email.py", True, True),
        ("src/shop/migrations/versions/8a51.py", True, True),
        ("alembic/versions/2026/8a51.py", True, True),
        ("versions/8a51.py", True, True),
        ("migrations/env.py", True, True),
        ("alembic.ini", True, True),
        ("services/billing/alembic.ini", True, True),
        ("pyproject.toml", True, True),
        ("migrate-guard.toml", True, True),
        ("shop/models.py", False, True),
        ("docs/versions/old.md", False, False),
        ("not-alembic.ini", False, False),
        ("conversions/unit.py", False, True),
    ],
)
def test_which_files_make_the_hooks_run(path: str, static: bool, models: bool) -> None:
    """pre-commit turns the separators of Windows into `/` before it matches, and searches."""
    assert bool(re.search(HOOKS["migrate-guard"]["files"], path)) is static
    assert bool(re.search(HOOKS["migrate-guard-models"]["files"], path)) is models
