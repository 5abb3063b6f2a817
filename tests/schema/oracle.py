"""Run Alembic's directives on a real database and replay the same ones; the schemas must be equal."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext

from migrate_guard.dialect import DialectName
from migrate_guard.operations import Unknown
from migrate_guard.schema import apply, empty_schema
from migrate_guard.schema.compare import Difference, differences
from migrate_guard.schema.conventions import Convention
from tests.schema.recorded import Step, record
from tests.schema.reflected import reflect


def disagreements(
    connection: sa.Connection,
    dialect: DialectName,
    steps: Iterable[Step],
    convention: dict[str, str] | None = None,
    naming: Convention | Unknown | None = None,
) -> list[tuple[int, Difference]]:
    """Return how the replay differs from the database, after each step.

    `convention` is that of the `target_metadata` that Alembic has, `naming` what the replay knows of it.
    """
    metadata = sa.MetaData(naming_convention=convention)
    context = MigrationContext.configure(connection, opts={"target_metadata": metadata})
    replayed = empty_schema(dialect, naming=naming)
    found: list[tuple[int, Difference]] = []
    for number, step in enumerate(steps):
        for operation in record(step, context, number):
            replayed = apply(replayed, operation, str(number))
        step(Operations(context))
        if connection.in_transaction():
            connection.commit()
        found += [(number, d) for d in differences(reflect(connection, dialect), replayed)]
        if found:
            break
    return found
