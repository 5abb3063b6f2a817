"""The recogniser of one SQL statement: the first words decide which reader makes its operations.

Most SQL in revisions changes rows, so the readers of definitions are imported where a definition stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from migrate_guard.evaluate.sql import rows, session
from migrate_guard.evaluate.sql.cursor import Cursor, Statement, UnreadableError
from migrate_guard.evaluate.sql.tokens import HOLE
from migrate_guard.operations import Administer, AnyOperation, DropTable, Opaque, RenameTable, TableName

Reader = Callable[[Cursor], Iterator[AnyOperation]]


def read_statement(statement: Statement) -> list[AnyOperation]:
    """Read one statement into operations; what cannot be read is one `Opaque`. Nothing is raised."""
    cursor = Cursor(statement, statement.first, statement.stop)
    try:
        return list(dispatch(cursor))
    except UnreadableError as error:
        return [opaque(cursor, error.reason)]


def opaque(cursor: Cursor, reason: str) -> Opaque:
    """Return the operation for a statement that could not be read."""
    subjects = tuple(dict.fromkeys(cursor.statement.subjects))
    known = subjects and not any(HOLE in str(table) for table in subjects)
    return Opaque(span=cursor.span, sql=cursor.sql, reason=reason, may_touch=subjects if known else None)


def dispatch(cursor: Cursor) -> Iterator[AnyOperation]:
    """Read one statement; raise `UnreadableError` where it is not understood."""
    if any(token.kind == "broken" for token in cursor.tokens[cursor.first : cursor.stop]):
        raise UnreadableError(
            f"the SQL `{cursor.quote(cursor.first, 4)}` has a quote or comment that never ends"
        )
    reader = _READERS.get(cursor.word)
    if reader is None:
        if HOLE in cursor.word:
            raise UnreadableError("the beginning of the SQL statement is not known")
        raise UnreadableError(f"the SQL statement `{cursor.quote(cursor.index, 4)}` is not known")
    return reader(cursor)


def _create(cursor: Cursor) -> Iterator[AnyOperation]:
    cursor.index += 1
    word = _deciding_word(cursor)
    if word == "TABLE":
        from migrate_guard.evaluate.sql.create_table import create_table

        return create_table(cursor)
    if word == "INDEX":
        from migrate_guard.evaluate.sql.indexes import create_index

        return create_index(cursor)
    from migrate_guard.evaluate.sql.objects import create_object

    return create_object(cursor)


def _deciding_word(cursor: Cursor) -> str:
    """Return TABLE or INDEX where one of them is created, else an empty string."""
    for distance in range(6):
        word = cursor.ahead(distance)
        if word in ("TABLE", "INDEX"):
            before = cursor.ahead(distance - 1) if distance else ""
            return "" if before == "FOREIGN" else word
        if word not in _BEFORE_TABLE:
            return ""
    return ""


_BEFORE_TABLE = frozenset(
    """OR REPLACE GLOBAL LOCAL TEMP TEMPORARY UNLOGGED VIRTUAL UNIQUE FULLTEXT SPATIAL VECTOR ONLINE
    OFFLINE FOREIGN""".split()
)


def _alter(cursor: Cursor) -> Iterator[AnyOperation]:
    from migrate_guard.evaluate.sql.objects import alter_object

    cursor.index += 1
    if cursor.accept("INDEX"):
        from migrate_guard.evaluate.sql.indexes import alter_index

        return alter_index(cursor)
    if cursor.at("FOREIGN", "TABLE"):
        return alter_object(cursor)
    if "TABLE" in (cursor.word, cursor.ahead()) and cursor.word in ("TABLE", "IGNORE", "ONLINE", "OFFLINE"):
        from migrate_guard.evaluate.sql.alter_table import alter_table

        return alter_table(cursor)
    if cursor.word in ("DEFAULT", "SYSTEM", "LARGE", "INSTANCE"):
        return _named_administer(cursor, f"ALTER {cursor.word}")
    return alter_object(cursor)


def _named_administer(cursor: Cursor, command: str) -> Iterator[AnyOperation]:
    cursor.rest()
    yield Administer(span=cursor.span, sql=cursor.sql, command=command)


def _drop(cursor: Cursor) -> Iterator[AnyOperation]:
    cursor.index += 1
    cursor.accept("TEMPORARY")
    if cursor.accept_one(("TABLE", "TABLES")):
        return _drop_table(cursor)
    if cursor.accept("INDEX"):
        from migrate_guard.evaluate.sql.indexes import drop_index

        return drop_index(cursor)
    from migrate_guard.evaluate.sql.objects import drop_object

    return drop_object(cursor)


def _drop_table(cursor: Cursor) -> Iterator[AnyOperation]:
    if_exists = cursor.accept("IF", "EXISTS")
    tables = [cursor.subject()]
    while cursor.accept(","):
        tables.append(cursor.subject())
    cascade = cursor.accept_one(("CASCADE", "RESTRICT")) == "CASCADE"
    cursor.accept("PURGE")
    cursor.finish()
    for table in tables:
        yield DropTable(span=cursor.span, sql=cursor.sql, table=table, if_exists=if_exists, cascade=cascade)


def _rename(cursor: Cursor) -> Iterator[AnyOperation]:
    """Read MySQL's `RENAME TABLE a TO b, c TO d`."""
    cursor.index += 1
    if not cursor.accept_one(("TABLE", "TABLES")):
        raise cursor.failure()
    cursor.accept("IF", "EXISTS")
    for item in cursor.items():
        table = item.subject()
        item.expect("TO")
        to: TableName = item.table_name()
        item.finish()
        yield RenameTable(span=cursor.span, sql=cursor.sql, table=table, to=to)


