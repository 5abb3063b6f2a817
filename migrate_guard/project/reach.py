"""Which of the project's modules an `env.py` brings in, judged by the import statements alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from migrate_guard.pattern import pattern
from migrate_guard.project.environment import Environment
from migrate_guard.project.modules import find_module, search_path
from migrate_guard.project.nearby import text_of
from migrate_guard.project.paths import is_within

_MOST_MODULES = 400
# Not `ast`: a whole application is read here, and a statement too many only makes the answer more careful.
_IMPORT = pattern(
    r"(?m)^[ \t]*(?:import[ \t]+(?P<modules>[\w., \t]+)"
    r"|from[ \t]+(?P<base>[\w.]+)[ \t]+import[ \t]+(?P<names>\([^)]*\)|[^\n#]+(?:\\\n[^\n#]*)*))"
)
_NAME = pattern(r"(?P<name>[\w*]+)(?:\s+as\s+\w+)?")
_DYNAMIC = pattern(
    r"\b(?:importlib|pkgutil|__import__|import_string|import_module|find_modules|load_entry_point"
    r"|entry_points|autodiscover\w*|walk_packages|iter_modules|runpy|exec)\b"
)


@lru_cache(maxsize=8)
def imported_files(environment: Environment) -> frozenset[Path] | None:
    """Return the project's files that `env.py` imports, directly and through each other, with itself.

    Imports inside functions count. `None` where the imports cannot tell: a module is imported by a name
    that is put together, or there are too many.
    """
    if environment.env_py is None:
        return None
    seen: set[Path] = set()
    pending = [environment.env_py]
    while pending:
        file = pending.pop()
        if file in seen:
            continue
        seen.add(file)
        text = text_of(file)
        if len(seen) > _MOST_MODULES or _DYNAMIC.search(text) or _is_unread(file, text):
            return None
        for dotted in _imported(file, text, environment):
            pending.extend(_files(dotted, environment))
    return frozenset(seen)


def _is_unread(file: Path, text: str) -> bool:
    try:
        return not text and file.stat().st_size > 0
    except OSError:
        return True


def _imported(file: Path, text: str, environment: Environment) -> Iterator[str]:
    """Go through the dotted names that a file may import; what is imported from a module may be one too."""
    for found in _IMPORT.finditer(text):
        if found["modules"]:
            yield from (part.split()[0] for part in found["modules"].split(",") if part.split())
            continue
        base = _absolute(found["base"], file, environment)
        if base is None:
            continue
        yield base
        names = re.sub(r"#[^\n]*", "", found["names"])
        yield from (f"{base}.{name['name']}" for name in _NAME.finditer(names))


def _absolute(base: str, file: Path, environment: Environment) -> str | None:
    level = len(base) - len(base.lstrip("."))
    if not level:
        return base
    package = module_name(file, environment)
    if package is None:
        return None
    parts = package.split(".") if file.name == "__init__.py" else package.split(".")[:-1]
    kept = parts[: len(parts) - (level - 1)]
    return ".".join([*kept, *([base[level:]] if base[level:] else [])])


def module_name(file: Path, environment: Environment) -> str | None:
    """Return the dotted name by which the project would import one of its files."""
    for root in search_path(environment):
        if not is_within(file, root):
            continue
        parts = list(file.relative_to(root).with_suffix("").parts)
        dotted = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        # Below a directory such as `my-service` nothing is imported from above it.
        names = all(part.isidentifier() for part in parts)
        if dotted and names and find_module(dotted, environment) == file:
            return dotted
    return None


def _files(dotted: str, environment: Environment) -> Iterator[Path]:
    """Go through the files that importing a module runs: its own and those of the packages around it."""
    parts = dotted.split(".")
    for end in range(1, len(parts) + 1):
        file = find_module(".".join(parts[:end]), environment)
        if file is not None:
            yield file
