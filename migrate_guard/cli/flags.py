"""Flags of the command line as settings of the configuration; shared by the subcommands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from migrate_guard.config import options
from migrate_guard.errors import GuardError


def here() -> Path:
    """Return the working directory. Raise `GuardError` if it was removed."""
    try:
        return Path.cwd()
    except FileNotFoundError as error:
        raise GuardError("the working directory does not exist any more", "change to another one") from error


def given(flags: Mapping[str, str | tuple[str, ...] | None]) -> dict[str, object]:
    """Return the flags that were given, as the configuration file would hold them."""
    found: dict[str, object] = {}
    for option in options.OPTIONS:
        value = flags.get(option.flag.strip("-").replace("-", "_").lower())
        if value:
            found[option.name] = _raw(option.name, value)
    return found


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
