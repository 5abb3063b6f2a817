"""Operations on rows, and statements that steer the session."""

from __future__ import annotations

from typing import Literal

from migrate_guard.operations.base import Operation
from migrate_guard.operations.elements import TableName
from migrate_guard.operations.unknown import Unknown
from migrate_guard.record import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Insert(Operation):
    """INSERT, `op.bulk_insert`. `rows` is their number where the script tells it."""

    table: TableName
    columns: tuple[str, ...] = ()
    rows: int | None = None
    from_select: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Update(Operation):
    """UPDATE; `where` is the condition's text, `None` when every row is written."""

    table: TableName
    columns: tuple[str, ...] = ()
    where: str | Unknown | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delete(Operation):
    """DELETE; `where` is the condition's text, `None` when every row goes."""

    table: TableName
    where: str | Unknown | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Truncate(Operation):
    """TRUNCATE; one operation per table of a list."""

    table: TableName
    cascade: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Query(Operation):
    """A statement that only reads: SELECT, SHOW, EXPLAIN; a query through a Session."""

    tables: tuple[TableName, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SetParameter(Operation):
    """SET, `SET LOCAL`, `SET SESSION`, `RESET`, PRAGMA; `name` lower case, `value` as written."""

    name: str
    value: str | Unknown | None
    local: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlTransaction(Operation):
    """BEGIN, COMMIT, ROLLBACK, SAVEPOINT written as SQL or called on the connection."""

    command: Literal["begin", "commit", "rollback", "savepoint", "release"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Administer(Operation):
    """A statement that changes neither schema nor rows: GRANT, REVOKE, COMMENT ON another object."""

    command: str
    tables: tuple[TableName, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Opaque(Operation):
    """Something that could not be read.

    `reason` is a clause that names what stands in the way. `may_touch` are the tables that it may
    change; `None` when it may touch anything. `rows_only` tells that it changes rows and no schema.
    """

    reason: str
    may_touch: tuple[TableName, ...] | None = None
    rows_only: bool = False
