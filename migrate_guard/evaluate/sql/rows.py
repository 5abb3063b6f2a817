"""Statements on rows in raw SQL: INSERT, UPDATE, DELETE, MERGE, TRUNCATE, COPY and queries."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from migrate_guard.evaluate.sql.cursor import Cursor, UnreadableError
from migrate_guard.evaluate.sql.functions import unfollowed_call, unfollowed_source
from migrate_guard.evaluate.sql.relations import relations
from migrate_guard.evaluate.sql.targets import read_targets
from migrate_guard.evaluate.sql.tokens import HOLE
from migrate_guard.operations import (
    UNKNOWN,
    AnyOperation,
    CreateTable,
    Delete,
    Insert,
    Query,
    TableName,
    Truncate,
    Unknown,
    Update,
)

_MODIFIERS = frozenset("LOW_PRIORITY DELAYED HIGH_PRIORITY IGNORE QUICK CONCURRENT".split())
_CONFLICTS = frozenset("REPLACE IGNORE ABORT FAIL ROLLBACK".split())
_WHERE_ENDS = frozenset("ORDER LIMIT RETURNING".split())


def read_with(cursor: Cursor) -> Iterator[AnyOperation]:
    """Read `WITH … statement`; CTEs that write give operations of their own, before the statement's."""
    first = cursor.index
    cursor.expect("WITH")
    cursor.accept("RECURSIVE")
    while True:
        cursor.name()
        if cursor.word == "(":
            cursor.group()
        cursor.expect("AS")
        cursor.accept("NOT")
        cursor.accept("MATERIALIZED")
        body = cursor.group()
        if body.word in _WRITES:
            yield from _WRITES[body.word](body)
        _skip_search(cursor)
        if not cursor.accept(","):
            break
    if cursor.word in _WRITES:
        yield from _WRITES[cursor.word](cursor)
        return
    if cursor.word not in ("SELECT", "VALUES", "TABLE", "("):
        raise cursor.failure()
    cursor.index = first
    yield from read_query(cursor)


def _skip_search(cursor: Cursor) -> None:
    if cursor.word in ("SEARCH", "CYCLE"):
        cursor.skip_to((",", "SELECT", "INSERT", "UPDATE", "DELETE", "MERGE"))


def read_insert(cursor: Cursor) -> Iterator[AnyOperation]:
    """Read INSERT and REPLACE."""
    cursor.index += 1
    if cursor.accept("OR"):
        cursor.accept_one(_CONFLICTS)
    while cursor.accept_one(_MODIFIERS):
        pass
    cursor.accept_one(("INTO", "OVERWRITE"))
    table = cursor.subject()
    if cursor.accept("PARTITION"):
        cursor.group()
    if cursor.accept("AS"):
        cursor.name()
    columns = _insert_columns(cursor)
    cursor.skip_to(("VALUES", "VALUE", "SELECT", "SET", "DEFAULT", "TABLE", "WITH", "("))
    word = cursor.word
    rows: int | None = None
    if word in ("VALUES", "VALUE"):
        cursor.index += 1
        rows = _count_rows(cursor)
    elif word in ("SET", "DEFAULT"):
        rows = 1
    elif not word and not cursor.holes(cursor.first, cursor.stop):
        raise cursor.failure()
    from_select = word in ("SELECT", "WITH", "TABLE", "(")
    cursor.rest()
    yield Insert(
        span=cursor.span, sql=cursor.sql, table=table, columns=columns, rows=rows, from_select=from_select
    )


def _insert_columns(cursor: Cursor) -> tuple[str, ...]:
    if cursor.word != "(" or cursor.ahead() in ("SELECT", "WITH", "VALUES", "("):
        return ()
    names: list[str] = []
    for item in cursor.group().items():
        names.append(item.table_name().name)  # MySQL lets a table stand in front.
        item.rest()
    return tuple(names)


def _count_rows(cursor: Cursor) -> int | None:
    """Count the groups behind VALUES; `None` when an undecidable part may hold more of them."""
    rows = 0
    while cursor.accept("ROW") or cursor.word == "(":
        cursor.group()
        rows += 1
        if not cursor.accept(","):
            break
    return None if rows == 0 or HOLE in cursor.word else rows


