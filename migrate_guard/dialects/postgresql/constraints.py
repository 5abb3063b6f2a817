"""Claims about PostgreSQL: constraints."""

from __future__ import annotations

from migrate_guard.dialects.effect import Effect, combined
from migrate_guard.dialects.groups import ConstraintOperation
from migrate_guard.dialects.postgresql.locks import (
    ACCESS_EXCLUSIVE,
    ALTER_TABLE,
    ROW_SHARE,
    SHARE_ROW_EXCLUSIVE,
    SHARE_UPDATE_EXCLUSIVE,
    known_table,
    locked,
    scanned,
)
from migrate_guard.operations import (
    AddConstraint,
    AlterConstraint,
    Check,
    Constraint,
    DropConstraint,
    Exclude,
    ForeignKey,
    PrimaryKey,
    RenameConstraint,
    TableName,
    Unique,
    Unknown,
    ValidateConstraint,
    assert_never,
)
from migrate_guard.record import replace
from migrate_guard.schema import Schema, Table


def effect_of(operation: ConstraintOperation, before: Schema) -> Effect:
    """Return what PostgreSQL does for an operation on constraints."""
    match operation:
        case AddConstraint():
            return added_constraint(operation.table, operation.constraint, before)
        case DropConstraint():
            return _dropped(operation, before)
        case RenameConstraint():
            return locked(operation.table, ACCESS_EXCLUSIVE, ALTER_TABLE)
        case ValidateConstraint():
            return _validated(operation, before)
        case AlterConstraint():
            return _altered(operation)
        case _:
            assert_never(operation)


def added_constraint(table: TableName, constraint: Constraint, before: Schema) -> Effect:
    """Claim what adding a constraint to a table that holds rows does.

    ALTER TABLE, Notes: "NOT VALID" passes over the rows; every other check reads them.
    """
    match constraint:
        case ForeignKey():
            return _added_foreign_key(table, constraint)
        case Check():
            return _checked(table, constraint)
        case Unique() | PrimaryKey() if constraint.using_index is not None:
            return _made_from_index(table, constraint, before)
        case Unique() | PrimaryKey() | Exclude():
            return scanned(table, ACCESS_EXCLUSIVE, ALTER_TABLE)
        case _:
            assert_never(constraint)


def _added_foreign_key(table: TableName, key: ForeignKey) -> Effect:
    """Claim a foreign key: SHARE ROW EXCLUSIVE on both tables (ALTER TABLE, ADD table_constraint)."""
    own = locked(table, SHARE_ROW_EXCLUSIVE, ALTER_TABLE, long=key.validated)
    if key.validated:
        own = replace(own, scans=(table,))
    if isinstance(key.target, Unknown):
        return own.in_doubt()
    target = locked(key.target, SHARE_ROW_EXCLUSIVE, ALTER_TABLE, long=key.validated)
    if key.validated:
        target = replace(target, scans=(key.target,))
    return combined([own, target], held=True)


def _checked(table: TableName, check: Check) -> Effect:
    if check.validated:
        return scanned(table, ACCESS_EXCLUSIVE, ALTER_TABLE)
    return locked(table, ACCESS_EXCLUSIVE, ALTER_TABLE)


def _made_from_index(table: TableName, constraint: Unique | PrimaryKey, before: Schema) -> Effect:
    """Claim USING INDEX: short, but a primary key reads the rows unless its columns are NOT NULL."""
    short = locked(table, ACCESS_EXCLUSIVE, ALTER_TABLE)
    if isinstance(constraint, Unique):
        return short
    found = known_table(before, table)
    if found is None or isinstance(constraint.columns, Unknown) or not constraint.columns:
        return short.in_doubt()
    columns = [found.columns.get(name) for name in constraint.columns]
    if all(column is not None and column.nullable is False for column in columns):
        return short
    # A valid CHECK may stand in for NOT NULL here too.
    return short.in_doubt() if found.checks else scanned(table, ACCESS_EXCLUSIVE, ALTER_TABLE)


def _dropped(operation: DropConstraint, before: Schema) -> Effect:
    """Claim what DROP CONSTRAINT does: a foreign key locks the other table just as much."""
    own = locked(operation.table, ACCESS_EXCLUSIVE, ALTER_TABLE)
    table = known_table(before, operation.table)
    found = (
        table.constraint(operation.name) if table is not None and isinstance(operation.name, str) else None
    )
    if table is None or found is None:
        return own if operation.kind in {"check", "exclude", "notnull"} else own.in_doubt()
    others = _tied_tables(table, found, before, cascade=operation.cascade)
    return combined([own, *(locked(name, ACCESS_EXCLUSIVE, ALTER_TABLE) for name in others)], held=True)


def _tied_tables(table: Table, found: Constraint, before: Schema, *, cascade: bool) -> list[TableName]:
    """Return the other tables that dropping a constraint locks."""
    if isinstance(found, ForeignKey):
        return [] if isinstance(found.target, Unknown) else [found.target]
    if cascade and isinstance(found, (PrimaryKey, Unique)) and not isinstance(found.columns, Unknown):
        return [
            other.name
            for other, key in before.referring(table.name)
            if not key.target_columns or key.target_columns == found.columns
        ]
    return []


def _validated(operation: ValidateConstraint, before: Schema) -> Effect:
    """Claim what VALIDATE CONSTRAINT does: it reads the rows while others read and write."""
    own = scanned(operation.table, SHARE_UPDATE_EXCLUSIVE, ALTER_TABLE)
    table = before.table(operation.table)
    found = None if table is None else table.constraint(operation.name)
    if isinstance(found, ForeignKey) and not isinstance(found.target, Unknown):
        return combined([own, scanned(found.target, ROW_SHARE, ALTER_TABLE)], held=True)
    return own


def _altered(operation: AlterConstraint) -> Effect:
    """Claim what ALTER CONSTRAINT does; making it ENFORCED (PostgreSQL 18) may read the rows."""
    own = locked(operation.table, ACCESS_EXCLUSIVE, ALTER_TABLE)
    words = operation.detail.upper()
    if not words or "ENFORCED" in words or "INHERIT" in words:
        return own.in_doubt()
    return own
