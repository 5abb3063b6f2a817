"""Random schema histories, as Alembic scripts and as raw SQL: the replay has what the database has.

A few are part of every run; `pytest --slow` runs a thousand of each kind and prints what ran.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings

from migrate_guard.dialect import DialectName
from tests.schema.generated.history import Outcome, Tally, outcomes
from tests.schema.generated.parts import Form
from tests.servers import PostgresServer

Connect = Callable[[], AbstractContextManager[sa.Connection]]
FEW, MANY = 20, 1000
FORMS = pytest.mark.parametrize("form", ["alembic", "sql"])
# How many of the chosen steps must run, and how many must be of other kinds than `create table`.
RUN, OTHER = 0.97, 0.4


def explore(connect: Connect, dialect: DialectName, form: Form, examples: int) -> None:
    """Run so many histories; fail with the shortest on which the replay and the database differ.

    The few are the same ones every time, so that nobody's change fails for a reason that is not its own.
    """
    tally = Tally()

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=examples == FEW,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(outcomes(connect, (dialect, form), tally))
    def holds(outcome: Outcome) -> None:
        assert not outcome.problems, repr(outcome)

    with warnings.catch_warnings():
        # Alembic says of unnamed constraints that a copy loses them, which is replayed too.
        warnings.simplefilter("ignore", UserWarning)
        warnings.simplefilter("ignore", sa.exc.SAWarning)
        holds()
    print(f"{dialect}, {form}: {tally}")
    total = sum(tally.steps.values())
    assert total / (total + sum(tally.refused.values())) >= RUN, str(tally)
    assert 1 - tally.steps["create table"] / total >= OTHER, str(tally)


def sqlite() -> sa.Connection:
    """Open an empty database of SQLite."""
    return sa.create_engine("sqlite://", poolclass=sa.NullPool).connect()


@contextmanager
def postgresql_of(server: PostgresServer) -> Iterator[Connect]:
    """Give connections to an empty database; nothing is committed, so that it stays empty."""
    engine = sa.create_engine(server.fresh_database())
    try:
        yield engine.connect
    finally:
        engine.dispose()


@FORMS
def test_sqlite(form: Form) -> None:
    explore(sqlite, "sqlite", form, FEW)


@pytest.mark.server
@FORMS
def test_postgresql(form: Form, postgresql: PostgresServer) -> None:
    with postgresql_of(postgresql) as connect:
        explore(connect, "postgresql", form, FEW)


@pytest.mark.slow
@FORMS
def test_many_on_sqlite(form: Form) -> None:
    explore(sqlite, "sqlite", form, MANY)


@pytest.mark.slow
@pytest.mark.server
@FORMS
def test_many_on_postgresql(form: Form, postgresql: PostgresServer) -> None:
    with postgresql_of(postgresql) as connect:
        explore(connect, "postgresql", form, MANY)
