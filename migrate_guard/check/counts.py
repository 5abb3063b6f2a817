"""Count what was read and what was not: once per place in the source, over all dialects."""

from __future__ import annotations

from collections import Counter

from migrate_guard.evaluate.outcome import Evaluation
from migrate_guard.operations import Opaque, Operation


class Counts:
    """The numbers of one environment's upgrades."""

    def __init__(self) -> None:
        self._read: set[tuple[object, ...]] = set()
        self._conditional: set[tuple[object, ...]] = set()
        self._opaque: dict[tuple[object, ...], str] = {}

    def add(self, evaluation: Evaluation) -> None:
        """Count the operations of one evaluation.

        A call that cannot be followed but touches no table only gives a value; what that value is used
        for counts on its own.
        """
        for transition in evaluation.transitions:
            operation = transition.operation
            if isinstance(operation, Opaque):
                if operation.may_touch != ():
                    self._opaque[_place(operation)] = operation.reason
                continue
            self._read.add(_place(operation))
            if operation.conditional:
                self._conditional.add(_place(operation))

    @property
    def operations(self) -> int:
        """How many operations were read."""
        return len(self._read)

    @property
    def opaque(self) -> int:
        """How many could not be read."""
        return len(self._opaque)

    @property
    def conditional(self) -> int:
        """How many of those that were read depend on something undecidable."""
        return len(self._conditional)

    @property
    def reasons(self) -> Counter[str]:
        """Why operations could not be read, and how often."""
        return Counter(self._opaque.values())


def _place(operation: Operation) -> tuple[object, ...]:
    return (operation.span, operation.calls[-1] if operation.calls else None, type(operation))
