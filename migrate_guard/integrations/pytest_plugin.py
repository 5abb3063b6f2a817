"""The pytest plugin's switch: `--migrate-guard`, or `migrate_guard = true` in pytest's configuration.

pytest imports this module in every project that has migrate-guard installed, so that it must be light and
must do nothing unasked; what does the work is imported when it is.
"""

from __future__ import annotations

import pytest

NAME = "migrate_guard"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the flag and the option of the configuration."""
    group = parser.getgroup("migrate-guard", "migrate-guard")
    group.addoption("--migrate-guard", action="store_true", dest=NAME, help="judge the migrations as well")
    parser.addini(NAME, "judge the migrations as well", type="bool", default=False)


def pytest_configure(config: pytest.Config) -> None:
    """Let the migrations be judged, where that is asked for."""
    if config.getoption(NAME) or config.getini(NAME):
        from migrate_guard.integrations import pytest_items

        config.pluginmanager.register(pytest_items, "migrate_guard_items")
