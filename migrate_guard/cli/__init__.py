"""The `migrate-guard` command: one module per subcommand, and the only home of click."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command with the process's arguments and end the process with its exit code."""
    from migrate_guard.cli.run import run

    sys.exit(run(sys.argv[1:]))
