"""The outcome of one run, as the reports show it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import TYPE_CHECKING, Literal

from migrate_guard.finding import Finding
from migrate_guard.record import dataclass

if TYPE_CHECKING:
    from migrate_guard.baseline import BaselineUse


@dataclass(frozen=True, slots=True)
class EnvironmentSummary:
    """One environment in the summary; `dialects` are spelled out, `dialect_reason` says how found.

    `notes` say what about the reading of its files a user should know.
    """

    name: str
    kind: str
    revisions: int
    judged: int
    heads: tuple[str, ...]
    dialects: tuple[str, ...]
    dialect_reason: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Summary:
    """What was looked at and what was not.

    `judged` counts the revisions under judgement, `replayed` the older ones. `operations` counts what
    was read, `opaque` what could not be, `conditional` what depends on something undecidable; the three
    are counted over all revisions, upgrades, once per place in the source. `reasons` are the most common
    reasons of opaque operations with their numbers. `not_checked` are the kinds of evidence that were
    not used, each with how to enable it.
    """

    environments: tuple[EnvironmentSummary, ...]
    revisions: int = 0
    judged: int = 0
    replayed: int = 0
    operations: int = 0
    opaque: int = 0
    conditional: int = 0
    reasons: tuple[tuple[str, int], ...] = ()
    not_checked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class JudgedRevision:
    """A revision under judgement: its environment's name, its id, and its file as spans name it."""

    environment: str
    revision: str
    path: str


@dataclass(frozen=True, slots=True)
class InternalError:
    """A rule that failed on a revision, or reading it that did: a bug of migrate-guard, never a verdict.

    `rule` is empty where no rule was involved.
    """

    rule: str
    place: str
    error: str


@dataclass(frozen=True, slots=True)
class Stage:
    """One of the five steps of a change.

    `state` is `unknown` where nothing was looked at that could tell. `next` is what to type where the step
    is missing.
    """

    name: Literal["models", "migration", "review", "apply", "verify"]
    state: Literal["done", "missing", "unknown"]
    detail: str
    next: str | None


@dataclass(frozen=True, slots=True)
class EnvironmentStages:
    """The five steps of one environment, in their order."""

    environment: str
    stages: tuple[Stage, ...]

    @property
    def next(self) -> str | None:
        """What to type first, `None` if no step is missing."""
        return next((stage.next for stage in self.stages if stage.state == "missing"), None)


@dataclass(frozen=True, slots=True)
class Judgement:
    """All findings of a run in the order of their places, suppressed ones included.

    `sources` maps a span's path to the lines of that file, for the excerpts. `skipped` are configurations
    that were found and could not be used, each with its reason. A run with `internal_errors` or `skipped`
    ends with exit code 2. `stages` are there when models or a database were asked for. `baseline` is what
    came of the baseline, where there is one. `judged` are the revisions under judgement, by environment and
    then in the order in which they are applied.
    """

    findings: tuple[Finding, ...]
    summary: Summary
    sources: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    internal_errors: tuple[InternalError, ...] = ()
    skipped: tuple[str, ...] = ()
    stages: tuple[EnvironmentStages, ...] = ()
    baseline: BaselineUse | None = None
    judged: tuple[JudgedRevision, ...] = ()
