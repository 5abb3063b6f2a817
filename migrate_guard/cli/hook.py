"""`migrate-guard-hook`: judge the script that Alembic has just written, from its post-write hooks.

Alembic does not look at exit codes of hooks, so that what is printed has to say everything.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from migrate_guard.cli import output
from migrate_guard.cli.flags import here, project_options, settings_of, verdict_options
from migrate_guard.cli.messages import say, say_bug
from migrate_guard.errors import GuardError

if TYPE_CHECKING:
    from migrate_guard.config import Config
    from migrate_guard.judgement import Judgement

_COULD_NOT_CHECK = 2


@click.command("migrate-guard-hook")
@click.argument("script", metavar="FILE")
@project_options
@verdict_options
@output.color_option
@click.option("--debug", is_flag=True, hidden=True)
def command(
    script: str, color: str, debug: bool, config: str | None, **flags: str | tuple[str, ...] | None
) -> int:
    """Judge the revision in FILE, which Alembic has just written; print to the standard error.

    Everything else is read to know what it builds on. Exit code: 0 nothing found, 1 findings at or above
    --fail-on, 2 it could not check.
    """
    del debug  # read where an error ends the run
    from migrate_guard.verdict import exit_code

    file = Path(script)
    try:
        settings = _settings(file.absolute(), config, flags)
        judgement = _of_script(settings, file)
    except GuardError as error:
        hint = f" ({error.hint})" if error.hint else ""
        say(f"migrate-guard: the new revision is not judged: {error.message}{hint}")
        return _COULD_NOT_CHECK
    _print(judgement, color)
    return exit_code(judgement, settings.fail_on)


def _settings(file: Path, config: str | None, flags: dict[str, str | tuple[str, ...] | None]) -> Config:
    """Return the project's settings for judging one file.

    The file is new, and in no commit yet: what says how new a revision must be is left out, and so is what
    would run code of the project or connect to a database.
    """
    from migrate_guard.record import replace

    # Alembic can be run from anywhere; the settings then are those of the place that it writes to.
    root = here() if here() in file.parents else file.parent
    found = settings_of(flags, config, root)
    return replace(found, paths=(file,), base=None, since=None, models=(), database_url=None)


def _of_script(settings: Config, file: Path) -> Judgement:
    """Judge a file, and leave out what is said of the rest of the project.

    Raise `GuardError` if the file is not judged.
    """
    from migrate_guard.check import check
    from migrate_guard.record import replace

    judgement = check(settings)
    own = {one.revision for one in judgement.judged}
    places = {one.path for one in judgement.judged} or {_shown(settings, file)}
    kept = tuple(one for one in judgement.findings if one.revision in own or one.span.path in places)
    if not own and not kept:
        raise GuardError(
            f"{file}: is kept out by exclude, or is not a revision", "name the file of a revision"
        )
    return replace(judgement, findings=kept)


def _shown(settings: Config, file: Path) -> str:
    from migrate_guard.project.paths import shown_path

    return shown_path(file.absolute(), settings.root)


def _print(judgement: Judgement, color: str) -> None:
    from migrate_guard.report.terminal import Style
    from migrate_guard.report.text import text

    for error in judgement.internal_errors:
        say_bug(f"{error.rule or 'reading'} failed on {error.place}: {error.error}")
    is_terminal = bool(sys.stderr) and sys.stderr.isatty()
    colour = output.wants_colour(color, os.environ, is_terminal)
    click.echo(text(judgement, Style(output.width(os.environ), colour)), nl=False, err=True, color=colour)
