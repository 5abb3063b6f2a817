"""The closed union of operations in groups, one per module of a dialect's claims."""

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
)

ColumnOperation: TypeAlias = AddColumn | DropColumn | AlterColumn | RenameColumn
ConstraintOperation: TypeAlias = (
    AddConstraint | DropConstraint | RenameConstraint | ValidateConstraint | AlterConstraint
)
IndexOperation: TypeAlias = CreateIndex | DropIndex | RenameIndex
TableOperation: TypeAlias = (
    CreateTable
    | DropTable
    | RenameTable
    | CommentTable
    | AttachPartition
    | DetachPartition
    | AlterTable
    | LockTable
    | Truncate
)
ObjectOperation: TypeAlias = (
    CreateEnum | DropEnum | AddEnumValue | RenameEnumValue | CreateObject | AlterObject | DropObject
)
RowOperation: TypeAlias = Insert | Update | Delete | Query
SessionOperation: TypeAlias = Maintain | SetParameter | ControlTransaction | Administer | Opaque
