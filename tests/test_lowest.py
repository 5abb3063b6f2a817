"""The lowest Alembic and SQLAlchemy that revisions may be written for do what we read in them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LOWEST = ("alembic==1.8.1", "sqlalchemy==1.4.54")
TESTS = ("tests/evaluate/library/test_directives.py", "tests/evaluate/library/test_types.py")


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)


@pytest.mark.skipif(sys.version_info >= (3, 13), reason="SQLAlchemy 1.4 is older than this Python")
def test_the_lowest_versions(tmp_path: Path) -> None:
    python = str(tmp_path / "venv" / ("Scripts" if os.name == "nt" else "bin") / "python")
    run(sys.executable, "-m", "venv", str(tmp_path / "venv"))
    installed = run(python, "-m", "pip", "install", "-q", "click", "pytest", "hypothesis", "tomli", *LOWEST)
    if installed.returncode != 0:
        say = pytest.fail if os.environ.get("CI") else pytest.skip
        say(f"the lowest versions cannot be installed: {installed.stderr.strip()[-300:]}")
    done = run(python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-o", "addopts=", *TESTS)
    assert done.returncode == 0, done.stdout[-3000:]
