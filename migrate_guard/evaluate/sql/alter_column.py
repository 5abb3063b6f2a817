"""ALTER COLUMN, MODIFY and CHANGE: the actions of ALTER TABLE on a column that stays."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from migrate_guard.evaluate.sql.column import ColumnReading, default_of, read_column
from migrate_guard.evaluate.sql.cursor import Cursor
from migrate_guard.evaluate.sql.expressions import read_group_text, read_text
from migrate_guard.evaluate.sql.tokens import HOLE
from migrate_guard.evaluate.sql.types import read_type
from migrate_guard.operations import (
    DROP,
    AddConstraint,
    AlterColumn,
    AlterTable,
    AnyOperation,
    Computed,
    Identity,
    RenameColumn,
    SqlType,
    TableAction,
    TableName,
    Unknown,
)


def alter_column(action: Cursor, table: TableName) -> Iterator[AnyOperation]:
    """Read `[COLUMN] c …`; the cursor stands behind ALTER."""
    action.accept("COLUMN")
    action.accept("IF", "EXISTS")
    column = action.name()
    for words, reader in _FORMS:
        if action.accept(*words):
            return iter((reader(action, table, column),))
    raise action.failure()


def _type(action: Cursor, table: TableName, column: str) -> AnyOperation:
    type_ = read_type(action)
    using: str | None = None
    if action.accept("USING"):
        first = action.index
        read_text(action)
        using = action.text(first).replace(HOLE, "…")
    return AlterColumn(span=action.span, sql=action.sql, table=table, column=column, type=type_, using=using)


def _set_default(action: Cursor, table: TableName, column: str) -> AnyOperation:
    default = default_of(read_text(action)) or DROP
    return AlterColumn(span=action.span, sql=action.sql, table=table, column=column, default=default)


def _drop_default(action: Cursor, table: TableName, column: str) -> AnyOperation:
    return AlterColumn(span=action.span, sql=action.sql, table=table, column=column, default=DROP)


def _set_not_null(action: Cursor, table: TableName, column: str) -> AnyOperation:
    return AlterColumn(span=action.span, sql=action.sql, table=table, column=column, nullable=False)


def _drop_not_null(action: Cursor, table: TableName, column: str) -> AnyOperation:
    return AlterColumn(span=action.span, sql=action.sql, table=table, column=column, nullable=True)


def _set_expression(action: Cursor, table: TableName, column: str) -> AnyOperation:
    computed = Computed(read_group_text(action))
    return AlterColumn(span=action.span, sql=action.sql, table=table, column=column, computed=computed)


def _drop_expression(action: Cursor, table: TableName, column: str) -> AnyOperation:
    action.accept("IF", "EXISTS")
    return AlterColumn(span=action.span, sql=action.sql, table=table, column=column, computed=DROP)


def _identity(action: Cursor, table: TableName, column: str, always: bool) -> AnyOperation:
    return AlterColumn(
        span=action.span, sql=action.sql, table=table, column=column, identity=Identity(always)
    )


def _add_identity(action: Cursor, table: TableName, column: str) -> AnyOperation:
    always = _always(action)
    action.expect("AS", "IDENTITY")
    if action.word == "(":
        action.group()
    return _identity(action, table, column, always)


def _set_generated(action: Cursor, table: TableName, column: str) -> AnyOperation:
    operation = _identity(action, table, column, _always(action))
    action.rest()  # Further options of the sequence.
    return operation


def _always(action: Cursor) -> bool:
    if action.accept("ALWAYS"):
        return True
    action.expect("BY", "DEFAULT")
    return False


def _drop_identity(action: Cursor, table: TableName, column: str) -> AnyOperation:
    action.accept("IF", "EXISTS")
    return AlterColumn(span=action.span, sql=action.sql, table=table, column=column, identity=DROP)


def _storage(name: TableAction) -> Callable[[Cursor, TableName, str], AnyOperation]:
    """Return a reader for an action that says only how a column is kept or measured."""

    def read(action: Cursor, table: TableName, column: str) -> AnyOperation:
        if action.at_end:
            raise action.failure()
        action.rest()
        detail = action.text(action.first)
        return AlterTable(
            span=action.span, sql=action.sql, table=table, action=name, detail=detail, column=column
        )

    return read


def _bare(name: TableAction) -> Callable[[Cursor, TableName, str], AnyOperation]:
    """Return a reader for such an action that is complete with its own words."""

    def read(action: Cursor, table: TableName, column: str) -> AnyOperation:
        detail = action.text(action.first)
        action.rest()
        return AlterTable(
            span=action.span, sql=action.sql, table=table, action=name, detail=detail, column=column
        )

    return read


_FORMS: tuple[tuple[tuple[str, ...], Callable[[Cursor, TableName, str], AnyOperation]], ...] = (
    (("TYPE",), _type),
    (("SET", "DATA", "TYPE"), _type),
    (("SET", "DEFAULT"), _set_default),
    (("DROP", "DEFAULT"), _drop_default),
    (("SET", "NOT", "NULL"), _set_not_null),
    (("DROP", "NOT", "NULL"), _drop_not_null),
    (("SET", "EXPRESSION", "AS"), _set_expression),
    (("DROP", "EXPRESSION"), _drop_expression),
    (("ADD", "GENERATED"), _add_identity),
    (("SET", "GENERATED"), _set_generated),
    (("DROP", "IDENTITY"), _drop_identity),
    (("SET", "STATISTICS"), _storage("set-statistics")),
    (("SET", "STORAGE"), _storage("set-storage")),
    (("SET", "COMPRESSION"), _storage("other")),
    (("SET", "VISIBLE"), _bare("other")),
    (("SET", "INVISIBLE"), _bare("other")),
    (("RESTART",), _bare("other")),
    (("RESET",), _storage("set-options")),
    (("SET", "INCREMENT"), _storage("other")),
    (("SET", "MINVALUE"), _storage("other")),
    (("SET", "MAXVALUE"), _storage("other")),
    (("SET", "START"), _storage("other")),
    (("SET", "CACHE"), _storage("other")),
    (("SET", "NO"), _storage("other")),
    (("SET", "CYCLE"), _bare("other")),
    (("SET", "SEQUENCE"), _storage("other")),
    (("SET", "OWNED"), _storage("other")),
    (("SET",), _storage("set-options")),
    (("OPTIONS",), _storage("set-options")),
)


def modify_column(action: Cursor, table: TableName) -> Iterator[AnyOperation]:
    """Read MySQL's `MODIFY [COLUMN] definition`; the cursor stands behind MODIFY."""
    action.accept("COLUMN")
    action.accept("IF", "EXISTS")
    reading = read_column(action, table)
    return _restated(action, table, reading.name, reading)


def change_column(action: Cursor, table: TableName) -> Iterator[AnyOperation]:
    """Read MySQL's `CHANGE [COLUMN] old definition`; the cursor stands behind CHANGE."""
    action.accept("COLUMN")
    action.accept("IF", "EXISTS")
    column = action.name()
    return _restated(action, table, column, read_column(action, table))


def _restated(
    action: Cursor, table: TableName, column: str, reading: ColumnReading
) -> Iterator[AnyOperation]:
    given = reading.given
    type_: SqlType | Unknown | None = reading.type
    yield AlterColumn(
        span=action.span,
        sql=action.sql,
        table=table,
        column=column,
        type=type_,
        nullable=reading.nullable if "nullable" in given or reading.nullable is not True else None,
        default=(reading.default or DROP) if "default" in given else reading.default,
        computed=reading.computed,
        comment=reading.comment,
        autoincrement=True if reading.serial else None,
        restates=True,
    )
    if reading.name != column:
        yield RenameColumn(span=action.span, sql=action.sql, table=table, column=column, to=reading.name)
    for constraint in reading.constraints:
        yield AddConstraint(span=action.span, sql=action.sql, table=table, constraint=constraint)
