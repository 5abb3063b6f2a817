"""Which rules look at which operations: found once per dialect, not once per operation."""

from __future__ import annotations

from migrate_guard.check.collect import Collector
from migrate_guard.dialect import Dialect
from migrate_guard.evaluate.outcome import Direction
from migrate_guard.operations import Operation
from migrate_guard.rule import OperationRule, RevisionRule, RevisionView, Rule

_DIRECTIONS: tuple[Direction, ...] = ("upgrade", "downgrade")


class Dispatch:
    """The rules that apply to one dialect, ordered by what they look at."""

    def __init__(self, rules: tuple[Rule, ...], dialect: Dialect) -> None:
        applying = [rule for rule in rules if dialect.family in rule.info.dialects]
        self._revision = [rule for rule in applying if isinstance(rule, RevisionRule)]
        self._operation = [rule for rule in applying if isinstance(rule, OperationRule)]
        self._by_class: dict[tuple[type[Operation], Direction], list[OperationRule]] = {}

    def run(self, view: RevisionView, collector: Collector) -> None:
        """Run all of them on one revision."""
        for rule in self._revision:
            collector.on_revision(rule, view)
        for direction in _DIRECTIONS:
            for step in view.steps(direction):
                for looking in self._looking(type(step.operation), direction):
                    collector.on_step(looking, step)

    def _looking(self, kind: type[Operation], direction: Direction) -> list[OperationRule]:
        key = (kind, direction)
        if key not in self._by_class:
            self._by_class[key] = [
                rule for rule in self._operation if direction in rule.directions and issubclass(kind, rule.on)
            ]
        return self._by_class[key]
