"""The command itself: its subcommands, each of which is imported when it is used."""

from __future__ import annotations

import importlib

import click

from migrate_guard import __version__

SUBCOMMANDS = ("check", "explain", "rules")


class LazyGroup(click.Group):
    """A group that finds the subcommand NAME as `command` in the module `migrate_guard.cli.NAME`."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # click's signature
        """Return the names of the subcommands."""
        return list(SUBCOMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a subcommand, `None` if there is none of that name."""
        if cmd_name not in SUBCOMMANDS:
            return None
        found = importlib.import_module(f"migrate_guard.cli.{cmd_name}").command
        return found if isinstance(found, click.Command) else None


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="migrate-guard %(version)s")
@click.option("--debug", is_flag=True, help="Show the traceback of a bug in migrate-guard.")
def command(debug: bool) -> None:
    """Say before a deploy what your Alembic migrations would break."""
    del debug  # read where an error ends the run: an error may come before there is a context
