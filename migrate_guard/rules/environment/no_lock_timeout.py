"""Environments on PostgreSQL that wait for locks without a limit."""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.finding import Problem, Related, Severity
from migrate_guard.operations import Operation, SetParameter, TableName
from migrate_guard.project.nearby import near
from migrate_guard.rule import ProjectView, RevisionView, Step, revision_rule

_SETTING = "lock_timeout"


@revision_rule(severity=Severity.INFO, dialects={"postgresql"})
def no_lock_timeout(view: RevisionView) -> Iterator[Problem]:
    """While a revision waits for its lock without a limit, every query of the table waits behind it."""
    env = view.project.env
    if env is None or not env.configured or _is_set(view.project):
        return
    waits = ((step, table) for step in view.steps() for table in _waits_for(step))
    step, table = next(waits, (None, None))
    if step is None or _is_spoken_of(view.project):
        return
    call = next((one for one in env.configured if one.online), env.configured[0])
    yield Problem(
        "no lock_timeout is set: a revision that waits for a lock behind one long query "
        "keeps all later queries of the table waiting too",
        label="waits for locks without a limit",
        help=(
            "give up after a few seconds and try again later; in env.py, where the engine is made:\n"
            f"    connect_args={_arguments(view.project)}"
        ),
        related=(Related(f"this waits for every transaction that uses {table}", step.operation.span),),
        span=call.span,
        subject=_SETTING,
        of_environment=True,
    )


def _waits_for(step: Step[Operation]) -> Iterator[TableName]:
    """Go through the tables in use of which a step needs a lock that keeps even readers out."""
    if step.operation.conditional or any(_sets(one) for one in step.earlier()):
        return
    for hold in step.effect.holds:
        if hold.blocks == "reads and writes" and not step.is_new(hold.table):
            yield hold.table


def _sets(step: Step[Operation]) -> bool:
    return isinstance(step.operation, SetParameter) and step.operation.name == _SETTING


def _arguments(project: ProjectView) -> str:
    """Return how the driver is given the setting; asyncpg has a way of its own."""
    lines = project.ini.lines if project.ini is not None else ()
    if any("asyncpg" in text for text in (*lines, project.env.code if project.env is not None else "")):
        return '{"server_settings": {"lock_timeout": "4s"}}'
    return '{"options": "-c lock_timeout=4s"}'


def _is_set(project: ProjectView) -> bool:
    """Tell whether `env.py` or the ini file speaks of `lock_timeout`."""
    env, ini = project.env, project.ini
    if env is not None and _SETTING in env.code:
        return True
    lines = ini.lines if ini is not None else ()
    return any(_SETTING in line for line in lines if not line.lstrip().startswith("#"))


def _is_spoken_of(project: ProjectView) -> bool:
    """Tell whether the application speaks of `lock_timeout`, whose engine `env.py` may use."""
    env_py = project.environment.env_py
    return any(_SETTING in text for file, text in near(project.environment) if file != env_py)
