"""The oracle: what the real Alembic writes for a script, read back and put beside our own operations.

Both sides become short lines, one per fact: a table's columns, constraints and indexes each have their own.
"""

from __future__ import annotations

import io
import textwrap
import warnings

import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations

from benchmarks.oracle.facts import facts
from migrate_guard.dialect import parse_dialect
from migrate_guard.evaluate.sql import read_sql
from migrate_guard.span import Span
from tests.evaluate.running import body

PLACE = Span("oracle.py", 1, 1, 1, 1)


def alembic_sql(source: str, dialect: str) -> str:
    """Return the SQL that Alembic writes for statements that use `op` and `sa`."""
    buffer = io.StringIO()
    context = MigrationContext.configure(
        dialect_name=dialect, opts={"as_sql": True, "output_buffer": buffer, "literal_binds": True}
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(textwrap.dedent(source), {"op": Operations(context), "sa": sa})
    return buffer.getvalue()


def expected(source: str, dialect: str) -> list[str]:
    """Return the facts of what Alembic writes."""
    text = alembic_sql(source, dialect).replace("%%", "%")
    return list(facts(read_sql(text, parse_dialect(dialect), lambda start, end: PLACE), dialect))


def found(source: str, dialect: str) -> list[str]:
    """Return the facts of what the library makes of the same statements."""
    evaluation = body(source, dialect=dialect)
    return list(facts((transition.operation for transition in evaluation.transitions), dialect))
