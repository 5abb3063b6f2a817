"""Every accident that can happen to a history is found by its rule, and by no other of the family."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.project.git.shop import HISTORY, Shop, go_on, shop_at


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """A project with revisions a and b on main; a branch made from it is checked out."""
    return shop_at(tmp_path / "shop")


def test_a_new_revision_alone_is_judged_and_clean(shop: Shop) -> None:
    shop.add("c", "b")
    judgement = shop.judge()
    assert judgement.findings == ()
    assert (judgement.summary.judged, judgement.summary.replayed) == (1, 2)
    assert "git history" not in judgement.summary.not_checked


def test_without_a_base_git_is_named_as_not_checked(shop: Shop) -> None:
    assert "git history" in shop.judge(None).summary.not_checked


def test_nothing_new_judges_nothing(shop: Shop) -> None:
    assert shop.judge().summary.judged == 0


@pytest.mark.parametrize("committed", [False, True])
def test_two_heads_that_only_the_merge_makes(shop: Shop, committed: bool) -> None:
    shop.add("c", "b")
    if committed:
        shop.commit()
    go_on(shop, "d", "b")
    judgement = shop.judge()
    (finding,) = judgement.findings
    assert (finding.rule, Path(finding.span.path).stem) == ("multiple-heads", "c")
    assert finding.message.startswith("merged into main the history has 2 heads, c and d")
    assert 'down_revision = "d"' in (finding.help or "")
    assert "1 revision of main that this branch does not have" in judgement.summary.environments[0].notes[0]
    assert shop.found(None) == set()


def test_two_heads_on_a_branch_with_a_label(shop: Shop) -> None:
    """Heads with labels are meant, so that only the git rule can tell a fork inside of a branch."""
    shop.git("checkout", "--quiet", "main")
    shop.add("x", None, more='branch_labels = ("audit",)\n')
    shop.commit()
    shop.git("checkout", "--quiet", "work")
    shop.git("merge", "--quiet", "main")
    shop.add("y", "x")
    go_on(shop, "z", "x")
    assert shop.found() == {("parent-not-base-head", "y")}


def test_a_parent_that_was_not_the_newest(shop: Shop) -> None:
    shop.add("c", "a")
    assert shop.found() == {("parent-not-base-head", "c"), ("multiple-heads", "c")}


def test_a_fork_that_was_joined_is_not_the_cause(shop: Shop) -> None:
    """What was joined once stays joined; when main goes on after that, the merge revision is the head."""
    shop.add("c", "b")
    go_on(shop, "d", "b")
    shop.commit()
    shop.git("merge", "--quiet", "main")
    shop.add("m", ("c", "d"))
    assert shop.found() == set()
    go_on(shop, "e", "d")
    assert shop.found() == {("multiple-heads", "m")}


def test_the_first_revision_on_both_sides(shop: Shop) -> None:
    shop.git("checkout", "--quiet", "--orphan", "empty")
    shop.remove("b")
    shop.remove("a")
    shop.commit()
    shop.git("checkout", "--quiet", "-b", "first")
    shop.add("x", None)
    shop.commit()
    shop.git("checkout", "--quiet", "empty")
    shop.add("y", None)
    shop.commit()
    shop.git("checkout", "--quiet", "first")
    assert shop.found("empty") == {("multiple-heads", "x")}


def test_a_second_first_revision(shop: Shop) -> None:
    shop.add("c", None)
    assert shop.found() == {("parent-not-base-head", "c"), ("multiple-heads", "c")}


def test_a_branch_with_a_label_of_its_own_is_meant(shop: Shop) -> None:
    shop.add("c", "a", more='branch_labels = ("audit",)\n')
    assert shop.found() == set()


def test_a_merged_revision_is_edited(shop: Shop) -> None:
    shop.add("b", "a", "op.execute('SELECT 1')")
    assert shop.found() == {("merged-revision-edited", "b")}


def test_a_revision_of_the_base_is_edited_after_a_squash(shop: Shop) -> None:
    shop.add("c", "b")
    shop.commit()
    shop.git("checkout", "--quiet", "main")
    shop.git("merge", "--quiet", "--squash", "work")
    shop.commit()
    shop.git("checkout", "--quiet", "work")
    assert shop.found() == set()
    shop.add("c", "b", "op.execute('SELECT 1')")
    assert shop.found() == {("merged-revision-edited", "c")}


def test_a_merged_revision_is_deleted(shop: Shop) -> None:
    shop.remove("b")
    judgement = shop.judge()
    assert [(f.rule, f.span.path) for f in judgement.findings] == [
        ("merged-revision-deleted", "migrations/versions/b.py")
    ]
    assert judgement.sources["migrations/versions/b.py"][5] == "revision = 'b'"


def test_several_deleted_revisions_are_one_finding(shop: Shop) -> None:
    shop.remove("b")
    shop.remove("a")
    shop.add("c", None)
    (deleted,) = [f for f in shop.judge().findings if f.rule == "merged-revision-deleted"]
    assert deleted.message.startswith("a and b are on main and deleted here")


def test_a_merged_revision_gets_another_id(shop: Shop) -> None:
    shop.add("bb", "a", file="b")
    judgement = shop.judge()
    (deleted,) = [f for f in judgement.findings if f.rule in HISTORY]
    assert (deleted.rule, deleted.label) == (
        "merged-revision-deleted",
        "migrations/versions/b.py is now bb",
    )


def test_a_merged_revision_gets_another_parent(shop: Shop) -> None:
    shop.git("checkout", "--quiet", "main")
    shop.add("c", "b")
    shop.commit()
    shop.git("checkout", "--quiet", "work")
    shop.git("merge", "--quiet", "main")
    shop.add("c", "a")
    assert ("merged-revision-reparented", "c") in shop.found()
    shop.add("c", "b", more='depends_on = ("a",)\n')
    assert shop.found() == {("merged-revision-reparented", "c")}


def test_a_revision_is_inserted(shop: Shop) -> None:
    shop.add("n", "a")
    shop.add("b", "n")
    assert shop.found() == {("revision-inserted", "n")}


def test_revisions_are_inserted_before_the_first(shop: Shop) -> None:
    shop.add("m", None)
    shop.add("n", "m")
    shop.add("a", "n")
    assert shop.found() == {("revision-inserted", "m"), ("revision-inserted", "n")}


def test_a_new_dependency_of_a_merged_revision_is_inserted(shop: Shop) -> None:
    shop.add("n", "a")
    shop.add("b", "a", more='depends_on = ("n",)\n')
    assert ("revision-inserted", "n") in shop.found()


def test_an_id_counted_by_hand_on_both_sides(shop: Shop) -> None:
    shop.add("0003", "b", file="0003_invoices", body="op.execute('SELECT 3')", title="Add invoices")
    go_on(shop, "0003", "b")
    assert shop.found() == {("revision-id-reused", "0003_invoices")}


def test_the_id_of_a_deleted_revision_is_given_to_another(shop: Shop) -> None:
    shop.remove("b")
    shop.add("b", "a", file="fresh", body="op.execute('SELECT 1')", title="Something else")
    assert shop.found() == {("revision-id-reused", "fresh")}


def test_a_copy_with_the_same_id_is_a_duplicate(shop: Shop) -> None:
    shop.add("b", "a", file="a_copy_of_b", body="op.execute('SELECT 1')")
    assert shop.found() == {("duplicate-revision", "b")}


def test_what_the_base_did_itself_is_no_finding(shop: Shop) -> None:
    """An edit or a deletion on the base is not the branch's, and the merge takes it over."""
    shop.git("checkout", "--quiet", "main")
    shop.add("b", "a", "op.execute('SELECT 1')")
    shop.commit()
    shop.git("checkout", "--quiet", "work")
    shop.add("c", "b")
    assert shop.found() == set()
    shop.commit()
    shop.git("checkout", "--quiet", "main")
    shop.remove("b")
    shop.commit()
    shop.git("checkout", "--quiet", "work")
    assert shop.found() == {("missing-parent", "c")}


