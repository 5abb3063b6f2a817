"""Repositories of every shape are read: worktrees, submodules, subdirectories, odd names, moved files."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from migrate_guard.project.git.process import environment_for_git
from tests.project.git.shop import Shop, go_on, shop_at
from tests.repositories import Repository, new_repository

ACCIDENT = {("multiple-heads", "c"), ("merged-revision-edited", "a")}


def accident(shop: Shop) -> None:
    """Make a mistake that only git shows: a head on main beside the new one, and a merged one edited."""
    go_on(shop, "d", "b")
    shop.add("c", "b")
    shop.add("a", None, "op.execute('SELECT 1')")


@pytest.mark.parametrize("inside", ["", "services/billing", "my app/größe 漢字", "a'b\"c", "-x", "[ab]*"])
def test_a_project_anywhere_in_the_repository(tmp_path: Path, inside: str) -> None:
    shop = shop_at(tmp_path / "top", inside)
    assert shop.found() == set()
    accident(shop)
    assert shop.found() == ACCIDENT


@pytest.mark.parametrize("name", ["größe 漢字", "with space", "tab\there", "line\nbreak"])
def test_files_with_odd_names(tmp_path: Path, name: str) -> None:
    shop = shop_at(tmp_path / "top")
    shop.add("c", "b", file=name)
    shop.commit()
    shop.git("branch", "--force", "main")
    assert (shop.found(), shop.judge().summary.judged) == (set(), 0)
    shop.add("c", "b", "op.execute('SELECT 1')", file=name)
    assert {rule for rule, _ in shop.found()} == {"merged-revision-edited"}


def test_detached_head(tmp_path: Path) -> None:
    shop = shop_at(tmp_path / "top")
    accident(shop)
    shop.commit()
    shop.git("checkout", "--quiet", "--detach")
    assert shop.found() == ACCIDENT


def test_worktree(tmp_path: Path) -> None:
    shop = shop_at(tmp_path / "top")
    accident(shop)
    shop.commit()
    shop.git("checkout", "--quiet", "main")
    shop.git("worktree", "add", "--quiet", str(tmp_path / "beside"), "work")
    assert Shop(Repository(tmp_path / "beside")).found() == ACCIDENT
    assert shop.found() == set()


def test_submodule(tmp_path: Path) -> None:
    inner = shop_at(tmp_path / "inner")
    outer = new_repository(tmp_path / "outer")
    outer.write("README", "the whole\n")
    outer.commit()
    url = (tmp_path / "inner").as_posix()
    outer.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", url, "libs/shop")
    outer.commit()
    shop = Shop(Repository(tmp_path / "outer" / "libs" / "shop"))
    assert (inner.root / ".git").is_dir()
    assert (shop.root / ".git").is_file()
    accident_without_main(shop)
    assert shop.found("origin/main") == {("merged-revision-edited", "a")}
    assert Shop(outer, "libs/shop").found("origin/main") == {("merged-revision-edited", "a")}


def accident_without_main(shop: Shop) -> None:
    """Edit a merged revision, and add a new one that is well placed."""
    shop.add("a", None, "op.execute('SELECT 1')")
    shop.add("c", "b")


def test_two_repositories_in_one_run(tmp_path: Path) -> None:
    """Each environment is held against the base in its own repository."""
    one, other = shop_at(tmp_path / "one"), shop_at(tmp_path / "other")
    one.add("c", "b")
    accident(other)
    found = one.found(paths=(one.root, other.root))
    assert found == ACCIDENT


@pytest.mark.skipif(os.name == "nt", reason="links need rights")
def test_links_to_the_project_and_to_files(tmp_path: Path) -> None:
    shop = shop_at(tmp_path / "top")
    shop.add("c", "b", file="../shared/c")
    (shop.root / shop.path("c")).symlink_to("../shared/c.py")
    shop.commit()
    shop.git("branch", "--force", "main")
    (tmp_path / "link").symlink_to(shop.root)
    linked = Shop(Repository(tmp_path / "link"))
    assert (linked.found(), linked.judge().summary.judged) == (set(), 0)
    shop.add("c", "b", "op.execute('SELECT 1')", file="../shared/c")
    assert {rule for rule, _ in linked.found()} == {"merged-revision-edited"}


def test_checkout_with_other_line_ends(tmp_path: Path) -> None:
    shop = shop_at(tmp_path / "top")
    for name in ("a", "b"):
        file = shop.root / shop.path(name)
        file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert shop.found() == set()


def test_renamed_file(tmp_path: Path) -> None:
    shop = shop_at(tmp_path / "top")
    shop.git("mv", shop.path("b"), shop.path("2024_01_02_b"))
    assert shop.found() == set()
    shop.add("b", "a", 'op.execute("SELECT 1")', file="2024_01_02_b")
    assert shop.found() == {("merged-revision-edited", "2024_01_02_b")}


@pytest.mark.parametrize("committed", [False, True])
def test_moved_directory(tmp_path: Path, committed: bool) -> None:
    shop = shop_at(tmp_path / "top")
    shop.repository.write("db/alembic.ini", "[alembic]\nscript_location = %(here)s/migrations\n")
    (shop.root / "alembic.ini").unlink()
    (shop.root / "migrations").rename(shop.root / "db" / "migrations")
    if committed:
        shop.commit()
    moved = Shop(shop.repository, "db")
    assert (moved.found(), moved.judge().summary.judged) == (set(), 0)
    moved.remove("b")
    assert moved.found() == {("merged-revision-deleted", "b")}


def test_directory_that_the_base_moved_since(tmp_path: Path) -> None:
    shop = shop_at(tmp_path / "top")
    shop.git("checkout", "--quiet", "main")
    (shop.root / "db").mkdir()
    shop.git("mv", "migrations", "db/migrations")
    moved = Shop(shop.repository, "db")
    moved.add("d", "b")
    shop.commit()
    shop.git("checkout", "--quiet", "work")
    shop.add("c", "b")
    assert shop.found() == {("multiple-heads", "c")}


def test_revisions_in_subdirectories(tmp_path: Path) -> None:
    shop = shop_at(tmp_path / "top")
    shop.add("c", "b", file="2024/c")
    shop.commit()
    shop.git("branch", "--force", "main")
    assert shop.judge().summary.judged == 0
    shop.remove("2024/c")
    assert shop.found() == {("merged-revision-deleted", "c")}


@pytest.mark.skipif(os.name == "nt", reason="the programs are shell scripts")
def test_nothing_of_the_user_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hooks, the file system monitor, filters, pagers and aliases stay out of it."""
    shop = shop_at(tmp_path / "top")
    shop.add("c", "b")
    trap = tmp_path / "trap"
    trap.write_text(f'#!/bin/sh\ntouch "{tmp_path}/ran"\ncat\n', encoding="utf-8")
    trap.chmod(0o755)
    hooks = shop.root / ".git" / "hooks"
    hooks.mkdir(exist_ok=True)
    for name in ("post-index-change", "fsmonitor-watchman", "post-checkout", "reference-transaction"):
        (hooks / name).symlink_to(trap)
    shop.git("add", "--all")
    (shop.root / ".git" / "info" / "attributes").write_text("*.py filter=trap diff=trap\n", encoding="utf-8")
    for name in (
        "core.fsmonitor",
        "core.pager",
        "filter.trap.clean",
        "filter.trap.smudge",
        "diff.trap.textconv",
    ):
        shop.git("config", name, str(trap))
    (tmp_path / "ran").unlink(missing_ok=True)
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", str(trap))
    monkeypatch.setenv("GIT_PAGER", str(trap))
    assert shop.judge().summary.judged == 1
    assert shop.judge(staged=True).summary.judged == 1
    assert not (tmp_path / "ran").exists()


