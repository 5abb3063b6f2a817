"""The directives that execute, and those that give access to the connection.

Part of the library that gives Alembic's names their meaning (second stage).
"""

from __future__ import annotations

from migrate_guard.evaluate.library.binds import BindValue
from migrate_guard.evaluate.library.directives.site import Site
from migrate_guard.evaluate.library.execution import execute as execute_statement
from migrate_guard.evaluate.library.expressions import literal
from migrate_guard.evaluate.library.migration_context import ContextValue
from migrate_guard.evaluate.library.naming import final
from migrate_guard.evaluate.library.reading import Unreadable, depends, items
from migrate_guard.evaluate.library.tables import require_table
from migrate_guard.evaluate.values import Call, Value
from migrate_guard.operations import Insert


def execute(site: Site) -> Value:
    """Record `op.execute(…)`; it gives nothing back."""
    execute_statement(site["sqltext"], None, site.call, site.machine)
    return None


def bulk_insert(site: Site) -> Value:
    """Record `op.bulk_insert(…)`; no rows are no statement."""
    table = require_table(site["table"], site.machine).name
    site.tables.append(table)
    rows = items(site["rows"])
    if rows is None:
        site.notes.unknown(depends("the rows", site["rows"]))
    elif not rows:
        return None
    first = rows[0] if rows and isinstance(rows[0], dict) else {}
    columns = tuple(name for name in first if isinstance(name, str))
    site.emit(Insert, table=table, columns=columns, rows=None if rows is None else len(rows))
    return None


def get_bind(site: Site) -> Value:
    """Return the migration's connection."""
    return BindValue()


def get_context(site: Site) -> Value:
    """Return the migration context."""
    return ContextValue()


def f(site: Site) -> Value:
    """Return a name that no convention changes; one that is too long is cut by SQLAlchemy."""
    name = site["name"]
    return final(name, site.machine.dialect)


def inline_literal(site: Site) -> Value:
    """Return a value as a SQL literal."""
    return literal(site["value"])


def run_async(site: Site) -> Value:
    """Call the coroutine function with the connection, as Alembic does."""
    arguments = (BindValue(), *site.given.rest)
    return site.machine.invoke(site["async_function"], Call(site.call.span, arguments, site.options))


def invoke(site: Site) -> Value:
    """Say that an operation object is run, which is not followed."""
    raise Unreadable(depends("the operation that is invoked", site["operation"]))
