"""Ask for the evidence beyond the scripts: models and databases, where the configuration wants them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import field
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from migrate_guard.config import Config
from migrate_guard.dialect import Dialect
from migrate_guard.errors import GuardError
from migrate_guard.evaluate.histories import Variant, histories
from migrate_guard.evaluate.history import History
from migrate_guard.judgement import InternalError
from migrate_guard.operations import TableName
from migrate_guard.project import Environment, Graph
from migrate_guard.record import dataclass, replace
from migrate_guard.schema import Schema

if TYPE_CHECKING:
    from migrate_guard.evidence.database.state import DatabaseEvidence
    from migrate_guard.evidence.models.compare import Replay
    from migrate_guard.evidence.models.difference import ModelsEvidence
    from migrate_guard.evidence.probing import Loading
    from migrate_guard.evidence.running import RunningModels


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What models and databases say, and as far as a rule asked the models of the base: `running`.

    `failures` tell what was asked for and could not be looked at, `errors` where that was a bug of ours.
    """

    models: ModelsEvidence | None = None
    databases: tuple[DatabaseEvidence, ...] = ()
    running: tuple[RunningModels, ...] = ()
    failures: tuple[str, ...] = ()
    errors: tuple[InternalError, ...] = ()


@dataclass(frozen=True, slots=True)
class _Attempts:
    """What came of looking at one environment."""

    environment: str
    failures: list[str] = field(default_factory=list)
    errors: list[InternalError] = field(default_factory=list)

    def of(self, look: Callable[[], T]) -> T | None:
        """Return what looking gives, `None` where it fails."""
        try:
            return look()
        except GuardError as error:
            hint = f" ({error.hint})" if error.hint else ""
            self.failures.append(f"{self.environment}: {error.message}{hint}")
        except Exception as error:  # noqa: BLE001 - a bug here must not lose what the scripts told
            self.errors.append(InternalError("", self.environment, f"{type(error).__name__}: {error}"))
        return None


def gather(environment: Environment, graph: Graph, variants: Sequence[Variant], config: Config) -> Evidence:
    """Return the evidence that the configuration asks for."""
    attempts = _Attempts(environment.name)
    models = attempts.of(partial(_models, environment, graph, variants, config))
    found: list[DatabaseEvidence] = []
    for database in _databases(environment, config):
        one = attempts.of(partial(_database, environment, graph, database, variants, config))
        found += [] if one is None else [one]
    failures, errors = tuple(attempts.failures), tuple(attempts.errors)
    return Evidence(models, tuple(found), failures=failures, errors=errors)


def _models(
    environment: Environment, graph: Graph, variants: Sequence[Variant], config: Config
) -> ModelsEvidence | None:
    if not config.models:
        return None
    # Most runs do without, and none of them should pay for the import.
    from migrate_guard.evidence.models.compare import STATIC, compare_models
    from migrate_guard.evidence.models.static import compare_static
    from migrate_guard.evidence.probing import ProbeError

    replays = [at_heads(variant, graph) for variant in variants]
    if STATIC in config.models:
        return compare_static(environment, replays, config.models, config.root)
    try:
        return compare_models(environment, replays, config.models, loading(config), config.root)
    except ProbeError as error:
        if config.models_fallback is None:
            raise
        try:
            return compare_static(environment, replays, config.models, config.root, error.message)
        except GuardError as second:
            raise GuardError(f"{error.message}; {second.message}", second.hint) from second


def loading(config: Config) -> Loading:
    """Return how the configuration says that the project's code is loaded."""
    from migrate_guard.evidence.probing import Loading, interpreter_of

    return Loading(interpreter_of(config.python, config.models_timeout), config.app, config.x)


def at_heads(variant: Variant, graph: Graph) -> Replay:
    """Return the schema that a history ends in."""
    from migrate_guard.evidence.models.compare import Replay

    schema = variant.history.schema_at(graph.heads)
    return Replay(
        variant.dialect, variant.database, schema, partial(_last_touched, variant.history), graph.heads
    )


def _last_touched(history: History, table: TableName, part: str | None) -> str | None:
    """Return the last revision that touched a part of a table by its name, or else the table itself."""
    found = whole = None
    for replayed in history.replay():
        for transition in replayed.upgrade.transitions:
            operation = transition.operation
            if getattr(operation, "table", None) == table:
                whole = replayed.revision
                found = whole if part is not None and _names(operation, part) else found
    return found or whole


def _names(operation: object, part: str) -> bool:
    for value in vars(operation).values():
        several = value if isinstance(value, tuple) and not hasattr(value, "name") else (value,)
        if any(getattr(one, "name", one) == part for one in several):
            return True
    return False


def _databases(environment: Environment, config: Config) -> Iterator[str | None]:
    """Go through the databases to look at: with a URL the first one, with `auto` all that `env.py` knows."""
    if config.database_url is not None:
        every = environment.databases or (None,)
        yield from every if config.database_url == "auto" else every[:1]


def _database(
    environment: Environment,
    graph: Graph,
    database: str | None,
    variants: Sequence[Variant],
    config: Config,
) -> DatabaseEvidence:
    from migrate_guard.evidence.database.look import Target, look_at_database

    def schema_at(dialect: Dialect, revisions: tuple[str, ...]) -> Schema:
        for_dialect = replace(environment, dialects=(dialect,))
        (history,) = (
            one.history for one in histories(for_dialect, graph, config.root) if one.database == database
        )
        return history.schema_at(revisions)

    schemas = {name.schema for one in variants for name in one.history.schema_at(graph.heads).tables}
    target = Target(config.database_url or "auto", config.version_table, database)
    return look_at_database(
        environment, graph, target, schema_at, sorted(schemas - {""}), loading(config), config.root
    )
