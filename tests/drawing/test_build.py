"""What a revision is marked with, and which revisions are drawn."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrate_guard.drawing import Drawing, Node, Part, drawing
from migrate_guard.record import replace
from tests.drawing.graphs import ENVIRONMENT, broken, chain, drawn, found, part, parts, script


def node(of: Drawing, revision: str) -> Node:
    """Return a drawn node."""
    (only,) = [one for one in of.nodes if one.revision == revision]
    return only


def names(of: Drawing) -> list[str]:
    """Return the drawn revisions from the top."""
    return [one.revision for one in of.nodes]


def test_heads_bases_labels_and_dependencies_are_marked() -> None:
    done = drawn(
        script("a", branch_labels=("shop",)),
        script("b", "a", message="index orders\nand more"),
        script("x", depends_on=("shop",)),
    )
    assert (node(done, "a").base, node(done, "a").head, node(done, "a").labels) == (True, False, ("shop",))
    assert (node(done, "b").head, node(done, "b").message) == (True, "index orders")
    assert (node(done, "x").depends_on, node(done, "x").parents) == (("a",), ())
    assert (done.heads, done.bases) == (("b", "x"), ("a", "x"))


def test_findings_stand_at_their_revisions() -> None:
    one, other, loose = found("b"), found("b", message="again"), found(None)
    done = drawn(script("a"), script("b", "a"), findings=(one, other, loose), judged=frozenset({"b"}))
    assert node(done, "b").findings == (one, other)
    assert (node(done, "b").judged, node(done, "a").judged) == (True, False)
    assert (done.loose, done.checked) == ((loose,), True)
    assert not drawn(script("a")).checked


def test_what_is_new_is_known_only_against_something() -> None:
    scripts = script("a"), script("b", "a")
    assert {one.novelty for one in drawn(*scripts).nodes} == {None}
    done = drawn(*scripts, against="main", settled=frozenset({"a"}))
    assert (node(done, "a").novelty, node(done, "b").novelty) == ("known", "new")


def test_what_is_missing_or_unreadable_is_drawn_where_it_stands() -> None:
    done = drawn(script("a"), broken("b", "a"), script("c", "b"), script("d", "gone"), broken(None))
    order = names(done)
    assert order.index("c") < order.index("b") < order.index("a")
    assert (node(done, "b").reading, node(done, "b").parents) == ("unreadable", ("a",))
    assert node(done, "b").remarks == ("b.py could not be read: it is no Python",)
    assert (node(done, "gone").reading, node(done, "gone").remarks) == ("missing", ("no file declares it",))
    assert done.notes == ("not in the graph: None.py could not be read: it is no Python",)


def test_duplicates_and_cycles_are_remarked() -> None:
    done = drawn(script("a"), script("a", file="again.py"), script("b", "c"), script("c", "b"))
    assert node(done, "a").remarks == ("again.py declares it too",)
    assert node(done, "b").remarks == ("it is in a cycle of 2 revisions",)


def test_the_last_ones_are_those_nearest_to_any_head() -> None:
    long = [script("a"), *(script(f"b{one}", f"b{one - 1}" if one else "a") for one in range(9))]
    whole = part(*long, script("c", "a"))
    done = drawing(whole, last=3)
    assert names(done) == ["c", "b8", "b7"]
    assert len(done.hidden) == 8
    assert names(drawing(whole, last=99)) == names(drawing(whole))


def test_since_draws_what_comes_after() -> None:
    whole = part(script("a"), script("b", "a"), script("c", "b"), script("x"))
    assert set(names(drawing(whole, since="b"))) == {"c", "x"}
    assert len(names(drawing(whole, since="unknown"))) == 4


@given(parts(), st.none() | st.integers(1, 5))
def test_every_revision_is_drawn_or_hidden_once_and_parents_come_below(
    any_part: Part, last: int | None
) -> None:
    done = drawing(any_part, last=last)
    every = [one.revision for one in (*done.nodes, *done.hidden)]
    assert len(every) == len(set(every))
    named = {name for one in (*done.nodes, *done.hidden) for name in (*one.parents, *one.depends_on)}
    assert set(every) >= set(any_part.graph.scripts) | named
    if last is not None:
        assert len(done.nodes) <= last


@pytest.mark.parametrize("last", [None, 7])
def test_the_same_graph_gives_the_same_drawing(last: int | None) -> None:
    whole = replace(part(), graph=chain(40), environment=ENVIRONMENT)
    assert drawing(whole, last=last) == drawing(whole, last=last)
    assert names(drawing(whole))[:2] == ["r39", "r38"]
