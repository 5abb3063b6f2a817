"""Where lines run: no line is lost, and long histories take no more than their share of time."""

from __future__ import annotations

import time
from collections import Counter

from hypothesis import given

from migrate_guard.drawing import Layout, Part, drawing, lay_out
from migrate_guard.drawing.lanes import MOST_LANES
from migrate_guard.record import replace
from tests.drawing.graphs import chain, drawn, part, parts, script


def columns(layout: Layout) -> dict[str, int]:
    """Return the column of each revision."""
    return {row.node.revision: row.column for row in layout.rows}


def test_a_line_takes_one_lane() -> None:
    layout = lay_out(drawn(script("a"), script("b", "a"), script("c", "b")).nodes)
    assert (set(columns(layout).values()), layout.width) == ({0}, 1)
    assert [(edge.child, edge.lane, edge.parent) for edge in layout.edges] == [(0, 0, 1), (1, 0, 2)]


def test_a_merge_opens_lanes_that_join_at_the_branch_point() -> None:
    layout = lay_out(drawn(script("a"), script("b", "a"), script("c", "a"), script("m", "b", "c")).nodes)
    rows = {row.node.revision: row for row in layout.rows}
    assert (rows["m"].opens, rows["m"].goes_on) == ((1,), True)
    assert (rows["a"].joins, rows["a"].column) == ((1,), 0)
    assert sorted((columns(layout)["b"], columns(layout)["c"])) == [0, 1]


def test_a_free_lane_is_used_again() -> None:
    scripts = [script("a"), script("m0", "a")]
    for one in range(5):
        scripts += [script(f"l{one}", f"m{one}"), script(f"r{one}", f"m{one}")]
        scripts.append(script(f"m{one + 1}", f"l{one}", f"r{one}"))
    assert lay_out(drawn(*scripts).nodes).width == 2


def test_too_many_lanes_are_said_in_words() -> None:
    star = [script("a"), *(script(f"b{one}", "a") for one in range(MOST_LANES + 6))]
    layout = lay_out(drawn(*star).nodes)
    beyond = [row for row in layout.rows if row.column == MOST_LANES]
    assert [row.apart for row in beyond] == [("a",)] * 6
    assert layout.width == MOST_LANES + 1


@given(parts())
def test_each_parent_has_a_line_or_a_word(any_part: Part) -> None:
    nodes = drawing(any_part).nodes
    layout = lay_out(nodes)
    assert [row.node for row in layout.rows] == list(nodes)
    lines = Counter(edge.child for edge in layout.edges)
    for position, row in enumerate(layout.rows):
        assert lines[position] + len(row.apart) == len(set(row.node.parents))
        assert row.column not in row.through
    for edge in layout.edges:
        assert edge.parent is not None
        assert edge.parent > edge.child
        assert nodes[edge.parent].revision in nodes[edge.child].parents
    assert layout.leaving == ()


def test_a_long_history_takes_its_share_of_time() -> None:
    def seconds(number: int) -> float:
        whole = replace(part(), graph=chain(number))
        start = time.process_time()
        lay_out(drawing(whole).nodes)
        return time.process_time() - start

    seconds(1_000)
    short = max(min(seconds(4_000) for _ in range(3)), 0.01)
    assert min(seconds(32_000) for _ in range(3)) < 8 * 4 * short
