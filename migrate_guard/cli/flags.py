"""Flags of the command line as settings of the configuration; shared by the subcommands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from migrate_guard.config import options
from migrate_guard.errors import GuardError

if TYPE_CHECKING:
    from migrate_guard.config import Config

F = TypeVar("F", bound=Callable[..., object])

_EITHER = ("--models", "--database-url")
_LOADING = {
    "--models-fallback": ("--models",),
    "--version-table": ("--database-url",),
    "--python": _EITHER,
    "--app": _EITHER,
    "-x": _EITHER,
}
"""Flags that say how something is reached, and the flags that ask for it."""


def project_options(function: F) -> F:
    """Give a command the options that say which environments are meant, and for which databases."""
    for option in (
        click.option(
            "--config", metavar="FILE", help="The configuration file; else the nearest one is read."
        ),
        click.option("--dialect", multiple=True, metavar="NAME[:VERSION]", help=options.DIALECTS.help),
        click.option("-d", "--directory", metavar="DIRECTORY", help=options.DIRECTORY.help),
        click.option("-n", "--section", multiple=True, metavar="NAME", help=options.SECTIONS.help),
        click.option("-c", "--alembic-config", multiple=True, metavar="FILE", help=options.CONFIG_FILES.help),
    ):
        function = option(function)
    return function


def novelty_options(function: F) -> F:
    """Give a command the options that say which revisions are new."""
    for option in (
        click.option("--staged", is_flag=True, help="Judge what is staged to be committed, as it is staged."),
        click.option(
            "--pre-commit", is_flag=True, help="Judge what pre-commit runs for: staged, pushed or all files."
        ),
        click.option("--base", is_flag=False, flag_value="auto", metavar="[REF]", help=options.BASE.help),
        click.option("--since", metavar="REVISION", help=options.SINCE.help),
    ):
        function = option(function)
    return function


def verdict_options(function: F) -> F:
    """Give a command the options that say which rules run, at which level, and what fails."""
    for option in (
        click.option("--baseline", metavar="FILE", help=options.BASELINE.help),
        click.option("--fail-on", metavar="LEVEL", help=options.FAIL_ON.help),
        click.option("--severity", multiple=True, metavar="RULE=LEVEL", help=options.SEVERITY.help),
        click.option("--ignore", multiple=True, metavar="RULE,…", help=options.IGNORE.help),
        click.option("--select", multiple=True, metavar="RULE,…", help=options.SELECT.help),
    ):
        function = option(function)
    return function


def loading_options(function: F) -> F:
    """Give a command the options that say how models and databases are reached."""
    for option in (
        click.option("--models-fallback", metavar="static", help=options.MODELS_FALLBACK.help),
        click.option("-x", "x", multiple=True, metavar="KEY=VALUE", help=options.X.help),
        click.option("--app", metavar="NAME", help=options.APP.help),
        click.option("--python", metavar="FILE", help=options.PYTHON.help),
        click.option("--version-table", metavar="NAME", help=options.VERSION_TABLE.help),
    ):
        function = option(function)
    return function


def here() -> Path:
    """Return the working directory. Raise `GuardError` if it was removed."""
    try:
        return Path.cwd()
    except FileNotFoundError as error:
        raise GuardError("the working directory does not exist any more", "change to another one") from error


def settings_of(
    flags: Mapping[str, str | tuple[str, ...] | bool | None], config: str | None, root: Path | None = None
) -> Config:
    """Return the configuration in a directory, the working one by default, with the flags of a command.

    `config` is the file that `--config` names. Raise `GuardError` for what is not understood in either.
    """
    from migrate_guard.config import load_config
    from migrate_guard.rule_list import families

    file = here() / config if config else None
    return load_config(here() if root is None else root, families(), given(flags), file)


def given(flags: Mapping[str, str | tuple[str, ...] | bool | None]) -> dict[str, object]:
    """Return the flags that were given, as the configuration file would hold them.

    Raise `GuardError` for one with an empty value: that of a variable that is not set must not count as a
    flag that nobody gave.
    """
    found: dict[str, object] = {}
    for option in options.OPTIONS:
        value = flags.get(_parameter(option.flag))
        if value == "" or (isinstance(value, tuple) and "" in value):
            raise GuardError(f"{option.flag}: the value is empty", "write one, or leave this out")
        if value and not isinstance(value, bool):
            found[option.name] = _raw(option.name, value)
    return found


def check_loading(settings: Config, flags: Mapping[str, object]) -> None:
    """Raise `GuardError` for a flag about how models or databases are reached where none is looked at."""
    for option, asks in _LOADING.items():
        possible = [flag for flag in asks if _parameter(flag) in flags]
        wanted = {"--models": settings.models, "--database-url": settings.database_url}
        if flags.get(_parameter(option)) and not any(wanted[flag] for flag in possible):
            raise GuardError(f"{option} does nothing without {' or '.join(possible)}", f"add {possible[0]}")


def _parameter(flag: str) -> str:
    """Return the name under which click hands over a flag."""
    return flag.strip("-").replace("-", "_").lower()


def _raw(name: str, value: str | tuple[str, ...]) -> object:
    if isinstance(value, str):
        return value
    if name == options.SEVERITY.name:
        return dict(_assignment(item) for item in _split(value))
    if name in (options.SELECT.name, options.IGNORE.name, options.DIALECTS.name):
        return _split(value)
    return list(value)


def _split(values: Iterable[str]) -> list[str]:
    return [part.strip() for value in values for part in value.split(",") if part.strip()]


def _assignment(text: str) -> tuple[str, str]:
    name, equals, level = text.partition("=")
    if not equals:
        raise GuardError(
            f"--severity: expected RULE=LEVEL, found {text!r}", "write --severity drop-column=warning"
        )
    return name.strip(), level.strip()
