"""Operations on constraints and indexes."""

from __future__ import annotations

from typing import Literal

from migrate_guard.operations.base import Operation
from migrate_guard.operations.elements import Constraint, ConstraintName, Index, TableName
from migrate_guard.record import dataclass

ConstraintKind = Literal["foreignkey", "primary", "unique", "check", "exclude", "notnull"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AddConstraint(Operation):
    """`op.create_foreign_key` and its siblings, `ADD CONSTRAINT`."""

    table: TableName
    constraint: Constraint
    if_not_exists: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DropConstraint(Operation):
    """`op.drop_constraint`, `DROP CONSTRAINT`; `kind` is Alembic's `type_`, `None` if not given.

    A `name` of `None` is what autogenerate writes for a constraint that it could not name.
    """

    table: TableName
    name: ConstraintName
    kind: ConstraintKind | None = None
    if_exists: bool = False
    cascade: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameConstraint(Operation):
    """`ALTER TABLE … RENAME CONSTRAINT`."""

    table: TableName
    name: str
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidateConstraint(Operation):
    """`ALTER TABLE … VALIDATE CONSTRAINT`: checks the rows that NOT VALID passed over."""

    table: TableName
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlterConstraint(Operation):
    """`ALTER TABLE … ALTER CONSTRAINT`: deferrability, enforcement; `detail` is the text."""

    table: TableName
    name: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateIndex(Operation):
    """`op.create_index`, `CREATE INDEX`. `algorithm` and `lock` are MySQL's clauses, upper case."""

    index: Index
    concurrently: bool = False
    if_not_exists: bool = False
    algorithm: str | None = None
    lock: str | None = None

    @property
    def table(self) -> TableName:
        """The table that the index is built on."""
        return self.index.table


@dataclass(frozen=True, slots=True, kw_only=True)
class DropIndex(Operation):
    """`op.drop_index`, `DROP INDEX`; `table` is `None` where the script does not say it."""

    name: ConstraintName
    schema: str = ""
    table: TableName | None = None
    concurrently: bool = False
    if_exists: bool = False
    cascade: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameIndex(Operation):
    """`ALTER INDEX … RENAME TO`, `ALTER TABLE … RENAME INDEX`."""

    name: str
    to: str
    schema: str = ""
    table: TableName | None = None
