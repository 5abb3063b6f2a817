"""What the order of a deploy makes of a change: the release that is running may still map what it takes."""

from __future__ import annotations

from migrate_guard.evidence.running import RunningModels, Use
from migrate_guard.finding import Confidence, Severity
from migrate_guard.operations import Operation, TableName
from migrate_guard.record import dataclass
from migrate_guard.rule import Step


@dataclass(frozen=True, slots=True)
class Order:
    """What the order of a deploy says of something that goes away.

    `base` is the release that is running and maps it, `None` where it is not known whether one does.
    `severity` and `confidence` are `None` where they are those of the rule and the step.
    """

    base: str | None
    notes: tuple[str, ...]
    severity: Severity | None = None
    confidence: Confidence | None = None

    @property
    def who(self) -> str:
        """Which code it breaks, as the subject of a sentence."""
        return (
            "running code that still maps it" if self.base is None else f"{self.base}, which still maps it,"
        )

    @property
    def whom(self) -> str:
        """Which code it breaks, as an object."""
        return "the code that is running" if self.base is None else f"{self.base}, which is running"


def deploy_order(step: Step[Operation], table: TableName, column: str | None = None) -> Order | None:
    """Return what taking a table or a column away means for the running release, `None` if nothing.

    With a base its models decide; without one any release may be running.
    """
    running = step.revision.running
    if running is None:
        return Order(None, ("the order of the deploy is not known; with --base, the base's models decide",))
    use = used(step, running, table, column)
    if use.mapped is False:
        return None
    if use.mapped is None:
        note = f"whether the models of {running.base} still have it could not be read: {use.reason}"
        return Order(None, (note,), confidence=Confidence.POSSIBLE)
    where = "" if use.span is None else f" in {use.span}"
    doubt = None if use.certain else Confidence.POSSIBLE
    return Order(running.base, (f"{running.base} still maps it{where}",), Severity.ERROR, doubt)


def used(step: Step[Operation], running: RunningModels, table: TableName, column: str | None = None) -> Use:
    """Return whether the running release maps a table under the name that it had before the deploy."""
    return running.use(_former_name(step, table), column)


def _former_name(step: Step[Operation], table: TableName) -> TableName:
    now = step.before.table(table)
    if step.deployed.table(table) is not None or now is None or now.created is None:
        return table
    return next((old.name for old in step.deployed.tables.values() if old.created == now.created), table)
