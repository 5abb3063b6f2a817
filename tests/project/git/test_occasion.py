"""What `--pre-commit` judges follows from what pre-commit was run for."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from migrate_guard.config import Config
from migrate_guard.errors import GuardError
from migrate_guard.project.git import for_pre_commit
from tests.project.git.shop import Shop, shop_at
from tests.repositories import new_repository, revision


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """A project with revisions a and b committed."""
    return shop_at(tmp_path / "shop")


def occasion(root: Path, base: str | None = None, **variables: str) -> tuple[bool, str | None]:
    """Return whether what is staged is judged, and against which base."""
    found = for_pre_commit(Config(root=root, base=base), variables)
    return found.staged, found.base


def test_nothing_staged_is_everything(shop: Shop) -> None:
    assert occasion(shop.root) == (False, None)
    assert occasion(shop.root, "main") == (False, "main")


def test_something_staged_is_that(shop: Shop) -> None:
    shop.repository.write("README.md", "It grew.\n")
    assert occasion(shop.root) == (False, None), "what is not added is not staged"
    shop.git("add", "--all")
    assert occasion(shop.root) == (True, None)
    assert occasion(shop.root, "main") == (True, "main")


def test_the_first_commit(tmp_path: Path) -> None:
    repository = new_repository(tmp_path)
    assert occasion(tmp_path) == (False, None)
    repository.write("versions/a.py", revision("a", None))
    repository.git("add", "--all")
    assert occasion(tmp_path) == (True, None)


def test_the_index_of_the_hook_counts(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """`git commit FILE` and `git commit --all` give their hooks an index of their own."""
    shop.repository.write("README.md", "It grew.\n")
    monkeypatch.setenv("GIT_INDEX_FILE", str(shop.root / ".git" / "next-index-1.lock"))
    assert occasion(shop.root) == (True, None), "an index that is not there yet holds nothing of HEAD"


@pytest.mark.parametrize("base", [None, "main"])
def test_a_range_is_judged_against_its_start(shop: Shop, base: str | None) -> None:
    head = shop.git("rev-parse", "HEAD")
    refs = {"PRE_COMMIT_FROM_REF": "HEAD~1", "PRE_COMMIT_TO_REF": head}
    assert occasion(shop.root, base, **refs) == (False, base or "HEAD~1")


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"PRE_COMMIT_FROM_REF": "HEAD", "PRE_COMMIT_TO_REF": "HEAD~1"}, "is not what is checked out"),
        ({"PRE_COMMIT_FROM_REF": "HEAD", "PRE_COMMIT_TO_REF": "no-such"}, "is not what is checked out"),
    ],
    ids=["another commit", "unknown"],
)
def test_a_range_that_ends_elsewhere_cannot_be_judged(
    shop: Shop, variables: Mapping[str, str], said: str
) -> None:
    shop.commit()
    with pytest.raises(GuardError, match=said):
        occasion(shop.root, **variables)


def test_without_git_nothing_is_staged(tmp_path: Path) -> None:
    with pytest.raises(GuardError, match="not in a git repository"):
        occasion(tmp_path)
