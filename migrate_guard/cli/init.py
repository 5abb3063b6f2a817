"""`migrate-guard init`: write into a project what it needs, after showing it."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from migrate_guard.cli import output
from migrate_guard.cli.flags import settings_of
from migrate_guard.cli.messages import say

if TYPE_CHECKING:
    from migrate_guard.init import Plan
    from migrate_guard.judgement import Summary

_DONE, _LEFT_TO_DO = 0, 1


@click.command("init")
@click.option("-y", "--yes", is_flag=True, help="Write without asking.")
@output.color_option
@click.option("--debug", is_flag=True, hidden=True)
def command(yes: bool, color: str, debug: bool) -> int:
    """Set up the project in this directory: configuration, baseline, pre-commit hook, CI job.

    The diff comes first, then the question whether to write it. Existing lines are never changed; a file
    whose shape is not understood is left alone, and what to paste is printed. Hooks and CI jobs are added
    only where the project has a .pre-commit-config.yaml, a .github/workflows or a .gitlab-ci.yml. A second
    run has nothing to do.

    Exit code: 0 nothing is left to do, 1 something is, 2 something could not be looked at.
    """
    del debug  # read where an error ends the run
    from migrate_guard.init import plan, unified_diff, write_all

    found = plan(settings_of({}, None))
    _tell(found.summary, found)
    colour = output.wants_colour(color, os.environ, output.is_terminal())
    output.write(_painted(unified_diff(found.changes), colour), colour)
    left = _DONE
    for shown, text in found.by_hand:
        say(f"note: {shown} has a form that is not understood; add this to it:")
        for line in ["", *text.splitlines(), ""]:
            say(line)
        left = _LEFT_TO_DO
    if not found.changes:
        if not found.by_hand:
            say("nothing to do: everything is in place")
        return left
    if not yes and not _agreed():
        return _LEFT_TO_DO
    write_all(found.changes)
    say(f"written: {', '.join(change.shown for change in found.changes)}")
    return left


def _tell(summary: Summary, found: Plan) -> None:
    """Say what was found, and what is left out."""
    from migrate_guard.report.summary import environment_line

    for environment in summary.environments:
        say(environment_line(environment, ()))
    for note in found.notes:
        say(f"note: {note}")


def _agreed() -> bool:
    """Ask whether to write, where there is somebody to ask."""
    if not (sys.stdin and sys.stdin.isatty() and output.is_terminal()):
        say("note: nothing is written: there is no terminal to ask at; to write it: migrate-guard init --yes")
        return False
    return click.confirm("Write this?", err=True)


def _painted(diff: str, colour: bool) -> str:
    """Return a diff as a terminal shows it: what would disturb one is spelled out; elsewhere as it is."""
    if not colour:
        return diff
    from migrate_guard.report.terminal import Style, visible

    style = Style(colour=True)
    signs = {"+": "cyan", "-": "red", "@": "dim"}
    lines = (visible(line.rstrip("\r")) for line in diff.split("\n"))
    return "\n".join(style.paint(line, signs[line[0]]) if line[:1] in signs else line for line in lines)
