"""Add, drop, rename and validate constraints; part of the replay."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from migrate_guard.operations import (
    UNKNOWN,
    AddConstraint,
    AlterConstraint,
    Check,
    Constraint,
    ConstraintKind,
    DropConstraint,
    Exclude,
    ForeignKey,
    PrimaryKey,
    RenameConstraint,
    TableName,
    Unique,
    Unknown,
    ValidateConstraint,
)
from migrate_guard.record import replace
from migrate_guard.schema.conventions import dropped_name
from migrate_guard.schema.model import Schema, Table
from migrate_guard.schema.names import fit, object_name
from migrate_guard.schema.replay.elements import (
    by_convention,
    is_mysql,
    with_constraint,
    with_implied_not_null,
)
from migrate_guard.schema.replay.known import (
    columns_of,
    descendants,
    doubted,
    place,
    with_columns,
    with_target,
    with_used,
)
from migrate_guard.schema.text import identifiers

_CLASSES: dict[ConstraintKind, type[Constraint]] = {
    "foreignkey": ForeignKey,
    "primary": PrimaryKey,
    "unique": Unique,
    "check": Check,
    "exclude": Exclude,
}


def add_constraint(schema: Schema, operation: AddConstraint, revision: str | None) -> Schema:
    """Return the schema with the constraint on the table and on its partitions."""
    schema, table = with_used(schema, operation.table, revision)
    if table is None:
        return schema
    (constraint,) = by_convention(schema, operation, table.name, (operation.constraint,))
    named = fit(constraint.name, schema.dialect) if isinstance(constraint.name, str) else None
    if operation.if_not_exists and named is not None and table.constraint(named) is not None:
        return schema
    schema = with_target(schema, constraint, revision)
    table = with_columns(schema, schema.tables[schema.key(table.name)], columns_of(constraint))
    schema = schema.with_table(with_constraint(schema, table, constraint))
    for key in descendants(schema, table.name):
        child = schema.tables[key]
        inherited = _for_child(constraint, child)
        if inherited is not None:
            schema = schema.with_table(with_constraint(schema, child, inherited))
    return schema


def _for_child(constraint: Constraint, child: Table) -> Constraint | None:
    """Return what a partition gets of its parent's new constraint; inheritance passes on checks only."""
    if isinstance(constraint, Check):
        return constraint
    if child.partition_of is None or isinstance(constraint, Exclude):
        return None
    return constraint if isinstance(constraint, ForeignKey) else replace(constraint, name=None)


def drop_constraint(schema: Schema, operation: DropConstraint, revision: str | None) -> Schema:
    """Return the schema without the constraint; where it is not clear which one, the table is in doubt."""
    schema, table = with_used(schema, operation.table, revision)
    if table is None:
        return schema
    found = _wanted(schema, table, operation)
    if found is None:
        return schema.with_table(_without_named(schema, table, operation))
    kept = tuple(c for c in table.constraints if c is not found)
    schema = schema.with_table(replace(table, constraints=kept))
    for key in descendants(schema, table.name):
        schema = schema.with_table(_without_inherited(schema.tables[key], found))
    if operation.cascade and isinstance(found, (PrimaryKey, Unique)):
        return _without_keys_on(schema, table, found, operation)
    return schema


def _wanted(schema: Schema, table: Table, operation: DropConstraint) -> Constraint | None:
    if operation.kind == "primary" and (is_mysql(schema) or not isinstance(operation.name, str)):
        return table.primary_key
    if not isinstance(operation.name, str):
        return None
    real = dropped_name(operation, schema.naming, schema.dialect)
    name = fit(real if isinstance(real, str) else operation.name, schema.dialect)
    if isinstance(real, Unknown):
        found = _given_so(table, name) or table.constraint(name)
    else:
        found = table.constraint(name)
    return found or _only(_unnamed(table, operation, name))


def _given_so(table: Table, name: str) -> Check | None:
    """Return the CHECK whose name is that of the dropped one after an unknown convention, or `None`."""
    same = next((check for check in table.checks if check.given == name), None)
    # The script may have written out what the convention makes of the name, with `op.f()`.
    written = [c for c in table.checks if isinstance(c.name, str) and name in c.name]
    return same or (written[0] if len(written) == 1 else None)


def _unnamed(table: Table, operation: DropConstraint, name: str) -> Sequence[Constraint]:
    """Return the constraints without a known name that may be meant.

    Alembic's batch gives the nameless constraints of SQLite the names of a naming convention. Several of
    a kind are told apart by their columns, which every usual convention writes into the name.
    """
    kind = None if operation.kind is None else _CLASSES.get(operation.kind)
    nameless = [c for c in table.constraints if not isinstance(c.name, str) and _may_be(c, name)]
    fitting = [c for c in nameless if kind is None or isinstance(c, kind)]
    conventional = operation.batch is not None and operation.batch.naming_convention
    if not conventional:
        # An undecidable name may be any name; a constraint that has none cannot be dropped by one.
        fitting = [c for c in fitting if isinstance(c.name, Unknown) or isinstance(c, PrimaryKey)]
    if len(fitting) < 2:
        return fitting
    ending = [c for c in fitting if isinstance(c, Check) and c.given and name.strip("`").endswith(c.given)]
    if ending:
        # Nearly every convention ends with the given name.
        return [max(ending, key=lambda check: len(check.given or ""))]
    return [c for c in fitting if columns_of(c) and all(column in name for column in columns_of(c))]


def _may_be(constraint: Constraint, name: str) -> bool:
    """Tell whether a name may be that of a constraint: a convention that changes a given one keeps it."""
    return not isinstance(constraint, Check) or constraint.given is None or constraint.given in name


def _only(found: Sequence[Constraint]) -> Constraint | None:
    return found[0] if len(found) == 1 else None


