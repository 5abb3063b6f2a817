"""`migrate-guard doctor`: what would let the gate pass without looking, or a deploy skip revisions."""

from __future__ import annotations

import os

import click

from migrate_guard.cli import output
from migrate_guard.cli.flags import project_options, settings_of
from migrate_guard.cli.messages import say_error

_WELL, _SOMETHING, _COULD_NOT_LOOK = 0, 1, 2


@click.command("doctor")
@click.argument("paths", nargs=-1)
@project_options
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to print it.",
)
@output.color_option
@click.option("--debug", is_flag=True, hidden=True)
def command(
    form: str,
    color: str,
    debug: bool,
    config: str | None,
    **flags: str | tuple[str, ...] | None,
) -> int:
    """Look for what lets the gate pass without looking, or a deploy skip revisions.

    Read are workflows, .gitlab-ci.yml, Dockerfiles, compose files, Procfiles, shell scripts and the
    pre-commit configuration of the repository; nothing is run. Exit code: 0 nothing found, 1 something is,
    2 something could not be looked at.
    """
    del debug  # read where an error ends the run
    from migrate_guard.doctor import examine
    from migrate_guard.doctor.show import checkup_json, checkup_text
    from migrate_guard.report import Style

    settings = settings_of(flags, config)
    checkup = examine(settings)
    colour = output.wants_colour(color, os.environ, output.is_terminal())
    if form == "json":
        output.write(checkup_json(checkup), colour=False)
        for line in checkup.failures:
            say_error(line, None)
    else:
        output.write(checkup_text(checkup, Style(output.width(os.environ), colour)), colour)
    if checkup.failures:
        return _COULD_NOT_LOOK
    return _SOMETHING if checkup.diagnoses else _WELL
