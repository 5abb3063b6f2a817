"""Operations on rows, and statements that steer the session."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from migrate_guard.operations.base import Operation
from migrate_guard.operations.elements import TableName
from migrate_guard.operations.unknown import Unknown


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Insert(Operation):
    """INSERT, `op.bulk_insert`. `rows` is their number where the script tells it."""

    table: TableName
    columns: tuple[str, ...] = ()
    rows: int | None = None
    from_select: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Update(Operation):
    """UPDATE; `where` is the condition's text, `None` when every row is written."""

    table: TableName
    columns: tuple[str, ...] = ()
    where: str | Unknown | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Delete(Operation):
    """DELETE; `where` is the condition's text, `None` when every row goes."""

    table: TableName
    where: str | Unknown | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Truncate(Operation):
    """TRUNCATE; one operation per table of a list."""

    table: TableName
    cascade: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Query(Operation):
    """A statement that only reads: SELECT, SHOW, EXPLAIN; a query through a Session."""

    tables: tuple[TableName, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class SetParameter(Operation):
    """SET, `SET LOCAL`, `SET SESSION`, `RESET`, PRAGMA; `name` lower case, `value` as written."""

    name: str
    value: str | Unknown | None
    local: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class ControlTransaction(Operation):
    """BEGIN, COMMIT, ROLLBACK, SAVEPOINT written as SQL or called on the connection."""

    command: Literal["begin", "commit", "rollback", "savepoint", "release"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Administer(Operation):
    """A statement that changes neither schema nor rows: GRANT, REVOKE, COMMENT ON another object."""

    command: str
    tables: tuple[TableName, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Opaque(Operation):
    """Something that could not be read.

    `reason` is a clause that names what stands in the way. `may_touch` are the tables that it may
    change; `None` when it may touch anything.
    """

    reason: str
    may_touch: tuple[TableName, ...] | None = None
