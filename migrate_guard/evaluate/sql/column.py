"""Column definitions in raw SQL: type, attributes and the constraints written on the column."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field
from typing import Literal

from migrate_guard.evaluate.sql.cursor import Cursor
from migrate_guard.evaluate.sql.expressions import read_group_text, read_text
from migrate_guard.evaluate.sql.references import last_validated, read_reference, skip_index_options
from migrate_guard.evaluate.sql.tokens import HOLE
from migrate_guard.evaluate.sql.types import TYPE_ENDS, is_serial, read_type
from migrate_guard.operations import (
    UNKNOWN,
    Check,
    Column,
    Computed,
    Constraint,
    Default,
    Identity,
    Index,
    PrimaryKey,
    SqlType,
    TableName,
    Unique,
    Unknown,
)
from migrate_guard.record import dataclass

DEFAULT_ENDS = frozenset(
    """NOT NULL CONSTRAINT CHECK UNIQUE PRIMARY KEY REFERENCES GENERATED AS COLLATE COMMENT AUTO_INCREMENT
    ON FIRST AFTER DEFERRABLE INITIALLY ENFORCED STORAGE COMPRESSION COLUMN_FORMAT VISIBLE INVISIBLE
    DEFAULT AUTOINCREMENT""".split()
)
"""Words behind which a DEFAULT or ON UPDATE expression of a column has ended."""


@dataclass(slots=True)
class ColumnReading:
    """A column as it is read; `given` are the attributes that the definition states."""

    table: TableName
    name: str
    type: SqlType | Unknown | None = None
    nullable: bool | Unknown = True
    default: Default | Unknown | None = None
    identity: Identity | None = None
    computed: Computed | None = None
    comment: str | Unknown | None = None
    autoincrement: bool | Literal["auto"] = "auto"
    serial: bool = False
    constraint_name: str | None = None
    constraints: list[Constraint] = field(default_factory=list)
    indexes: list[Index] = field(default_factory=list)
    given: set[str] = field(default_factory=set)

    def column(self) -> Column:
        """Return the column without its constraints."""
        return Column(
            name=self.name,
            type=self.type,
            nullable=self.nullable,
            default=self.default,
            identity=self.identity,
            computed=self.computed,
            comment=self.comment,
            autoincrement=self.autoincrement,
            serial=self.serial,
        )

    def take_name(self) -> str | None:
        """Return the name given by `CONSTRAINT name`, which counts for one constraint."""
        name, self.constraint_name = self.constraint_name, None
        return name


def read_column(cursor: Cursor, table: TableName) -> ColumnReading:
    """Read a column definition up to the end of the cursor, `FIRST` and `AFTER` included."""
    reading = ColumnReading(table, cursor.name())
    serial = is_serial(cursor)
    if not cursor.at_end and (cursor.family == "postgresql" or cursor.word not in TYPE_ENDS):
        reading.type = read_type(cursor)
    if serial:
        reading.serial = True
        reading.nullable = False
        if cursor.family == "mysql":
            # MySQL 9.5 manual, 13.1.1: an alias for BIGINT UNSIGNED NOT NULL AUTO_INCREMENT UNIQUE.
            reading.autoincrement = True
            reading.constraints.append(Unique(None, (reading.name,)))
    read_attributes(cursor, reading)
    return reading


def read_attributes(cursor: Cursor, reading: ColumnReading) -> None:
    """Read everything behind the type."""
    while not cursor.at_end:
        word = cursor.word
        if HOLE in word:
            # The part may state anything: NOT NULL, a default, a constraint.
            cursor.index += 1
            reading.nullable, reading.default = UNKNOWN, UNKNOWN
            continue
        handler = _ATTRIBUTES.get(word)
        if handler is None:
            raise cursor.failure()
        cursor.index += 1
        handler(cursor, reading)


def default_of(sql: str | Unknown) -> Default | None:
    """Return a default; `DEFAULT NULL` is no default (PostgreSQL 18, CREATE TABLE; MySQL, 11.6)."""
    if not isinstance(sql, Unknown) and sql.strip("() \t\r\n").upper() == "NULL":
        return None
    return Default(sql)


def _not(cursor: Cursor, reading: ColumnReading) -> None:
    if cursor.accept("NULL"):
        reading.nullable = False
        reading.given.add("nullable")
        reading.take_name()
    elif cursor.accept_one(("ENFORCED", "VALID")):
        last_validated(reading.constraints, False)
    elif not cursor.accept_one(("DEFERRABLE", "VISIBLE")):
        raise cursor.failure()


def _null(_: Cursor, reading: ColumnReading) -> None:
    reading.nullable = True
    reading.given.add("nullable")
    reading.take_name()


def _default(cursor: Cursor, reading: ColumnReading) -> None:
    reading.take_name()
    reading.default = default_of(read_text(cursor, DEFAULT_ENDS))
    reading.given.add("default")


def _constraint(cursor: Cursor, reading: ColumnReading) -> None:
    reading.constraint_name = cursor.name()


def _check(cursor: Cursor, reading: ColumnReading) -> None:
    reading.constraints.append(Check(reading.take_name(), read_group_text(cursor)))


def _unique(cursor: Cursor, reading: ColumnReading) -> None:
    cursor.accept_one(("KEY", "INDEX"))
    distinct = cursor.accept("NULLS", "NOT", "DISTINCT")
    if not distinct:
        cursor.accept("NULLS", "DISTINCT")
    skip_index_options(cursor)
    reading.constraints.append(Unique(reading.take_name(), (reading.name,), nulls_not_distinct=distinct))


def _primary(cursor: Cursor, reading: ColumnReading) -> None:
    cursor.accept("KEY")
    if not cursor.accept("ASC"):
        cursor.accept("DESC")
    skip_index_options(cursor)
    reading.constraints.append(PrimaryKey(reading.take_name(), (reading.name,)))
    if cursor.family != "sqlite":
        reading.nullable = False


def _key(cursor: Cursor, reading: ColumnReading) -> None:
    if cursor.family != "mysql":
        cursor.index -= 1
        raise cursor.failure()
    _primary(cursor, reading)


def _references(cursor: Cursor, reading: ColumnReading) -> None:
    key = read_reference(cursor, reading.take_name(), (reading.name,))
    if _heeds_inline_references(cursor):
        reading.constraints.append(key)


def _heeds_inline_references(cursor: Cursor) -> bool:
    """Tell whether REFERENCES on a column makes a foreign key.

    MySQL parsed and ignored it up to 8.4 (MySQL 8.4 manual, 15.1.20.5; enforced since 9.0, release
    notes), MariaDB up to 10.4 (MariaDB documentation, "Foreign Keys").
    """
    dialect = cursor.statement.dialect
    if dialect.name == "mysql":
        return dialect.at_least(9)
    return dialect.name != "mariadb" or dialect.at_least(10, 5)


def _generated(cursor: Cursor, reading: ColumnReading) -> None:
    always = cursor.accept("ALWAYS")
    if not always:
        cursor.expect("BY", "DEFAULT")
        cursor.accept("ON", "NULL")
    cursor.expect("AS")
    _as(cursor, reading, always)


def _as(cursor: Cursor, reading: ColumnReading, always: bool = True) -> None:
    reading.take_name()
    if cursor.accept("IDENTITY"):
        reading.identity = Identity(always)
        reading.nullable = False
        if cursor.word == "(":
            cursor.group()
        return
    if cursor.accept("ROW"):  # MariaDB's system versioning: AS ROW START | END.
        cursor.index += 1
        return
    reading.computed = Computed(read_group_text(cursor), _stored(cursor))


def _stored(cursor: Cursor) -> bool | None:
    if cursor.accept_one(("STORED", "PERSISTENT")):
        return True
    return False if cursor.accept("VIRTUAL") else None


def _comment(cursor: Cursor, reading: ColumnReading) -> None:
    reading.comment = cursor.string()
    reading.given.add("comment")


def _auto_increment(_: Cursor, reading: ColumnReading) -> None:
    reading.serial = True
    reading.autoincrement = True
    reading.given.add("autoincrement")


def _autoincrement(_: Cursor, reading: ColumnReading) -> None:
    reading.autoincrement = True


def _on(cursor: Cursor, _: ColumnReading) -> None:
    if cursor.accept("CONFLICT"):
        cursor.index += 1
        return
    cursor.expect("UPDATE")
    read_text(cursor, DEFAULT_ENDS)


def _collate(cursor: Cursor, _: ColumnReading) -> None:
    cursor.table_name()


def _character(cursor: Cursor, _: ColumnReading) -> None:
    cursor.expect("SET")
    cursor.name()


def _one_value(cursor: Cursor, _: ColumnReading) -> None:
    cursor.accept("=")
    cursor.skip()


def _nothing(_: Cursor, __: ColumnReading) -> None:
    """Step over a word that says nothing about the schema."""


def _no(cursor: Cursor, _: ColumnReading) -> None:
    cursor.expect("INHERIT")


def _with(cursor: Cursor, _: ColumnReading) -> None:
    if not cursor.accept("OPTIONS"):  # PARTITION OF … (c WITH OPTIONS …)
        cursor.group()


_ATTRIBUTES: dict[str, Callable[[Cursor, ColumnReading], None]] = {
    "NOT": _not,
    "NULL": _null,
    "DEFAULT": _default,
    "CONSTRAINT": _constraint,
    "CHECK": _check,
    "UNIQUE": _unique,
    "PRIMARY": _primary,
    "KEY": _key,
    "REFERENCES": _references,
    "GENERATED": _generated,
    "AS": _as,
    "COMMENT": _comment,
    "AUTO_INCREMENT": _auto_increment,
    "AUTOINCREMENT": _autoincrement,
    "ON": _on,
    "COLLATE": _collate,
    "CHARACTER": _character,
    "CHARSET": _one_value,
    "STORAGE": _one_value,
    "COMPRESSION": _one_value,
    "COLUMN_FORMAT": _one_value,
    "ENGINE_ATTRIBUTE": _one_value,
    "SECONDARY_ENGINE_ATTRIBUTE": _one_value,
    "SRID": _one_value,
    "AFTER": _one_value,
    "FIRST": _nothing,
    "VISIBLE": _nothing,
    "INVISIBLE": _nothing,
    "ENFORCED": _nothing,
    "DEFERRABLE": _nothing,
    "INITIALLY": _one_value,
    "NO": _no,
    "WITH": _with,
    "OPTIONS": _one_value,
}