def _unfollowed(cursor: Cursor) -> Iterator[AnyOperation]:
    raise UnreadableError(f"what `{cursor.quote(cursor.first, 4)}` does is not in the script")


def _group(cursor: Cursor) -> Iterator[AnyOperation]:
    """Read a query in parentheses: `(SELECT …) UNION (SELECT …)`."""
    if cursor.ahead() not in ("SELECT", "WITH", "VALUES", "TABLE", "("):
        raise cursor.failure()
    return rows.read_query(cursor)


def _do(cursor: Cursor) -> Iterator[AnyOperation]:
    if cursor.family == "mysql":  # MySQL's DO evaluates expressions, like SELECT without a result.
        return rows.read_query(cursor)
    # The body of a DO block is read with the readers of this module.
    from migrate_guard.evaluate.sql.blocks import read_do

    return read_do(cursor)


_READERS: dict[str, Reader] = {
    "CREATE": _create,
    "ALTER": _alter,
    "DROP": _drop,
    "RENAME": _rename,
    "COMMENT": session.read_comment,
    "INSERT": rows.read_insert,
    "REPLACE": rows.read_insert,
    "UPDATE": rows.read_update,
    "DELETE": rows.read_delete,
    "MERGE": rows.read_merge,
    "TRUNCATE": rows.read_truncate,
    "COPY": rows.read_copy,
    "LOAD": rows.read_load,
    "WITH": rows.read_with,
    "SELECT": rows.read_query,
    "VALUES": rows.read_query,
    "TABLE": rows.read_query,
    "(": _group,
    "EXPLAIN": session.read_explain,
    "SHOW": session.read_show,
    "DESCRIBE": session.read_show,
    "DESC": session.read_show,
    "SET": session.read_set,
    "RESET": session.read_reset,
    "USE": session.read_use,
    "PRAGMA": session.read_pragma,
    "BEGIN": session.control("begin"),
    "START": session.read_start,
    "COMMIT": session.control("commit"),
    "END": session.control("commit"),
    "ROLLBACK": session.control("rollback"),
    "ABORT": session.control("rollback"),
    "SAVEPOINT": session.control("savepoint"),
    "RELEASE": session.control("release"),
    "LOCK": session.read_lock,
    "VACUUM": session.read_vacuum,
    "ANALYZE": session.read_vacuum,
    "ANALYSE": session.read_vacuum,
    "REINDEX": session.read_reindex,
    "CLUSTER": session.read_cluster,
    "REFRESH": session.read_refresh,
    "OPTIMIZE": session.read_table_upkeep,
    "REPAIR": session.read_table_upkeep,
    "CHECK": session.read_table_upkeep,
    "CHECKSUM": session.read_table_upkeep,
    "GRANT": session.read_grant,
    "REVOKE": session.read_grant,
    "DO": _do,
    "CALL": _unfollowed,
    "EXECUTE": _unfollowed,
    "EXEC": _unfollowed,
    "PREPARE": _unfollowed,
} | dict.fromkeys(
    """UNLOCK SECURITY REASSIGN NOTIFY LISTEN UNLISTEN DISCARD CHECKPOINT DEALLOCATE CLOSE DECLARE FETCH
    MOVE ATTACH DETACH FLUSH KILL PURGE""".split(),
    session.administer,
)
