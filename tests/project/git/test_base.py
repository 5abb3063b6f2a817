"""The base that CI says in its variables, and where the branch stands towards it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from migrate_guard.errors import GuardError
from migrate_guard.project.git.base import named_base
from tests.project.git.shop import Shop, go_on, shop_at


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """A branch with c, whose base main has got d since; origin/main is where main is."""
    for name in (
        "GITHUB_BASE_REF",
        "GITHUB_EVENT_NAME",
        "GITHUB_EVENT_PATH",
        "CI_MERGE_REQUEST_DIFF_BASE_SHA",
    ):
        monkeypatch.delenv(name, raising=False)
    shop = shop_at(tmp_path / "shop")
    shop.add("c", "b")
    shop.commit()
    go_on(shop, "d", "b")
    shop.git("update-ref", "refs/remotes/origin/main", "main")
    return shop


def test_a_pull_request(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_BASE_REF", "main")
    (finding,) = shop.judge("auto").findings
    assert "merged into origin/main" in finding.message


def test_the_merge_commit_of_a_pull_request(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """actions/checkout checks out the merge of both: there the base's head is older than the branch."""
    monkeypatch.setenv("GITHUB_BASE_REF", "main")
    shop.git("merge", "--quiet", "main")
    assert shop.found("auto") == {("multiple-heads", "c"), ("parent-not-base-head", "c")}
    assert shop.judge("auto").summary.judged == 1


def test_a_merge_group(shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    event = tmp_path / "event.json"
    group = {"base_sha": shop.git("rev-parse", "main"), "base_ref": "refs/heads/main"}
    event.write_text(json.dumps({"merge_group": group}), encoding="utf-8")
    monkeypatch.setenv("GITHUB_EVENT_NAME", "merge_group")
    monkeypatch.setenv("GITHUB_EVENT_PATH", str(event))
    (finding,) = shop.judge("auto").findings
    assert "merged into main" in finding.message


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"merge_group": null}', '{"merge_group": {}}'])
def test_an_event_that_says_nothing(tmp_path: Path, text: str) -> None:
    event = tmp_path / "event.json"
    event.write_text(text, encoding="utf-8")
    with pytest.raises(GuardError, match=r"holds no merge_group\.base_sha"):
        named_base("auto", {"GITHUB_EVENT_NAME": "merge_group", "GITHUB_EVENT_PATH": str(event)})


def test_an_event_that_is_not_there() -> None:
    with pytest.raises(GuardError, match=r"it is not set: holds no merge_group\.base_sha"):
        named_base("auto", {"GITHUB_EVENT_NAME": "merge_group"})


def test_a_merge_request(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commit alone shows what is new; the target branch, where it is fetched, what came since as well."""
    fork = shop.git("merge-base", "main", "work")
    monkeypatch.setenv("CI_MERGE_REQUEST_DIFF_BASE_SHA", fork)
    assert (shop.found("auto"), shop.judge("auto").summary.judged) == (set(), 1)
    monkeypatch.setenv("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main")
    assert shop.found("auto") == {("multiple-heads", "c")}
    shop.git("update-ref", "-d", "refs/remotes/origin/main")
    assert (shop.found("auto"), shop.judge("auto").summary.judged) == (set(), 1)


def test_a_push_names_no_base() -> None:
    with pytest.raises(GuardError, match="found no base"):
        named_base("auto", {"GITHUB_BASE_REF": "", "GITHUB_EVENT_NAME": "push"})


@pytest.mark.parametrize("name", ["main", "origin/main", "main~1", "v1", "0123"])
def test_a_named_base_is_taken_as_it_is(name: str) -> None:
    assert named_base(name, {"GITHUB_BASE_REF": "other"}).refs == (name,)
