"""`check --write`: write the revisions that the models lack before they are judged with the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

import click

from migrate_guard.cli.messages import say
from migrate_guard.config import Config
from migrate_guard.errors import GuardError
from migrate_guard.record import replace

F = TypeVar("F", bound=Callable[..., object])


def missing_options(function: F) -> F:
    """Give a command the options that say whether and how missing revisions are written."""
    for option in (
        click.option("--no-hooks", is_flag=True, help="Do not run Alembic's post-write hooks on it."),
        click.option("-m", "--message", metavar="TEXT", help="The message of that revision."),
        click.option(
            "--write", is_flag=True, help="First write the revision that the models lack; with --models."
        ),
    ):
        function = option(function)
    return function


def write_missing(settings: Config, flags: Mapping[str, object]) -> Config:
    """Write what the models lack if the flags ask for it, say so on the standard error, and return the
    settings to judge with.

    Raise `GuardError` where that fails or flags do not go together.
    """
    if not flags["write"]:
        if flags["message"] is not None or flags["no_hooks"]:
            raise GuardError("--message and --no-hooks are about the revision of --write", "add --write")
        return settings
    if not settings.models:
        raise GuardError("--write needs the models that the revision is for", "add --models")
    if "static" in settings.models:
        raise GuardError(
            "--write lets the project's own Alembic make the revision, which static must not run",
            "leave out static: --models=auto",
        )
    if settings.staged or flags["base"]:
        raise GuardError("--write follows the revisions on the disk", "leave out --base and --staged")
    # That the file has a base must not keep anybody from writing; what is new is on the disk, too.
    settings = replace(settings, base=None)
    _write(settings, flags)
    return settings


def _write(settings: Config, flags: Mapping[str, object]) -> None:
    from migrate_guard.check.write import write_revisions

    message = flags["message"]
    text = message if isinstance(message, str) else None
    for written in write_revisions(settings, text, hooks=not flags["no_hooks"]):
        for path in written.paths:
            say(f"wrote {path}")
        if not written.paths:
            say("nothing to write")
        for line in written.unwritten:
            say(f"not written: {line}")
