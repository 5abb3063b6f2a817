"""Actions of ALTER TABLE that leave columns, keys and indexes as they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from migrate_guard.evaluate.sql.cursor import Cursor
from migrate_guard.evaluate.sql.tokens import HOLE
from migrate_guard.operations import (
    AlterTable,
    AnyOperation,
    CommentTable,
    RenameTable,
    TableAction,
    TableName,
)

_FORMS: dict[str, tuple[tuple[tuple[str, ...], TableAction], ...]] = {
    "CLUSTER": ((("CLUSTER", "ON"), "cluster-on"),),
    "INHERIT": ((("INHERIT",), "inherit"),),
    "NOT": ((("NOT", "OF"), "other"),),
    "OF": ((("OF",), "other"),),
    "OWNER": ((("OWNER", "TO"), "owner"),),
    "REPLICA": ((("REPLICA", "IDENTITY"), "replica-identity"),),
    "FORCE": ((("FORCE", "ROW"), "row-security"), (("FORCE",), "other")),
    "NO": ((("NO", "INHERIT"), "no-inherit"), (("NO", "FORCE"), "row-security")),
    "RESET": ((("RESET",), "set-options"),),
    "OPTIONS": ((("OPTIONS",), "set-options"),),
    "ENABLE": (
        (("ENABLE", "TRIGGER"), "enable-trigger"),
        (("ENABLE", "REPLICA", "TRIGGER"), "enable-trigger"),
        (("ENABLE", "ALWAYS", "TRIGGER"), "enable-trigger"),
        (("ENABLE", "RULE"), "enable-rule"),
        (("ENABLE", "REPLICA", "RULE"), "enable-rule"),
        (("ENABLE", "ALWAYS", "RULE"), "enable-rule"),
        (("ENABLE", "ROW", "LEVEL", "SECURITY"), "row-security"),
        (("ENABLE", "KEYS"), "enable-keys"),
    ),
    "DISABLE": (
        (("DISABLE", "TRIGGER"), "disable-trigger"),
        (("DISABLE", "RULE"), "disable-rule"),
        (("DISABLE", "ROW", "LEVEL", "SECURITY"), "row-security"),
        (("DISABLE", "KEYS"), "disable-keys"),
    ),
    "SET": (
        (("SET", "LOGGED"), "set-logged"),
        (("SET", "UNLOGGED"), "set-unlogged"),
        (("SET", "TABLESPACE"), "set-tablespace"),
        (("SET", "ACCESS", "METHOD"), "set-access-method"),
        (("SET", "WITHOUT", "CLUSTER"), "cluster-on"),
        (("SET", "WITHOUT", "OIDS"), "other"),
        (("SET", "("), "set-options"),
    ),
    "CONVERT": ((("CONVERT", "TO"), "convert-charset"),),
    "DISCARD": ((("DISCARD", "TABLESPACE"), "other"),),
    "IMPORT": ((("IMPORT", "TABLESPACE"), "other"),),
    "WITH": ((("WITH", "VALIDATION"), "other"),),
    "WITHOUT": ((("WITHOUT", "VALIDATION"), "other"),),
}


def _read_form(action: Cursor, table: TableName) -> Iterator[AnyOperation]:
    if action.accept("SET", "SCHEMA"):
        to = TableName(table.name, action.name())
        yield RenameTable(span=action.span, sql=action.sql, table=table, to=to)
        return
    for words, name in _FORMS[action.word]:
        if action.at(*words):
            yield _altered(action, table, name)
            return
    raise action.failure()


def _altered(action: Cursor, table: TableName, name: TableAction) -> AnyOperation:
    detail = action.rest().replace(HOLE, "…")
    return AlterTable(span=action.span, sql=action.sql, table=table, action=name, detail=detail)


OPTIONS: dict[str, Callable[[Cursor, TableName], Iterator[AnyOperation]]] = dict.fromkeys(_FORMS, _read_form)

_TABLE_OPTIONS: dict[str, TableAction] = {
    "ENGINE": "engine",
    "TYPE": "engine",
    "ALGORITHM": "other",
    "LOCK": "other",
    "DEFAULT": "default-charset",
    "CHARACTER": "default-charset",
    "CHARSET": "default-charset",
    "COLLATE": "default-charset",
}
_OTHER_OPTIONS = frozenset(
    """AUTO_INCREMENT AVG_ROW_LENGTH CHECKSUM COMPRESSION CONNECTION DELAY_KEY_WRITE ENCRYPTION ENCRYPTED
    AUTOEXTEND_SIZE ENGINE_ATTRIBUTE INSERT_METHOD KEY_BLOCK_SIZE MAX_ROWS MIN_ROWS PACK_KEYS
    PAGE_CHECKSUM PAGE_COMPRESSED ROW_FORMAT SECONDARY_ENGINE SECONDARY_LOAD SECONDARY_UNLOAD START
    STATS_AUTO_RECALC STATS_PERSISTENT STATS_SAMPLE_PAGES TABLESPACE TRANSACTIONAL UNION""".split()
)


_OPTION_WORDS = _OTHER_OPTIONS | _TABLE_OPTIONS.keys() | {"COMMENT"}


def mysql_option(action: Cursor, table: TableName) -> Iterator[AnyOperation]:
    """Read one or more table options of MySQL that stand without commas between them."""
    if action.family != "mysql" or action.word not in _OPTION_WORDS:
        raise action.failure()
    while not action.at_end:
        if action.accept("COMMENT"):
            action.accept("=")
            comment = action.string()
            yield CommentTable(span=action.span, sql=action.sql, table=table, comment=comment or None)
            continue
        if action.word not in _OPTION_WORDS:
            raise action.failure()
        yield _table_option(action, table, _TABLE_OPTIONS.get(action.word, "other"))


def _table_option(action: Cursor, table: TableName, name: TableAction) -> AnyOperation:
    first = action.index
    action.accept("DEFAULT")
    action.index += 1
    action.accept("SET")
    action.accept("=")
    if not action.at_end:
        action.skip()
    while name == "default-charset" and action.accept("COLLATE"):
        action.accept("=")
        action.index += 1
    detail = action.text(first, min(action.index, action.stop)).replace(HOLE, "…")
    return AlterTable(span=action.span, sql=action.sql, table=table, action=name, detail=detail)


_PARTITION_VERBS = frozenset(
    """ANALYZE CHECK COALESCE DISCARD EXCHANGE IMPORT OPTIMIZE REBUILD REORGANIZE REPAIR TRUNCATE DROP ADD
    REMOVE MERGE SPLIT""".split()
)


def at_undivided(cursor: Cursor) -> bool:
    """Tell whether a form follows that is no list of actions, although it may hold commas.

    MySQL's lists hold partition names with commas between them; PostgreSQL 19 has MERGE and SPLIT.
    """
    if cursor.at("PARTITION", "BY") or cursor.at("ORDER", "BY"):
        return True
    verb, behind = cursor.word, cursor.ahead()
    if cursor.family == "postgresql":
        return verb in ("MERGE", "SPLIT") and behind in ("PARTITION", "PARTITIONS")
    return verb in _PARTITION_VERBS and behind in ("PARTITION", "PARTITIONING")
