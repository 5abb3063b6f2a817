"""A schema, or a change of it, as JSON: contracts described by the two JSON schemas beside this module.

Within version 1, fields may be added; none is removed or changes its meaning. What is not known is `null`
and stands by name in the `unknown` of its object.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from migrate_guard.dialects.spelling import type_text
from migrate_guard.operations import (
    UNKNOWN,
    Check,
    Column,
    Computed,
    Exclude,
    ForeignKey,
    Index,
    PrimaryKey,
    TableName,
    Unique,
    Unknown,
)
from migrate_guard.report.schema import parts
from migrate_guard.report.schema.doubts import reasons
from migrate_guard.schema import EnumType, NamedObject, Schema, Table
from migrate_guard.schema.compare import Difference
from migrate_guard.snapshot import Change, Snapshot, Unread

VERSION = 1
Object = dict[str, object]


def schema_json(snapshots: Sequence[Snapshot]) -> str:
    """Return the schemas as one JSON document of ASCII characters, ending in a newline."""
    document = {"version": VERSION, "environments": [_environment(one) for one in snapshots]}
    return json.dumps(document, indent=2) + "\n"


def changes_json(changes: Sequence[Change]) -> str:
    """Return what changed as one JSON document of ASCII characters, ending in a newline."""
    document = {"version": VERSION, "environments": [_change(one) for one in changes]}
    return json.dumps(document, indent=2) + "\n"


def _environment(snapshot: Snapshot) -> Object:
    schema = snapshot.schema
    return {
        "name": snapshot.environment,
        "database": snapshot.database,
        "revision": snapshot.revisions[0] if len(snapshot.revisions) == 1 else None,
        "revisions": list(snapshot.revisions),
        "dialect": str(snapshot.dialect),
        "tables": [_table(table, snapshot) for table in parts.tables(schema)],
        "enums": [_enum(enum, schema) for enum in parts.enums(schema)],
        "views": [_view(view, schema) for view in parts.views(schema)],
        "sequences": [_sequence(sequence, schema) for sequence in parts.sequences(schema)],
        "objects": [_object(one, schema) for one in parts.others(schema)],
        "opaque": [_unread(unread) for unread in snapshot.unread],
        "complete": schema.complete,
        "doubts": list(dict.fromkeys(schema.doubts)),
        "notes": list(snapshot.notes),
    }


def _table(table: Table, snapshot: Snapshot) -> Object:
    key = table.primary_key
    return {
        **_named(table.name),
        "certain": table.certain,
        "assumed": table.assumed,
        "doubts": list(reasons(table)),
        "comment": table.comment,
        "revision": table.revision,
        "temporary": table.temporary,
        "partitioned": table.partitioned,
        "partition_of": None if table.partition_of is None else _named(table.partition_of),
        "inherits": [_named(parent) for parent in table.inherits],
        "columns": [_column(column, table, snapshot) for column in table.columns.values()],
        "primary_key": None if key is None else _key(key),
        "unique": [_unique(unique) for unique in table.uniques],
        "foreign_keys": [_foreign_key(foreign) for foreign in table.foreign_keys],
        "checks": [_check(check) for check in parts.checks(table)],
        "excludes": [_exclude(exclude) for exclude in table.excludes],
        "indexes": [_index(index) for index in table.indexes],
    }


def _column(column: Column, table: Table, snapshot: Snapshot) -> Object:
    return {
        "name": column.name,
        "type": type_text(column.type, snapshot.dialect),
        "nullable": _known(column.nullable),
        "default": _known(parts.column_default(column, table, snapshot)),
        "autoincrement": column.serial,
        "identity": parts.identity_words(column),
        "computed": _computed(column),
        "comment": _known(column.comment),
        "certain": parts.is_certain(column, snapshot.dialect),
        "unknown": parts.unknown_of(column, snapshot.dialect),
    }


def _computed(column: Column) -> Object | None:
    if not isinstance(column.computed, Computed):
        return None
    return {"expression": _known(column.computed.sql), "stored": column.computed.stored}


def _key(key: PrimaryKey) -> Object:
    return _with_unknown({"name": key.name, "columns": _listed(key.columns)})


def _unique(unique: Unique) -> Object:
    return _with_unknown(
        {
            "name": unique.name,
            "columns": _listed(unique.columns),
            "nulls_not_distinct": unique.nulls_not_distinct,
            "deferrable": unique.deferrable,
        }
    )


def _foreign_key(key: ForeignKey) -> Object:
    target = key.target
    known = isinstance(target, TableName)
    return _with_unknown(
        {
            "name": key.name,
            "columns": _listed(key.columns),
            "referred_schema": (target.schema or None) if isinstance(target, TableName) else UNKNOWN,
            "referred_table": target.name if isinstance(target, TableName) else UNKNOWN,
            "referred_columns": (_listed(key.target_columns) or UNKNOWN) if known else UNKNOWN,
            "ondelete": key.ondelete,
            "onupdate": key.onupdate,
            "deferrable": key.deferrable,
            "validated": key.validated,
        }
    )


def _check(check: Check) -> Object:
    return _with_unknown({"name": check.name, "expression": check.sql, "validated": check.validated})


def _exclude(exclude: Exclude) -> Object:
    return _with_unknown({"name": exclude.name, "expression": exclude.sql})


def _index(index: Index) -> Object:
    keys = index.parts
    return _with_unknown(
        {
            "name": index.name,
            "columns": UNKNOWN if isinstance(keys, Unknown) else [key.column for key in keys],
            "keys": UNKNOWN if isinstance(keys, Unknown) else [parts.key_text(key) for key in keys],
            "unique": index.unique,
            "method": index.method,
            "where": index.where,
            "include": list(index.include),
            "nulls_not_distinct": index.nulls_not_distinct,
            "valid": index.valid,
        }
    )


def _enum(enum: EnumType, schema: Schema) -> Object:
    return _with_unknown(
        {**_named(enum.name), "labels": _listed(enum.labels), "certain": parts.is_there(enum, schema)}
    )


def _view(view: NamedObject, schema: Schema) -> Object:
    return {
        **_named(view.name),
        "materialized": view.kind == "materialized view",
        "definition": view.detail,
        "certain": parts.is_there(view, schema),
    }


def _sequence(sequence: NamedObject, schema: Schema) -> Object:
    return {
        **_named(sequence.name),
        "table": None if sequence.table is None else _named(sequence.table),
        "column": sequence.column,
        "certain": parts.is_there(sequence, schema),
    }


def _object(found: NamedObject, schema: Schema) -> Object:
    return {
        "kind": found.kind,
        **_named(found.name),
        "table": None if found.table is None else _named(found.table),
        "definition": found.detail,
        "certain": parts.is_there(found, schema),
    }


def _unread(unread: Unread) -> Object:
    touched = unread.may_touch
    return {
        "path": unread.span.path,
        "line": unread.span.line,
        "reason": unread.reason,
        "may_touch": None if touched is None else [str(name) for name in touched],
    }


def _change(change: Change) -> Object:
    after = change.after
    return {
        "name": after.environment,
        "database": after.database,
        "from": list(change.before.revisions),
        "to": list(after.revisions),
        "dialect": str(after.dialect),
        "differences": [_difference(difference) for difference in change.differences],
        "opaque": [_unread(unread) for unread in after.unread if unread not in change.before.unread],
    }


def _difference(difference: Difference) -> Object:
    return {
        "kind": difference.kind,
        "table": None if difference.table is None else _named(difference.table),
        "name": difference.name,
        "aspect": difference.aspect or None,
        "before": difference.left,
        "after": difference.right,
        "certain": difference.certain,
    }


def _named(name: TableName) -> Object:
    return {"schema": name.schema or None, "name": name.name}


def _listed(values: tuple[str, ...] | Unknown) -> list[str] | Unknown:
    return values if isinstance(values, Unknown) else list(values)


def _known(value: object) -> object:
    return None if isinstance(value, Unknown) else value


def _with_unknown(given: Mapping[str, object]) -> Object:
    unknown = [name for name, value in given.items() if isinstance(value, Unknown)]
    return {**{name: _known(value) for name, value in given.items()}, "unknown": unknown}
