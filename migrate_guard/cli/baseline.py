"""`migrate-guard baseline`: record the findings of today; and what `check` does once one of them is gone."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click

from migrate_guard.baseline import DEFAULT_NAME, BaselineUse, Entry, render
from migrate_guard.cli import output
from migrate_guard.cli.flags import check_loading, project_options, settings_of
from migrate_guard.cli.messages import say
from migrate_guard.config import options
from migrate_guard.errors import GuardError
from migrate_guard.judgement import Judgement


@click.command("baseline")
@click.argument("paths", nargs=-1)
@project_options
@click.option(
    "--baseline", metavar="FILE", help=f"The file; else what the configuration names, or {DEFAULT_NAME}."
)
@click.option("--prune", is_flag=True, help="Only remove what is gone; record nothing.")
@click.option(
    "--models",
    multiple=True,
    is_flag=False,
    flag_value="auto",
    metavar="[MODULE:ATTRIBUTE]",
    help="Record what the models show too, as with check --models.",
)
@click.option("--python", metavar="FILE", help=options.PYTHON.help)
@click.option("--app", metavar="NAME", help=options.APP.help)
@click.option("--debug", is_flag=True, hidden=True)
def command(prune: bool, debug: bool, config: str | None, **flags: str | tuple[str, ...] | None) -> None:
    """Record the findings of the whole history, so that `check` speaks only of later ones.

    What was recorded and is gone is removed, unless PATHS or options look at a part of the project only.
    What a database says is not recorded. Exit code: 0, or 2 if something could not be looked at.
    """
    del debug  # read where an error ends the run
    from migrate_guard.check.recording import record
    from migrate_guard.report.summary import plural

    settings = settings_of(flags, config)
    check_loading(settings, flags)
    folder = settings.file.parent if settings.file is not None else settings.root
    file = settings.baseline or folder / DEFAULT_NAME
    made = record(settings, file, prune)
    shown = made.baseline.shown
    _write(made.entries, file, shown)
    changes = f"{made.new} new, {made.gone} gone"
    output.write(f"{shown}: {plural(len(made.entries), 'finding')} recorded ({changes})\n")
    if settings.baseline is None:
        say(f'note: to use it, write into the configuration: {options.BASELINE.name} = "{DEFAULT_NAME}"')


def shrink(judgement: Judgement, use: BaselineUse, environ: Mapping[str, str]) -> None:
    """Remove what is gone from a baseline, on a developer's machine; in CI, say that it is to be done.

    A run that could not look at everything removes nothing.
    """
    if not use.gone or judgement.skipped or judgement.internal_errors:
        return
    number = len(use.gone)
    what = f"{number} recorded finding is" if number == 1 else f"{number} recorded findings are"
    shown = use.baseline.shown
    if environ.get("CI", "").lower() not in ("", "0", "false"):
        say(f"note: {shown}: {what} gone; to remove {_it(number)}: migrate-guard baseline --prune")
        return
    try:
        _write(use.shrunk(), use.baseline.file, shown)
    except GuardError as error:
        say(f"note: {what} gone, but {error.message}")
    else:
        say(f"note: {shown}: {what} gone, and removed from it")


def _it(number: int) -> str:
    return "it" if number == 1 else "them"


def _write(entries: tuple[Entry, ...], file: Path, shown: str) -> None:
    """Write a baseline, complete or not at all; a link stays one. Raise `GuardError` when that fails."""
    text = render(entries)
    try:
        target = file.resolve()
        if not target.is_file() or target.read_bytes() != text.encode():
            output.replace_file(text, target)
    except OSError as error:
        raise GuardError(
            f"{shown}: cannot be written: {error.strerror}", "name another with --baseline"
        ) from error
