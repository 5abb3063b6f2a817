"""`migrate-guard explain RULE`: the rule's page."""

from __future__ import annotations

import os

import click

from migrate_guard.cli import output


@click.command("explain")
@click.argument("rule")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "markdown"]),
    default="text",
    help="As the terminal shows it, or as it is written.",
)
@output.color_option
def command(rule: str, form: str, color: str) -> None:
    """Print the page of a rule: what happens, why, and what to do instead."""
    from migrate_guard.explain import for_terminal, page
    from migrate_guard.report.terminal import Style

    markdown = page(rule)
    if form == "markdown":
        output.write(markdown)
        return
    colour = output.wants_colour(color, os.environ, output.is_terminal())
    output.write(for_terminal(markdown, Style(colour=colour).paint), colour)
