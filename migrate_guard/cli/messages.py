"""Lines for the user on the standard error: notes, errors with hints, bugs of ours."""

from __future__ import annotations

import contextlib

import click

ISSUES = "https://github.com/migrate-guard/migrate-guard/issues"


def say(line: str) -> None:
    """Write a line to the standard error; it may name files and revisions whatever they are called."""
    # Imported here because most runs of the command alone say nothing.
    from migrate_guard.report.terminal import visible_line

    # There is nobody to tell that the error stream cannot be written.
    with contextlib.suppress(OSError):
        click.echo(visible_line(line), err=True)


def say_error(message: str, hint: str | None) -> None:
    """Write an error, and what to do about it."""
    say(f"error: {message}")
    if hint:
        say(f"hint: {hint}")


def say_bug(what: str) -> None:
    """Write that migrate-guard itself failed, and how to report it."""
    say_error(
        f"this is a bug in migrate-guard: {' '.join(what.split())}",
        f"please report it at {ISSUES} with the output of the same command and --debug",
    )