def _without_named(schema: Schema, table: Table, operation: DropConstraint) -> Table:
    """Handle a name that is no listed constraint: a unique index, a NOT NULL, or nothing that is known."""
    if not isinstance(operation.name, str):
        return doubted(table, f"a constraint without a known name is dropped ({place(operation)})")
    name = fit(operation.name, schema.dialect)
    if is_mysql(schema) and table.index(name) is not None:
        return replace(table, indexes=tuple(i for i in table.indexes if i is not table.index(name)))
    column = _not_null_of(table, name) if schema.dialect == "postgresql" else None
    if column is not None:
        changed = replace(table.columns[column], nullable=True)
        return replace(table, columns={**table.columns, column: changed})
    if _hides(table, operation) or dropped_name(operation, schema.naming, schema.dialect) is UNKNOWN:
        return doubted(table, f"which constraint {name!r} is could not be told ({place(operation)})")
    return table


def _not_null_of(table: Table, name: str) -> str | None:
    """Return the column whose NOT NULL PostgreSQL 18 gives this name."""
    names = (c for c in table.columns if object_name(table.name.name, c, "not_null") == name)
    return next(names, None)


def _hides(table: Table, operation: DropConstraint) -> bool:
    kind = None if operation.kind is None else _CLASSES.get(operation.kind)
    conventional = operation.batch is not None and operation.batch.naming_convention
    return any(
        (isinstance(c.name, Unknown) or (c.name is None and conventional))
        and (kind is None or isinstance(c, kind))
        for c in table.constraints
    )


def _without_inherited(table: Table, gone: Constraint) -> Table:
    """Return a partition without what it has from the dropped constraint of its parent."""

    def same(constraint: Constraint) -> bool:
        if isinstance(gone, (PrimaryKey, Unique)):
            return type(constraint) is type(gone) and columns_of(constraint) == columns_of(gone)
        return type(constraint) is type(gone) and constraint.name == gone.name

    if table.partition_of is None and not isinstance(gone, Check):
        return table
    return replace(table, constraints=tuple(c for c in table.constraints if not same(c)))


def _without_keys_on(
    schema: Schema, target: Table, gone: PrimaryKey | Unique, operation: DropConstraint
) -> Schema:
    """Return the schema without the foreign keys that rest on a dropped key, `target` being as it was before.

    Of several keys over the same columns PostgreSQL takes the oldest (`transformFkeyCheckAttrs`).
    """
    wanted, columns = schema.key(target.name), frozenset(columns_of(gone))
    keys = (c for c in target.constraints if isinstance(c, (PrimaryKey, Unique)))
    if next((c for c in keys if frozenset(columns_of(c)) == columns), gone) is not gone:
        return schema
    twins = [i for i in target.indexes if i.unique is not False and frozenset(i.columns) == columns]

    def rests(constraint: Constraint) -> bool:
        if not isinstance(constraint, ForeignKey) or isinstance(constraint.target, Unknown):
            return False
        if isinstance(constraint.target_columns, Unknown) or schema.key(constraint.target) != wanted:
            return False
        return frozenset(constraint.target_columns) == columns

    for name in schema.linked("foreign key", target.name):
        table = schema.tables[name]
        if not any(map(rests, table.constraints)):
            continue
        if twins:
            reason = f"a foreign key may rest on the index {twins[0].name} instead ({place(operation)})"
            schema = schema.with_table(doubted(table, reason))
        else:
            kept = tuple(c for c in table.constraints if not rests(c))
            schema = schema.with_table(replace(table, constraints=kept))
    return schema


def _with_changed(
    schema: Schema,
    named: tuple[TableName, str],
    change: Callable[[Constraint], Constraint],
    revision: str | None,
) -> Schema:
    schema, table = with_used(schema, named[0], revision)
    if table is None:
        return schema
    found = table.constraint(fit(named[1], schema.dialect))
    changed = tuple(change(c) if c is found else c for c in table.constraints)
    return schema.with_table(replace(table, constraints=changed))


def rename_constraint(schema: Schema, operation: RenameConstraint, revision: str | None) -> Schema:
    """Return the schema with the constraint, and the index behind it, under the new name."""
    to = fit(operation.to, schema.dialect)
    named = (operation.table, operation.name)
    return _with_changed(schema, named, lambda constraint: _renamed(constraint, to), revision)


def _renamed(constraint: Constraint, to: str) -> Constraint:
    if isinstance(constraint, Exclude):
        return replace(constraint, name=to)
    return replace(constraint, name=to, given=None)


def validate_constraint(schema: Schema, operation: ValidateConstraint, revision: str | None) -> Schema:
    """Return the schema with the constraint validated."""

    def change(constraint: Constraint) -> Constraint:
        if isinstance(constraint, (ForeignKey, Check)):
            return replace(constraint, validated=True)
        return constraint

    schema = _with_changed(schema, (operation.table, operation.name), change, revision)
    table = schema.tables.get(schema.key(operation.table))
    found = None if table is None else table.constraint(fit(operation.name, schema.dialect))
    return (
        schema if table is None or found is None else schema.with_table(with_implied_not_null(table, found))
    )


def alter_constraint(schema: Schema, operation: AlterConstraint, revision: str | None) -> Schema:
    """Return the schema with the constraint's deferrability changed."""
    words = identifiers(operation.detail.lower(), ("deferrable", "not"))
    if "deferrable" not in words:
        return schema
    deferrable = "not deferrable" not in " ".join(operation.detail.lower().split())

    def change(constraint: Constraint) -> Constraint:
        if isinstance(constraint, (ForeignKey, Unique)):
            return replace(constraint, deferrable=deferrable)
        return constraint

    return _with_changed(schema, (operation.table, operation.name), change, revision)
