"""Add up what was looked at, and say what was not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from migrate_guard.check.judge import EnvironmentJudgement
from migrate_guard.config import Config
from migrate_guard.evaluate.sql import libpg
from migrate_guard.evidence.left_out import LeftOut
from migrate_guard.judgement import EnvironmentSummary, Summary
from migrate_guard.project.env_script import unreadable_env_script

_MOST_REASONS = 10
_SHOWN_TABLES = 3
_SHOWN_REASONS = 2


def summarise(judged: Sequence[EnvironmentJudgement], config: Config) -> Summary:
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
        not_checked=(*_env_scripts(judged, config), *_evidence(judged, config), *_syntax(judged)),
    )


def _env_scripts(judged: Sequence[EnvironmentJudgement], config: Config) -> tuple[str, ...]:
    """Return the `env.py` files that the rules about them could not look at."""
    found = (unreadable_env_script(one.environment, config.root) for one in judged)
    return tuple(dict.fromkeys(one for one in found if one is not None))


def _evidence(judged: Sequence[EnvironmentJudgement], config: Config) -> tuple[str, ...]:
    """Return the kinds of evidence that were not used, and what the models were not compared with."""
    looked = [one.evidence.models for one in judged if one.evidence.models is not None]
    left_out = [line for models in looked for line in _tables("models", models.left_out)]
    fallbacks = [f"models as loaded, they are only read ({one.fallback})" for one in looked if one.fallback]
    models = [*fallbacks, *left_out] if config.models else ["models"]
    found = [database for one in judged for database in one.evidence.databases]
    passed_over = [line for one in found for line in _tables("database", one.left_out)]
    databases = passed_over if config.database_url else ["database"]
    git = [] if config.base else ["git history"]
    running = dict.fromkeys(
        f"models of {one.base} ({one.unread()})"
        for each in judged
        for one in each.evidence.running
        if one.unread()
    )
    return (*models, *databases, *git, *running)


def _tables(what: str, left_out: Sequence[LeftOut]) -> Iterator[str]:
    """Say which tables were not compared: one line for each dialect."""
    for dialect in dict.fromkeys(one.dialect for one in left_out):
        tables = [one for one in left_out if one.dialect == dialect]
        names = ", ".join(str(one.table) for one in tables[:_SHOWN_TABLES])
        more = f" and {len(tables) - _SHOWN_TABLES} more" if len(tables) > _SHOWN_TABLES else ""
        reasons = "; ".join(list(dict.fromkeys(one.reason for one in tables))[:_SHOWN_REASONS])
        yield f"{what}: {names}{more} on {dialect} ({reasons})"


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
