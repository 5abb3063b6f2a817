"""The whole pipeline on one screen: project → evaluate → rules → verdict."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from migrate_guard.check.collect import distinct
from migrate_guard.check.judge import EnvironmentJudgement, judge, since
from migrate_guard.check.opening import Opened, open_environments
from migrate_guard.check.summarise import summarise
from migrate_guard.config import Config
from migrate_guard.finding import Finding
from migrate_guard.judgement import EnvironmentStages, Judgement
from migrate_guard.project import find_environments, resolve
from migrate_guard.record import dataclass
from migrate_guard.rule_list import all_rules
from migrate_guard.verdict import decide, selected_rules

if TYPE_CHECKING:
    from migrate_guard.baseline import BaselineUse


def check(config: Config) -> Judgement:
    """Judge the revisions that the configuration names; errors as of `examine`."""
    return examine(config).judgement


@dataclass(frozen=True, slots=True)
class Examined:
    """A judgement with the histories that it is about, in the same order as `judged`."""

    judgement: Judgement
    opened: tuple[Opened, ...]
    judged: tuple[EnvironmentJudgement, ...]


def examine(config: Config) -> Examined:
    """Judge the revisions that the configuration names, and return the histories as well.

    Raise `GuardError` when it cannot look: nothing found, an unreadable configuration, an unknown
    revision in `since`, a base that git cannot compare with.
    """
    selection = find_environments(config)
    rules = selected_rules(all_rules(), config)
    opened = open_environments(selection, config)
    if config.since is not None and all(since(one.graph, config) is None for one in opened):
        resolve(opened[0].graph, config.since)
    judged = tuple(judge(one, selection, config, rules) for one in opened)
    files = [file for one in judged for file in one.files()]
    found = distinct(finding for one in judged for finding in one.findings)
    findings = decide(found, files, config, all_rules())
    findings, baseline = _against_baseline(findings, judged, config)
    sources = {file.path: tuple(file.text.split("\n")) for file in files}
    judgement = Judgement(
        findings=findings,
        summary=summarise(judged, config),
        sources={**_deleted(opened), **sources},
        internal_errors=tuple(error for one in judged for error in one.errors),
        stages=_stages(judged, findings, config) if config.models or config.database_url else (),
        skipped=(*selection.skipped, *(failure for one in judged for failure in one.evidence.failures)),
        baseline=baseline,
        judged=tuple(revision for one in judged for revision in one.revisions()),
    )
    return Examined(judgement, opened, judged)


def _against_baseline(
    findings: tuple[Finding, ...], judged: Sequence[EnvironmentJudgement], config: Config
) -> tuple[tuple[Finding, ...], BaselineUse | None]:
    if config.baseline is None:
        return findings, None
    # Most projects have none.
    from migrate_guard.check.recording import apply

    return apply(findings, judged, config, config.baseline)


def _stages(
    judged: Iterable[EnvironmentJudgement], findings: Sequence[Finding], config: Config
) -> tuple[EnvironmentStages, ...]:
    # Most runs look at the scripts alone.
    from migrate_guard.check.stages import stages

    return tuple(stages(one, findings, config.database_url) for one in judged)


def _deleted(opened: Iterable[Opened]) -> dict[str, tuple[str, ...]]:
    """Return the lines of the revision files that the branch deleted and rules speak of."""
    scripts = [script for one in opened if one.changes is not None for script in one.changes.deleted]
    return {script.source.path: script.source.lines for script in scripts}
