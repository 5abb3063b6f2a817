"""The graph of revisions with Alembic's semantics, built from the headers alone.

It stands between the files and the replay: the replay goes through `order` and starts each revision from
what its `parents` built.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field

from migrate_guard.project.cycles import components
from migrate_guard.project.script import BrokenScript, Script
from migrate_guard.record import dataclass


@dataclass(frozen=True, slots=True)
class LabelClash:
    """A branch label that two revisions claim, or that is also a revision's id; Alembic refuses both."""

    label: str
    revision: str
    first: str


@dataclass(frozen=True, slots=True, eq=False)
class Graph:
    """All revisions of one environment, and what is wrong with how they hang together.

    `order` holds the revisions so that each stands after its parents and its `depends_on`; revisions in
    a cycle, and those that follow from one, come last. `heads`, `bases` and `children` go by
    `down_revision` alone, as `alembic heads` does.

    `parents` are the revisions right before one: its `down_revision` and its `depends_on`, labels
    resolved, absent ones left out. A parent whose file could not be read is replaced by that file's own
    parents where its header could be made out, and then stands in `unreadable`.

    `missing` maps a revision to the parents or dependencies that no file declares. `duplicates` are the
    further scripts of an id that a file before them (in path order) already declares. `cycles` are the ids
    of each cycle. `labels` maps a branch label to the revision that carries it.
    `notes` say what about the reading of the files a user should know.
    """

    scripts: Mapping[str, Script]
    order: tuple[str, ...]
    heads: tuple[str, ...]
    bases: tuple[str, ...]
    children: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    missing: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    duplicates: tuple[Script, ...] = ()
    cycles: tuple[tuple[str, ...], ...] = ()
    broken: tuple[BrokenScript, ...] = ()
    parents: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unreadable: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    label_clashes: tuple[LabelClash, ...] = ()
    notes: tuple[str, ...] = ()


def build_graph(scripts: Iterable[Script], broken: Iterable[BrokenScript] = ()) -> Graph:
    """Connect the revisions of one environment; whatever is wrong with them becomes part of the graph.

    Takes time in proportion to the number of revisions and their edges, and does not recurse.
    """
    unique, duplicates = _unique(scripts)
    labels, clashes = _labels(unique)
    edges = _Edges(unique, labels, tuple(broken))
    children: dict[str, list[str]] = {}
    for revision in unique:
        for parent in edges.down[revision]:
            children.setdefault(parent, []).append(revision)
    order, cycles = ordered(edges.parents)
    return Graph(
        scripts=unique,
        order=order,
        heads=tuple(revision for revision in unique if not _followers(revision, children)),
        bases=tuple(revision for revision, script in unique.items() if not script.down_revisions),
        children={parent: tuple(found) for parent, found in children.items()},
        missing=edges.missing,
        duplicates=duplicates,
        cycles=cycles,
        broken=edges.broken,
        parents=edges.parents,
        unreadable=edges.unreadable,
        labels=labels,
        label_clashes=clashes,
    )


def ancestors(graph: Graph, revision: str) -> frozenset[str]:
    """Return all that must have run before a revision: parents and dependencies, theirs, and so on."""
    return reached(graph.parents, [revision]) - {revision}


def reached(edges: Mapping[str, Sequence[str]], starts: Iterable[str]) -> frozenset[str]:
    """Return the starts and everything that the edges lead to from them."""
    found: set[str] = set()
    pending = list(starts)
    while pending:
        revision = pending.pop()
        if revision not in found:
            found.add(revision)
            pending.extend(edges.get(revision, ()))
    return frozenset(found)


def _unique(scripts: Iterable[Script]) -> tuple[dict[str, Script], tuple[Script, ...]]:
    unique: dict[str, Script] = {}
    duplicates: list[Script] = []
    for script in scripts:
        if unique.setdefault(script.revision, script) is not script:
            duplicates.append(script)
    return unique, tuple(duplicates)


def _labels(scripts: Mapping[str, Script]) -> tuple[dict[str, str], tuple[LabelClash, ...]]:
    labels: dict[str, str] = {}
    clashes: list[LabelClash] = []
    for revision, script in scripts.items():
        for label in script.branch_labels:
            first = label if label in scripts else labels.setdefault(label, revision)
            if first != revision or label in scripts:
                clashes.append(LabelClash(label, revision, first))
    return labels, tuple(clashes)


def _followers(revision: str, children: Mapping[str, Sequence[str]]) -> bool:
    return any(child != revision for child in children.get(revision, ()))


class _Edges:
    """The edges that lead from each revision to those before it."""

    def __init__(
        self, scripts: Mapping[str, Script], labels: Mapping[str, str], broken: tuple[BrokenScript, ...]
    ) -> None:
        self.broken = broken
        self._scripts = scripts
        self._labels = labels
        self._broken = {
            one.revision: one for one in broken if one.revision is not None and one.revision not in scripts
        }
        self.down: dict[str, tuple[str, ...]] = {}
        self.parents: dict[str, tuple[str, ...]] = {}
        self.missing: dict[str, tuple[str, ...]] = {}
        self.unreadable: dict[str, tuple[str, ...]] = {}
        for revision, script in scripts.items():
            self._connect(revision, script)

    def _connect(self, revision: str, script: Script) -> None:
        down, absent, unread = self._follow(script.down_revisions)
        # A dependency may be named by a branch label, a parent may not: `_add_depends_on` and
        # `_detect_cycles` in alembic/script/revision.py, Alembic 1.20.
        depends, absent_too, unread_too = self._follow(
            [name if name in self._scripts else self._labels.get(name, name) for name in script.depends_on]
        )
        self.down[revision] = down
        self.parents[revision] = tuple(dict.fromkeys(down + depends))
        if absent or absent_too:
            self.missing[revision] = tuple(dict.fromkeys(absent + absent_too))
        if unread or unread_too:
            self.unreadable[revision] = tuple(dict.fromkeys(unread + unread_too))

    def _follow(self, names: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
        """Return the known, the missing and the unreadable among these revisions, looking past the last."""
        known: dict[str, None] = {}
        missing: dict[str, None] = {}
        unreadable: dict[str, None] = {}
        pending = list(names)
        while pending:
            name = pending.pop(0)
            if name in self._scripts:
                known[name] = None
            elif name not in self._broken:
                missing[name] = None
            elif name not in unreadable:
                unreadable[name] = None
                pending.extend(self._broken[name].down_revisions)
        return tuple(known), tuple(missing), tuple(unreadable)


def ordered(parents: Mapping[str, tuple[str, ...]]) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Return the revisions so that each stands after its parents, and the cycles, which come last.

    Every parent must be a key too.
    """
    waiting = {revision: len(before) for revision, before in parents.items()}
    followers: dict[str, list[str]] = {}
    for revision, before in parents.items():
        for parent in before:
            followers.setdefault(parent, []).append(revision)
    order: list[str] = []
    # A stack, so that a branch is followed to its end before the next one begins.
    ready = [revision for revision in reversed(list(parents)) if not waiting[revision]]
    while ready:
        revision = ready.pop()
        order.append(revision)
        for follower in reversed(followers.get(revision, ())):
            waiting[follower] -= 1
            if not waiting[follower]:
                ready.append(follower)
    if len(order) == len(parents):
        return tuple(order), ()
    placed = set(order)
    left = {
        revision: tuple(one for one in before if one not in placed)
        for revision, before in parents.items()
        if revision not in placed
    }
    groups = components(left)
    cycles = tuple(group for group in groups if len(group) > 1 or group[0] in left[group[0]])
    return (*order, *(revision for group in groups for revision in group)), cycles
