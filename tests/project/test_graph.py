from __future__ import annotations

import ast
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrate_guard.errors import GuardError
from migrate_guard.project import BrokenScript, Graph, Script, Source, ancestors, build_graph, resolve
from migrate_guard.project.cycles import components
from migrate_guard.span import whole_line

NO_TREE = ast.Module([], [])


def script(
    name: str,
    *down: str,
    depends_on: tuple[str, ...] = (),
    labels: tuple[str, ...] = (),
    file: str | None = None,
) -> Script:
    path = file or f"{name}.py"
    return Script(Source(path, Path(path), "", ("",)), NO_TREE, name, down, depends_on, labels)


def broken(name: str, *down: str) -> BrokenScript:
    return BrokenScript(whole_line(f"{name}.py", 1), "it is broken", None, name, down)


def test_a_line() -> None:
    graph = build_graph([script("c", "b"), script("a"), script("b", "a")])
    assert (graph.order, graph.heads, graph.bases) == (("a", "b", "c"), ("c",), ("a",))
    assert graph.children == {"a": ("b",), "b": ("c",)}
    assert ancestors(graph, "c") == {"a", "b"}
    wrong = [*graph.missing, *graph.duplicates, *graph.cycles, *graph.unreadable, *graph.label_clashes]
    assert wrong == []


def test_branches_do_not_see_each_other_and_a_merge_sees_both() -> None:
    graph = build_graph([script("a"), script("b", "a"), script("c", "a"), script("m", "b", "c")])
    assert graph.heads == ("m",)
    assert ancestors(graph, "c") == {"a"}
    assert ancestors(graph, "m") == {"a", "b", "c"}
    assert graph.order[0] == "a"
    assert graph.order[-1] == "m"


def test_a_branch_is_followed_to_its_end_before_the_next() -> None:
    names = [script("a"), script("b1", "a"), script("c1", "a"), script("b2", "b1"), script("c2", "c1")]
    assert build_graph(names).order == ("a", "b1", "b2", "c1", "c2")


def test_dependencies_order_but_do_not_make_children() -> None:
    graph = build_graph([script("a", depends_on=("z",)), script("b", "a"), script("z")])
    assert graph.order == ("z", "a", "b")
    assert graph.heads == ("b", "z")
    assert graph.bases == ("a", "z")
    assert ancestors(graph, "b") == {"a", "z"}
    assert graph.children == {"a": ("b",)}


def test_a_dependency_may_be_a_label_but_a_parent_may_not() -> None:
    graph = build_graph([script("a", labels=("one",)), script("b", depends_on=("one",)), script("c", "one")])
    assert graph.parents["b"] == ("a",)
    assert graph.missing == {"c": ("one",)}


def test_missing_parents() -> None:
    graph = build_graph([script("b", "gone"), script("c", "b", depends_on=("lost",))])
    assert graph.missing == {"b": ("gone",), "c": ("lost",)}
    assert (graph.order, graph.bases, graph.heads) == (("b", "c"), (), ("c",))


def test_the_first_file_of_an_id_counts() -> None:
    first, second = script("a", file="a1.py"), script("a", file="a2.py")
    graph = build_graph([first, second, script("b", "a")])
    assert graph.scripts["a"] is first
    assert graph.duplicates == (second,)


def test_cycles() -> None:
    graph = build_graph(
        [script("a"), script("y", "x"), script("x", "y", "a"), script("z", "y"), script("s", "s")]
    )
    assert sorted(map(sorted, graph.cycles)) == [["s"], ["x", "y"]]
    assert graph.order[0] == "a"
    assert graph.order.index("z") > max(graph.order.index("x"), graph.order.index("y"))
    assert sorted(graph.order) == ["a", "s", "x", "y", "z"]
    assert graph.heads == ("z", "s")
    assert ancestors(graph, "x") == {"a", "y"}
    assert ancestors(graph, "s") == set()


def test_looks_past_a_file_that_cannot_be_read() -> None:
    graph = build_graph(
        [script("a"), script("c", "b2"), script("d", "c")], [broken("b1", "a"), broken("b2", "b1")]
    )
    assert graph.parents["c"] == ("a",)
    assert graph.unreadable == {"c": ("b2", "b1")}
    assert graph.missing == {}
    assert graph.children["a"] == ("c",)
    assert graph.bases == ("a",)


def test_files_that_cannot_be_read_may_form_a_cycle() -> None:
    graph = build_graph([script("c", "x")], [broken("x", "y"), broken("y", "x", "gone")])
    assert graph.unreadable == {"c": ("x", "y")}
    assert graph.missing == {"c": ("gone",)}


