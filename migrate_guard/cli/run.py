"""Run the command and turn whatever comes out of it into an exit code and a line for the user."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Sequence

import click

from migrate_guard.cli.group import command as main_command
from migrate_guard.cli.messages import say_bug, say_error
from migrate_guard.errors import GuardError

COULD_NOT_CHECK = 2
INTERRUPTED = 130


def run(arguments: Sequence[str], command: click.Command = main_command, name: str = "migrate-guard") -> int:
    """Run the command; return 0, 1 for findings, 2 when it could not check, 130 when interrupted.

    `name` is how its help calls the command.
    """
    try:
        result = command.main(args=list(arguments), prog_name=name, standalone_mode=False)
    except click.ClickException as error:
        with contextlib.suppress(OSError):
            error.show()
        return COULD_NOT_CHECK
    except GuardError as error:
        say_error(error.message, error.hint)
        return COULD_NOT_CHECK
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except OSError as error:
        if isinstance(error, PermissionError) and error.filename is not None:
            say_error(f"{os.fsdecode(error.filename)}: {error.strerror}", "see who may read and search it")
            return COULD_NOT_CHECK
        if error.filename is not None:
            return _report_bug(error, arguments)
        # Help and version are written by click.
        from migrate_guard.cli.output import give_up

        give_up()
        say_error(f"the standard output cannot be written: {error.strerror}", None)
        return COULD_NOT_CHECK
    except Exception as error:  # noqa: BLE001  # the border: a bug of ours is one line and exit 2, not 1
        return _report_bug(error, arguments)
    return result if isinstance(result, int) else 0


def _report_bug(error: Exception, arguments: Sequence[str]) -> int:
    if "--debug" in arguments:
        import traceback

        traceback.print_exception(error, file=sys.stderr)
    say_bug(f"{type(error).__name__}: {error}")
    return COULD_NOT_CHECK