def read_update(cursor: Cursor) -> Iterator[AnyOperation]:
    """Read UPDATE, with MySQL's joins; one operation per table that gets new values."""
    cursor.index += 1
    if cursor.accept("OR"):
        cursor.accept_one(_CONFLICTS)
    while cursor.accept_one(_MODIFIERS):
        pass
    targets = read_targets(cursor, ("SET",))
    cursor.statement.subjects.extend(targets.tables)
    cursor.expect("SET")
    written = _assignments(cursor, targets.first)
    where = _where(cursor, targets.condition)
    by_table: dict[TableName, list[str]] = {}
    for qualifier, column in written:
        by_table.setdefault(targets.find(qualifier), []).append(column)
    for table, columns in by_table.items():
        yield Update(span=cursor.span, sql=cursor.sql, table=table, columns=tuple(columns), where=where)


def _assignments(cursor: Cursor, target: TableName) -> list[tuple[str, str]]:
    """Read the list behind SET as pairs of qualifier and column, up to FROM, WHERE or the end."""
    first = cursor.index
    cursor.skip_to(("FROM", "WHERE", "ORDER", "LIMIT", "RETURNING"))
    written: list[tuple[str, str]] = []
    for item in Cursor(cursor.statement, first, cursor.index).items():
        if item.word == "(":
            written.extend(("", name) for name in item.names())
            continue
        name = item.table_name()
        if item.word == "[":
            item.group()
        # `SET point.x = 1` names a field of a column in PostgreSQL, a table's column in MySQL.
        field = name.schema and item.family == "postgresql" and name.schema != target.name
        written.append(("", name.schema) if field else (name.schema, name.name))
        if item.word not in ("=", ":=") and not item.holes(item.first, item.stop):
            raise item.failure()
    if not written:
        raise cursor.failure()
    return written


def _where(cursor: Cursor, joined: str | Unknown | None) -> str | Unknown | None:
    """Read to the end; return the condition, or that of a join, which limits the rows just as well."""
    cursor.skip_to(("WHERE",))
    if cursor.accept("WHERE"):
        start = cursor.index
        cursor.skip_to(_WHERE_ENDS)
        if cursor.index == start:
            raise cursor.failure()
        condition = UNKNOWN if cursor.holes(start) else cursor.text(start)
        cursor.rest()
        return condition
    if joined is None and _may_hide_where(cursor):
        return UNKNOWN
    return joined


def _may_hide_where(cursor: Cursor) -> bool:
    """Tell whether an undecidable part stands where a WHERE could: behind a complete expression."""
    before = None
    for token in cursor.tokens[cursor.first : cursor.stop]:
        if HOLE in token.word and before is not None:
            operand = before.kind in ("number", "string", "name", "bind") or before.word == ")"
            if operand or (before.kind == "word" and before.word not in _CLAUSES):
                return True
        before = token
    return False


_CLAUSES = frozenset("UPDATE DELETE FROM SET ONLY AND OR NOT USING JOIN INTO WHEN THEN ELSE".split())


def read_delete(cursor: Cursor) -> Iterator[AnyOperation]:
    """Read DELETE, with PostgreSQL's USING and MySQL's joins; one operation per table."""
    cursor.index += 1
    while cursor.accept_one(_MODIFIERS):
        pass
    named: list[TableName] = []
    if not cursor.accept("FROM"):
        # MySQL: DELETE a, b FROM t1 AS a JOIN t2 AS b …
        named = _delete_list(cursor)
        cursor.expect("FROM")
    targets = read_targets(cursor, ("WHERE", "ORDER", "LIMIT", "RETURNING", "USING"))
    if cursor.accept("USING"):
        used = read_targets(cursor, ("WHERE", "ORDER", "LIMIT", "RETURNING"))
        tables = (
            [used.find_table(table) for table in targets.tables]
            if cursor.family == "mysql"
            else [targets.first]
        )
        condition = used.condition
    else:
        tables = [targets.find_table(name) for name in named] or [targets.first]
        condition = targets.condition
    cursor.statement.subjects.extend(tables)
    where = _where(cursor, condition)
    for table in tables:
        yield Delete(span=cursor.span, sql=cursor.sql, table=table, where=where)


def _delete_list(cursor: Cursor) -> list[TableName]:
    names: list[TableName] = []
    while True:
        names.append(cursor.table_name())
        cursor.accept(".", "*")
        if not cursor.accept(","):
            return names