def test_label_clashes() -> None:
    graph = build_graph([script("a", labels=("one", "b")), script("b", labels=("one",))])
    assert [(one.label, one.revision, one.first) for one in graph.label_clashes] == [
        ("b", "a", "b"),
        ("one", "b", "a"),
    ]
    assert graph.labels == {"one": "a"}


def test_ten_thousand_revisions_take_no_time() -> None:
    line = [script(str(n), *([str(n - 1)] if n else [])) for n in range(10_000)]
    ladder = [script(f"x{n}", *([f"x{n - 1}", str(n)] if n else [])) for n in range(10_000)]
    start = time.perf_counter()
    graph = build_graph([*reversed(line), *ladder])
    assert len(ancestors(graph, "x9999")) == 19_999
    assert time.perf_counter() - start < 2
    ring = [script(str(n), str((n + 1) % 10_000)) for n in range(10_000)]
    assert len(build_graph(ring).cycles[0]) == 10_000


EDGES = st.dictionaries(
    st.integers(0, 12), st.lists(st.integers(0, 12), max_size=3, unique=True), min_size=1, max_size=13
)


@given(EDGES)
def test_every_graph_is_ordered_as_far_as_it_can_be(edges: dict[int, list[int]]) -> None:
    graph = build_graph([script(str(one), *map(str, down)) for one, down in edges.items()])
    assert sorted(graph.order) == sorted(map(str, edges))
    position = {name: index for index, name in enumerate(graph.order)}
    ring = {name for cycle in graph.cycles for name in cycle}
    for name, parents in graph.parents.items():
        for parent in parents:
            assert position[parent] < position[name] or {name, parent} <= ring
    for cycle in graph.cycles:
        assert all(set(cycle) <= ancestors(graph, one) | {one} for one in cycle)
    for name in set(graph.scripts) - ring:
        assert all(name not in ancestors(graph, parent) for parent in graph.parents[name])


def test_components_come_after_what_they_lead_to() -> None:
    edges: dict[str, tuple[str, ...]] = {"a": ("b",), "b": ("c",), "c": ("b",), "d": ()}
    assert components(edges) == (("b", "c"), ("a",), ("d",))


@pytest.fixture
def forked() -> Graph:
    return build_graph(
        [
            script("a1000"),
            script("b1000", "a1000", labels=("blue",)),
            script("b2000", "b1000"),
            script("r1000", "a1000", labels=("red",)),
            script("r2000", "r1000", depends_on=("b1000",)),
        ]
    )


@pytest.mark.parametrize(
    ("symbol", "ids"),
    [
        ("b2000", ("b2000",)),
        ("a1", ("a1000",)),
        ("blue", ("b1000",)),
        ("blue@head", ("b2000",)),
        ("red@heads", ("r2000",)),
        ("heads", ("b2000", "r2000")),
        ("base", ()),
        ("red@base", ()),
        ("blue@b2", ("b2000",)),
        ("b2000@head", ("b2000",)),
        ("b2000-1", ("b1000",)),
        ("b2000-3", ()),
        ("b1000+1", ("b2000",)),
        ("-1", ("b1000", "r1000")),
        ("red@-1", ("r1000",)),
        ("+1", ("a1000",)),
        ("red@+2", ("r1000",)),
        ("blue@head-2", ("a1000",)),
        ("base+1", ("a1000",)),
        ("red@a1000+1", ("r1000",)),
    ],
)
def test_resolves(forked: Graph, symbol: str, ids: tuple[str, ...]) -> None:
    assert resolve(forked, symbol) == ids


@pytest.mark.parametrize(
    ("symbol", "message"),
    [
        ("head", "2 heads, b2000, r2000"),
        ("zzz", "no revision or branch 'zzz'"),
        ("b", "2 revisions start with 'b'"),
        ("", "no revision or branch ''"),
        ("green@head", "no revision or branch 'green'"),
        ("blue@r2000", "not on the branch"),
        ("a1000+1", "forks into b1000, r1000"),
        ("b2000+1", "beyond the end"),
        ("b2000-4", "beyond the end"),
        ("head-1", "2 heads"),
        ("+2", "forks"),
    ],
)
def test_says_why_a_symbol_names_nothing(forked: Graph, symbol: str, message: str) -> None:
    with pytest.raises(GuardError) as error:
        resolve(forked, symbol)
    assert message in error.value.message


def test_suggests_near_ids(forked: Graph) -> None:
    with pytest.raises(GuardError) as error:
        resolve(forked, "b2O00")
    assert error.value.hint is not None
    assert "b2000" in error.value.hint


def test_an_empty_graph_has_no_head() -> None:
    graph = build_graph([])
    assert (resolve(graph, "head"), resolve(graph, "heads")) == ((), ())
