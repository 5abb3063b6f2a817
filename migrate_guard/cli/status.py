"""`migrate-guard status`: which of the five steps between the models and the database is missing."""

from __future__ import annotations

import os

import click

from migrate_guard.cli import output
from migrate_guard.cli.flags import loading_options, project_options, settings_of
from migrate_guard.cli.messages import say_error

_DONE, _MISSING, _COULD_NOT_LOOK = 0, 1, 2
_AUTO = "auto"


@click.command("status")
@click.argument("paths", nargs=-1)
@project_options
@click.option(
    "--models",
    multiple=True,
    metavar="MODULE:ATTRIBUTE|static",
    help="The models, static to read and not import them; those of env.py without it.",
)
@click.option("--database-url", metavar="URL", help="The database; the one of env.py without it.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to print it.",
)
@loading_options
@output.color_option
@click.option("--debug", is_flag=True, hidden=True)
def command(
    form: str,
    color: str,
    debug: bool,
    config: str | None,
    **flags: str | tuple[str, ...] | None,
) -> int:
    """Say which step is missing: change the models, generate the migration, review, apply, verify.

    This loads the project's models and looks into its database, read only. Exit code: 0 no step is
    missing, 1 one is, 2 something could not be looked at.
    """
    del debug  # read where an error ends the run
    from migrate_guard.check import check
    from migrate_guard.record import replace
    from migrate_guard.report import Style
    from migrate_guard.report.status import status_json, status_text

    settings = settings_of(flags, config)
    models, url = settings.models or (_AUTO,), settings.database_url or _AUTO
    # What is missing is asked of the checkout as it is, not of what a merge would make of it.
    found = check(replace(settings, base=None, models=models, database_url=url))
    skipped = (*found.skipped, *(error.error for error in found.internal_errors))
    colour = output.wants_colour(color, os.environ, output.is_terminal())
    if form == "json":
        output.write(status_json(found.stages, skipped), colour=False)
        for line in skipped:
            say_error(line, None)
    else:
        output.write(status_text(found.stages, skipped, Style(output.width(os.environ), colour)), colour)
    if skipped:
        return _COULD_NOT_LOOK
    return _MISSING if any(one.next for one in found.stages) else _DONE
