"""Raw SQL read into operations: the part of the evaluation stage that knows `op.execute("…")`.

One tolerant reader serves PostgreSQL, MySQL, MariaDB and SQLite, with nothing installed. libpg_query, the
parser of PostgreSQL itself, is not used for reading even where it is present: the verdict on a migration
must not depend on which extras a machine has, and importing it costs more than all reading. It is the
second opinion instead: the tests hold this reader against it, and `libpg.syntax_error` says what
PostgreSQL would refuse.
"""

from __future__ import annotations

from collections.abc import Callable

from migrate_guard.dialect import Dialect
from migrate_guard.evaluate.sql.tokens import HOLE
from migrate_guard.operations import AnyOperation
from migrate_guard.span import Span

__all__ = ["HOLE", "read_sql"]


def read_sql(
    text: str, dialect: Dialect, span_of: Callable[[int, int], Span], *, binds: bool = True
) -> list[AnyOperation]:
    """Read the text of one `execute()` into operations, in order.

    `span_of` turns character offsets of `text` into places. `HOLE` in the text stands for a value that is
    not known. `binds` tells whether `:name` and `%s` are parameters. Nothing is raised: a statement that
    cannot be read is an `Opaque` that names what stands in the way.
    """
    # Many revisions hold no SQL, and none should pay for the recognisers then.
    from migrate_guard.evaluate.sql.reader import read

    return read(text, dialect, span_of, binds)
