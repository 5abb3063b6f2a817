"""The `migrate-guard` command: one module per subcommand, and the only home of click."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command with the process's arguments and end the process with its exit code."""
    try:
        from migrate_guard.cli.run import run

        code = run(sys.argv[1:])
    except KeyboardInterrupt:
        # It may come while the command is still being imported, or while an error is being told.
        code = 130
    sys.exit(code)
