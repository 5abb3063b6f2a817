"""Where a change stands on its way: model changed, migration generated, reviewed, applied, verified."""

from __future__ import annotations

from collections.abc import Sequence

from migrate_guard.check.judge import EnvironmentJudgement
from migrate_guard.evidence.database.state import DatabaseEvidence
from migrate_guard.evidence.models.difference import ModelDifference
from migrate_guard.finding import Finding, Severity
from migrate_guard.judgement import EnvironmentStages, Stage

_SHOWN = 3
_EMPTY = "empty-migration"
_DRIFT = frozenset({"database-drift", "database-leftover"})


def stages(one: EnvironmentJudgement, findings: Sequence[Finding]) -> EnvironmentStages:
    """Return the five steps of one environment; `findings` are those of the whole run after the verdict."""
    own = [f for f in findings if f.environment == one.environment.name and f.suppressed is None]
    return EnvironmentStages(
        one.environment.name,
        (
            _models(one, own),
            _migration(one),
            _review(one, own),
            _apply(one),
            _verify(one, own),
        ),
    )


def _models(one: EnvironmentJudgement, own: Sequence[Finding]) -> Stage:
    """Tell a script that was generated before the change: it is empty, and the change is in no other."""
    models = one.evidence.models
    if models is None:
        return Stage("models", "unknown", "the models were not loaded", None)
    empty = [f.revision for f in own if f.rule == _EMPTY and f.revision in one.graph.heads]
    if empty and models.differences:
        return Stage(
            "models",
            "missing",
            f"revision {empty[0]} is empty: it was generated before {models.listed()} was in the models",
            f"delete {one.graph.scripts[str(empty[0])].source.path}, then {_generate(one)}",
        )
    how = "loaded" if models.imported else "read without importing them,"
    why = f": {models.fallback}" if models.fallback else ""
    return Stage("models", "done", f"{how} from {models.source}{why}", None)


def _migration(one: EnvironmentJudgement) -> Stage:
    models = one.evidence.models
    if models is None:
        return Stage("migration", "unknown", "nothing to compare the migrations with", None)
    number = len({_key(difference) for difference in models.differences})
    if number:
        return Stage(
            "migration", "missing", f"{_count(number, 'difference')}: {models.listed()}", _generate(one)
        )
    if models.left_out:
        names = sorted({str(left.table) for left in models.left_out})
        return Stage("migration", "unknown", f"not compared: {', '.join(names[:_SHOWN])}", None)
    return Stage("migration", "done", f"{_count(models.compared, 'table')} compared, no difference", None)


def _review(one: EnvironmentJudgement, own: Sequence[Finding]) -> Stage:
    """Count what is wrong in revisions that are still to run; without a database those are all."""
    pending = {revision for database in one.evidence.databases for revision in database.pending}
    wanted = pending if one.evidence.databases else set(one.graph.scripts)
    worst = [f for f in own if f.revision in wanted and f.severity >= Severity.ERROR]
    what = "not applied" if one.evidence.databases else "in the history"
    if worst:
        return Stage(
            "review",
            "missing",
            f"{_count(len(worst), 'error')} in revisions {what}: {worst[0].rule} in {worst[0].revision}",
            "migrate-guard check",
        )
    return Stage("review", "done", f"no error in the {_count(len(wanted), 'revision')} {what}", None)


def _apply(one: EnvironmentJudgement) -> Stage:
    found = one.evidence.databases
    if not found:
        return Stage("apply", "unknown", "the database was not looked at", None)
    states = [_applied(one, database) for database in found]
    return next((state for state in states if state.state != "done"), states[0])


def _applied(one: EnvironmentJudgement, database: DatabaseEvidence) -> Stage:
    command = one.environment.command
    at = ", ".join(database.revisions) or "no revision"
    if database.standing == "current":
        return Stage("apply", "done", f"{database.where} is at {at}", None)
    if database.standing in ("behind", "new"):
        pending = ", ".join(database.pending[:_SHOWN])
        more = f" and {len(database.pending) - _SHOWN} more" if len(database.pending) > _SHOWN else ""
        target = "head" if len(one.graph.heads) == 1 else "heads"
        upgrade = (
            f"{command} upgrade"
            if command == "flask db" and target == "head"
            else f"{command} upgrade {target}"
        )
        return Stage("apply", "missing", f"{database.where} is at {at}; pending: {pending}{more}", upgrade)
    return Stage(
        "apply", "missing", f"{database.where} is at {at}, {_WORDS[database.standing]}", "migrate-guard check"
    )


_WORDS = {
    "unknown": "which no file declares",
    "unversioned": "and has tables",
    "overlapping": "of which one comes before another",
}


def _verify(one: EnvironmentJudgement, own: Sequence[Finding]) -> Stage:
    found = one.evidence.databases
    if not found or any(database.standing not in ("current", "behind", "new") for database in found):
        return Stage("verify", "unknown", "the database was not compared", None)
    drift = [f for f in own if f.rule in _DRIFT]
    if drift:
        return Stage(
            "verify",
            "missing",
            f"{_count(len(drift), 'difference')}: {drift[0].message}",
            "migrate-guard check",
        )
    left_out = sorted({str(left.table) for database in found for left in database.left_out})
    if left_out:
        return Stage("verify", "unknown", f"not compared: {', '.join(left_out[:_SHOWN])}", None)
    return Stage("verify", "done", "the database is what its revision says", None)


def _generate(one: EnvironmentJudgement) -> str:
    return f'{one.environment.generate} -m "describe it"'


def _key(one: ModelDifference) -> tuple[str, str, str, str]:
    return one.kind, str(one.table), one.name, one.aspect


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"
