"""Engines of the project's never connect while its `env.py` runs, and do again afterwards."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from migrate_guard.evidence.probe import stubs


@pytest.mark.parametrize("with_asyncio", [True, False])
def test_no_engine_connects(with_asyncio: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not with_asyncio:
        # As where greenlet is not installed.
        monkeypatch.setattr(stubs, "async_engines", None)
    engine = sa.create_engine("sqlite:////no/such/directory/app.db", poolclass=sa.NullPool)

    with stubs.no_connections(), engine.connect() as connection:
        assert connection.dialect is engine.dialect
        assert connection.execute(sa.text("SELECT 1")).scalar() is None

    with pytest.raises(sa.exc.OperationalError):
        engine.connect()


def test_a_missing_driver_is_no_hindrance() -> None:
    with stubs.no_connections():
        engine = sa.create_engine("mysql+mysqldb://ada@nowhere/shop")

        assert engine.connect().dialect.name == "mysql"
