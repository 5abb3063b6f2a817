"""The revision graphs of a run, with what the pipeline found of each revision; beside the judgement."""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.check import Examined, examine
from migrate_guard.check.judge import since
from migrate_guard.check.opening import Opened, open_environments
from migrate_guard.config import Config
from migrate_guard.drawing import Drawing, Part, drawing
from migrate_guard.project import find_environments, resolve
from migrate_guard.record import dataclass, replace

_COMMITTED = "the last commit"


@dataclass(frozen=True, slots=True)
class Drawings:
    """One drawing for every environment. `failures` are what could not be looked at, each with its reason."""

    found: tuple[Drawing, ...]
    failures: tuple[str, ...] = ()


def drawings(config: Config, last: int | None = None, judged: bool = True) -> Drawings:
    """Return what is drawn of each environment; with `judged`, the rules are asked first.

    Only files are read: models and databases are left alone whatever the configuration says of them. Raise
    `GuardError` when it cannot look, as `check` does.
    """
    config = replace(config, models=(), database_url=None)
    if judged:
        examined = examine(config)
        errors = (
            f"{one.place}: {one.rule or 'reading'} failed" for one in examined.judgement.internal_errors
        )
        parts, failures = list(_judged(examined, config)), (*examined.judgement.skipped, *errors)
    else:
        selection = find_environments(config)
        opened = open_environments(selection, config)
        if config.since is not None and all(since(one.graph, config) is None for one in opened):
            resolve(opened[0].graph, config.since)
        parts, failures = [_part(one, config) for one in opened], selection.skipped
    return Drawings(tuple(drawing(part, config.since, last) for part in parts), failures)


def _judged(examined: Examined, config: Config) -> Iterator[Part]:
    for opened, one in zip(examined.opened, examined.judged, strict=True):
        every = [f for f in examined.judgement.findings if f.environment == opened.environment.name]
        findings = tuple(finding for finding in every if finding.suppressed is None)
        recorded = sum(finding.recorded for finding in every)
        yield replace(
            _part(opened, config),
            judged=one.judged,
            findings=findings,
            suppressed=len(every) - len(findings) - recorded,
            in_baseline=recorded,
        )


def _part(opened: Opened, config: Config) -> Part:
    against = opened.changes.base if opened.changes is not None else None
    if against is None and config.staged:
        against = _COMMITTED
    return Part(opened.environment, opened.graph, opened.settled, opened.changes, against)
