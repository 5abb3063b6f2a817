"""What every operation carries: where it stands and how sure we are of it."""

from __future__ import annotations

from migrate_guard.operations.elements import BatchContext, Condition, SqlText
from migrate_guard.record import dataclass
from migrate_guard.span import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One thing that a migration does; two are equal if they are of one class and all fields are.

    `span` is the innermost call in the revision's own file, or the statement inside its SQL string.
    `calls` is the chain of calls that led there, outermost first, when helpers were involved.
    `conditions` are the guards that reading could not decide; an operation with one may not happen.
    `unknowns` are the reasons why arguments are `UNKNOWN`, or why a type is opaque.
    `autocommit` tells that it runs outside the migration's transaction (`autocommit_block()`).
    `table_if_exists` is `ALTER TABLE IF EXISTS`: nothing happens where the table is missing.
    `batch` is set inside `batch_alter_table`, `sql` when the operation was written as SQL.
    """

    span: Span
    calls: tuple[Span, ...] = ()
    conditions: tuple[Condition, ...] = ()
    unknowns: tuple[str, ...] = ()
    autocommit: bool = False
    batch: BatchContext | None = None
    sql: SqlText | None = None
    table_if_exists: bool = False

    @property
    def conditional(self) -> bool:
        """Whether it depends on something that reading could not decide."""
        return bool(self.conditions)
