"""What is staged is judged as it is staged, whatever the working tree has."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.project.git.shop import Shop, configure, shop_at
from tests.repositories import new_repository

BLOCKS = 'op.create_index("ix_a", "t_a", ["id"])'
HARMLESS = "op.execute('SELECT 1')"


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """A project with revisions a and b committed."""
    return shop_at(tmp_path / "shop")


def staged(shop: Shop, base: str | None = None) -> set[tuple[str, str]]:
    """Return what is found in the index."""
    return shop.found(base, staged=True)


def test_only_what_is_staged_is_there(shop: Shop) -> None:
    shop.add("c", "b", BLOCKS)
    assert (staged(shop), shop.judge(None, staged=True).summary.judged) == (set(), 0)
    shop.git("add", "--all")
    assert staged(shop) == {("index-blocks-writes", "c")}


def test_half_staged_file(shop: Shop) -> None:
    shop.add("c", "b", BLOCKS)
    shop.git("add", "--all")
    shop.add("c", "b", HARMLESS)
    assert staged(shop) == {("index-blocks-writes", "c")}
    shop.git("add", "--all")
    shop.add("c", "b", BLOCKS)
    assert staged(shop) == set()


def test_a_staged_file_that_is_gone_from_the_tree(shop: Shop) -> None:
    shop.add("c", "b", BLOCKS)
    shop.git("add", "--all")
    shop.remove("c")
    judgement = shop.judge(None, staged=True)
    (finding,) = judgement.findings
    assert BLOCKS in judgement.sources[finding.span.path][finding.span.line - 1]


def test_a_deletion_that_is_staged(shop: Shop) -> None:
    shop.git("rm", "--quiet", "--cached", shop.path("b"))
    assert staged(shop, "main") == {("merged-revision-deleted", "b")}
    assert shop.found("main") == set()


def test_what_the_last_commit_has_is_not_judged_again(shop: Shop) -> None:
    shop.add("c", "b", BLOCKS)
    shop.commit()
    shop.add("d", "c")
    shop.git("add", "--all")
    judgement = shop.judge(None, staged=True)
    assert (judgement.findings, judgement.summary.judged) == ((), 1)


def test_what_the_last_commit_has_otherwise_is_judged(shop: Shop) -> None:
    """A commit is not a merge: to mend one's own revision is no accident, but it is judged again."""
    shop.add("c", "b")
    shop.commit()
    shop.add("c", "b", BLOCKS)
    shop.git("add", "--all")
    assert staged(shop) == {("index-blocks-writes", "c")}
    shop.add("c", "b", title="Another title")
    shop.git("add", "--all")
    assert shop.judge(None, staged=True).summary.judged == 0


def test_the_first_commit(tmp_path: Path) -> None:
    shop = Shop(new_repository(tmp_path / "shop"))
    configure(shop)
    shop.add("a", None)
    shop.add("b", "a")
    shop.git("add", "--all")
    assert shop.judge(None, staged=True).summary.judged == 2


def test_a_merge_that_is_being_committed(shop: Shop) -> None:
    """What the other side brings was judged there."""
    shop.git("checkout", "--quiet", "main")
    shop.add("c", "b", BLOCKS)
    shop.commit()
    shop.git("checkout", "--quiet", "work")
    shop.repository.write("README", "work went on\n")
    shop.commit()
    shop.git("merge", "--quiet", "--no-commit", "--no-ff", "main")
    assert staged(shop) == set()
    assert staged(shop, "main") == set()


def test_staged_against_a_base(shop: Shop) -> None:
    shop.add("b", "a", HARMLESS)
    assert staged(shop, "main") == set()
    shop.git("add", "--all")
    shop.add("b", "a")
    assert staged(shop, "main") == {("merged-revision-edited", "b")}


@pytest.mark.parametrize("relative", [True, False])
def test_the_index_of_commit_with_paths(shop: Shop, monkeypatch: pytest.MonkeyPatch, relative: bool) -> None:
    """`git commit -a` and `git commit FILE` give their hooks an index of their own."""
    shop.add("c", "b", BLOCKS)
    plain = shop.root / ".git" / "index"
    before = plain.read_bytes()
    shop.git("add", "--all")
    own = plain.with_name("next-index-1.lock")
    own.write_bytes(plain.read_bytes())
    plain.write_bytes(before)
    assert staged(shop) == set()
    monkeypatch.chdir(shop.root)
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/next-index-1.lock" if relative else str(own))
    assert staged(shop) == {("index-blocks-writes", "c")}
