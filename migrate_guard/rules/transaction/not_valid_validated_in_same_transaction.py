"""NOT VALID constraints that are validated while the lock of adding them is still held."""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.finding import Problem, Related, Severity
from migrate_guard.operations import AddConstraint, Check, ForeignKey, ValidateConstraint
from migrate_guard.rule import Step, operation_rule
from migrate_guard.rules._facts import of_kind, same_transaction


@operation_rule(on=ValidateConstraint, severity=Severity.WARNING, dialects={"postgresql"})
def not_valid_validated_in_same_transaction(step: Step[ValidateConstraint]) -> Iterator[Problem]:
    """Validating in the transaction that adds a constraint keeps its strong lock during the scan."""
    operation = step.operation
    if step.is_new(operation.table):
        return
    for added in of_kind(step.earlier(), AddConstraint):
        constraint = added.operation.constraint
        if (
            added.operation.table == operation.table
            and isinstance(constraint, (Check, ForeignKey))
            and constraint.name == operation.name
            and same_transaction(added, step)
        ):
            hold = added.effect.hold_on(operation.table)
            lock = f"the {hold.lock} lock" if hold is not None else "the lock"
            yield Problem(
                f"validating {operation.name} in the transaction that adds it reads all of {operation.table} "
                f"under {lock} of adding it",
                label="NOT VALID has no effect",
                help="validate it in a revision of its own, with transaction_per_migration=True in env.py",
                related=(Related("added here", added.operation.span),),
                subject=f"{operation.table}.{operation.name}",
            )
