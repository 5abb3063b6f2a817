"""SQLite's batch rebuilds of tables that others refer to."""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.finding import Confidence, Problem, Severity
from migrate_guard.operations import BatchContext, Operation, SetParameter
from migrate_guard.rule import RevisionView, Step, revision_rule
from migrate_guard.rules._facts import listed, rebuilds


@revision_rule(severity=Severity.WARNING, dialects={"sqlite"})
def batch_loses_rows(view: RevisionView) -> Iterator[Problem]:
    """A batch rebuild drops the old table, and with it the rows of tables that cascade from it."""
    seen: set[BatchContext] = set()
    for step in view.steps("upgrade"):
        batch = step.operation.batch
        if batch is None or batch in seen or not rebuilds(step.operation):
            continue
        seen.add(batch)
        children = _cascading(step, batch)
        if children and not step.is_new(batch.table) and not _switched_off(step):
            yield _problem(step, batch, children)


def _problem(step: Step[Operation], batch: BatchContext, children: tuple[str, ...]) -> Problem:
    return Problem(
        f"rebuilding {batch.table} drops the old table: where foreign keys are enforced, "
        f"the rows of {listed(children)} go with it",
        label=f"ON DELETE CASCADE empties {listed(children)}",
        help=(
            "switch enforcement off before anything else happens in the revision, and on again at its end:\n"
            '    op.execute("PRAGMA foreign_keys=OFF")'
        ),
        span=step.operation.span,
        confidence=Confidence.POSSIBLE,
        subject=str(batch.table),
    )


def _cascading(step: Step[Operation], batch: BatchContext) -> tuple[str, ...]:
    found = {
        str(child.name)
        for child, key in step.before.referring(batch.table)
        if child.name != batch.table and (key.ondelete or "").upper() in ("CASCADE", "SET NULL")
    }
    return tuple(sorted(found))


def _switched_off(step: Step[Operation]) -> bool:
    return any(
        isinstance(earlier.operation, SetParameter) and earlier.operation.name == "foreign_keys"
        for earlier in step.earlier()
    )
