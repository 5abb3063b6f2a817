"""`flask migrate-guard …`: the command inside of an application, found by the `flask.commands` entry point.

Flask imports this module for every `flask` command, so that it must be light: click is loaded already, and
the rest when the command runs.
"""

from __future__ import annotations

import os

import click


@click.command(
    "migrate-guard",
    add_help_option=False,
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
    short_help="Judge migrations before a deploy.",
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@click.pass_context
def command(context: click.Context, arguments: tuple[str, ...]) -> None:
    """Run migrate-guard with these arguments; `status` and `check --models` use this very application."""
    from flask.cli import ScriptInfo

    from migrate_guard.cli.run import run

    found = context.find_object(ScriptInfo)
    if found is not None and found.app_import_path:
        # Models are loaded in a process of their own, which finds the application as Flask does.
        os.environ["FLASK_APP"] = found.app_import_path
    context.exit(run(arguments))
