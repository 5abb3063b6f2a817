"""Operations on enum types and on the other named objects of a schema."""

from __future__ import annotations

from typing import Literal

from migrate_guard.operations.base import Operation
from migrate_guard.operations.elements import TableName
from migrate_guard.operations.unknown import Unknown
from migrate_guard.record import dataclass

ObjectKind = Literal[
    "view",
    "materialized view",
    "sequence",
    "function",
    "procedure",
    "aggregate",
    "trigger",
    "event trigger",
    "policy",
    "rule",
    "extension",
    "domain",
    "type",
    "schema",
    "database",
    "statistics",
    "operator",
    "cast",
    "collation",
    "publication",
    "subscription",
    "role",
    "server",
    "foreign table",
    "other",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateEnum(Operation):
    """`CREATE TYPE … AS ENUM`, `sa.Enum(…).create(bind)`; `if_not_exists` is `checkfirst=True`."""

    name: TableName
    labels: tuple[str, ...] | Unknown
    if_not_exists: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DropEnum(Operation):
    """`sa.Enum(…).drop(bind)`; a raw `DROP TYPE` is a `DropObject` of the kind `type`."""

    name: TableName
    if_exists: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AddEnumValue(Operation):
    """`ALTER TYPE … ADD VALUE`; at most one of `before` and `after` is given."""

    name: TableName
    value: str
    before: str | None = None
    after: str | None = None
    if_not_exists: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameEnumValue(Operation):
    """`ALTER TYPE … RENAME VALUE`."""

    name: TableName
    value: str
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateObject(Operation):
    """CREATE of any other object. `uses` are the tables and views that its definition names.

    `table` is the table that a trigger, policy or rule hangs on. `detail` is the definition's text.
    """

    kind: ObjectKind
    name: TableName
    table: TableName | None = None
    uses: tuple[TableName, ...] = ()
    replace: bool = False
    if_not_exists: bool = False
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlterObject(Operation):
    """ALTER of any other object; `to` is its new name when it is renamed or moved."""

    kind: ObjectKind
    name: TableName
    table: TableName | None = None
    to: TableName | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DropObject(Operation):
    """DROP of any other object."""

    kind: ObjectKind
    name: TableName
    table: TableName | None = None
    if_exists: bool = False
    cascade: bool = False
