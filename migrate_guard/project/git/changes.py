"""What a branch changed against its base: the answer that git adds to what the files say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from migrate_guard.project.git.meaning import alike, same_meaning
from migrate_guard.project.graph import Graph, build_graph
from migrate_guard.project.script import BrokenScript, Script
from migrate_guard.record import dataclass, replace


@dataclass(frozen=True, slots=True)
class Kept:
    """A revision that the base has and the branch as well: what the base's commits have of it, and `now`."""

    bases: tuple[Script, ...]
    now: Script


@dataclass(frozen=True, slots=True, eq=False)
class Changes:
    """A branch against its base, for one environment.

    `base` is how the base is called. `own` is the history on the branch, `fork` the one that the branch
    started from, `tip` the one that the base has now. `merged` is the history after the merge: the branch's
    with what the base has got since. `new` are the ids that only the branch has, and those that it gives to
    other revisions than the base; `arrived` are the ids that only the base has got. `kept` are the revisions
    that both have, `deleted` those that the branch deleted, as they were. `reused` are ids of the base under
    which the branch has another revision: as the base has it, and as the branch does.
    """

    base: str
    own: Graph
    fork: Graph
    tip: Graph
    merged: Graph
    new: frozenset[str]
    arrived: frozenset[str] = frozenset()
    kept: tuple[Kept, ...] = ()
    deleted: tuple[Script, ...] = ()
    reused: tuple[tuple[Script, Script], ...] = field(default=())

    def is_merged(self, revision: str) -> bool:
        """Tell whether the base has a revision, so that a database may have run it."""
        return (revision in self.fork.scripts or revision in self.tip.scripts) and revision not in self.new


def compare(base: str, own: Graph, forks: tuple[Graph, ...], tip: Graph) -> Changes:
    """Compare a branch with its base by the ids of the revisions.

    `forks` are the histories at the commits where the branch left the base; several where both were merged
    into each other. A revision that only the base changed or deleted since is after the merge as the base
    has it; one that both changed is as the branch has it.
    """
    sides = _Sides(own, forks, tip)
    made = [sides.look(revision) for revision in sides.based()]
    found = [one for one in made if one is not None]
    reused = tuple((one.bases[0], one.now) for one in found if one.now is not None and one.reused)
    kept = tuple(Kept(one.bases, one.now) for one in found if one.now is not None and not one.reused)
    deleted = tuple(one.bases[0] for one in found if one.now is None)
    new = frozenset(own.scripts) - set(sides.based()) | {now.revision for _, now in reused}
    arrived = sides.arrived()
    merged = _merged(sides, kept, arrived)
    fork = build_graph(sides.forked.values())
    return Changes(
        base, own, fork, tip, merged, new, frozenset(one.revision for one in arrived), kept, deleted, reused
    )


@dataclass(frozen=True, slots=True)
class _Pair:
    """One id of the base: what the base's commits have of it, and what the branch has."""

    bases: tuple[Script, ...]
    now: Script | None = None
    reused: bool = False


