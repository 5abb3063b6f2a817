"""Make the drawing of one environment: mark its revisions, and choose those that are drawn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from migrate_guard.drawing.model import Drawing, Node, Novelty
from migrate_guard.errors import GuardError
from migrate_guard.finding import Finding
from migrate_guard.project import BrokenScript, Environment, Graph, Script, ancestors, resolve
from migrate_guard.project.graph import ordered
from migrate_guard.record import dataclass

if TYPE_CHECKING:
    from migrate_guard.project.git import Changes


@dataclass(frozen=True, slots=True)
class Part:
    """What is known of one environment.

    `settled` are the revisions that are not new where `against` names what they were compared with;
    `changes` are there when that is a base. `judged` are those that rules looked at, `None` if none ran.
    `findings` are those of this environment that count; `suppressed` and `in_baseline` count the others.
    """

    environment: Environment
    graph: Graph
    settled: frozenset[str] = frozenset()
    changes: Changes | None = None
    against: str | None = None
    judged: frozenset[str] | None = None
    findings: tuple[Finding, ...] = ()
    suppressed: int = 0
    in_baseline: int = 0


def drawing(part: Part, since: str | None = None, last: int | None = None) -> Drawing:
    """Return what is drawn of an environment: all of it, what comes after `since`, or the `last` revisions.

    The last ones are those nearest to a head. An environment that does not know `since` is drawn whole, as
    it is judged whole. Takes time in proportion to the revisions and their edges.
    """
    nodes = _nodes(part)
    shown = _after(part.graph, nodes, since)
    if last is not None:
        shown &= _nearest(part.graph.heads, nodes, shown, last)
    known = {node.revision for node in nodes}
    return Drawing(
        environment=part.environment.name,
        dialects=tuple(str(dialect) for dialect in part.environment.dialects),
        nodes=tuple(node for node in nodes if node.revision in shown),
        hidden=tuple(node for node in nodes if node.revision not in shown),
        heads=part.graph.heads,
        bases=part.graph.bases,
        against=part.against,
        checked=part.judged is not None,
        loose=tuple(one for one in part.findings if one.revision not in known),
        notes=tuple(_notes(part)),
        suppressed=part.suppressed,
        in_baseline=part.in_baseline,
    )


def _nodes(part: Part) -> list[Node]:
    """Return all nodes, children first: those that were read, and what they name."""
    graph = part.graph
    marks = _Marks(part)
    found = {revision: marks.node(script) for revision, script in graph.scripts.items()}
    for one in graph.broken:
        if one.revision is not None and one.revision not in found:
            found[one.revision] = marks.unreadable(one.revision, one)
    before = {revision: (*node.parents, *node.depends_on) for revision, node in found.items()}
    for names in list(before.values()):
        for name in names:
            if name not in found:
                found[name] = Node(name, reading="missing", remarks=("no file declares it",))
                before[name] = ()
    order, _ = ordered({revision: tuple(dict.fromkeys(names)) for revision, names in before.items()})
    return [found[revision] for revision in reversed(order)]


class _Marks:
    """What is said of each revision, prepared so that each is looked up once."""

    def __init__(self, part: Part) -> None:
        self._part = part
        self._findings: dict[str, list[Finding]] = {}
        for finding in part.findings:
            self._findings.setdefault(finding.revision or "", []).append(finding)
        self._heads, self._bases = frozenset(part.graph.heads), frozenset(part.graph.bases)
        self._cycles = {one: cycle for cycle in part.graph.cycles for one in cycle}
        self._again: dict[str, list[str]] = {}
        for script in part.graph.duplicates:
            self._again.setdefault(script.revision, []).append(script.source.path)

    def node(self, script: Script) -> Node:
        """Return the node of a revision that was read."""
        revision, part = script.revision, self._part
        return Node(
            revision=revision,
            message=script.message.partition("\n")[0].strip(),
            path=script.source.path,
            parents=script.down_revisions,
            depends_on=tuple(self._depends_on(script)),
            labels=script.branch_labels,
            head=revision in self._heads,
            base=revision in self._bases,
            novelty=self._novelty(revision),
            judged=part.judged is not None and revision in part.judged,
            findings=tuple(self._findings.get(revision, ())),
            remarks=tuple(self._remarks(script)),
        )

    def unreadable(self, revision: str, broken: BrokenScript) -> Node:
        """Return the node of a file that could not be read."""
        return Node(
            revision=revision,
            path=broken.span.path,
            parents=broken.down_revisions,
            reading="unreadable",
            findings=tuple(self._findings.get(revision, ())),
            remarks=(f"{broken.span.path} could not be read: {broken.reason}",),
        )

    def _depends_on(self, script: Script) -> Iterable[str]:
        graph = self._part.graph
        for name in script.depends_on:
            yield name if name in graph.scripts else graph.labels.get(name, name)

    def _novelty(self, revision: str) -> Novelty | None:
        if self._part.against is None:
            return None
        if self._part.changes is not None and revision in self._part.changes.arrived:
            return "arrived"
        return "known" if revision in self._part.settled else "new"

    def _remarks(self, script: Script) -> Iterable[str]:
        for path in self._again.get(script.revision, ()):
            yield f"{path} declares it too"
        cycle = self._cycles.get(script.revision)
        if cycle is not None:
            yield "it follows itself" if len(cycle) == 1 else f"it is in a cycle of {len(cycle)} revisions"
        for name in script.undecided:
            yield f"its {name} is not a literal and could not be read"


def _after(graph: Graph, nodes: Sequence[Node], since: str | None) -> set[str]:
    every = {node.revision for node in nodes}
    if since is None:
        return every
    try:
        starts = resolve(graph, since)
    except GuardError:
        return every
    for start in starts:
        every -= ancestors(graph, start) | {start}
    return every


def _nearest(heads: Iterable[str], nodes: Sequence[Node], shown: set[str], last: int) -> set[str]:
    """Return as many of these as `last` says: all heads' neighbourhoods alike, level by level."""
    named = {node.revision: node for node in nodes}
    found: dict[str, None] = {}
    # In a graph that is one cycle there is no head to start from.
    level = [head for head in heads if head in shown] or [node.revision for node in nodes[:1]]
    while level and len(found) < last:
        below: dict[str, None] = {}
        for revision in level:
            if revision in shown and revision not in found and len(found) < last:
                found[revision] = None
                node = named[revision]
                below.update(dict.fromkeys((*node.parents, *node.depends_on)))
        level = list(below)
    return set(found)


def _notes(part: Part) -> Iterable[str]:
    graph = part.graph
    yield from graph.notes
    named = set(graph.scripts)
    for one in graph.broken:
        if one.revision is None or one.revision in named:
            yield f"not in the graph: {one.span.path} could not be read: {one.reason}"
        else:
            named.add(one.revision)
    for clash in graph.label_clashes:
        yield f"the label {clash.label} of {clash.revision} is already the one of {clash.first}"
    if part.changes is not None:
        for script in part.changes.deleted:
            yield f"{script.revision} was deleted: the base has it in {script.source.path}"
        for before, now in part.changes.reused:
            yield f"{now.revision} is another revision in {part.changes.base} ({before.source.path})"
