"""The closed vocabulary of what a migration can do; third stage of the pipeline.

Names follow Alembic: `CreateIndexOp` is `CreateIndex`. Python and raw SQL become the same operations, so
a rule never knows which was written. Every consumer of `AnyOperation` ends in `assert_never`.
"""

from __future__ import annotations

from typing import TypeAlias

from migrate_guard.operations.base import Operation
from migrate_guard.operations.columns import DROP, AddColumn, AlterColumn, Drop, DropColumn, RenameColumn
from migrate_guard.operations.constraints import (
    AddConstraint,
    AlterConstraint,
    ConstraintKind,
    CreateIndex,
    DropConstraint,
    DropIndex,
    RenameConstraint,
    RenameIndex,
    ValidateConstraint,
)
from migrate_guard.operations.data import (
    Administer,
    ControlTransaction,
    Delete,
    Insert,
    Opaque,
    Query,
    SetParameter,
    Truncate,
    Update,
)
from migrate_guard.operations.elements import (
    BatchContext,
    Check,
    Column,
    Computed,
    Condition,
    Constraint,
    ConstraintName,
    Default,
    DefaultName,
    Exclude,
    Existence,
    FinalName,
    ForeignKey,
    Identity,
    Index,
    IndexPart,
    PrimaryKey,
    SqlText,
    SqlType,
    TableName,
    TableShape,
    Unique,
)
from migrate_guard.operations.objects import (
    AddEnumValue,
    AlterObject,
    CreateEnum,
    CreateObject,
    DropEnum,
    DropObject,
    ObjectKind,
    RenameEnumValue,
)
from migrate_guard.operations.tables import (
    AlterTable,
    AttachPartition,
    CommentTable,
    CreateTable,
    DetachPartition,
    DropTable,
    LockTable,
    Maintain,
    RenameTable,
    TableAction,
)
from migrate_guard.operations.unknown import UNKNOWN, Unknown, assert_never

AnyOperation: TypeAlias = (
    CreateTable
    | DropTable
    | RenameTable
    | CommentTable
    | AttachPartition
    | DetachPartition
    | AlterTable
    | LockTable
    | Maintain
    | AddColumn
    | DropColumn
    | AlterColumn
    | RenameColumn
    | AddConstraint
    | DropConstraint
    | RenameConstraint
    | ValidateConstraint
    | AlterConstraint
    | CreateIndex
    | DropIndex
    | RenameIndex
    | CreateEnum
    | DropEnum
    | AddEnumValue
    | RenameEnumValue
    | CreateObject
    | AlterObject
    | DropObject
    | Insert
    | Update
    | Delete
    | Truncate
    | Query
    | SetParameter
    | ControlTransaction
    | Administer
    | Opaque
)

__all__ = [
    "DROP",
    "UNKNOWN",
    "AddColumn",
    "AddConstraint",
    "AddEnumValue",
    "Administer",
    "AlterColumn",
    "AlterConstraint",
    "AlterObject",
    "AlterTable",
    "AnyOperation",
    "AttachPartition",
    "BatchContext",
    "Check",
    "Column",
    "CommentTable",
    "Computed",
    "Condition",
    "Constraint",
    "ConstraintKind",
    "ConstraintName",
    "ControlTransaction",
    "CreateEnum",
    "CreateIndex",
    "CreateObject",
    "CreateTable",
    "Default",
    "DefaultName",
    "Delete",
    "DetachPartition",
    "Drop",
    "DropColumn",
    "DropConstraint",
    "DropEnum",
    "DropIndex",
    "DropObject",
    "DropTable",
    "Exclude",
    "Existence",
    "FinalName",
    "ForeignKey",
    "Identity",
    "Index",
    "IndexPart",
    "Insert",
    "LockTable",
    "Maintain",
    "ObjectKind",
    "Opaque",
    "Operation",
    "PrimaryKey",
    "Query",
    "RenameColumn",
    "RenameConstraint",
    "RenameEnumValue",
    "RenameIndex",
    "RenameTable",
    "SetParameter",
    "SqlText",
    "SqlType",
    "TableAction",
    "TableName",
    "TableShape",
    "Truncate",
    "Unique",
    "Unknown",
    "Update",
    "ValidateConstraint",
    "assert_never",
]
