"""Statements that begin a transaction before Alembic could."""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.finding import Confidence, Problem, Related, Severity
from migrate_guard.project.drivers import keeps_to_old_sqlalchemy
from migrate_guard.project.env_flow import EarlyStatement, early_statements
from migrate_guard.rule import ProjectView, project_rule

_PLAIN = (
    "commit before Alembic gets the connection, so that the transaction of the upgrade is its own:\n"
    "    connection.commit()\n"
    "    context.configure(connection=connection, target_metadata=target_metadata)"
)
_AWAITED = (
    "commit before run_sync(), so that the transaction of the upgrade is Alembic's own:\n"
    "    await connection.commit()"
)
_LOST = {
    "postgresql": "everything that it does is rolled back",
    "mysql": "the tables stay, but alembic_version is rolled back",
    "sqlite": "the tables stay, but alembic_version is rolled back",
}


@project_rule(severity=Severity.ERROR)
def statement_before_configure(view: ProjectView) -> Iterator[Problem]:
    """A statement before `context.configure()` takes the transaction from Alembic: nothing is committed."""
    found = early_statements(view.env) if view.env is not None else ()
    if found and not _begins_no_transaction(view):
        yield from (_problem(view, early) for early in found)


def _begins_no_transaction(view: ProjectView) -> bool:
    """Tell whether the project has a SQLAlchemy whose connections begin no transaction on their own."""
    future = view.env is not None and "future=True" in view.env.code
    return not future and keeps_to_old_sqlalchemy(view.environment.root, view.root)


def _problem(view: ProjectView, early: EarlyStatement) -> Problem:
    families = dict.fromkeys(dialect.family for dialect in view.environment.dialects)
    lost = dict.fromkeys(_LOST[family] for family in families)
    return Problem(
        f"`{view.environment.command} upgrade` ends without an error and commits nothing: "
        f"{' or '.join(lost)}",
        label="begins a transaction that nobody commits",
        help=_AWAITED if early.awaited else _PLAIN,
        notes=("so it is from SQLAlchemy 2.0 on; 1.4 does the same with `future=True`",),
        related=(Related("Alembic finds the transaction here and leaves it alone", early.configure),),
        span=early.span,
        confidence=Confidence.CERTAIN if early.certain else Confidence.POSSIBLE,
        subject="transaction",
    )
