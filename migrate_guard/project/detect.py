"""Which databases the migrations are for, and how that was found."""

from __future__ import annotations

from migrate_guard.config import Config
from migrate_guard.dialect import DIALECTS, Dialect, DialectName
from migrate_guard.project.drivers import declared_drivers
from migrate_guard.project.environment import Environment
from migrate_guard.project.graph import Graph
from migrate_guard.project.mentions import mentioned_dialects
from migrate_guard.project.nearby import text_of, texts_near
from migrate_guard.project.paths import shown_path
from migrate_guard.project.urls import dialects_in_code
from migrate_guard.record import dataclass, replace

__all__ = ["ASSUMED", "Clue", "detect", "with_dialects"]

ASSUMED = "assumed: nothing in the project names a database; use --dialect"


@dataclass(frozen=True, slots=True)
class Clue:
    """A dialect and what speaks for it, such as `psycopg in pyproject.toml`."""

    dialect: DialectName
    source: str


def with_dialects(environment: Environment, graph: Graph, config: Config) -> Environment:
    """Return the environment with its `dialects` and `dialect_reason`.

    `--dialect` and the configuration win. A URL of a database server settles the question. A URL of SQLite
    is often that of development only, so drivers and the revisions' own words are heard as well. With
    nothing found it is PostgreSQL, and the reason says that this is assumed.
    """
    if config.dialects:
        return replace(environment, dialects=config.dialects, dialect_reason="as configured")
    clues = detect(environment, graph, config)
    if not clues:
        return replace(environment, dialects=(Dialect("postgresql"),), dialect_reason=ASSUMED)
    found = {clue.dialect for clue in clues}
    sources = dict.fromkeys(clue.source for clue in clues)
    return replace(
        environment,
        dialects=tuple(Dialect(name) for name in DIALECTS if name in found),
        dialect_reason=f"from {' and '.join(sources)}",
    )


def detect(environment: Environment, graph: Graph, config: Config) -> tuple[Clue, ...]:
    """Return the clues that decide, one for each dialect; empty if there are none."""
    named = _directory_names(environment, config)
    if named:
        return named
    from_url = _configured_urls(environment, config) or _urls_in_code(environment, config)
    if any(clue.dialect != "sqlite" for clue in from_url):
        return from_url
    others = _drivers(environment, config)
    if not any(clue.dialect != "sqlite" for clue in others):
        others = (*others, *_mentions(graph))
    servers = tuple(clue for clue in others if clue.dialect != "sqlite")
    if from_url:
        return (*from_url, *servers)
    return servers or others[:1]


def _directory_names(environment: Environment, config: Config) -> tuple[Clue, ...]:
    """Look whether each versions directory is named after a dialect, as `versions/sqlite` is."""
    places = environment.version_locations
    found = tuple(
        Clue(dialect, f"the name of {shown_path(place, config.root)}")
        for place in places
        for dialect in DIALECTS
        if place.name == dialect
    )
    return found if len(found) == len(places) else ()


def _configured_urls(environment: Environment, config: Config) -> tuple[Clue, ...]:
    if environment.config_file is None:
        return ()
    shown = shown_path(environment.config_file, config.root)
    return tuple(Clue(dialect, f"sqlalchemy.url in {shown}") for dialect in environment.url_dialects)


def _urls_in_code(environment: Environment, config: Config) -> tuple[Clue, ...]:
    """Look for URL literals in `env.py`, then in the application's settings."""
    found: dict[DialectName, Clue] = {}
    env_py = environment.env_py
    if env_py is not None:
        for dialect in dialects_in_code(text_of(env_py), everywhere=True):
            found[dialect] = Clue(dialect, f"the URL in {shown_path(env_py, config.root)}")
    if found:
        return tuple(found.values())
    for file, text in texts_near(environment):
        for dialect in dialects_in_code(text, everywhere=False):
            found.setdefault(dialect, Clue(dialect, f"the database URL in {shown_path(file, config.root)}"))
    return tuple(found.values())


def _drivers(environment: Environment, config: Config) -> tuple[Clue, ...]:
    found: dict[DialectName, Clue] = {}
    for driver in declared_drivers(environment.root, config.root):
        source = f"{driver.name} in {shown_path(driver.file, config.root)}"
        found.setdefault(driver.dialect, Clue(driver.dialect, source))
    return tuple(found.values())


def _mentions(graph: Graph) -> tuple[Clue, ...]:
    return tuple(
        Clue(dialect, "what the revisions name") for dialect in mentioned_dialects(graph.scripts.values())
    )
