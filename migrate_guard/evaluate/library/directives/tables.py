"""The directives on tables: create, drop, rename, comment.

Part of the library that gives Alembic's names their meaning (second stage).
"""

from __future__ import annotations

from migrate_guard.evaluate.library.constraints import ConstraintValue
from migrate_guard.evaluate.library.directives.site import Site
from migrate_guard.evaluate.library.reading import certain_flag, subject, text
from migrate_guard.evaluate.library.table_ddl import emit_create_table, read_shape
from migrate_guard.evaluate.library.tables import TableValue, table_items
from migrate_guard.evaluate.values import Value
from migrate_guard.operations import UNKNOWN, CommentTable, DropTable, RenameTable, TableName


def create_table(site: Site) -> Value:
    """Record `op.create_table(…)` and return the table."""
    name = site.table()
    values = [item for item in table_items(site.given.rest, name, site.notes) if _is_created(item, site)]
    shape = read_shape(name, tuple(values), site.machine, site.notes)
    reasons = site.notes.unknowns()
    if site.call.open:
        site.notes.unknown("a * or ** argument of create_table()")
        shape.columns = UNKNOWN
    options = {**site.options, "comment": site["comment"]}
    if_not_exists = certain_flag(site["if_not_exists"], "if_not_exists", site.notes)
    emit_create_table(name, shape, options, if_not_exists, site.call, site.machine, site.notes)
    is_open = shape.columns is UNKNOWN
    return TableValue(name, values, open=("; ".join(reasons) or "a * argument") if is_open else None)


def _is_created(item: Value, site: Site) -> bool:
    """Tell whether CREATE TABLE makes an item; Alembic adds nothing of what SQLAlchemy leaves for later."""
    later = isinstance(item, ConstraintValue) and item.use_alter
    return not later or site.machine.dialect.family == "sqlite"


def drop_table(site: Site) -> Value:
    """Record `op.drop_table(…)`."""
    site.emit(
        DropTable,
        table=site.table(),
        if_exists=certain_flag(site["if_exists"], "if_exists", site.notes),
    )
    return None


def rename_table(site: Site) -> Value:
    """Record `op.rename_table(…)`."""
    table = site.table("old_table_name")
    to = TableName(subject(site["new_table_name"], "new name"), table.schema)
    site.emit(RenameTable, table=table, to=to)
    return None


def create_table_comment(site: Site) -> Value:
    """Record `op.create_table_comment(…)`."""
    table = site.table()
    site.emit(CommentTable, table=table, comment=text(site["comment"], "comment", site.notes))
    return None


def drop_table_comment(site: Site) -> Value:
    """Record `op.drop_table_comment(…)`."""
    site.emit(CommentTable, table=site.table(), comment=None)
    return None
