"""`migrate-guard check`: judge revisions and report."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from migrate_guard.cli import output
from migrate_guard.cli.flags import given, here, loading_options, novelty_options, project_options
from migrate_guard.cli.messages import say, say_bug
from migrate_guard.config import options

if TYPE_CHECKING:
    from migrate_guard.judgement import Judgement

FORMATS = ("text", "concise", "json", "github")
PAGES = "https://github.com/migrate-guard/migrate-guard/blob/main/rules"
"""Where the pages are read online; a name of a rule links to its page."""


@click.command("check")
@click.argument("paths", nargs=-1)
@project_options
@novelty_options
@click.option(
    "--models",
    multiple=True,
    is_flag=False,
    flag_value="auto",
    metavar="[MODULE:ATTRIBUTE]",
    help=options.MODELS.help,
)
@click.option(
    "--database-url", is_flag=False, flag_value="auto", metavar="[URL]", help=options.DATABASE_URL.help
)
@click.option("--select", multiple=True, metavar="RULE,…", help=options.SELECT.help)
@click.option("--ignore", multiple=True, metavar="RULE,…", help=options.IGNORE.help)
@click.option("--severity", multiple=True, metavar="RULE=LEVEL", help=options.SEVERITY.help)
@click.option("--fail-on", metavar="LEVEL", help=options.FAIL_ON.help)
@click.option("--exit-zero", is_flag=True, help="Exit with 0 even when there are findings.")
@click.option(
    "--format", "form", type=click.Choice(FORMATS), default="text", show_default=True, help="How to report."
)
@click.option("-o", "--output", "target", metavar="FILE", help="Write the report into a file.")
@click.option(
    "-v", "--verbose", is_flag=True, help="Show what is suppressed and why something is not analysed."
)
@loading_options
@output.color_option
@click.option("--debug", is_flag=True, hidden=True)
def command(
    form: str,
    target: str | None,
    verbose: bool,
    color: str,
    exit_zero: bool,
    staged: bool,
    debug: bool,
    config: str | None,
    **flags: str | tuple[str, ...] | None,
) -> int:
    """Judge the revisions in PATHS: directories or revision files. Without PATHS, they are searched.

    Exit code: 0 nothing found, 1 findings at or above --fail-on, 2 it could not check.
    """
    del debug  # read where an error ends the run
    from migrate_guard.check import check
    from migrate_guard.config import load_config
    from migrate_guard.record import replace
    from migrate_guard.rule import all_rules
    from migrate_guard.verdict import exit_code
    from migrate_guard.verdict.threshold import CLEAN, FINDINGS

    families = {rule.info.name: rule.info.family for rule in all_rules()}
    settings = load_config(here(), families, given(flags), Path(config) if config else None)
    settings = replace(settings, staged=staged)
    judgement = check(settings)
    _report(judgement, form, Path(target) if target else None, color, verbose)
    code = exit_code(judgement, settings.fail_on)
    return CLEAN if exit_zero and code == FINDINGS else code


def _report(judgement: Judgement, form: str, target: Path | None, color: str, verbose: bool) -> None:
    from migrate_guard.report import verdict_line

    for error in judgement.internal_errors:
        what = f"the rule {error.rule} failed on" if error.rule else "reading failed on"
        say_bug(f"{what} {error.place}: {error.error}")
    colour = output.wants_colour(color, os.environ, target is None and output.is_terminal())
    rendered = _render(judgement, form, colour, verbose)
    if target is not None:
        output.write_file(rendered, target)
    else:
        output.write(rendered, colour)
    if target is not None or form in ("concise", "github"):
        say(verdict_line(judgement))


def _render(judgement: Judgement, form: str, colour: bool, verbose: bool) -> str:
    from migrate_guard import report

    if form == "json":
        return report.json_report(judgement)
    if form == "github":
        return report.github(judgement, output.path_in_repository(Path.cwd(), os.environ))
    if form == "concise":
        return report.concise(judgement)
    links = PAGES if colour and output.wants_links(os.environ, output.is_terminal()) else ""
    return report.text(judgement, report.Style(output.width(os.environ), colour, verbose, links))
