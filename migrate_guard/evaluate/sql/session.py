"""Statements that steer the session or the server: transactions, settings, locks, upkeep, rights."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

from migrate_guard.evaluate.sql.cursor import Cursor
from migrate_guard.evaluate.sql.expressions import read_text
from migrate_guard.evaluate.sql.relations import relations
from migrate_guard.evaluate.sql.tokens import HOLE
from migrate_guard.operations import (
    DROP,
    UNKNOWN,
    Administer,
    AlterColumn,
    AnyOperation,
    CommentTable,
    ControlTransaction,
    LockTable,
    Maintain,
    Query,
    SetParameter,
    TableName,
    Unknown,
)

Command = Literal["begin", "commit", "rollback", "savepoint", "release"]
MaintainKind = Literal["table", "index", "view", "schema", "database"]


_CONTROL_WORDS = frozenset(
    """WORK TRANSACTION TRAN ISOLATION LEVEL READ WRITE ONLY COMMITTED UNCOMMITTED REPEATABLE SERIALIZABLE
    DEFERRABLE NOT DEFERRED IMMEDIATE EXCLUSIVE CONCURRENT AND NO CHAIN RELEASE TO SAVEPOINT PREPARED WITH
    CONSISTENT SNAPSHOT ,""".split()
)


def control(command: Command) -> Callable[[Cursor], Iterator[AnyOperation]]:
    """Return a reader for a statement that controls the transaction."""

    def read(cursor: Cursor) -> Iterator[AnyOperation]:
        cursor.index += 1
        while cursor.accept_one(_CONTROL_WORDS):
            pass
        if command != "begin" and not cursor.at_end:
            cursor.skip()  # The name of a savepoint or of a prepared transaction.
        # What else stands here is no control of a transaction: MariaDB's BEGIN NOT ATOMIC opens a block.
        cursor.finish()
        yield ControlTransaction(span=cursor.span, sql=cursor.sql, command=command)

    return read


def read_start(cursor: Cursor) -> Iterator[AnyOperation]:
    """Read `START TRANSACTION`."""
    if cursor.ahead() != "TRANSACTION":
        raise cursor.failure()
    return control("begin")(cursor)


def read_set(cursor: Cursor) -> Iterator[AnyOperation]:
    """Read SET, one operation per parameter."""
    cursor.index += 1
    if cursor.accept("PASSWORD"):
        return _administer(cursor, "SET PASSWORD")
    return _set_list(cursor)


def _set_list(cursor: Cursor) -> Iterator[AnyOperation]:
    local = False
    for word in ("SESSION", "LOCAL", "GLOBAL", "PERSIST"):
        if cursor.word == word and cursor.ahead() not in ("AUTHORIZATION", "="):
            cursor.index += 1
            local = word == "LOCAL"
    for words in (("TIME", "ZONE"), ("SESSION", "AUTHORIZATION"), ("SESSION", "CHARACTERISTICS")):
        if cursor.accept(*words):
            yield _parameter(cursor, " ".join(words).lower(), local)
            return
    for word in ("TRANSACTION", "CONSTRAINTS", "ROLE", "NAMES", "CHARACTER", "CHARSET", "XML", "STATEMENT"):
        if cursor.word == word and cursor.ahead() not in ("=", "TO"):
            cursor.index += 1
            yield _parameter(cursor, word.lower(), local)
            return
    # PostgreSQL takes a list as the value of one parameter, MySQL a list of assignments.
    items = list(cursor.items()) if cursor.family == "mysql" else [cursor]
    for item in items:
        for word in ("SESSION", "GLOBAL", "PERSIST"):
            item.accept(word)
        name = _parameter_name(item)
        if item is cursor and not item.accept_one(("=", "TO", ":=")):
            raise cursor.failure()
        item.accept_one(("=", ":="))
        yield _parameter(item, name, local)
    cursor.rest()


def _parameter_name(cursor: Cursor) -> str:
    parts = [cursor.name()]
    while cursor.accept("."):
        parts.append(cursor.name())
    name = ".".join(parts).lower()
    for prefix in ("@@session.", "@@global.", "@@"):
        name = name.removeprefix(prefix)
    return name


def _parameter(cursor: Cursor, name: str, local: bool) -> AnyOperation:
    value: str | Unknown = read_text(cursor)
    return SetParameter(span=cursor.span, sql=cursor.sql, name=name, value=value, local=local)


def read_reset(cursor: Cursor) -> Iterator[AnyOperation]:
    """Read RESET."""
    cursor.index += 1
    name = " ".join(cursor.rest().lower().split())
    if not name:
        raise cursor.failure()
    yield SetParameter(span=cursor.span, sql=cursor.sql, name=name, value=None)


def read_use(cursor: Cursor) -> Iterator[AnyOperation]:
    """Read MySQL's USE."""
    cursor.index += 1
    yield _parameter(cursor, "use", local=False)


