"""From raw values to settings: one reader per kind of value that an option can take.

A reader gets what TOML or a flag gave, checks it, and raises `BadValueError` for what it cannot mean.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeAlias, TypeVar

from migrate_guard.dialect import DIALECTS, Dialect, parse_dialect
from migrate_guard.errors import GuardError, nearest
from migrate_guard.finding import Severity
from migrate_guard.record import dataclass

LEVELS: Mapping[str, Severity] = {str(level): level for level in reversed(Severity)}
NEVER = "never"
A_VERSION: Mapping[str, str] = {"postgresql": "15", "mysql": "8.0", "mariadb": "10.11", "sqlite": "3"}


@dataclass(frozen=True, slots=True)
class Setting:
    """Where a raw value comes from: `base` is the directory of its paths, `families` maps every rule
    to its family."""

    base: Path
    families: Mapping[str, str]

    def names(self) -> frozenset[str]:
        """Return everything that `select`, `ignore` and `severity` may name."""
        return frozenset(self.families) | frozenset(self.families.values())


T = TypeVar("T", covariant=True)
Reader: TypeAlias = Callable[[object, Setting], T]


class BadValueError(Exception):
    """A value that an option cannot take; `value` is the part to point at, `hint` what would do."""

    def __init__(self, message: str, hint: str | None = None, value: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.value = value


def text(raw: object, setting: Setting) -> str:  # every reader has this shape
    """Read a string that is not empty."""
    if not isinstance(raw, str):
        raise BadValueError(f"expected a string, found {_shown(raw)}")
    if not raw.strip():
        raise BadValueError("the value is empty", "write one, or leave this out")
    return raw


def texts(raw: object, setting: Setting) -> tuple[str, ...]:
    """Read a list of strings."""
    if not isinstance(raw, (list, tuple)):
        hint = f"write [{_shown(raw)}]" if isinstance(raw, str) else None
        raise BadValueError(f"expected a list of strings, found {_shown(raw)}", hint)
    return tuple(text(item, setting) for item in raw)


def boolean(raw: object, setting: Setting) -> bool:  # every reader has this shape
    """Read `true` or `false`."""
    if isinstance(raw, bool):
        return raw
    raise BadValueError(f"expected true or false, found {_shown(raw)}")


def seconds(raw: object, setting: Setting) -> float:
    """Read a positive number."""
    if isinstance(raw, (int, float)) and not isinstance(raw, bool) and 0 < raw < float("inf"):
        return float(raw)
    raise BadValueError(f"expected a positive number, found {_shown(raw)}")


def models(raw: object, setting: Setting) -> tuple[str, ...]:
    """Read a list of models: `module:attribute`, `auto` or `static`."""
    names = texts(raw, setting)
    for name in names:
        module, colon, attribute = name.partition(":")
        parts = [*module.split("."), *attribute.split(".")]
        if name not in ("auto", "static") and not (colon and all(part.isidentifier() for part in parts)):
            raise BadValueError(
                f"expected module:attribute, auto or static, found {_shown(name)}",
                "write --models shop.db:Base.metadata, or --models=auto before a path",
                name,
            )
    if {"auto", "static"} <= set(names):
        raise BadValueError(
            "auto loads the models and static only reads them",
            'name one of them; with `models-fallback = "static"` models that cannot be loaded are read',
        )
    return names


def fallback(raw: object, setting: Setting) -> str:
    """Read what takes the place of loading models: only `static`."""
    word = text(raw, setting)
    if word != "static":
        hint = "leave it out to end the run where models cannot be loaded"
        raise BadValueError(f"expected static, found {_shown(word)}", hint, word)
    return word


def path(raw: object, setting: Setting) -> Path:
    """Read a path; a relative one counts from the directory of the file that names it."""
    return setting.base / text(raw, setting)


def paths(raw: object, setting: Setting) -> tuple[Path, ...]:
    """Read a list of paths."""
    return tuple(setting.base / item for item in texts(raw, setting))


def rule_names(raw: object, setting: Setting) -> tuple[str, ...]:
    """Read a list of rules and families."""
    names = texts(raw, setting)
    for name in names:
        _check_name(name, setting)
    return names


def severities(raw: object, setting: Setting) -> Mapping[str, Severity]:
    """Read a table of rules and families with their levels."""
    if not isinstance(raw, Mapping):
        raise BadValueError(
            f"expected a table with levels, found {_shown(raw)}", 'write { rule-name = "warning" }'
        )
    found: dict[str, Severity] = {}
    for name, level in raw.items():
        _check_name(str(name), setting)
        found[str(name)] = _severity(level, setting)
    return found


def threshold(raw: object, setting: Setting) -> Severity | None:
    """Read a level, or `never`, which is `None`."""
    return None if raw == NEVER else _severity(raw, setting, NEVER)


def dialects(raw: object, setting: Setting) -> tuple[Dialect, ...]:
    """Read a list of dialects with or without server versions."""
    return tuple(_dialect(item) for item in texts(raw, setting))


def _severity(raw: object, setting: Setting, *more: str) -> Severity:
    word = text(raw, setting)
    if word in LEVELS:
        return LEVELS[word]
    if word in ("off", "none", "ignore"):
        hint = "name the rule in `ignore` to switch it off"
    else:
        near = nearest(word, [*LEVELS, *more])
        hint = f"did you mean {near!r}?" if near else f"use {', '.join([*LEVELS, *more])}"
    raise BadValueError(f"unknown severity {word!r}", hint, word)


def _check_name(name: str, setting: Setting) -> None:
    if name not in setting.names():
        near = nearest(name, setting.names())
        hint = f"did you mean {near!r}?" if near else "`migrate-guard rules` lists the rules and families"
        raise BadValueError(f"unknown rule or family {name!r}", hint, name)


def _dialect(word: str) -> Dialect:
    try:
        return parse_dialect(word)
    except GuardError as error:
        name = word.partition(":")[0]
        near = nearest(name, DIALECTS)
        hint = f"did you mean {near!r}?" if near else error.hint
        if near == name:
            hint = f"use the name and a server version: {name}:{A_VERSION[near]}"
        raise BadValueError(error.message, hint, word) from error


def _shown(raw: object) -> str:
    """Return a raw value as TOML would spell it, shortened."""
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, str):
        return '"' + (raw if len(raw) <= 40 else raw[:39] + "…") + '"'
    if isinstance(raw, (list, tuple)):
        return "a list"
    return "a table" if isinstance(raw, Mapping) else str(raw)
