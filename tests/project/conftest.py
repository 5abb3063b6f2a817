"""What every test of the project layer starts from."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ALEMBIC_CONFIG", raising=False)
    monkeypatch.delenv("FLASK_DB_DIRECTORY", raising=False)
