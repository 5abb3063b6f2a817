"""Run the DDL that a snapshot is written as on a real database."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext

from migrate_guard.dialect import Dialect
from migrate_guard.report.schema import sql
from migrate_guard.schema import Schema, apply
from migrate_guard.snapshot import Snapshot
from tests.schema.recorded import Step, record


def snapshot(schema: Schema, version: tuple[int, ...] = ()) -> Snapshot:
    """Return a snapshot of a schema that no environment stands behind."""
    return Snapshot("alembic.ini", Dialect(schema.dialect, version), None, ("abc",), schema)


def migrated(connection: sa.Connection, schema: Schema, steps: Iterable[Step]) -> Schema:
    """Run Alembic's directives on a database, and return what replaying them gives."""
    context = MigrationContext.configure(connection)
    for number, step in enumerate(steps):
        for operation in record(step, context, number):
            schema = apply(schema, operation, str(number))
        step(Operations(context))
        if connection.in_transaction():
            connection.commit()
    return schema


def build(connection: sa.Connection, found: Snapshot) -> str:
    """Run the whole DDL as one script, as a client would, and return it."""
    script = sql([found])
    raw = connection.connection.driver_connection
    assert raw is not None
    if found.dialect.name == "sqlite":
        raw.executescript(script)
    elif found.dialect.name == "postgresql":
        raw.execute(script)
        raw.commit()
    else:
        _run_on_mysql(raw, script)
    return script


def _run_on_mysql(raw: object, script: str) -> None:
    """Run a script whose statements end at the end of a line, with the client's DELIMITER."""
    delimiter, pending = ";", ""
    cursor = raw.cursor()  # type: ignore[attr-defined]  # the driver's connection
    for line in script.splitlines():
        if line.startswith("DELIMITER "):
            delimiter = line.split()[1]
            continue
        pending += "" if line.startswith("--") else line + "\n"
        if line.endswith(delimiter):
            cursor.execute(pending.strip().removesuffix(delimiter))
            pending = ""
    assert not pending.strip()
