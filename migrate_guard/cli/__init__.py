"""The `migrate-guard` command: one module per subcommand, and the only home of click."""

from __future__ import annotations

import contextlib
import gc
import os
import sys


def main() -> None:
    """Run the command with the process's arguments and end the process with its exit code."""
    # A run makes many objects and few cycles; the default threshold would search for them 300 times.
    gc.set_threshold(50_000, 20, 20)
    try:
        from migrate_guard.cli.run import run

        code = run(sys.argv[1:])
    except KeyboardInterrupt:
        # It may come while the command is still being imported, or while an error is being told.
        code = 130
    _leave(code)


def _leave(code: int) -> None:
    """End the process at once: taking apart a long history's trees would take a tenth of the run."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError, AttributeError):
            stream.flush()
    os._exit(code)
