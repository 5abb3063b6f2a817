"""Operations on whole tables."""

from __future__ import annotations

from typing import Literal

from migrate_guard.operations.base import Operation
from migrate_guard.operations.elements import Column, Constraint, Index, TableName
from migrate_guard.operations.unknown import Unknown
from migrate_guard.record import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateTable(Operation):
    """`op.create_table`, `CREATE TABLE`.

    `columns` is `UNKNOWN` where not all of them are known (CREATE TABLE AS, LIKE of an unknown table).
    Constraints and indexes written on columns (`unique=True`, `index=True`, `ForeignKey`) are elements
    here, in the order in which SQLAlchemy creates them. `like` and `partition_of` name the other table.
    `own_names` tells that a table object of the script made it, to which the naming convention of its own
    MetaData was applied; that of the project's does not concern it.
    """

    table: TableName
    columns: tuple[Column, ...] | Unknown
    constraints: tuple[Constraint, ...] = ()
    indexes: tuple[Index, ...] = ()
    if_not_exists: bool = False
    comment: str | Unknown | None = None
    temporary: bool = False
    unlogged: bool = False
    partitioned: bool = False
    like: TableName | None = None
    partition_of: TableName | None = None
    inherits: tuple[TableName, ...] = ()
    as_select: str | None = None
    own_names: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DropTable(Operation):
    """`op.drop_table`, `DROP TABLE`; one operation per table of a list."""

    table: TableName
    if_exists: bool = False
    cascade: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameTable(Operation):
    """`op.rename_table`, `RENAME TO`, `SET SCHEMA`: the same table under the name `to`."""

    table: TableName
    to: TableName


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentTable(Operation):
    """`op.create_table_comment`, `op.drop_table_comment`, `COMMENT ON TABLE`; `None` removes it."""

    table: TableName
    comment: str | Unknown | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachPartition(Operation):
    """`ALTER TABLE table ATTACH PARTITION partition`."""

    table: TableName
    partition: TableName
    default: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DetachPartition(Operation):
    """`ALTER TABLE table DETACH PARTITION partition [CONCURRENTLY]`."""

    table: TableName
    partition: TableName
    concurrently: bool = False


TableAction = Literal[
    "set-options",
    "set-logged",
    "set-unlogged",
    "set-tablespace",
    "set-access-method",
    "owner",
    "replica-identity",
    "enable-trigger",
    "disable-trigger",
    "row-security",
    "cluster-on",
    "inherit",
    "no-inherit",
    "enable-rule",
    "disable-rule",
    "set-statistics",
    "set-storage",
    "engine",
    "convert-charset",
    "default-charset",
    "disable-keys",
    "enable-keys",
    "other",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class AlterTable(Operation):
    """An ALTER TABLE that leaves columns, keys and indexes as they are; `detail` is its text."""

    table: TableName
    action: TableAction
    detail: str = ""
    column: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LockTable(Operation):
    """`LOCK TABLE … IN … MODE`; `mode` in PostgreSQL's words, upper case."""

    table: TableName
    mode: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Maintain(Operation):
    """VACUUM, ANALYZE, REINDEX, CLUSTER, REFRESH MATERIALIZED VIEW, OPTIMIZE TABLE.

    `command` is upper case, with `FULL` where it was given (`VACUUM FULL`). `target` is the table, index
    or view; `None` for the whole database.
    """

    command: str
    target: TableName | None
    kind: Literal["table", "index", "view", "schema", "database"] = "table"
    concurrently: bool = False
