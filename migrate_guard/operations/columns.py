"""Operations on columns."""

from __future__ import annotations

from migrate_guard.operations.base import Operation
from migrate_guard.operations.elements import (
    Column,
    Computed,
    Constraint,
    Default,
    Identity,
    Index,
    SqlType,
    TableName,
)
from migrate_guard.operations.unknown import Unknown
from migrate_guard.record import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Drop:
    """An attribute that an ALTER takes away: `server_default=None`, `DROP IDENTITY`, no comment."""


DROP = Drop()


@dataclass(frozen=True, slots=True, kw_only=True)
class AddColumn(Operation):
    """`op.add_column`, `ADD COLUMN`.

    `constraints` and `indexes` are those that the column brings along: Alembic creates them in
    statements of their own after the column, raw SQL in the same statement (`inline`).
    """

    table: TableName
    column: Column
    constraints: tuple[Constraint, ...] = ()
    indexes: tuple[Index, ...] = ()
    if_not_exists: bool = False
    inline: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DropColumn(Operation):
    """`op.drop_column`, `DROP COLUMN`."""

    table: TableName
    column: str
    if_exists: bool = False
    cascade: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AlterColumn(Operation):
    """`op.alter_column`, `ALTER COLUMN`, `MODIFY`; a new name becomes a `RenameColumn` after it.

    `None` leaves the attribute as it is, `DROP` takes it away. `using` is the USING expression. The
    `existing_…` attributes are what the script says of the column before; MySQL needs them, since its
    MODIFY restates the whole column: there an attribute that the script does not restate is lost.
    `restates` tells that the operation is such a MODIFY or CHANGE: in raw SQL, and where a new name makes
    Alembic write a CHANGE on MySQL.
    """

    table: TableName
    column: str
    type: SqlType | Unknown | None = None
    nullable: bool | Unknown | None = None
    default: Default | Unknown | Drop | None = None
    identity: Identity | Unknown | Drop | None = None
    computed: Computed | Unknown | Drop | None = None
    comment: str | Unknown | Drop | None = None
    autoincrement: bool | None = None
    using: str | None = None
    existing_type: SqlType | Unknown | None = None
    existing_nullable: bool | Unknown | None = None
    existing_default: Default | Unknown | Drop | None = None
    existing_comment: str | Unknown | None = None
    existing_autoincrement: bool | None = None
    restates: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameColumn(Operation):
    """`op.alter_column(new_column_name=…)`, `RENAME COLUMN`."""

    table: TableName
    column: str
    to: str