_ASKING_PRAGMAS = frozenset(
    """table_info table_xinfo table_list index_list index_info index_xinfo foreign_key_list
    foreign_key_check integrity_check quick_check database_list function_list module_list pragma_list
    collation_list compile_options wal_checkpoint optimize incremental_vacuum shrink_memory""".split()
)


def read_pragma(cursor: Cursor) -> Iterator[AnyOperation]:
    """Read SQLite's PRAGMA: a setting with a value, else a question."""
    cursor.index += 1
    name = cursor.table_name().name.lower()
    if cursor.at_end or name in _ASKING_PRAGMAS:
        cursor.rest()
        yield Query(span=cursor.span, sql=cursor.sql)
        return
    if cursor.word == "(":
        group = cursor.group()
        first = group.first
        value = UNKNOWN if group.holes(first, group.stop) else group.text(first, group.stop)
        yield SetParameter(span=cursor.span, sql=cursor.sql, name=name, value=value)
        return
    cursor.expect("=")
    yield _parameter(cursor, name, local=False)


def read_show(cursor: Cursor) -> Iterator[AnyOperation]:
    """Read SHOW, DESCRIBE and their like."""
    cursor.rest()
    yield Query(span=cursor.span, sql=cursor.sql)


def read_lock(cursor: Cursor) -> Iterator[AnyOperation]:
    """Read LOCK, one operation per table; MySQL's modes are given in PostgreSQL's words."""
    cursor.index += 1
    cursor.accept_one(("TABLE", "TABLES"))
    if cursor.family == "mysql":
        yield from _mysql_locks(cursor)
        return
    tables: list[TableName] = []
    while True:
        cursor.accept("ONLY")
        tables.append(cursor.subject())
        cursor.accept("*")
        if not cursor.accept(","):
            break
    mode = "ACCESS EXCLUSIVE"  # The default (PostgreSQL 18, LOCK).
    if cursor.accept("IN"):
        first = cursor.index
        cursor.skip_to(("MODE",))
        mode = " ".join(cursor.text(first).upper().split())
        cursor.expect("MODE")
    cursor.accept("NOWAIT")
    cursor.finish()
    for table in tables:
        yield LockTable(span=cursor.span, sql=cursor.sql, table=table, mode=mode)


def _mysql_locks(cursor: Cursor) -> Iterator[AnyOperation]:
    for item in cursor.items():
        table = item.subject()
        item.skip_to(("READ", "WRITE"))
        if item.at_end:
            raise item.failure()
        mode = "SHARE" if item.rest().upper().startswith("READ") else "ACCESS EXCLUSIVE"
        yield LockTable(span=cursor.span, sql=cursor.sql, table=table, mode=mode)


def read_vacuum(cursor: Cursor) -> Iterator[AnyOperation]:
    """Read VACUUM and ANALYZE, one operation per table."""
    command = cursor.word
    cursor.index += 1
    full = False
    if cursor.word == "(":
        options = [item.rest().upper() for item in cursor.group().items()]
        full = command == "VACUUM" and bool({"FULL", "FULL TRUE", "FULL ON", "FULL 1"}.intersection(options))
    while word := cursor.accept_one(_UPKEEP_WORDS):
        full = full or word == "FULL"
    if cursor.accept("INTO"):  # SQLite: a copy of the database.
        cursor.rest()
    return _maintained(cursor, f"{command} FULL" if full else command)


_UPKEEP_WORDS = frozenset("FULL FREEZE VERBOSE ANALYZE NO_WRITE_TO_BINLOG LOCAL TABLE TABLES".split())


def _maintained(
    cursor: Cursor, command: str, kind: MaintainKind = "table", concurrently: bool = False
) -> Iterator[AnyOperation]:
    if cursor.at_end:
        target = "database" if kind == "table" else kind
        yield Maintain(span=cursor.span, sql=cursor.sql, command=command, target=None, kind=target)
        return
    for item in cursor.items():
        item.accept("ONLY")
        name = item.table_name()
        item.rest()
        yield Maintain(
            span=cursor.span,
            sql=cursor.sql,
            command=command,
            target=name,
            kind=kind,
            concurrently=concurrently,
        )


_REINDEXED: dict[str, MaintainKind] = {
    "INDEX": "index",
    "TABLE": "table",
    "SCHEMA": "schema",
    "DATABASE": "database",
    "SYSTEM": "database",
}


def read_reindex(cursor: Cursor) -> Iterator[AnyOperation]:
    """Read REINDEX; SQLite's names a table, an index or a collation without saying which."""
    cursor.index += 1
    concurrently = False
    if cursor.word == "(":
        options = [item.rest().upper() for item in cursor.group().items()]
        concurrently = bool({"CONCURRENTLY", "CONCURRENTLY TRUE", "CONCURRENTLY ON"}.intersection(options))
    kind = _REINDEXED.get(cursor.accept_one(_REINDEXED), "table")
    concurrently = cursor.accept("CONCURRENTLY") or concurrently
    return _maintained(cursor, "REINDEX", kind, concurrently)


