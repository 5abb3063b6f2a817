"""Database drivers among a project's declared dependencies."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from migrate_guard.dialect import DialectName
from migrate_guard.pattern import pattern
from migrate_guard.project.nearby import text_of
from migrate_guard.project.paths import is_file, is_within
from migrate_guard.record import dataclass

# The distributions behind https://docs.sqlalchemy.org/en/20/dialects/, by normalised name.
_DRIVERS: dict[str, DialectName] = {
    "psycopg": "postgresql",
    "psycopg-binary": "postgresql",
    "psycopg-c": "postgresql",
    "psycopg2": "postgresql",
    "psycopg2-binary": "postgresql",
    "psycopg2cffi": "postgresql",
    "asyncpg": "postgresql",
    "pg8000": "postgresql",
    "mysqlclient": "mysql",
    "mysql-connector-python": "mysql",
    "pymysql": "mysql",
    "asyncmy": "mysql",
    "aiomysql": "mysql",
    "mariadb": "mariadb",
    "aiosqlite": "sqlite",
}
_NAMES = "|".join(sorted((name.replace("-", "[-_.]") for name in _DRIVERS), key=len, reverse=True))
# A requirement begins a line or a quoted string, or is the key of a Poetry or Pipenv table.
_REQUIREMENT = pattern(rf"(?im)(?:^\s*|[\"'])(?P<name>{_NAMES})(?=\s*(?:[\[<>=!~;@\"',#]|$))")
_OLD_SQLALCHEMY = pattern(
    r"(?im)(?:^\s*|[\"'])sqlalchemy(?![-\w])[^#\n]*?"
    r"(?:(?:===?|~=|\^|<=?)\s*1\.\d|<\s*2(?:\.0)*(?![.\d]))"
)
_FILES = ("pyproject.toml", "setup.cfg", "setup.py", "Pipfile")


@dataclass(frozen=True, slots=True)
class Driver:
    """A driver that a project declares; `file` is where."""

    name: str
    dialect: DialectName
    file: Path


def declared_drivers(start: Path, root: Path) -> tuple[Driver, ...]:
    """Return the drivers that the project declares: the nearest directory with any declarations.

    The search goes from `start` up to `root`. What stands further up belongs to a larger project.
    """
    found = {driver.name: driver for file in _declarations(start, root) for driver in drivers_in(file)}
    return tuple(found.values())


def keeps_to_old_sqlalchemy(start: Path, root: Path) -> bool:
    """Tell whether the project's declarations keep SQLAlchemy below 2.0."""
    return any(_OLD_SQLALCHEMY.search(text_of(file)) for file in _declarations(start, root))


def _declarations(start: Path, root: Path) -> list[Path]:
    for directory in (start, *start.parents):
        if directory != start and not is_within(directory, root):
            break
        files = [file for file in _files(directory) if is_file(file)]
        if files:
            return files
    return []


def drivers_in(file: Path) -> tuple[Driver, ...]:
    """Return the drivers that one file declares."""
    found: dict[str, Driver] = {}
    lines = text_of(file).splitlines()
    for line in (one for one in lines if not one.lstrip().startswith("#")):
        for match in _REQUIREMENT.finditer(line.partition(" #")[0]):
            name = re.sub(r"[-_.]+", "-", match["name"]).lower()
            found.setdefault(name, Driver(name, _DRIVERS[name], file))
    return tuple(found.values())


def _files(directory: Path) -> Iterator[Path]:
    yield from (directory / name for name in _FILES)
    try:
        yield from sorted(directory.glob("*requirements*.txt"))
        yield from sorted(directory.glob("requirements/*.txt"))
    except OSError:
        return
