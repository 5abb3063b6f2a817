"""Where the lines of a drawing run: every revision gets a row, every line to a parent a lane.

A lane is a column that a line occupies from the row of a child to that of its parent. A lane that has become
free is used again, so that the drawing is as wide as the history has branches at one time.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence

from migrate_guard.drawing.model import Node
from migrate_guard.record import dataclass

MOST_LANES = 24
"""Beyond these nobody can follow a line; what would need one more is said in words."""


@dataclass(frozen=True, slots=True)
class Row:
    """A revision in its lane.

    `joins` are further lanes from its children that end here, `through` those that pass by. `opens` are the
    lanes that begin here, `meets` those that were there and lead to one of its parents as well; its own
    column is in neither and goes on where `goes_on`. `apart` are parents to which no line is drawn.
    """

    node: Node
    column: int
    joins: tuple[int, ...] = ()
    through: tuple[int, ...] = ()
    opens: tuple[int, ...] = ()
    meets: tuple[int, ...] = ()
    goes_on: bool = False
    apart: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Edge:
    """The line from the row of a child through a lane to the row of its parent.

    `parent` is `None` for a parent that is not drawn: the line then leaves the drawing at its end.
    """

    child: int
    lane: int
    parent: int | None


@dataclass(frozen=True, slots=True)
class Layout:
    """All rows from the top, all edges, the lanes that leave the drawing at its end, its width in lanes."""

    rows: tuple[Row, ...]
    edges: tuple[Edge, ...]
    leaving: tuple[int, ...]
    width: int


def lay_out(nodes: Sequence[Node]) -> Layout:
    """Give each node its row and column, in time proportional to the nodes, their edges and the width."""
    lanes = _Lanes()
    rows = tuple(lanes.row(position, node) for position, node in enumerate(nodes))
    return lanes.layout(rows)


class _Lanes:
    """The lanes from the top down to the present row."""

    def __init__(self) -> None:
        self._free: list[int] = []
        self._next = 0
        self._waiting: dict[str, list[int]] = {}
        self._active: dict[int, list[int]] = {}  # each lane with the rows of the children that it comes from
        self._placed: set[str] = set()
        self._edges: list[Edge] = []

    def row(self, position: int, node: Node) -> Row:
        """Place the next node."""
        incoming = sorted(self._waiting.pop(node.revision, ()))
        for lane in incoming:
            self._edges += [Edge(child, lane, position) for child in self._active.pop(lane)]
        for lane in incoming[1:]:
            heapq.heappush(self._free, lane)
        through = tuple(sorted(self._active))
        taken = incoming[0] if incoming else self._take()
        column = MOST_LANES if taken is None else taken
        self._placed.add(node.revision)
        own, opens, meets, apart = taken, [], [], []
        for parent in dict.fromkeys(node.parents):
            if parent in self._placed:
                apart.append(parent)
            elif own is not None:
                self._wait(parent, own, position)
                own = None
            elif taken is not None and parent in self._waiting:
                meets.append(self._waiting[parent][0])
                self._active[meets[-1]].append(position)
            else:
                opened = self._take() if taken is not None else None
                if opened is None:
                    apart.append(parent)
                else:
                    self._wait(parent, opened, position)
                    opens.append(opened)
        goes_on = taken is not None and own is None
        if own is not None:
            heapq.heappush(self._free, own)
        return Row(
            node, column, tuple(incoming[1:]), through, tuple(opens), tuple(meets), goes_on, tuple(apart)
        )

    def layout(self, rows: tuple[Row, ...]) -> Layout:
        """Return what was placed; lines that still wait for a parent lead out of the drawing."""
        for lane, children in self._active.items():
            self._edges += [Edge(child, lane, None) for child in children]
        beyond = any(row.column == MOST_LANES for row in rows)
        return Layout(
            rows, tuple(self._edges), tuple(sorted(self._active)), MOST_LANES + 1 if beyond else self._next
        )

    def _take(self) -> int | None:
        if self._free:
            return heapq.heappop(self._free)
        if self._next == MOST_LANES:
            return None
        self._next += 1
        return self._next - 1

    def _wait(self, parent: str, lane: int, position: int) -> None:
        self._waiting.setdefault(parent, []).append(lane)
        self._active[lane] = [position]
