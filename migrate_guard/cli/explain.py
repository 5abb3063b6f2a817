"""`migrate-guard explain RULE`: the rule's page."""

from __future__ import annotations

import os

import click

from migrate_guard.cli import output
from migrate_guard.errors import GuardError


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
    from migrate_guard.explain import for_terminal
    from migrate_guard.report.terminal import Style

    markdown = _page(rule)
    if form == "markdown":
        output.write(markdown)
        return
    colour = output.wants_colour(color, os.environ, output.is_terminal())
    output.write(for_terminal(markdown, Style(colour=colour).paint), colour)


def _page(rule: str) -> str:
    from migrate_guard.explain import page

    try:
        return page(rule)
    except GuardError:
        from migrate_guard.doctor.checks import all_checks

        if rule not in all_checks():
            raise
        hint = "migrate-guard doctor says what it found and what to do"
        raise GuardError(f"{rule} is a check of doctor, not a rule", hint) from None
