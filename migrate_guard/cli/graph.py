"""`migrate-guard graph`: the revision graph, with what is new and what carries findings."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from migrate_guard.cli import output
from migrate_guard.cli.flags import novelty_options, project_options, settings_of
from migrate_guard.cli.messages import say

if TYPE_CHECKING:
    from migrate_guard.drawing import Drawing
    from migrate_guard.report import Style

FORMATS = ("text", "json", "svg", "mermaid")
_DONE, _COULD_NOT_LOOK = 0, 2
_DRAWING = "◆●○✗┊▲│─╭╮╯╰├┤┬┴┼…·"


@click.command("graph")
@click.argument("paths", nargs=-1)
@project_options
@novelty_options
@click.option(
    "--last", type=click.IntRange(min=1), metavar="N", help="Draw only the N revisions nearest to a head."
)
@click.option("--no-check", "unjudged", is_flag=True, help="Ask no rule: draw the graph alone.")
@click.option(
    "--format", "form", type=click.Choice(FORMATS), default="text", show_default=True, help="How to draw it."
)
@click.option("-o", "--output", "target", metavar="FILE", help="Write it into a file.")
@click.option("-v", "--verbose", is_flag=True, help="List the findings below their revisions.")
@output.color_option
@click.option("--debug", is_flag=True, hidden=True)
def command(
    form: str,
    target: str | None,
    last: int | None,
    unjudged: bool,
    verbose: bool,
    color: str,
    staged: bool,
    debug: bool,
    config: str | None,
    **flags: str | tuple[str, ...] | None,
) -> int:
    """Draw the revision graph of every environment in PATHS, or of all that are found: newest first.

    Marked are heads, bases, labels and dependencies; with --base or --staged what is new; and the findings
    of `check` by their revisions. Models and databases are not looked at.

    Exit code: 0, whatever is found, or 2 if it could not look.
    """
    del debug  # read where an error ends the run
    from migrate_guard.check.drawings import drawings
    from migrate_guard.record import replace
    from migrate_guard.report import Style

    settings = settings_of(flags, config)
    drawn = drawings(replace(settings, staged=staged), last, judged=not unjudged)
    colour = output.wants_colour(color, os.environ, target is None and output.is_terminal())
    text = _render(drawn.found, form, Style(output.width(os.environ), colour, verbose), target)
    if target is not None:
        output.write_file(text, Path(target))
    else:
        output.write(text, colour)
    for line in drawn.failures:
        say(f"error: {line}")
    return _COULD_NOT_LOOK if drawn.failures else _DONE


def _render(found: Sequence[Drawing], form: str, style: Style, target: str | None) -> str:
    from migrate_guard.report import graph

    if form == "json":
        return graph.graph_json(found)
    if form == "svg":
        return graph.graph_svg(found)
    if form == "mermaid":
        for one in found:
            if graph.too_long_for_mermaid(one):
                say(f"note: {one.environment}: Mermaid draws no more than 500 lines; use --last 400 or svg")
        return graph.graph_mermaid(found)
    return graph.graph_text(found, style, ascii_only=target is None and not _draws())


def _draws() -> bool:
    """Tell whether the standard output has the characters that lines are drawn with."""
    try:
        _DRAWING.encode(getattr(sys.stdout, "encoding", None) or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
