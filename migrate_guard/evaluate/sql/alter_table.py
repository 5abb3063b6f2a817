"""ALTER TABLE in raw SQL: PostgreSQL 18's, MySQL's, MariaDB's and SQLite's actions in one grammar.

Each action of a list is read by itself and becomes operations with the action's own place. An action that
cannot be read is opaque for this table, the others are not affected.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from migrate_guard.evaluate.sql.alter_column import alter_column, change_column, modify_column
from migrate_guard.evaluate.sql.alter_options import OPTIONS, at_undivided, mysql_option
from migrate_guard.evaluate.sql.column import read_column
from migrate_guard.evaluate.sql.constraints import at_constraint, read_constraint
from migrate_guard.evaluate.sql.create_table import at_key, read_key
from migrate_guard.evaluate.sql.cursor import Cursor, UnreadableError
from migrate_guard.evaluate.sql.indexes import IndexOptions, read_index, read_online_option
from migrate_guard.operations import (
    AddColumn,
    AddConstraint,
    AlterConstraint,
    AlterTable,
    AnyOperation,
    AttachPartition,
    ConstraintKind,
    CreateIndex,
    DetachPartition,
    DropColumn,
    DropConstraint,
    DropIndex,
    Index,
    Opaque,
    RenameColumn,
    RenameConstraint,
    RenameIndex,
    RenameTable,
    TableName,
    ValidateConstraint,
)
from migrate_guard.record import replace

Action = Callable[[Cursor, TableName], Iterator[AnyOperation]]


def alter_table(cursor: Cursor) -> Iterator[AnyOperation]:
    """Read `ALTER TABLE …`; the cursor stands behind ALTER."""
    cursor.accept_one(("ONLINE", "OFFLINE"))
    cursor.accept("IGNORE")
    cursor.accept("FOREIGN")
    cursor.expect("TABLE")
    if cursor.accept("ALL", "IN", "TABLESPACE"):
        raise UnreadableError("ALTER TABLE ALL IN TABLESPACE names no table")
    if_exists = cursor.accept("IF", "EXISTS")
    cursor.accept("ONLY")
    table = cursor.subject()
    cursor.accept("*")
    _skip_wait(cursor)
    if at_undivided(cursor):
        yield AlterTable(span=cursor.span, sql=cursor.sql, table=table, action="other", detail=cursor.rest())
        return
    actions = list(cursor.items())
    if not actions:
        raise cursor.failure()
    if len(actions) == 1:  # The whole statement reads better than its only action.
        actions[0].cover(cursor)
    options = _online_options(actions)
    if any(action.word not in _ONLINE for action in actions):
        actions = [action for action in actions if action.word not in _ONLINE]
    for action in actions:
        for operation in _with_options(_read_action(action, table), options):
            yield replace(operation, table_if_exists=True) if if_exists else operation


def _skip_wait(cursor: Cursor) -> None:
    """Step over MariaDB's `WAIT n` and `NOWAIT`."""
    if not cursor.accept("NOWAIT") and cursor.at("WAIT"):
        cursor.index += 2


def _online_options(actions: list[Cursor]) -> IndexOptions:
    """Take MySQL's `ALGORITHM=` and `LOCK=` from the list: they count for the whole statement."""
    options = IndexOptions()
    for action in actions:
        if action.family == "mysql" and action.word in _ONLINE:
            read_online_option(Cursor(action.statement, action.index, action.stop), options)
    return options


_ONLINE = ("ALGORITHM", "LOCK")


def _with_options(operations: list[AnyOperation], options: IndexOptions) -> Iterator[AnyOperation]:
    for operation in operations:
        if isinstance(operation, CreateIndex):
            yield CreateIndex(
                span=operation.span,
                sql=operation.sql,
                index=operation.index,
                if_not_exists=operation.if_not_exists,
                algorithm=options.algorithm,
                lock=options.lock,
            )
        else:
            yield operation


def _read_action(action: Cursor, table: TableName) -> list[AnyOperation]:
    try:
        operations = list(_dispatch(action, table))
        action.finish()
    except UnreadableError as error:
        return [Opaque(span=action.span, sql=action.sql, reason=error.reason, may_touch=(table,))]
    return operations


