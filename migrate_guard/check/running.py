"""Read the models of the base, once a rule asks what the release that is running maps."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from migrate_guard.check.opening import Opened
from migrate_guard.config import Config
from migrate_guard.dialect import Dialect
from migrate_guard.errors import GuardError
from migrate_guard.evaluate.histories import Variant
from migrate_guard.evidence.running import RunningModels

_Key = tuple[Dialect, str | None]


class Running:
    """The models of an environment's base, for each dialect and database that was asked about.

    `failures` tell where git could not say what the base has.
    """

    def __init__(self, opened: Opened, config: Config) -> None:
        self._opened = opened
        self._config = config
        self._found: dict[_Key, RunningModels] = {}
        self.failures: list[str] = []

    @property
    def asked(self) -> tuple[RunningModels, ...]:
        """What was read."""
        return tuple(self._found.values())

    def of(self, variant: Variant) -> Callable[[], RunningModels] | None:
        """Return what reads the models for a history, `None` without a base."""
        if self._opened.changes is None or not self._opened.forks:
            return None
        return partial(self._models, self._opened.changes.base, variant.dialect, variant.database)

    def _models(self, base: str, dialect: Dialect, database: str | None) -> RunningModels:
        key = (dialect, database)
        if key not in self._found:
            try:
                self._found[key] = self._read(base, dialect, database)
            except GuardError as error:
                self.failures.append(f"{self._opened.environment.name}: {error.message}")
                self._found[key] = RunningModels(base, reason=error.message)
        return self._found[key]

    def _read(self, base: str, dialect: Dialect, database: str | None) -> RunningModels:
        # Most runs do not ask, and none of them should pay for the import.
        from migrate_guard.evaluate.models import UnknownModelsError, read_models
        from migrate_guard.evidence.models.compare import named_models

        names, environment = named_models(self._config.models), self._opened.environment
        try:
            sides = tuple(
                read_models(environment, dialect, self._config.root, database, names, fork)
                for fork in self._opened.forks
            )
        except UnknownModelsError as error:
            return RunningModels(base, reason=error.message)
        if not any(not table.assumed for side in sides for table in side.schema.tables.values()):
            return RunningModels(base, reason="no models are found without importing them")
        return RunningModels(base, sides)
