"""`migrate-guard schema`: the schema that the migrations build, or what changes between two revisions."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from migrate_guard.cli import output
from migrate_guard.cli.flags import project_options, settings_of
from migrate_guard.cli.messages import say
from migrate_guard.errors import GuardError

if TYPE_CHECKING:
    from migrate_guard.report import Style
    from migrate_guard.snapshot import Change, Snapshot, Snapshots

FORMATS = ("text", "json", "sql", "mermaid")
HEADS = "heads"
_RANGE = ".."
_DONE, _COULD_NOT_LOOK = 0, 2


@click.command("schema")
@click.argument("arguments", metavar="[REVISION | A..B] [PATH]...", nargs=-1)
@project_options
@click.option(
    "--format", "form", type=click.Choice(FORMATS), default="text", show_default=True, help="How to print it."
)
@click.option("-o", "--output", "target", metavar="FILE", help="Write it into a file.")
@click.option("-v", "--verbose", is_flag=True, help="List everything that is not certain.")
@output.color_option
@click.option("--debug", is_flag=True, hidden=True)
def command(
    arguments: tuple[str, ...],
    form: str,
    target: str | None,
    verbose: bool,
    color: str,
    debug: bool,
    config: str | None,
    **flags: str | tuple[str, ...] | None,
) -> int:
    """Print the schema that stands after REVISION: without a database, from the migrations alone.

    REVISION is named as for Alembic: an id or its beginning, a branch label, head, heads (the default),
    base, head-1. A..B prints what changes from A to B. An argument that is a file or directory is a PATH
    whose environments are shown; label@head names a branch that is called like one.

    What could not be read is marked: ? in the text, comments in SQL and Mermaid, certain and unknown in
    JSON. Exit code: 0, or 2 if it could not look.
    """
    del debug  # read where an error ends the run
    from migrate_guard.report import Style

    symbol, paths = _split(arguments)
    settings = settings_of({**flags, "paths": paths}, config)
    colour = output.wants_colour(color, os.environ, target is None and output.is_terminal())
    style = Style(output.width(os.environ), colour, verbose)
    if _RANGE in symbol:
        from migrate_guard.snapshot import change

        first, _, last = symbol.partition(_RANGE)
        changes = change(settings, first or "base", last or HEADS)
        text, taken = _render_changes(changes.found, form, style), _tell(changes)
    else:
        from migrate_guard.snapshot import snapshots

        schemas = snapshots(settings, symbol)
        text, taken = _render(schemas.found, form, style), _tell(schemas)
    _write(text, target, colour)
    return taken


def _split(arguments: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """Tell the revision from the paths. Raise `GuardError` for a second argument that is no path."""
    paths = tuple(one for one in arguments if _is_path(one))
    symbols = [one for one in arguments if one not in paths]
    if len(symbols) > 1:
        raise GuardError(
            f"{symbols[1]}: there is no such file or directory, and {symbols[0]} already names a revision",
            "write A..B for what changes from A to B",
        )
    return (symbols[0] if symbols else HEADS), paths


def _is_path(argument: str) -> bool:
    """Tell whether an argument is a path: one that is there, or that could be nothing else."""
    return os.path.exists(argument) or argument.endswith(".py") or "/" in argument or os.sep in argument  # noqa: PTH110  # unlike Path.exists, never raises


def _tell(taken: Snapshots[Snapshot] | Snapshots[Change]) -> int:
    """Say what is left out and return the exit code."""
    for line in taken.left_out:
        say(f"note: left out: {line}")
    for line in taken.skipped:
        say(f"error: {line}")
    return _COULD_NOT_LOOK if taken.skipped else _DONE


def _render(found: Sequence[Snapshot], form: str, style: Style) -> str:
    from migrate_guard.report import schema

    if form == "json":
        return schema.schema_json(found)
    if form == "sql":
        return schema.sql(found)
    if form == "mermaid":
        return schema.mermaid(found)
    return schema.schema_text(found, style)


def _render_changes(found: Sequence[Change], form: str, style: Style) -> str:
    from migrate_guard.report import schema

    if form == "json":
        return schema.changes_json(found)
    if form == "text":
        return schema.changes_text(found, style)
    raise GuardError(
        f"--format {form} prints a schema, not what changes between two revisions",
        "use --format text or json for A..B, or name one revision",
    )


def _write(text: str, target: str | None, colour: bool) -> None:
    if target is not None:
        output.write_file(text, Path(target))
    else:
        output.write(text, colour)