def _dispatch(action: Cursor, table: TableName) -> Iterator[AnyOperation]:
    word = action.word
    reader = _ACTIONS.get(word)
    if reader is not None:
        action.index += 1
        return reader(action, table)
    if word in OPTIONS:
        return OPTIONS[word](action, table)
    return mysql_option(action, table)


def _add(action: Cursor, table: TableName) -> Iterator[AnyOperation]:
    if at_constraint(action):
        return _add_constraint(action, table)
    if at_key(action):
        return _add_index(action, table)
    if action.family == "mysql" and (
        action.word in ("PARTITION", "PERIOD") or action.at("SYSTEM", "VERSIONING")
    ):
        return _other(action, table)
    return _add_column(action, table)


def _other(action: Cursor, table: TableName) -> Iterator[AnyOperation]:
    action.rest()
    yield AlterTable(
        span=action.span, sql=action.sql, table=table, action="other", detail=action.text(action.first)
    )


def _add_constraint(action: Cursor, table: TableName) -> Iterator[AnyOperation]:
    index = _unique_index(action, table)
    if index is not None:
        yield CreateIndex(span=action.span, sql=action.sql, index=index)
        return
    constraint = read_constraint(action)
    yield AddConstraint(span=action.span, sql=action.sql, table=table, constraint=constraint)


def _unique_index(action: Cursor, table: TableName) -> Index | None:
    """Read MySQL's `ADD UNIQUE INDEX n (…)`: the same as `CREATE UNIQUE INDEX`."""
    if not (action.at("UNIQUE", "INDEX") or action.at("UNIQUE", "KEY")) or action.family != "mysql":
        return None
    action.index += 2
    action.accept("IF", "NOT", "EXISTS")
    name = action.name() if action.at_name() and action.word != "USING" else None
    return read_index(action, table, name, unique=True, options=IndexOptions())


def _add_index(action: Cursor, table: TableName) -> Iterator[AnyOperation]:
    start = action.index
    index = read_key(action, table)
    if_not_exists = "IF" in (token.word for token in action.tokens[start : start + 3])
    yield CreateIndex(span=action.span, sql=action.sql, index=index, if_not_exists=if_not_exists)


def _add_column(action: Cursor, table: TableName) -> Iterator[AnyOperation]:
    action.accept("COLUMN")
    if_not_exists = action.accept("IF", "NOT", "EXISTS")
    cursors = list(action.group().items()) if action.word == "(" else [action]
    for cursor in cursors:
        if cursor is not action and (at_constraint(cursor) or at_key(cursor)):
            yield from _add(cursor, table)
            continue
        reading = read_column(cursor, table)
        yield AddColumn(
            span=action.span,
            sql=action.sql,
            table=table,
            column=reading.column(),
            constraints=tuple(reading.constraints),
            indexes=tuple(reading.indexes),
            if_not_exists=if_not_exists,
            inline=True,
        )


def _drop(action: Cursor, table: TableName) -> Iterator[AnyOperation]:
    word, behind = action.word, action.ahead()
    if word == "CONSTRAINT" or (word == "CHECK" and action.family == "mysql"):
        action.index += 1
        return _drop_constraint(action, table, "check" if word == "CHECK" else None)
    if action.accept("FOREIGN", "KEY"):
        return _drop_constraint(action, table, "foreignkey")
    if action.accept("PRIMARY", "KEY"):
        return _drop_primary_key(action, table)
    if word in ("INDEX", "KEY") and action.index + 1 < action.stop and behind not in ("CASCADE", "RESTRICT"):
        action.index += 1
        return _drop_index(action, table)
    if word in ("PARTITION", "PERIOD", "SYSTEM") and action.family == "mysql" and not action.at(word, ""):
        return _other(action, table)
    return _drop_column(action, table)


def _drop_constraint(action: Cursor, table: TableName, kind: ConstraintKind | None) -> Iterator[AnyOperation]:
    if_exists = action.accept("IF", "EXISTS")
    name = action.name()
    cascade = action.accept_one(("CASCADE", "RESTRICT")) == "CASCADE"
    yield DropConstraint(
        span=action.span,
        sql=action.sql,
        table=table,
        name=name,
        kind=kind,
        if_exists=if_exists,
        cascade=cascade,
    )


def _drop_primary_key(action: Cursor, table: TableName) -> Iterator[AnyOperation]:
    yield DropConstraint(span=action.span, sql=action.sql, table=table, name="PRIMARY", kind="primary")


