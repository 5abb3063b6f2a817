"""Each way of not being able to look: a function that makes a directory and returns the flags to run with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import migrate_guard.check
from migrate_guard.finding import Problem
from migrate_guard.record import replace
from migrate_guard.rule import RevisionRule
from migrate_guard.rule_list import all_rules
from tests.cli.runs import clean_project
from tests.old_projects import ENV, old_project, write
from tests.project.git.shop import Shop, configure, shop_at
from tests.repositories import new_repository

Case = Callable[[Path, pytest.MonkeyPatch], tuple[str, ...]]


def nothing(root: Path, patch: pytest.MonkeyPatch) -> tuple[str, ...]:
    return ()


def given(*flags: str) -> Case:
    def make(root: Path, patch: pytest.MonkeyPatch) -> tuple[str, ...]:
        old_project(root)
        return flags

    return make


def with_file(name: str, text: str, *flags: str) -> Case:
    def make(root: Path, patch: pytest.MonkeyPatch) -> tuple[str, ...]:
        old_project(root)
        write(root / name, text)
        return flags

    return make


def shallow(root: Path, patch: pytest.MonkeyPatch) -> tuple[str, ...]:
    shop = shop_at(root.parent / "origin")
    shop.add("c", "b")
    shop.commit()
    for name, parent in (("d", "b"), ("e", "d")):
        shop.git("checkout", "--quiet", "main")
        shop.add(name, parent)
        shop.commit()
    shop.git("checkout", "--quiet", "work")
    url = f"file://{shop.root.as_posix()}"
    shop.git("clone", "--quiet", "--depth=1", "--no-single-branch", url, str(root))
    return ("--base", "origin/main")


def unknown_base(root: Path, patch: pytest.MonkeyPatch) -> tuple[str, ...]:
    shop_at(root)
    return ("--base", "origin/nowhere")


def no_base_in_ci(root: Path, patch: pytest.MonkeyPatch) -> tuple[str, ...]:
    shop_at(root)
    return ("--base",)


def unrelated(root: Path, patch: pytest.MonkeyPatch) -> tuple[str, ...]:
    shop = shop_at(root)
    shop.git("checkout", "--quiet", "--orphan", "other")
    shop.repository.commit(
        "Begin anew"
    )  # with its own message: alike in the same second, they are one commit
    return ("--base", "main")


def no_git(root: Path, patch: pytest.MonkeyPatch) -> tuple[str, ...]:
    shop_at(root)
    patch.setenv("PATH", str(root))
    return ("--base", "main")


def unborn(root: Path, patch: pytest.MonkeyPatch) -> tuple[str, ...]:
    shop = Shop(new_repository(root))
    configure(shop)
    shop.add("a", None)
    return ("--base", "main")


def broken_repository(root: Path, patch: pytest.MonkeyPatch) -> tuple[str, ...]:
    shop_at(root)
    write(root / ".git" / "HEAD", "nonsense\n")
    return ("--base", "main")


def models_fail(root: Path, patch: pytest.MonkeyPatch) -> tuple[str, ...]:
    clean_project(root, ENV + "\nimport a_package_that_is_not_there\n")
    return ("--models",)


def no_interpreter(root: Path, patch: pytest.MonkeyPatch) -> tuple[str, ...]:
    clean_project(root)
    return ("--models", "--python", "no/such/python")


def database(url: str) -> Case:
    def make(root: Path, patch: pytest.MonkeyPatch) -> tuple[str, ...]:
        clean_project(root)
        return ("--database-url", url)

    return make


def broken_neighbour(root: Path, patch: pytest.MonkeyPatch) -> tuple[str, ...]:
    clean_project(root / "good")
    clean_project(root / "bad")
    write(root / "bad" / "alembic.ini", "nonsense\n")
    return ()


def rule_fails(root: Path, patch: pytest.MonkeyPatch) -> tuple[str, ...]:
    clean_project(root)

    def broken(*given: object) -> Iterator[Problem]:
        raise ZeroDivisionError("a bug")

    rules = tuple(
        replace(rule, check=broken) if isinstance(rule, RevisionRule) else rule for rule in all_rules()
    )
    patch.setattr(migrate_guard.check, "all_rules", lambda: rules)
    return ()
