"""Apply operations to a schema, one at a time, as the database of each dialect would.

The core of the fourth stage of the pipeline. Every function takes a schema, an operation and the id of its
revision and returns the schema after it. An operation that the server would refuse is applied as it was
meant, or does nothing where nothing is meant: no database ever stands after it, and rules look at the
schema before it.
"""

from __future__ import annotations

from typing import TypeAlias

from migrate_guard.operations import (
    AddColumn,
    AddConstraint,
    AddEnumValue,
    Administer,
    AlterColumn,
    AlterConstraint,
    AlterObject,
    AlterTable,
    AnyOperation,
    AttachPartition,
    CommentTable,
    ControlTransaction,
    CreateEnum,
    CreateIndex,
    CreateObject,
    CreateTable,
    Delete,
    DetachPartition,
    DropColumn,
    DropConstraint,
    DropEnum,
    DropIndex,
    DropObject,
    DropTable,
    Insert,
    LockTable,
    Maintain,
    Opaque,
    Query,
    RenameColumn,
    RenameConstraint,
    RenameEnumValue,
    RenameIndex,
    RenameTable,
    SetParameter,
    Truncate,
    Update,
    ValidateConstraint,
    assert_never,
)
from migrate_guard.schema.model import Schema
from migrate_guard.schema.replay import columns, constraints, indexes, objects, rows, tables
from migrate_guard.schema.replay.batch import before_batch_operation
from migrate_guard.schema.replay.doubt import touch, undecided
from migrate_guard.schema.replay.guards import settled

_OnTable: TypeAlias = (
    CreateTable | DropTable | RenameTable | CommentTable | AttachPartition | DetachPartition | AlterTable
)
_OnColumn: TypeAlias = AddColumn | DropColumn | AlterColumn | RenameColumn
_OnConstraint: TypeAlias = (
    AddConstraint | DropConstraint | RenameConstraint | ValidateConstraint | AlterConstraint
)
_OnIndex: TypeAlias = CreateIndex | DropIndex | RenameIndex
_OnObject: TypeAlias = (
    CreateEnum | DropEnum | AddEnumValue | RenameEnumValue | CreateObject | AlterObject | DropObject
)
_OnRows: TypeAlias = Insert | Update | Delete | Truncate
_OnNothing: TypeAlias = LockTable | Maintain | Query | SetParameter | ControlTransaction | Administer


def apply(schema: Schema, operation: AnyOperation, revision: str | None = None) -> Schema:
    """Return the schema that stands after an operation of a revision. Never raises.

    An operation with conditions gives what may stand after it: what it touches is no longer certain,
    unless its only condition is the IF [NOT] EXISTS of what it does.
    """
    if operation.conditions:
        certain = settled(operation)
        if certain is None:
            return undecided(schema, _applied(schema, operation, revision), operation)
        operation = certain
    return _applied(schema, operation, revision)


def _applied(schema: Schema, operation: AnyOperation, revision: str | None) -> Schema:
    schema = before_batch_operation(schema, operation, revision)
    if isinstance(operation, _OnTable):
        return _on_table(schema, operation, revision)
    if isinstance(operation, _OnColumn):
        return _on_column(schema, operation, revision)
    if isinstance(operation, _OnConstraint):
        return _on_constraint(schema, operation, revision)
    if isinstance(operation, _OnIndex):
        return _on_index(schema, operation, revision)
    if isinstance(operation, _OnObject):
        return _on_object(schema, operation, revision)
    if isinstance(operation, _OnRows):
        return rows.change_rows(schema, operation, revision)
    if isinstance(operation, _OnNothing):
        return schema
    if isinstance(operation, Opaque):
        return touch(schema, operation)
    assert_never(operation)


def _on_table(schema: Schema, operation: _OnTable, revision: str | None) -> Schema:
    match operation:
        case CreateTable():
            return tables.create_table(schema, operation, revision)
        case DropTable():
            return tables.drop_table(schema, operation, revision)
        case RenameTable():
            return tables.rename_table(schema, operation, revision)
        case CommentTable():
            return tables.comment_table(schema, operation, revision)
        case AttachPartition():
            return tables.attach_partition(schema, operation, revision)
        case DetachPartition():
            return tables.detach_partition(schema, operation, revision)
        case AlterTable():
            return tables.alter_table(schema, operation, revision)
    assert_never(operation)


def _on_column(schema: Schema, operation: _OnColumn, revision: str | None) -> Schema:
    match operation:
        case AddColumn():
            return columns.add_column(schema, operation, revision)
        case DropColumn():
            return columns.drop_column(schema, operation, revision)
        case AlterColumn():
            return columns.alter_column(schema, operation, revision)
        case RenameColumn():
            return columns.rename_column(schema, operation, revision)
    assert_never(operation)


def _on_constraint(schema: Schema, operation: _OnConstraint, revision: str | None) -> Schema:
    match operation:
        case AddConstraint():
            return constraints.add_constraint(schema, operation, revision)
        case DropConstraint():
            return constraints.drop_constraint(schema, operation, revision)
        case RenameConstraint():
            return constraints.rename_constraint(schema, operation, revision)
        case ValidateConstraint():
            return constraints.validate_constraint(schema, operation, revision)
        case AlterConstraint():
            return constraints.alter_constraint(schema, operation, revision)
    assert_never(operation)


def _on_index(schema: Schema, operation: _OnIndex, revision: str | None) -> Schema:
    match operation:
        case CreateIndex():
            return indexes.create_index(schema, operation, revision)
        case DropIndex():
            return indexes.drop_index(schema, operation, revision)
        case RenameIndex():
            return indexes.rename_index(schema, operation, revision)
    assert_never(operation)


def _on_object(schema: Schema, operation: _OnObject, revision: str | None) -> Schema:
    match operation:
        case CreateEnum():
            return objects.create_enum(schema, operation, revision)
        case DropEnum():
            return objects.drop_enum(schema, operation, revision)
        case AddEnumValue():
            return objects.add_enum_value(schema, operation, revision)
        case RenameEnumValue():
            return objects.rename_enum_value(schema, operation, revision)
        case CreateObject():
            return objects.create_object(schema, operation, revision)
        case AlterObject():
            return objects.alter_object(schema, operation, revision)
        case DropObject():
            return objects.drop_object(schema, operation, revision)
    assert_never(operation)


__all__ = ["apply"]