def _drop_index(action: Cursor, table: TableName) -> Iterator[AnyOperation]:
    if_exists = action.accept("IF", "EXISTS")
    name = action.name()
    yield DropIndex(span=action.span, sql=action.sql, name=name, table=table, if_exists=if_exists)


def _drop_column(action: Cursor, table: TableName) -> Iterator[AnyOperation]:
    action.accept("COLUMN")
    if_exists = action.accept("IF", "EXISTS")
    column = action.name()
    cascade = action.accept_one(("CASCADE", "RESTRICT")) == "CASCADE"
    yield DropColumn(
        span=action.span, sql=action.sql, table=table, column=column, if_exists=if_exists, cascade=cascade
    )


def _alter(action: Cursor, table: TableName) -> Iterator[AnyOperation]:
    word = action.word
    if word == "CONSTRAINT" or (word == "CHECK" and action.family == "mysql"):
        action.index += 1
        return _alter_constraint(action, table)
    if word in ("INDEX", "KEY") and action.family == "mysql":
        return _other(action, table)
    return alter_column(action, table)


def _alter_constraint(action: Cursor, table: TableName) -> Iterator[AnyOperation]:
    name = action.name()
    yield AlterConstraint(span=action.span, sql=action.sql, table=table, name=name, detail=action.rest())


def _validate(action: Cursor, table: TableName) -> Iterator[AnyOperation]:
    action.expect("CONSTRAINT")
    yield ValidateConstraint(span=action.span, sql=action.sql, table=table, name=action.name())


def _rename(action: Cursor, table: TableName) -> Iterator[AnyOperation]:
    if action.at("TO") or action.at("AS"):
        action.index += 1
        return _rename_table(action, table)
    if action.at("CONSTRAINT") and action.ahead() != "TO":
        action.index += 1
        return _rename_part(action, table, _constraint_renamed)
    if action.word in ("INDEX", "KEY") and action.ahead() != "TO" and action.family == "mysql":
        action.index += 1
        return _rename_part(action, table, _index_renamed)
    if action.family == "mysql" and action.index + 1 == action.stop:
        return _rename_table(action, table)
    action.accept("COLUMN")
    return _rename_part(action, table, _column_renamed)


def _rename_table(action: Cursor, table: TableName) -> Iterator[AnyOperation]:
    to = action.table_name()
    if not to.schema:
        to = TableName(to.name, table.schema)
    yield RenameTable(span=action.span, sql=action.sql, table=table, to=to)


def _rename_part(
    action: Cursor, table: TableName, make: Callable[[Cursor, TableName, str, str], AnyOperation]
) -> Iterator[AnyOperation]:
    action.accept("IF", "EXISTS")
    name = action.name()
    action.expect("TO")
    yield make(action, table, name, action.name())


def _constraint_renamed(action: Cursor, table: TableName, name: str, to: str) -> AnyOperation:
    return RenameConstraint(span=action.span, sql=action.sql, table=table, name=name, to=to)


def _index_renamed(action: Cursor, table: TableName, name: str, to: str) -> AnyOperation:
    return RenameIndex(span=action.span, sql=action.sql, name=name, to=to, table=table)


def _column_renamed(action: Cursor, table: TableName, name: str, to: str) -> AnyOperation:
    return RenameColumn(span=action.span, sql=action.sql, table=table, column=name, to=to)


def _attach(action: Cursor, table: TableName) -> Iterator[AnyOperation]:
    action.expect("PARTITION")
    partition = action.table_name()
    default = action.accept("DEFAULT")
    action.rest()
    yield AttachPartition(span=action.span, sql=action.sql, table=table, partition=partition, default=default)


def _detach(action: Cursor, table: TableName) -> Iterator[AnyOperation]:
    action.expect("PARTITION")
    partition = action.table_name()
    concurrently = action.accept_one(("CONCURRENTLY", "FINALIZE")) == "CONCURRENTLY"
    yield DetachPartition(
        span=action.span, sql=action.sql, table=table, partition=partition, concurrently=concurrently
    )


_ACTIONS: dict[str, Action] = {
    "ADD": _add,
    "DROP": _drop,
    "ALTER": _alter,
    "MODIFY": modify_column,
    "CHANGE": change_column,
    "RENAME": _rename,
    "VALIDATE": _validate,
    "ATTACH": _attach,
    "DETACH": _detach,
}
