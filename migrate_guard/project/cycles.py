"""Cycles in a graph of revisions: an algorithm that `graph` needs, with no knowledge of revisions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping


def components(edges: Mapping[str, tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """Return the strongly connected components, each after those that its edges lead to.

    The members of a component are in the order of `edges`. This is Tarjan's algorithm (Depth-first search
    and linear graph algorithms, 1972) with a stack of its own, so that a long chain does not recurse.
    """
    return tuple(_Search(edges).run())


class _Search:
    def __init__(self, edges: Mapping[str, tuple[str, ...]]) -> None:
        self._edges = edges
        self._position = {node: index for index, node in enumerate(edges)}
        self._number: dict[str, int] = {}
        self._lowest: dict[str, int] = {}
        self._open: list[str] = []
        self._closed: set[str] = set()

    def run(self) -> Iterator[tuple[str, ...]]:
        """Go through the components, from every node that no earlier one reached."""
        for start in self._edges:
            if start not in self._number:
                yield from self._visit(start)

    def _visit(self, start: str) -> Iterator[tuple[str, ...]]:
        path = [(start, iter(self._enter(start)))]
        while path:
            node, targets = path[-1]
            for target in targets:
                if target not in self._number:
                    path.append((target, iter(self._enter(target))))
                    break
                if target not in self._closed:
                    self._lowest[node] = min(self._lowest[node], self._number[target])
            else:
                path.pop()
                if path:
                    above = path[-1][0]
                    self._lowest[above] = min(self._lowest[above], self._lowest[node])
                if self._lowest[node] == self._number[node]:
                    yield self._close(node)

    def _enter(self, node: str) -> tuple[str, ...]:
        self._number[node] = self._lowest[node] = len(self._number)
        self._open.append(node)
        return self._edges[node]

    def _close(self, node: str) -> tuple[str, ...]:
        found: list[str] = []
        while not found or found[-1] != node:
            found.append(self._open.pop())
        self._closed.update(found)
        return tuple(sorted(found, key=self._position.__getitem__))