def test_a_broken_file_is_neither_deleted_nor_edited(shop: Shop) -> None:
    shop.repository.write(shop.path("b"), "revision = 'b'\ndown_revision = 'a'\ndef upgrade(:\n")
    assert shop.found() == {("unreadable-revision", "b")}
    shop.repository.write(shop.path("b"), "<<<<<<< HEAD\n")
    assert ("merged-revision-deleted", "b") not in shop.found()


def test_a_file_that_could_not_be_read_on_the_base_is_old(shop: Shop) -> None:
    shop.git("checkout", "--quiet", "main")
    shop.repository.write(shop.path("c"), "revision = 'c'\ndown_revision = 'b'\nprint 'x'\n")
    shop.commit()
    shop.git("checkout", "--quiet", "work")
    shop.git("merge", "--quiet", "main")
    shop.add("c", "b")
    judgement = shop.judge()
    assert (judgement.findings, judgement.summary.judged) == ((), 0)


def test_both_merged_into_each_other(shop: Shop) -> None:
    """With two merge bases, what either has is merged."""
    shop.add("c", "b")
    shop.commit()
    shop.git("branch", "before")
    shop.git("checkout", "--quiet", "main")
    shop.repository.write("README", "main went on\n")
    shop.commit()
    shop.git("branch", "main-before")
    shop.git("merge", "--quiet", "before")
    shop.git("checkout", "--quiet", "work")
    shop.git("merge", "--quiet", "main-before")
    shop.add("d", "c")
    shop.commit()
    assert len(shop.git("merge-base", "--all", "main", "work").split()) == 2
    judgement = shop.judge()
    assert (judgement.findings, judgement.summary.judged) == ((), 1)


def test_paths_since_and_base_meet(shop: Shop) -> None:
    """What is judged is what each of them would judge."""
    for name, parent in (("c", "b"), ("d", "c"), ("e", "d")):
        shop.add(name, parent)
    assert shop.judge().summary.judged == 3
    assert shop.judge(since="c").summary.judged == 2
    assert shop.judge(since="a").summary.judged == 3
    both = shop.judge(since="c", paths=(Path(shop.path("c")), Path(shop.path("d")), Path(shop.path("a"))))
    assert both.summary.judged == 1


def test_tables_of_one_deploy_are_new(shop: Shop) -> None:
    """In a project without merged revisions, what an earlier new one creates holds no rows."""
    shop.git("checkout", "--quiet", "--orphan", "empty")
    shop.remove("b")
    shop.remove("a")
    shop.commit()
    shop.git("checkout", "--quiet", "-b", "first")
    shop.add("a", None)
    shop.add("b", "a", 'op.create_index("ix_a", "t_a", ["id"])')
    assert ("index-blocks-writes", "b") in shop.found(None)
    assert shop.found("empty") == set()
