"""Where a change stands on its way: model changed, migration generated, reviewed, applied, verified."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from migrate_guard.check.judge import EnvironmentJudgement
from migrate_guard.evidence.database.state import DatabaseEvidence
from migrate_guard.evidence.models.difference import ModelDifference
from migrate_guard.finding import Finding, Severity
from migrate_guard.judgement import EnvironmentStages, Stage
from migrate_guard.project.commands import generating, upgrading

_SHOWN = 3
_EMPTY = "empty-migration"
_NOT_IMPORTED = "metadata-empty"
_DRIFT = frozenset({"database-drift", "database-leftover"})


def stages(
    one: EnvironmentJudgement, findings: Sequence[Finding], database_url: str | None
) -> EnvironmentStages:
    """Return the five steps of one environment; `findings` are those of the whole run after the verdict.

    `database_url` is what the run was told of the database.
    """
    own = [f for f in findings if f.environment == one.environment.name and f.suppressed is None]
    return EnvironmentStages(
        one.environment.name,
        (
            _models(one, own),
            _migration(one, own),
            _review(one, own),
            _apply(one, _check(database_url)),
            _verify(one, own, _check(database_url)),
        ),
    )


def _models(one: EnvironmentJudgement, own: Sequence[Finding]) -> Stage:
    """Tell a script that was generated before the change: it is empty, and the change is in no other.

    Models that `env.py` does not import come first: to generate anything would drop their tables.
    """
    models = one.evidence.models
    if models is None:
        return Stage("models", "unknown", "the models were not loaded", None)
    if absent := _absent(own):
        return Stage("models", "missing", absent.message, _CHECK)
    empty = [f.revision for f in own if f.rule == _EMPTY and f.revision in one.graph.heads]
    if empty and models.differences:
        path = one.graph.scripts[str(empty[0])].source.path
        return Stage(
            "models",
            "missing",
            f"revision {empty[0]} is empty: it was generated before {models.listed()} was in the models",
            f"delete {path}, then {generating(one.environment, one.root)}",
        )
    how = "loaded" if models.imported else "read without importing them,"
    why = f": {models.fallback}" if models.fallback else ""
    return Stage("models", "done", f"{how} from {models.source}{why}", None)


def _absent(own: Sequence[Finding]) -> Finding | None:
    """Return the finding that says which models `env.py` does not import."""
    return next((finding for finding in own if finding.rule == _NOT_IMPORTED), None)


def _migration(one: EnvironmentJudgement, own: Sequence[Finding]) -> Stage:
    models = one.evidence.models
    if models is None:
        return Stage("migration", "unknown", "nothing to compare the migrations with", None)
    if _absent(own):
        return Stage("migration", "unknown", "not before env.py imports the models", None)
    number = len({_key(difference) for difference in models.differences})
    if number:
        return Stage(
            "migration",
            "missing",
            f"{_count(number, 'difference')}: {models.listed()}",
            generating(one.environment, one.root),
        )
    if models.left_out:
        names = sorted({str(left.table) for left in models.left_out})
        return Stage("migration", "unknown", f"not compared: {', '.join(names[:_SHOWN])}", None)
    return Stage("migration", "done", f"{_count(models.compared, 'table')} compared, no difference", None)


def _review(one: EnvironmentJudgement, own: Sequence[Finding]) -> Stage:
    """Count what is wrong in revisions that are still to run; without a database those are all."""
    if any(database.standing == "unknown" for database in one.evidence.databases):
        return Stage("review", "unknown", "which revisions are still to run is not known", None)
    pending = {revision for database in one.evidence.databases for revision in database.pending}
    wanted = pending if one.evidence.databases else set(one.graph.scripts)
    worst = [f for f in own if f.revision in wanted and f.severity >= Severity.ERROR]
    what = "not applied" if one.evidence.databases else "in the history"
    if worst:
        return Stage(
            "review",
            "missing",
            f"{_count(len(worst), 'error')} in revisions {what}: {worst[0].rule} in {worst[0].revision}",
            _CHECK,
        )
    return Stage("review", "done", f"no error in the {_count(len(wanted), 'revision')} {what}", None)


def _apply(one: EnvironmentJudgement, check: str) -> Stage:
    found = one.evidence.databases
    if not found:
        return Stage("apply", "unknown", "the database was not looked at", None)
    states = [_applied(one, database, check) for database in found]
    behind = [state for state in states if state.state != "done"]
    told = behind or states
    return Stage("apply", told[0].state, "; ".join(state.detail for state in told), told[0].next)


def _applied(one: EnvironmentJudgement, database: DatabaseEvidence, check: str) -> Stage:
    at = ", ".join(database.revisions) or "no revision"
    if database.standing == "current":
        return Stage("apply", "done", f"{database.title} is at {at}", None)
    if database.standing in ("behind", "new"):
        pending = ", ".join(database.pending[:_SHOWN])
        more = f" and {len(database.pending) - _SHOWN} more" if len(database.pending) > _SHOWN else ""
        upgrade = upgrading(one.environment, one.root, len(one.graph.heads))
        return Stage("apply", "missing", f"{database.title} is at {at}; pending: {pending}{more}", upgrade)
    return Stage("apply", "missing", f"{database.title} is at {at}, {_WORDS[database.standing]}", check)


_WORDS = {
    "unknown": "which no file declares",
    "unversioned": "and has tables",
    "overlapping": "of which one comes before another",
}


def _verify(one: EnvironmentJudgement, own: Sequence[Finding], check: str) -> Stage:
    found = one.evidence.databases
    if not found or any(database.standing not in ("current", "behind", "new") for database in found):
        return Stage("verify", "unknown", "the database was not compared", None)
    drift = [f for f in own if f.rule in _DRIFT]
    if drift:
        return Stage(
            "verify",
            "missing",
            f"{_count(len(drift), 'difference')}: {drift[0].message}",
            check,
        )
    left_out = sorted({str(left.table) for database in found for left in database.left_out})
    if left_out:
        return Stage("verify", "unknown", f"not compared: {', '.join(left_out[:_SHOWN])}", None)
    return Stage("verify", "done", "the database is what its revision says", None)


_CHECK = "migrate-guard check"


def _check(database_url: str | None) -> str:
    """Return the command that shows what the database is told of; it names no password."""
    if database_url is None:
        return _CHECK
    return f"{_CHECK} --database-url {'URL' if '@' in database_url else shlex.quote(database_url)}"


def _key(one: ModelDifference) -> tuple[str, str, str, str]:
    return one.kind, str(one.table), one.name, one.aspect


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"