class _Sides:
    """The scripts of the branch, of where it left the base, and of the base now."""

    def __init__(self, own: Graph, forks: tuple[Graph, ...], tip: Graph) -> None:
        self.own = own
        self.tip = tip
        self.versions: dict[str, list[Script]] = {}
        self.forked: dict[str, Script] = {}
        for graph in forks:
            for revision, script in graph.scripts.items():
                self.forked.setdefault(revision, script)
                self.versions.setdefault(revision, []).append(script)
        for revision, script in tip.scripts.items():
            self.versions.setdefault(revision, []).append(script)
        self.unreadable = _unreadable(own)
        self.broken_before = {one.revision for graph in forks for one in graph.broken}
        self._candidates: dict[str, list[Script]] = {}
        for script in (*own.scripts.values(), *own.duplicates):
            self._candidates.setdefault(script.revision, []).append(script)

    def based(self) -> tuple[str, ...]:
        """Return the ids that the base has or had where the branch left it, unreadable ones too."""
        broken = (*self.broken_before, *(one.revision for one in self.tip.broken))
        return (*self.versions, *(one for one in broken if one is not None and one not in self.versions))

    def look(self, revision: str) -> _Pair | None:
        """Say what became of a revision of the base on the branch; `None`: nothing that can be compared."""
        bases = self.versions.get(revision)
        if bases is None:
            return None
        mine = self._candidates.get(revision)
        if mine is None:
            return self._absent(revision, bases)
        paths = {script.source.path for script in bases}
        now = next((script for script in mine if script.source.path in paths), mine[0])
        same = tuple(base for base in bases if self._is_same(revision, base, now))
        return _Pair(same, now) if same else _Pair(tuple(bases), now, reused=True)

    def arrived(self) -> tuple[Script, ...]:
        """Return the scripts that only the base has got since."""
        known = self._candidates
        return tuple(
            script
            for revision, script in self.tip.scripts.items()
            if revision not in known and revision not in self.forked and revision not in self.unreadable
        )

    def _is_same(self, revision: str, base: Script, now: Script) -> bool:
        """Tell whether two scripts of one id are one revision; a file that stays in its place is."""
        if revision in self.forked and base.source.path == now.source.path:
            return True
        return alike(base, now)

    def _absent(self, revision: str, bases: list[Script]) -> _Pair | None:
        if revision not in self.forked or revision not in self.tip.scripts:
            return None
        if revision in self.unreadable or any(base.source.path in self.unreadable for base in bases):
            return None
        return _Pair(tuple(bases))


def _unreadable(graph: Graph) -> frozenset[str]:
    """Return the paths of files that could not be read, and the ids that they seem to have."""
    ids = {one.revision for one in graph.broken if one.revision is not None}
    return frozenset(ids | {one.span.path for one in graph.broken})


def _merged(sides: _Sides, kept: tuple[Kept, ...], arrived: tuple[Script, ...]) -> Graph:
    """Return the history as it will be after the merge, with the branch's notes."""
    theirs: dict[str, Script | None] = {}
    for one in kept:
        revision, forked = one.now.revision, sides.forked.get(one.now.revision)
        if forked is not None and _untouched(forked, one.now):
            merged = sides.tip.scripts.get(revision) or _unless_broken(sides.tip, one.now)
            theirs[one.now.source.path] = merged
    own = [*sides.own.scripts.values(), *sides.own.duplicates]
    scripts = [theirs.get(script.source.path, script) for script in own]
    every = [*(one for one in scripts if one is not None), *arrived]
    broken = [*sides.own.broken, *_arrived_broken(sides)]
    return replace(build_graph(every, broken), notes=sides.own.notes)


def _untouched(before: Script, now: Script) -> bool:
    return _header(before) == _header(now) and same_meaning(before, now)


def _header(script: Script) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    return frozenset(script.down_revisions), frozenset(script.depends_on), frozenset(script.branch_labels)


def _unless_broken(tip: Graph, now: Script) -> Script | None:
    """Return the branch's script where the base's cannot be read, `None` where the base deleted it."""
    return now if {now.revision, now.source.path} & _unreadable(tip) else None


def _arrived_broken(sides: _Sides) -> tuple[BrokenScript, ...]:
    """Return the files of the base that cannot be read and that neither the branch nor its start has."""
    known = {one.span.path for one in sides.own.broken}
    known |= {script.source.path for script in sides.own.scripts.values()}
    return tuple(
        one
        for one in sides.tip.broken
        if one.span.path not in known and one.revision not in sides.broken_before
    )


def unchanged(own: Graph, before: Mapping[str, Script]) -> frozenset[str]:
    """Return the revisions of a history that are as they were before, in meaning and header."""
    return frozenset(
        revision
        for revision, script in own.scripts.items()
        if revision in before and _untouched(before[revision], script)
    )
