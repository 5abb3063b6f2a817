"""The directives on constraints and indexes.

Part of the library that gives Alembic's names their meaning (second stage).
"""

from __future__ import annotations

from typing import get_args

from migrate_guard.evaluate.library.constraints import (
    column_names,
    foreign_key,
    index_parts,
    read_check,
    read_exclude,
    read_index,
    read_unique,
)
from migrate_guard.evaluate.library.directives.site import Site
from migrate_guard.evaluate.library.indexes import concurrently, default_name, emit_create_index
from migrate_guard.evaluate.library.reading import (
    Unreadable,
    certain_flag,
    items,
    schema_name,
    shown,
    subject,
    text,
)
from migrate_guard.evaluate.library.signature import Bound
from migrate_guard.evaluate.values import Value
from migrate_guard.operations import (
    AddConstraint,
    Constraint,
    ConstraintKind,
    DropConstraint,
    DropIndex,
    PrimaryKey,
    TableName,
)


def _add(site: Site, table: TableName, constraint: Constraint) -> None:
    site.emit(AddConstraint, table=table, constraint=constraint)


def _named(site: Site) -> Bound:
    """Return the arguments under the names that SQLAlchemy's constraints give them."""
    values = {**site.given.values, **site.options, "name": site["constraint_name"]}
    return Bound(site.call, values, site.given.rest, site.options)


def create_unique_constraint(site: Site) -> Value:
    """Record `op.create_unique_constraint(…)`."""
    table = site.table()
    columns = column_names(items(site["columns"]), "columns", site.notes)
    _add(site, table, read_unique(_named(site), columns, site.notes))
    return None


def create_primary_key(site: Site) -> Value:
    """Record `op.create_primary_key(…)`."""
    table = site.table()
    columns = column_names(items(site["columns"]), "columns", site.notes)
    name = text(site["constraint_name"], "name of the primary key", site.notes)
    _add(site, table, PrimaryKey(name, columns))
    return None


def create_foreign_key(site: Site) -> Value:
    """Record `op.create_foreign_key(…)`."""
    table = site.table("source_table", "source_schema")
    target = TableName(
        subject(site["referent_table"], "table that is referred to"), schema_name(site["referent_schema"])
    )
    columns = column_names(items(site["local_cols"]), "columns", site.notes)
    target_columns = column_names(items(site["remote_cols"]), "columns that are referred to", site.notes)
    _add(site, table, foreign_key(_named(site), columns, target, target_columns, site.notes))
    return None


def create_check_constraint(site: Site) -> Value:
    """Record `op.create_check_constraint(…)`."""
    table = site.table()
    _add(site, table, read_check(_named(site), site["condition"], site.notes))
    return None


def create_exclude_constraint(site: Site) -> Value:
    """Record `op.create_exclude_constraint(…)`."""
    table = site.table()
    name = site["constraint_name"]
    _add(site, table, read_exclude(site.given, site.given.rest, name, site.notes))
    return None


def drop_constraint(site: Site) -> Value:
    """Record `op.drop_constraint(…)`."""
    table = site.table()
    site.emit(
        DropConstraint,
        table=table,
        name=text(site["constraint_name"], "name of the constraint", site.notes),
        kind=_kind(site["type_"], site),
        if_exists=certain_flag(site["if_exists"], "if_exists", site.notes),
    )
    return None


def _kind(value: Value, site: Site) -> ConstraintKind | None:
    if value is None:
        return None
    known: dict[str, ConstraintKind] = {kind: kind for kind in get_args(ConstraintKind)}
    if isinstance(value, str) and value in known:
        return known[value]
    if isinstance(value, str):
        raise Unreadable(f"{shown(value)} is no kind of constraint")
    site.notes.unknown("the kind of the constraint is not known")
    return None


def create_index(site: Site) -> Value:
    """Record `op.create_index(…)`."""
    table = site.table()
    parts = index_parts(items(site["columns"]), site.notes)
    name = text(site["index_name"], "name of the index", site.notes)
    index = read_index(
        default_name(name, table, parts, site.machine),
        table,
        parts,
        site.given,
        site.machine.dialect,
        site.notes,
    )
    if_not_exists = certain_flag(site["if_not_exists"], "if_not_exists", site.notes)
    emit_create_index(index, site.given, if_not_exists, site.call, site.machine, site.notes)
    return None


def drop_index(site: Site) -> Value:
    """Record `op.drop_index(…)`; Alembic needs the table on MySQL only."""
    schema = site.batch.schema if site.batch is not None else schema_name(site["schema"])
    table = site.batch
    if table is None and site["table_name"] is not None:
        table = site.table()
    site.emit(
        DropIndex,
        name=text(site["index_name"], "name of the index", site.notes),
        schema=schema,
        table=table,
        concurrently=concurrently(site.given, site.machine, site.notes),
        if_exists=certain_flag(site["if_exists"], "if_exists", site.notes),
    )
    return None
