"""The command itself: its subcommands, each of which is imported when it is used."""

from __future__ import annotations

import importlib

import click

from migrate_guard import __version__
from migrate_guard.errors import did_you_mean

SUBCOMMANDS = {
    "baseline": "Record today's findings, so that only later ones count.",
    "check": "Judge revisions.",
    "doctor": "Say what lets the gate pass unseen, or a deploy skip revisions.",
    "explain": "Print the page of a rule.",
    "graph": "Draw the revision graph.",
    "init": "Set up a project: configuration, baseline, hook, CI.",
    "rules": "List every rule.",
    "schema": "Print the schema that the migrations build.",
    "status": "Say which step is missing between the models and the database.",
}
"""The subcommands with what the help says of them, which is here so that none is imported for it."""


class LazyGroup(click.Group):
    """A group that finds the subcommand NAME as `command` in the module `migrate_guard.cli.NAME`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the subcommands."""
        return list(SUBCOMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a subcommand, `None` if there is none of that name."""
        if cmd_name not in SUBCOMMANDS:
            return None
        found = importlib.import_module(f"migrate_guard.cli.{cmd_name}").command
        return found if isinstance(found, click.Command) else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the subcommand; an unknown one is an error that names the nearest."""
        name = args[0]
        # Shell completion asks in this mode for words that are not yet complete.
        if name not in SUBCOMMANDS and not ctx.resilient_parsing and not name.startswith("-"):
            ctx.fail(f"no such command {name!r}; {did_you_mean(name, SUBCOMMANDS)}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the subcommands into the help."""
        with formatter.section("Commands"):
            formatter.write_dl(list(SUBCOMMANDS.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="migrate-guard %(version)s")
@click.option("--debug", is_flag=True, help="Show the traceback of a bug in migrate-guard.")
def command(debug: bool) -> None:
    """Say before a deploy what your Alembic migrations would break."""
    del debug  # read where an error ends the run: an error may come before there is a context