def read_cluster(cursor: Cursor) -> Iterator[AnyOperation]:
    """Read CLUSTER."""
    cursor.index += 1
    if cursor.word == "(":
        cursor.group()
    cursor.accept("VERBOSE")
    return _maintained(cursor, "CLUSTER")


def read_refresh(cursor: Cursor) -> Iterator[AnyOperation]:
    """Read `REFRESH MATERIALIZED VIEW`."""
    cursor.expect("REFRESH", "MATERIALIZED", "VIEW")
    concurrently = cursor.accept("CONCURRENTLY")
    return _maintained(cursor, "REFRESH MATERIALIZED VIEW", "view", concurrently)


def read_table_upkeep(cursor: Cursor) -> Iterator[AnyOperation]:
    """Read MySQL's `OPTIMIZE`, `REPAIR`, `CHECK` and `CHECKSUM TABLE`."""
    verb = cursor.word
    cursor.index += 1
    cursor.accept_one(("NO_WRITE_TO_BINLOG", "LOCAL"))
    if not cursor.accept_one(("TABLE", "TABLES")):
        raise cursor.failure()
    return _maintained(cursor, f"{verb} TABLE")


def administer(cursor: Cursor) -> Iterator[AnyOperation]:
    """Read a statement that changes neither schema nor rows; its first word names it."""
    return _administer(cursor, cursor.word)


def _administer(cursor: Cursor, command: str) -> Iterator[AnyOperation]:
    cursor.rest()
    yield Administer(span=cursor.span, sql=cursor.sql, command=command)


_GRANTED = frozenset(
    """ALL SEQUENCE DATABASE DOMAIN FOREIGN FUNCTION PROCEDURE ROUTINE LANGUAGE LARGE PARAMETER SCHEMA
    TABLESPACE TYPE *""".split()
)


def read_grant(cursor: Cursor) -> Iterator[AnyOperation]:
    """Read GRANT and REVOKE with the tables that they are about."""
    command = cursor.word
    cursor.index += 1
    cursor.skip_to(("ON",))
    tables: list[TableName] = []
    if cursor.accept("ON") and cursor.word not in _GRANTED:
        cursor.accept("TABLE")
        while cursor.at_name() and cursor.ahead() != "(":
            tables.append(cursor.table_name())
            if not cursor.accept(","):
                break
    cursor.rest()
    yield Administer(span=cursor.span, sql=cursor.sql, command=command, tables=tuple(tables))


def read_comment(cursor: Cursor) -> Iterator[AnyOperation]:
    """Read `COMMENT ON`; those on tables and columns are part of the schema."""
    cursor.expect("COMMENT", "ON")
    if cursor.accept("TABLE"):
        table = cursor.subject()
        cursor.expect("IS")
        comment = _comment_text(cursor)
        yield CommentTable(span=cursor.span, sql=cursor.sql, table=table, comment=comment)
    elif cursor.accept("COLUMN"):
        yield _column_comment(cursor)
    else:
        command = (
            "COMMENT ON MATERIALIZED VIEW" if cursor.word == "MATERIALIZED" else f"COMMENT ON {cursor.word}"
        )
        cursor.rest()
        yield Administer(span=cursor.span, sql=cursor.sql, command=command)


def _column_comment(cursor: Cursor) -> AnyOperation:
    parts = [cursor.name()]
    while cursor.accept("."):
        parts.append(cursor.name())
    if len(parts) < 2:
        raise cursor.failure()
    table = TableName(parts[-2], parts[-3] if len(parts) > 2 else "")
    cursor.statement.subjects.append(table)
    cursor.expect("IS")
    comment = _comment_text(cursor)
    return AlterColumn(
        span=cursor.span,
        sql=cursor.sql,
        table=table,
        column=parts[-1],
        comment=DROP if comment is None else comment,
    )


def _comment_text(cursor: Cursor) -> str | Unknown | None:
    if cursor.accept("NULL"):
        cursor.finish()
        return None
    if cursor.kind in ("bind", "word"):
        cursor.rest()
        return UNKNOWN
    first = cursor.index
    comment = cursor.string()
    cursor.finish()
    return UNKNOWN if HOLE in cursor.text(first) else comment or None


def read_explain(cursor: Cursor) -> Iterator[AnyOperation]:
    """Read EXPLAIN without ANALYZE, which executes nothing."""
    words = {token.word for token in cursor.tokens[cursor.first : cursor.first + 8]}
    if "ANALYZE" in words or "ANALYSE" in words:
        raise cursor.failure()
    tables = relations(cursor)
    yield Query(span=cursor.span, sql=cursor.sql, tables=tables)
