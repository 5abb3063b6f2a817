"""Replay a whole history: every revision on the schema that its ancestors built."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence

from migrate_guard.dialect import Dialect
from migrate_guard.evaluate.interpret.loader import Loader
from migrate_guard.evaluate.outcome import Evaluation, Transition
from migrate_guard.evaluate.revision import evaluate
from migrate_guard.operations import Unknown
from migrate_guard.project.graph import Graph
from migrate_guard.record import dataclass
from migrate_guard.schema import Schema, apply, empty_schema
from migrate_guard.schema.conventions import Convention


@dataclass(frozen=True, slots=True)
class Replayed:
    """One revision in its place in the history."""

    revision: str
    before: Schema
    upgrade: Evaluation


class History:
    """The evaluated upgrades of an environment on one dialect and, in multidb, one database.

    `naming` is the naming convention of the project's MetaData, as in `Schema`. `judged` are the revisions
    whose evaluation is audited; the others only build the schema. `transactional` as in `evaluate`.
    """

    def __init__(
        self,
        graph: Graph,
        dialect: Dialect,
        loader: Loader,
        database: str | None = None,
        naming: Convention | Unknown | None = None,
        judged: Container[str] = (),
        transactional: bool = True,
    ) -> None:
        self._transactional = transactional
        self._judged = judged
        self._empty = empty_schema(dialect.name, naming=naming)
        self._graph = graph
        self._dialect = dialect
        self._loader = loader
        self._database = database
        self._done: dict[str, Replayed] = {}
        self._ancestors: dict[str, frozenset[str]] = {}

    def replay(self) -> Iterator[Replayed]:
        """Go through all revisions, parents first."""
        for revision in self._graph.order:
            yield self._replayed(revision)

    def up_to(self, revisions: Iterable[str]) -> tuple[Replayed, ...]:
        """Return these revisions and all before them, parents first; the others are not evaluated."""
        wanted = frozenset[str]().union(*map(self._with_ancestors, revisions))
        return tuple(self._replayed(revision) for revision in self._graph.order if revision in wanted)

    def schema_at(self, revisions: Sequence[str]) -> Schema:
        """Return the schema after these revisions, several joined as a merge joins them.

        Without a revision it is that of a new database.
        """
        self.up_to(revisions)
        done = [revision for revision in revisions if revision in self._done]
        return self._joined(done) if done else self._empty

    def _replayed(self, revision: str) -> Replayed:
        if revision not in self._done:
            before = self.schema_before(revision)
            upgrade = evaluate(
                self._graph.scripts[revision],
                "upgrade",
                self._dialect,
                before,
                self._loader,
                self._database,
                audit=revision in self._judged,
                transactional=self._transactional,
            )
            self._done[revision] = Replayed(revision, before, upgrade)
        return self._done[revision]

    def downgrade(self, replayed: Replayed) -> Evaluation:
        """Evaluate the downgrade of a revision on the schema that its upgrade leaves."""
        return evaluate(
            self._graph.scripts[replayed.revision],
            "downgrade",
            self._dialect,
            replayed.upgrade.after,
            self._loader,
            self._database,
            transactional=self._transactional,
        )

    def schema_before(self, revision: str) -> Schema:
        """Return the schema that the ancestors of a revision built; branches do not see each other."""
        parents = [parent for parent in self._parents(revision) if parent in self._done]
        schema = self._joined(parents) if parents else self._empty
        for doubt in self._doubts(revision):
            schema = schema.with_doubt(doubt)
        return schema

    def _doubts(self, revision: str) -> Iterator[str]:
        for name in self._graph.missing.get(revision, ()):
            yield f"revision {revision} follows {name}, which no file declares"
        for name in self._graph.unreadable.get(revision, ()):
            yield f"revision {revision} follows {name}, whose file could not be read"

    def _parents(self, revision: str) -> tuple[str, ...]:
        return self._graph.parents.get(revision, ())

    def _joined(self, parents: list[str]) -> Schema:
        schema = self._done[parents[0]].upgrade.after
        if len(parents) == 1:
            return schema
        seen = self._with_ancestors(parents[0])
        for parent in parents[1:]:
            wanted = self._with_ancestors(parent) - seen
            for revision in self._graph.order:
                if revision in wanted and revision in self._done:
                    for doubt in self._doubts(revision):
                        schema = schema.with_doubt(doubt)
                    for transition in self._done[revision].upgrade.transitions:
                        if not _failed(transition):
                            schema = apply(schema, transition.operation, revision)
            seen |= wanted
        return schema

    def _with_ancestors(self, revision: str) -> frozenset[str]:
        if revision not in self._ancestors:
            found: set[str] = set()
            pending = [revision]
            while pending:
                name = pending.pop()
                if name not in found and name in self._graph.scripts:
                    found.add(name)
                    pending.extend(self._parents(name))
            self._ancestors[revision] = frozenset(found)
        return self._ancestors[revision]


def _failed(transition: Transition) -> bool:
    """Tell whether an operation certainly failed: one that might have happened would leave a doubt."""
    return bool(transition.operation.conditions) and transition.before is transition.after
