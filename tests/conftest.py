"""Fixtures that every test can ask for."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

import pytest

from tests.server_programs import Unavailable
from tests.servers import MariadbServer, PostgresServer, running_mariadb, running_postgresql

# Some tests import the fixtures where they stand, which have no caches.
sys.dont_write_bytecode = True
os.environ.setdefault("PYTHONDONTWRITEBYTECODE", "1")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--pg-major", type=int, help="run the server tests on this PostgreSQL, 10 or newer")
    parser.addoption("--slow", action="store_true", help="run the tests marked slow too")
    parser.addoption("--update", action="store_true", help="rewrite the expected outputs")


def pytest_configure(config: pytest.Config) -> None:
    """Refuse to rewrite expectations where they are what is checked."""
    if config.getoption("--update") and os.environ.get("CI"):
        raise pytest.UsageError("--update rewrites expectations and is refused when CI is set")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what takes minutes unless it is asked for."""
    if config.getoption("--slow"):
        return
    left_out = [item for item in items if item.get_closest_marker("slow")]
    items[:] = [item for item in items if item not in left_out]
    config.hook.pytest_deselected(items=left_out)


@pytest.fixture
def update(request: pytest.FixtureRequest) -> bool:
    """Whether expected outputs are to be rewritten."""
    return bool(request.config.getoption("--update"))


def _missing(reason: str) -> None:
    """Skip on a laptop, fail where every test must have run."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def postgresql(request: pytest.FixtureRequest) -> Iterator[PostgresServer]:
    """A throw-away PostgreSQL."""
    major: int | None = request.config.getoption("--pg-major")
    try:
        with running_postgresql(major) as server:
            yield server
    except Unavailable as error:
        _missing(str(error))


@pytest.fixture(scope="session")
def mariadb() -> Iterator[MariadbServer]:
    """A throw-away MariaDB."""
    try:
        with running_mariadb() as server:
            yield server
    except Unavailable as error:
        _missing(str(error))
