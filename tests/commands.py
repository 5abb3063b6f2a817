"""Running commands as a user would: in a subprocess, with an environment that says nothing extra."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FIXTURES = ROOT / "fixtures"
# What a process needs to run at all; the rest could change the output (CI, NO_COLOR, FLASK_…).
_KEPT = ("PATH", "HOME", "TMPDIR", "LANG", "SYSTEMROOT", "USERPROFILE", "TEMP", "TMP")
# What pip needs to reach a registry on a machine where that is configured by variables.
_KEPT_PREFIXES = ("PIP_", "SSL_", "REQUESTS_", "HTTP_", "HTTPS_", "NO_PROXY", "http", "https", "no_proxy")


def environment(**more: str) -> dict[str, str]:
    """Return a scrubbed environment: no CI, no colour, 100 columns, no byte code left behind."""
    kept = {
        name: value for name, value in os.environ.items() if name in _KEPT or name.startswith(_KEPT_PREFIXES)
    }
    fixed = {"NO_COLOR": "1", "COLUMNS": "100", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"}
    return {**kept, **fixed, **more}


def run(
    *command: str | Path,
    cwd: Path,
    env: Mapping[str, str] | None = None,
    timeout: float = 60,
    check: bool = False,
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end and return its output; `timeout` is in seconds.

    Raise `AssertionError` with the output if `check` is given and it fails.
    """
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=environment() if env is None else dict(env),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=timeout,
        check=False,
    )
    if check:
        assert done.returncode == 0, f"{command} ended with {done.returncode}\n{done.stdout}{done.stderr}"
    return done


def migrate_guard(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run migrate-guard with these arguments in a directory."""
    return run(sys.executable, "-m", "migrate_guard", *arguments, cwd=cwd)
