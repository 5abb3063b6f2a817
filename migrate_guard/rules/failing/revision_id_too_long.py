"""Revision ids that Alembic's version table cannot hold."""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.finding import Problem, Severity
from migrate_guard.operations import SqlType, TableName
from migrate_guard.rule import RevisionView, revision_rule

LIMIT = 32
"""The length of `alembic_version.version_num`, as Alembic creates it."""


@revision_rule(severity=Severity.ERROR, dialects={"postgresql", "mysql"})
def revision_id_too_long(view: RevisionView) -> Iterator[Problem]:
    """A revision id of more than 32 characters does not fit into `alembic_version`."""
    script = view.script
    length = len(script.revision)
    if length <= max(LIMIT, _widened(view)):
        return
    yield Problem(
        f"the revision id has {length} characters, alembic_version holds {LIMIT}: "
        "the migration runs and then fails when its id is stored",
        label=f"{length} characters",
        help=(
            "shorten it here and in what follows it:\n"
            f'    revision = "{script.revision[:LIMIT].rstrip("_-")}"'
        ),
        notes=("SQLite does not mind, so that it passes there",),
        span=script.header.get("revision"),
        subject=script.revision,
    )


def _widened(view: RevisionView) -> int:
    table = view.deployed.table(TableName("alembic_version"))
    column = table.columns.get("version_num") if table is not None else None
    if column is None or not isinstance(column.type, SqlType) or not column.type.arguments:
        return 0
    return column.type.arguments[0]
