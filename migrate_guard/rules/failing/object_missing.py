"""Operations on tables, columns, indexes and constraints that are not there at that point."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from migrate_guard.errors import nearest
from migrate_guard.finding import Confidence, Problem, Related, Severity
from migrate_guard.operations import (
    AddColumn,
    AddConstraint,
    AlterColumn,
    ConstraintName,
    CreateIndex,
    DropColumn,
    DropConstraint,
    DropIndex,
    DropTable,
    Operation,
    RenameColumn,
    RenameTable,
    TableName,
    Unknown,
)
from migrate_guard.pattern import pattern
from migrate_guard.rule import RevisionView, Step, revision_rule
from migrate_guard.rules._facts import of_kind
from migrate_guard.schema import Table
from migrate_guard.schema.conventions import dropped_name

# The names that PostgreSQL and MySQL give, as the replay does where the script gives none.
_SERVER_NAME = pattern(r"_(fkey|key|check|excl)\d*$|_ibfk_\d+$|_chk_\d+$|^CONSTRAINT_\d+$")


@revision_rule(severity=Severity.ERROR)
def object_missing(view: RevisionView) -> Iterator[Problem]:
    """An operation on something that the history does not have at that point fails."""
    for step in (*view.steps("upgrade"), *view.steps("downgrade")):
        if not step.operation.conditional:
            yield from _missing(step)


def _missing(step: Step[Operation]) -> Iterator[Problem]:
    name = _table_of(step.operation)
    if name is None or getattr(step.operation, "if_exists", False):
        return
    table = step.before.table(name)
    if table is None:
        yield from _absent_table(step, name)
    elif table.known:
        yield from _missing_columns(step, table)
        if not _names_are_open(step):
            yield from _missing_index(step, table)
            yield from _missing_constraint(step, table)


def _names_are_open(step: Step[Operation]) -> bool:
    """Tell whether indexes and constraints may be there under a name that is not known here.

    A naming convention names what the script does not, and one that could not be read may. On SQLite a batch
    takes place all at once at its end: an index is still there when a column of it has been dropped before
    in the same batch.
    """
    if isinstance(step.before.naming, Unknown):
        return True
    batch = step.operation.batch
    if step.dialect.family != "sqlite" or batch is None:
        return False
    return any(drop.operation.batch == batch for drop in of_kind(step.earlier(), DropColumn))


def _table_of(operation: Operation) -> TableName | None:
    if isinstance(operation, CreateIndex):
        return operation.index.table
    kinds = (AddColumn, DropColumn, AlterColumn, RenameColumn, AddConstraint, DropConstraint)
    if isinstance(operation, (*kinds, DropTable, RenameTable, DropIndex)):
        return operation.table
    return None


def _absent_table(step: Step[Operation], name: TableName) -> Iterator[Problem]:
    place = step.before.dropped.get(step.before.key(name))
    if place is None:
        yield from _never_created(step, name)
        return
    yield Problem(
        f"there is no table {name} at this point: the history has dropped or renamed it",
        severity=_severity(step),
        label=f"no {name}",
        related=(Related(f"{name} goes away here", place),),
        span=step.operation.span,
        subject=str(name),
    )


def _never_created(step: Step[Operation], name: TableName) -> Iterator[Problem]:
    # Another history may have created it; only a name close to one of this history's speaks against that.
    if not step.before.certain(name):
        return
    near = nearest(str(name), map(str, step.before.tables), 0.8)
    if near:
        yield Problem(
            f"no revision creates a table {name}",
            label=f"no {name}",
            help=f"did you mean {near}?",
            span=step.operation.span,
            severity=Severity.WARNING,
            confidence=Confidence.POSSIBLE,
            subject=str(name),
        )


def _missing_columns(step: Step[Operation], table: Table) -> Iterator[Problem]:
    for column in _columns_of(step.operation):
        if column not in table.columns:
            yield _problem(step, f"{table.name} has no column {column}", column, table.columns)


def _columns_of(operation: Operation) -> tuple[str, ...]:
    if isinstance(operation, (DropColumn, AlterColumn, RenameColumn)):
        return (operation.column,)
    if isinstance(operation, CreateIndex):
        return operation.index.columns
    if isinstance(operation, AddConstraint):
        columns = getattr(operation.constraint, "columns", ())
        return () if isinstance(columns, Unknown) else tuple(columns)
    return ()


def _missing_index(step: Step[Operation], table: Table) -> Iterator[Problem]:
    operation = step.operation
    if not isinstance(operation, DropIndex) or not isinstance(operation.name, str):
        return
    known = [index.name for index in table.indexes] + [key.name for key in table.uniques]
    if operation.name in known or any(not isinstance(name, str) for name in known):
        return
    if step.before.table_of_index(operation.name, operation.schema) is not None:
        return
    names = [name for name in known if isinstance(name, str)]
    yield _problem(step, f"{table.name} has no index {operation.name}", operation.name, names)


def _missing_constraint(step: Step[Operation], table: Table) -> Iterator[Problem]:
    operation = step.operation
    if not isinstance(operation, DropConstraint):
        return
    wanted = dropped_name(operation, step.before.naming, step.before.dialect)
    if not isinstance(wanted, str):
        return
    if operation.kind == "primary" and step.dialect.family == "mysql":
        return  # DROP PRIMARY KEY, whatever the name
    known = [constraint.name for constraint in table.constraints] + [index.name for index in table.indexes]
    if wanted in known or any(_may_have_another_name(name) for name in known):
        return
    names = [name for name in known if isinstance(name, str)]
    yield _problem(step, f"{table.name} has no constraint {wanted}", wanted, names)


def _may_have_another_name(name: ConstraintName) -> bool:
    """Tell whether the script may have left the name open: a convention that is not known then gave it."""
    return not isinstance(name, str) or _SERVER_NAME.search(name) is not None


def _problem(step: Step[Operation], text: str, wanted: str, known: Iterable[str]) -> Problem:
    near = nearest(wanted, known)
    created = step.before.table(_table_of(step.operation) or TableName(""))
    made = created.created if created is not None else None
    return Problem(
        f"{text} at this point",
        label=f"no {wanted}",
        help=f"did you mean {near}?" if near else None,
        related=(Related(f"{created.name} is created here", made),) if created and made else (),
        span=step.operation.span,
        severity=_severity(step),
        subject=wanted,
    )


def _severity(step: Step[Operation]) -> Severity | None:
    return Severity.WARNING if step.direction == "downgrade" else None
