"""CREATE TABLE in raw SQL, in all its forms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field

from migrate_guard.evaluate.sql.column import ColumnReading, read_attributes, read_column
from migrate_guard.evaluate.sql.constraints import at_constraint, read_constraint
from migrate_guard.evaluate.sql.cursor import Cursor
from migrate_guard.evaluate.sql.indexes import IndexOptions, read_index
from migrate_guard.evaluate.sql.tokens import HOLE
from migrate_guard.operations import (
    UNKNOWN,
    AnyOperation,
    Column,
    Constraint,
    CreateTable,
    Index,
    TableName,
)
from migrate_guard.record import dataclass

_TEMPORARY = ("TEMP", "TEMPORARY")
_QUERY = ("SELECT", "WITH", "VALUES", "TABLE", "EXECUTE", "(")


@dataclass(slots=True)
class _Reading:
    """A table as it is read; `open` tells that it has columns that are not listed."""

    table: TableName
    columns: list[Column] = field(default_factory=list)
    constraints: list[Constraint] = field(default_factory=list)
    indexes: list[Index] = field(default_factory=list)
    open: bool = False
    like: TableName | None = None
    partition_of: TableName | None = None
    inherits: tuple[TableName, ...] = ()
    partitioned: bool = False
    comment: str | None = None
    as_select: str | None = None


def create_table(cursor: Cursor) -> Iterator[AnyOperation]:
    """Read `CREATE [TEMP | UNLOGGED] TABLE …`; the cursor stands behind CREATE."""
    cursor.accept("OR", "REPLACE")
    cursor.accept_one(("GLOBAL", "LOCAL"))
    temporary = bool(cursor.accept_one(_TEMPORARY))
    unlogged = cursor.accept("UNLOGGED")
    virtual = cursor.accept("VIRTUAL")
    cursor.expect("TABLE")
    if_not_exists = cursor.accept("IF", "NOT", "EXISTS")
    reading = _Reading(cursor.subject())
    if virtual:
        reading.open = True
        cursor.rest()
    else:
        _body(cursor, reading)
    yield CreateTable(
        span=cursor.span,
        sql=cursor.sql,
        table=reading.table,
        columns=UNKNOWN if reading.open else tuple(reading.columns),
        constraints=tuple(reading.constraints),
        indexes=tuple(reading.indexes),
        if_not_exists=if_not_exists,
        comment=reading.comment,
        temporary=temporary,
        unlogged=unlogged,
        partitioned=reading.partitioned,
        like=reading.like,
        partition_of=reading.partition_of,
        inherits=reading.inherits,
        as_select=reading.as_select,
    )


def _body(cursor: Cursor, reading: _Reading) -> None:
    if cursor.accept("PARTITION", "OF"):
        reading.partition_of = cursor.table_name()
        reading.open = True
    elif cursor.accept("LIKE"):
        reading.like = cursor.table_name()
        reading.open = True
    elif cursor.accept("OF"):
        cursor.table_name()
        reading.open = True
    if cursor.at("(") and not _is_query(cursor):
        _elements(cursor.group(), reading)
    while not cursor.at_end:
        _option(cursor, reading)


def _is_query(cursor: Cursor) -> bool:
    return cursor.ahead() in ("SELECT", "WITH", "VALUES")


def _elements(group: Cursor, reading: _Reading) -> None:
    for item in group.items():
        _element(item, reading)
        item.finish()


def _element(item: Cursor, reading: _Reading) -> None:
    if at_constraint(item):
        reading.constraints.append(read_constraint(item))
    elif item.at("LIKE") and item.ahead() != "":
        item.index += 1
        reading.like = item.table_name()
        reading.open = True
        item.rest()
    elif at_key(item):
        reading.indexes.append(read_key(item, reading.table))
    elif item.accept("PERIOD", "FOR"):
        item.rest()
    else:
        _column(item, reading)


def _column(item: Cursor, reading: _Reading) -> None:
    if item.kind == "word" and item.word.startswith(HOLE) and item.ahead() == "":
        # One undecidable part in the place of an element may be several columns.
        item.index += 1
        reading.open = True
        return
    if reading.partition_of is not None or (reading.open and item.ahead() == "WITH"):
        # The columns come from elsewhere; what is said here only adds constraints to one.
        column = ColumnReading(reading.table, item.name())
        read_attributes(item, column)
    else:
        column = read_column(item, reading.table)
        reading.columns.append(column.column())
    reading.constraints.extend(column.constraints)
    reading.indexes.extend(column.indexes)


def at_key(item: Cursor) -> bool:
    """Tell whether one of MySQL's keys inside a table comes next: `KEY`, `INDEX`, `FULLTEXT`."""
    return item.family == "mysql" and item.word in ("KEY", "INDEX", "FULLTEXT", "SPATIAL", "VECTOR")


def read_key(item: Cursor, table: TableName) -> Index:
    """Read one of MySQL's keys inside a table."""
    options = IndexOptions(method=item.accept_one(("FULLTEXT", "SPATIAL", "VECTOR")).lower() or None)
    item.accept_one(("KEY", "INDEX"))
    item.accept("IF", "NOT", "EXISTS")
    name = item.name() if item.at_name() and item.word != "USING" else None
    return read_index(item, table, name, unique=False, options=options)


def _option(cursor: Cursor, reading: _Reading) -> None:
    if cursor.accept("PARTITION", "BY"):
        reading.partitioned = True
        cursor.skip_to(("AS", "WITH", "SELECT", "TABLESPACE", "USING"))
    elif cursor.accept("INHERITS"):
        reading.inherits = tuple(item.table_name() for item in cursor.group().items())
    elif cursor.accept("COMMENT"):
        cursor.accept("=")
        reading.comment = cursor.string()
    elif cursor.at("AS") or cursor.word in ("SELECT", "IGNORE", "REPLACE", "("):
        _query(cursor, reading)
    elif cursor.at("FOR", "VALUES"):
        cursor.skip_to(("PARTITION", "WITH", "USING", "TABLESPACE"))
    else:
        _skip_option(cursor)


def _query(cursor: Cursor, reading: _Reading) -> None:
    cursor.accept_one(("IGNORE", "REPLACE"))
    cursor.accept("AS")
    if cursor.word not in _QUERY:
        raise cursor.failure()
    reading.as_select = cursor.rest()
    reading.open = True


def _skip_option(cursor: Cursor) -> None:
    """Step over a storage option: `WITH (…)`, `ENGINE=InnoDB`, `TABLESPACE x`, `WITHOUT ROWID`."""
    if cursor.accept(",") or cursor.accept("DEFAULT"):
        return
    if cursor.kind != "word" or HOLE in cursor.word:
        raise cursor.failure()
    cursor.index += 1
    cursor.accept("SET")
    if cursor.accept("=") or (not cursor.at_end and cursor.word not in (",", "AS", "SELECT", "PARTITION")):
        cursor.skip()
