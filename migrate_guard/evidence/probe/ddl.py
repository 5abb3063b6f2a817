"""The models as the statements that would create them: what the comparison of everything else reads."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from sqlalchemy import MetaData, Sequence
from sqlalchemy.engine import mock
from sqlalchemy.exc import SQLAlchemyError

Document = dict[str, Any]


def statements(metadata: MetaData, dialect: Any) -> Document:
    """Return what `metadata.create_all()` would send to an empty database of a dialect, in its order.

    Where that fails, each table is asked for alone; `failed` are those that cannot be made, as schema,
    name and reason.
    """
    try:
        return {"ddl": _sent(dialect, partial(metadata.create_all, checkfirst=False)), "failed": []}
    except (SQLAlchemyError, NotImplementedError):
        pass
    found: list[str] = []
    failed: list[list[str | None]] = []
    for table in metadata.tables.values():
        try:
            found += _sent(dialect, partial(table.create, checkfirst=False))
        except (SQLAlchemyError, NotImplementedError) as error:
            reason = str(error).strip().splitlines()[0]
            failed.append([table.schema, table.name, f"{type(error).__name__}: {reason}"])
    return {"ddl": found, "failed": failed}


def sequences(metadata: MetaData) -> list[list[str | None]]:
    """Return the sequences that columns take their values from: schema and name, then those of the table."""
    return [
        [column.default.schema, column.default.name, table.schema, table.name]
        for table in metadata.tables.values()
        for column in table.columns
        if isinstance(column.default, Sequence)
    ]


def _sent(dialect: Any, create: Callable[[Any], None]) -> list[str]:
    found: list[str] = []

    def record(statement: Any, *arguments: Any, **keywords: Any) -> None:
        found.append(str(statement.compile(dialect=dialect)).strip())

    create(mock.MockConnection(dialect, record))
    return found