def read_merge(cursor: Cursor) -> Iterator[AnyOperation]:
    """Read MERGE: an operation for each kind of change that its branches make."""
    cursor.index += 1
    cursor.accept("INTO")
    cursor.accept("ONLY")
    table = cursor.subject()
    cursor.skip_to(("ON",))
    cursor.expect("ON")
    first = cursor.index
    cursor.skip_to(("WHEN",))
    where = UNKNOWN if cursor.holes(first) else cursor.text(first)
    words = [token.word for token in cursor.tokens[cursor.index : cursor.stop]]
    branches = {words[i + 1] for i, word in enumerate(words[:-1]) if word == "THEN"}
    cursor.rest()
    if not branches & {"UPDATE", "DELETE", "INSERT", "DO"}:
        raise cursor.failure()
    if "UPDATE" in branches:
        yield Update(span=cursor.span, sql=cursor.sql, table=table, where=where)
    if "DELETE" in branches:
        yield Delete(span=cursor.span, sql=cursor.sql, table=table, where=where)
    if "INSERT" in branches:
        yield Insert(span=cursor.span, sql=cursor.sql, table=table, from_select=True)


def read_truncate(cursor: Cursor) -> Iterator[AnyOperation]:
    """Read TRUNCATE, one operation per table."""
    cursor.index += 1
    cursor.accept("TABLE")
    tables: list[TableName] = []
    while True:
        cursor.accept("ONLY")
        tables.append(cursor.subject())
        cursor.accept("*")
        if not cursor.accept(","):
            break
    for words in (("RESTART", "IDENTITY"), ("CONTINUE", "IDENTITY")):
        cursor.accept(*words)
    cascade = cursor.accept_one(("CASCADE", "RESTRICT")) == "CASCADE"
    cursor.finish()
    for table in tables:
        yield Truncate(span=cursor.span, sql=cursor.sql, table=table, cascade=cascade)


def read_copy(cursor: Cursor) -> Iterator[AnyOperation]:
    """Read PostgreSQL's COPY; the direction decides."""
    cursor.index += 1
    if cursor.word == "(":
        yield Query(span=cursor.span, sql=cursor.sql, tables=relations(cursor.group()))
        return
    table = cursor.subject()
    columns = cursor.names() if cursor.word == "(" else ()
    direction = cursor.accept_one(("FROM", "TO"))
    cursor.rest()
    if direction == "TO":
        yield Query(span=cursor.span, sql=cursor.sql, tables=(table,))
    elif direction == "FROM":
        yield Insert(span=cursor.span, sql=cursor.sql, table=table, columns=columns)
    else:
        raise cursor.failure()


def read_load(cursor: Cursor) -> Iterator[AnyOperation]:
    """Read MySQL's `LOAD DATA … INTO TABLE t`."""
    cursor.skip_to(("INTO",))
    cursor.expect("INTO", "TABLE")
    table = cursor.subject()
    cursor.rest()
    yield Insert(span=cursor.span, sql=cursor.sql, table=table)


def read_query(cursor: Cursor) -> Iterator[AnyOperation]:
    """Read SELECT, VALUES and TABLE; `SELECT … INTO` makes a table in PostgreSQL."""
    start = cursor.index
    if cursor.accept("TABLE"):
        yield Query(span=cursor.span, sql=cursor.sql, tables=(cursor.table_name(),))
        return
    words = {token.word for token in cursor.tokens[start : cursor.stop]}
    call = unfollowed_source(cursor) if "FROM" in words else unfollowed_call(cursor)
    if call is not None:
        raise UnreadableError(f"what the function {call}() does is not known")
    cursor.index = start
    if cursor.family == "postgresql" and "INTO" in words and cursor.skip_to(("INTO",)):
        yield _select_into(cursor, start)
        return
    cursor.index = start
    tables = relations(cursor)
    yield Query(span=cursor.span, sql=cursor.sql, tables=tables)


def _select_into(cursor: Cursor, start: int) -> AnyOperation:
    cursor.index += 1
    temporary = bool(cursor.accept_one(("TEMP", "TEMPORARY")))
    unlogged = cursor.accept("UNLOGGED")
    cursor.accept("TABLE")
    table = cursor.subject()
    cursor.rest()
    return CreateTable(
        span=cursor.span,
        sql=cursor.sql,
        table=table,
        columns=UNKNOWN,
        temporary=temporary,
        unlogged=unlogged,
        as_select=cursor.text(start).replace(HOLE, "…"),
    )


_WRITES: dict[str, Callable[[Cursor], Iterator[AnyOperation]]] = {
    "INSERT": read_insert,
    "UPDATE": read_update,
    "DELETE": read_delete,
    "MERGE": read_merge,
}
