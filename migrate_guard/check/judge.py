"""Judge one environment: run every rule on every revision under judgement, on every dialect."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING

from migrate_guard.check.collect import Collector
from migrate_guard.check.counts import Counts
from migrate_guard.check.dispatch import Dispatch
from migrate_guard.check.evidence import Evidence, gather
from migrate_guard.check.grade import graded
from migrate_guard.check.opening import Opened
from migrate_guard.check.running import Running
from migrate_guard.config import Config
from migrate_guard.errors import GuardError
from migrate_guard.evaluate.histories import Variant, histories
from migrate_guard.finding import Finding
from migrate_guard.judgement import InternalError, JudgedRevision
from migrate_guard.project import (
    Environment,
    Graph,
    Selection,
    ancestors,
    resolve,
)
from migrate_guard.project.nearby import text_of
from migrate_guard.project.paths import shown_path
from migrate_guard.project.urls import without_passwords
from migrate_guard.record import dataclass, replace
from migrate_guard.rule import ProjectRule, ProjectView, RevisionView, Rule
from migrate_guard.schema import Schema
from migrate_guard.verdict import JudgedFile

if TYPE_CHECKING:
    pass


@dataclass(frozen=True, slots=True)
class EnvironmentJudgement:
    """What one environment gave: findings before the verdict, and the numbers for the summary."""

    environment: Environment
    graph: Graph
    judged: frozenset[str]
    findings: tuple[Finding, ...]
    errors: tuple[InternalError, ...]
    counts: Counts
    root: Path
    evidence: Evidence = Evidence()

    def revisions(self) -> Iterator[JudgedRevision]:
        """Go through the revisions under judgement as they are applied."""
        for name in self.graph.order:
            if name in self.judged:
                yield JudgedRevision(self.environment.name, name, self.graph.scripts[name].source.path)

    def files(self) -> Iterator[JudgedFile]:
        """Go through the files that findings may be in, for their ignore comments and for the excerpts."""
        for file in (self.environment.env_py, self.environment.config_file):
            if file is not None and file.suffix != ".toml":
                text = without_passwords(text_of(file))
                shown = shown_path(file, self.root)
                dialects = self.environment.dialects if self.judged else ()
                yield JudgedFile(shown, text, self.environment.name, None, dialects)
        for script in (*self.graph.scripts.values(), *self.graph.duplicates):
            dialects = self.environment.dialects if script.revision in self.judged else ()
            source = script.source
            yield JudgedFile(source.path, source.text, self.environment.name, script.revision, dialects)
        for broken in self.graph.broken:
            dialects = self.environment.dialects
            yield JudgedFile(broken.span.path, broken.text, self.environment.name, None, dialects)
        # Files of the application are there only if something was found in them.
        known = {one.source.path for one in (*self.graph.scripts.values(), *self.graph.duplicates)}
        known |= {broken.span.path for broken in self.graph.broken}
        for path in dict.fromkeys(finding.span.path for finding in self.findings):
            text = text_of(self.root / path) if path.endswith(".py") and path not in known else ""
            if text:
                yield JudgedFile(path, without_passwords(text), self.environment.name)


@dataclass(frozen=True)
class _Judge:
    environment: Environment
    graph: Graph
    judged: frozenset[str]
    view: ProjectView
    rules: tuple[Rule, ...]
    collector: Collector
    running: Running
    counts: Counts = field(default_factory=Counts)

    def project(self) -> None:
        """Run the rules about the environment as a whole."""
        for rule in self.rules:
            if isinstance(rule, ProjectRule):
                self.collector.on_project(rule, self.view)

    def history(self, variant: Variant) -> None:
        """Replay the history on one dialect and run the rules about revisions and operations."""
        dispatch = Dispatch(self.rules, variant.dialect)
        deployed: dict[str, Schema] = {}
        for replayed in variant.history.replay():
            name = replayed.revision
            path = self.graph.scripts[name].source.path
            self.counts.add(replayed.upgrade)
            self.collector.on_evaluation(path, replayed.upgrade)
            if name not in self.judged:
                continue
            deployed[name] = self._deployed(name, replayed.before, deployed)
            view = RevisionView(
                script=self.graph.scripts[name],
                environment=self.environment,
                graph=self.graph,
                dialect=variant.dialect,
                deployed=deployed[name],
                upgrade=replayed.upgrade,
                downgrade=variant.history.downgrade(replayed),
                project=self.view,
                read_running=self.running.of(variant),
            )
            self.collector.on_evaluation(path, view.downgrade)
            dispatch.run(view, self.collector)

    def _deployed(self, name: str, before: Schema, deployed: dict[str, Schema]) -> Schema:
        """Return the schema before the deploy: new revisions go out together, a whole history one by one."""
        if self.view.changes is None and len(self.judged) == len(self.graph.scripts):
            return before
        parents = [parent for parent in self.graph.parents.get(name, ()) if parent in deployed]
        return deployed[parents[0]] if parents else before


def judge(
    opened: Opened, selection: Selection, config: Config, rules: tuple[Rule, ...]
) -> EnvironmentJudgement:
    """Judge one environment of a selection."""
    environment, graph = opened.environment, opened.graph
    judged = _under_judgement(opened, selection, config)
    others = tuple(one for one in selection.environments if one.name != environment.name)
    found: Iterable[Variant] = histories(environment, graph, config.root, judged)
    evidence = Evidence()
    if config.models or config.database_url:
        # All are kept, to be asked several times: a long history takes much memory.
        found = tuple(found)
        evidence = gather(environment, graph, found, config)
    view = ProjectView(
        environment, graph, judged, config.root, others, evidence.models, evidence.databases, opened.changes
    )
    running = Running(opened, config)
    made = _Judge(environment, graph, judged, view, rules, Collector(environment), running)
    for variant in found:
        made.history(variant)
    made.project()
    failures = (*evidence.failures, *running.failures)
    evidence = replace(evidence, running=running.asked, failures=failures)
    return EnvironmentJudgement(
        environment,
        graph,
        judged,
        tuple(graded(made.collector.findings(), evidence.databases)),
        (*made.collector.errors, *evidence.errors),
        made.counts,
        config.root,
        evidence,
    )


def _under_judgement(opened: Opened, selection: Selection, config: Config) -> frozenset[str]:
    graph = opened.graph
    judged = {name for name, script in graph.scripts.items() if selection.picks(opened.environment, script)}
    judged -= opened.settled
    for revision in since(graph, config) or ():
        judged -= ancestors(graph, revision) | {revision}
    return frozenset(judged)


def since(graph: Graph, config: Config) -> tuple[str, ...] | None:
    """Return the revisions after which the judgement begins, `None` if the graph does not know them."""
    if config.since is None:
        return ()
    try:
        return resolve(graph, config.since)
    except GuardError:
        return None
