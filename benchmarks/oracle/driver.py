"""A database driver without a database: it notes each statement and answers with no rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

apilevel = "2.0"
threadsafety = 1
paramstyle = "named"
sqlite_version_info = (3, 45, 0)  # what the SQLite dialect asks of its driver


class Error(Exception):
    """The base of what a driver raises."""


class DatabaseError(Error):
    """What SQLAlchemy looks for in a driver."""


InterfaceError = DataError = OperationalError = IntegrityError = DatabaseError
InternalError = ProgrammingError = NotSupportedError = DatabaseError


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement that reached the driver; `rows` is how many sets of parameters came with it."""

    text: str
    rows: int
    autocommit: bool


Listener = Callable[[Statement], None]


@dataclass
class Connection:
    """A connection that hands each statement to a listener."""

    listener: Listener
    autocommit: bool = False
    notices: tuple[str, ...] = ()

    def cursor(self) -> Cursor:
        """Return a cursor."""
        return Cursor(self)

    def commit(self) -> None:
        """Do nothing: there is nothing to keep."""

    rollback = close = commit


@dataclass
class Cursor:
    """A cursor; `columns` names those of the result, which has no rows."""

    connection: Connection
    columns: tuple[str, ...] | None = None
    rowcount: int = 0
    lastrowid: int = 1
    arraysize: int = 1

    @property
    def description(self) -> list[tuple[Any, ...]] | None:
        """The columns of the result, `None` if there is none."""
        return None if self.columns is None else [(name, *[None] * 6) for name in self.columns]

    def execute(self, text: str, parameters: object = None) -> None:
        """Hand a statement to the listener."""
        self._note(text, 1)

    def executemany(self, text: str, parameters: Sequence[object]) -> None:
        """Hand a statement with many sets of parameters to the listener."""
        self._note(text, len(parameters))

    def _note(self, text: str, rows: int) -> None:
        self.connection.listener(Statement(text, rows, self.connection.autocommit))

    def fetchone(self) -> None:
        """Return no row."""

    def fetchmany(self, size: int = 1) -> list[object]:
        """Return no rows."""
        return []

    def fetchall(self) -> list[object]:
        """Return no rows."""
        return []

    def close(self) -> None:
        """Do nothing."""
