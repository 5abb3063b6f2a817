"""Alembic's post-write hook: the entry point that `console_scripts` and `exec` hooks call."""

from __future__ import annotations

import sys


def main() -> int:
    """Judge the script that the process's arguments name; return an exit code, which Alembic ignores."""
    from migrate_guard.cli.hook import command
    from migrate_guard.cli.run import run

    return run(sys.argv[1:], command, "migrate-guard-hook")
