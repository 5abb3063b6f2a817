"""Add up what was looked at, and say what was not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from migrate_guard.check.judge import EnvironmentJudgement
from migrate_guard.evaluate.sql import libpg
from migrate_guard.judgement import EnvironmentSummary, Summary

_MOST_REASONS = 10
_NOT_CHECKED = ("models", "database", "git history")


def summarise(judged: Sequence[EnvironmentJudgement]) -> Summary:
    """Return the summary of a run over its environments."""
    reasons: Counter[str] = Counter()
    for one in judged:
        reasons.update(one.counts.reasons)
    revisions = sum(len(one.graph.scripts) for one in judged)
    under_judgement = sum(len(one.judged) for one in judged)
    return Summary(
        environments=tuple(_environment(one) for one in judged),
        revisions=revisions,
        judged=under_judgement,
        replayed=revisions - under_judgement,
        operations=sum(one.counts.operations for one in judged),
        opaque=sum(one.counts.opaque for one in judged),
        conditional=sum(one.counts.conditional for one in judged),
        reasons=tuple(reasons.most_common(_MOST_REASONS)),
        not_checked=(*_NOT_CHECKED, *_syntax(judged)),
    )


def _syntax(judged: Sequence[EnvironmentJudgement]) -> tuple[str, ...]:
    """Return what keeps raw SQL from being held against PostgreSQL's own grammar, if anything does."""
    needed = any(dialect.family == "postgresql" for one in judged for dialect in one.environment.dialects)
    if not needed or libpg.installed():
        return ()
    return ("PostgreSQL's syntax of raw SQL (no migrate-guard[postgresql])",)


def _environment(one: EnvironmentJudgement) -> EnvironmentSummary:
    return EnvironmentSummary(
        name=one.environment.name,
        kind=one.environment.kind,
        revisions=len(one.graph.scripts),
        judged=len(one.judged),
        heads=one.graph.heads,
        dialects=tuple(str(dialect) for dialect in one.environment.dialects),
        dialect_reason=one.environment.dialect_reason,
        notes=one.graph.notes,
    )