def test_nothing_is_written(tmp_path: Path) -> None:
    shop = shop_at(tmp_path / "top")
    shop.add("c", "b")
    before = _state(shop.root)
    shop.judge()
    shop.judge(staged=True)
    assert _state(shop.root) == before


def _state(root: Path) -> dict[Path, int]:
    return {file: file.stat().st_mtime_ns for file in root.rglob("*")}


def test_variables_of_another_repository_do_not_mislead(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop, other = shop_at(tmp_path / "top"), shop_at(tmp_path / "other")
    accident(shop)
    monkeypatch.setenv("GIT_DIR", str(other.root / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other.root))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other.root / ".git" / "index"))
    monkeypatch.setenv("GIT_OBJECT_DIRECTORY", str(other.root / ".git" / "objects"))
    assert shop.found() == ACCIDENT
    assert shop.judge(staged=True).summary.judged == 0


def test_variables_that_git_keeps() -> None:
    given = {"PATH": "p", "GIT_DIR": "d", "GIT_CONFIG_COUNT": "1", "GIT_SSH_COMMAND": "s", "GIT_TRACE": "1"}
    kept = environment_for_git(given, None)
    assert {name for name in kept if name in given} == {"PATH", "GIT_CONFIG_COUNT", "GIT_SSH_COMMAND"}
    assert (kept["LC_ALL"], kept["GIT_TERMINAL_PROMPT"]) == ("C", "0")
