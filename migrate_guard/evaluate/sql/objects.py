"""CREATE, ALTER and DROP of everything but tables and indexes: types, views, functions, roles …"""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.evaluate.sql.cursor import Cursor, UnreadableError
from migrate_guard.evaluate.sql.relations import relations
from migrate_guard.evaluate.sql.tokens import HOLE
from migrate_guard.operations import (
    UNKNOWN,
    AddEnumValue,
    AlterObject,
    AnyOperation,
    CreateEnum,
    CreateObject,
    DropObject,
    ObjectKind,
    RenameEnumValue,
    TableName,
    Unknown,
)
from migrate_guard.record import dataclass

KINDS: tuple[tuple[tuple[str, ...], ObjectKind], ...] = (
    (("VIEW",), "view"),
    (("RECURSIVE", "VIEW"), "view"),
    (("MATERIALIZED", "VIEW"), "materialized view"),
    (("SEQUENCE",), "sequence"),
    (("FUNCTION",), "function"),
    (("ROUTINE",), "function"),
    (("AGGREGATE", "FUNCTION"), "function"),
    (("PROCEDURE",), "procedure"),
    (("AGGREGATE",), "aggregate"),
    (("CONSTRAINT", "TRIGGER"), "trigger"),
    (("EVENT", "TRIGGER"), "event trigger"),
    (("TRIGGER",), "trigger"),
    (("POLICY",), "policy"),
    (("RULE",), "rule"),
    (("EXTENSION",), "extension"),
    (("DOMAIN",), "domain"),
    (("TYPE",), "type"),
    (("SCHEMA",), "schema"),
    (("DATABASE",), "database"),
    (("STATISTICS",), "statistics"),
    (("OPERATOR", "CLASS"), "operator"),
    (("OPERATOR", "FAMILY"), "operator"),
    (("OPERATOR",), "operator"),
    (("CAST",), "cast"),
    (("COLLATION",), "collation"),
    (("PUBLICATION",), "publication"),
    (("SUBSCRIPTION",), "subscription"),
    (("ROLE",), "role"),
    (("USER", "MAPPING"), "other"),
    (("USER",), "role"),
    (("GROUP",), "role"),
    (("FOREIGN", "DATA", "WRAPPER"), "other"),
    (("FOREIGN", "TABLE"), "foreign table"),
    (("SERVER",), "server"),
    (("TEXT", "SEARCH", "CONFIGURATION"), "other"),
    (("TEXT", "SEARCH", "DICTIONARY"), "other"),
    (("TEXT", "SEARCH", "PARSER"), "other"),
    (("TEXT", "SEARCH", "TEMPLATE"), "other"),
    (("ACCESS", "METHOD"), "other"),
    (("CONVERSION",), "other"),
    (("DEFAULT", "CONVERSION"), "other"),
    (("EVENT",), "other"),
    (("PROCEDURAL", "LANGUAGE"), "other"),
    (("TRUSTED", "LANGUAGE"), "other"),
    (("LANGUAGE",), "other"),
    (("TABLESPACE",), "other"),
    (("TRANSFORM",), "other"),
    (("PACKAGE",), "other"),
)

_ON_TABLE = frozenset(("trigger", "policy", "rule"))
_NAMELESS = frozenset(("cast", "operator"))
_BEFORE_KIND = frozenset("TEMP TEMPORARY GLOBAL LOCAL TRUSTED DEFINER SQL ALGORITHM".split())


@dataclass(frozen=True, slots=True)
class _Head:
    """What stands between CREATE and the name."""

    kind: ObjectKind
    replace: bool
    if_not_exists: bool


def accept_kind(cursor: Cursor) -> ObjectKind | None:
    """Step over the words of an object's kind, `None` when there are none."""
    for words, kind in KINDS:
        if cursor.accept(*words):
            return kind
    return None


def create_object(cursor: Cursor) -> Iterator[AnyOperation]:
    """Read CREATE of an object; the cursor stands behind CREATE."""
    head = _head(cursor)
    if head.kind == "type":
        yield _create_type(cursor)
        return
    name = _object_name(cursor, head.kind)
    table = _on_table(cursor, head.kind)
    start = cursor.index
    if head.kind == "schema" and cursor.skip_to(("CREATE", "GRANT")):
        raise UnreadableError("a CREATE SCHEMA that creates what is in it cannot be read")
    cursor.index = start
    detail = cursor.rest().replace(HOLE, "…")
    cursor.index = start
    yield CreateObject(
        span=cursor.span,
        sql=cursor.sql,
        kind=head.kind,
        name=name,
        table=table,
        uses=_uses(cursor, head.kind),
        replace=head.replace,
        if_not_exists=head.if_not_exists,
        detail=detail,
    )


def _head(cursor: Cursor) -> _Head:
    replace = cursor.accept("OR", "REPLACE")
    while cursor.word in _BEFORE_KIND:
        _skip_before_kind(cursor)
    kind = accept_kind(cursor)
    if kind is None:
        raise cursor.failure()
    return _Head(kind, replace, cursor.accept("IF", "NOT", "EXISTS"))


def _skip_before_kind(cursor: Cursor) -> None:
    """Step over `TEMP`, and MySQL's `DEFINER = user@host`, `SQL SECURITY x`, `ALGORITHM = x`."""
    word = cursor.word
    cursor.index += 1
    if word == "SQL":
        cursor.index += 2
    elif cursor.accept("="):
        cursor.skip()
        if cursor.word == "(":  # CURRENT_USER()
            cursor.group()
        if word == "DEFINER" and cursor.word[:1] == "@":
            cursor.index += 1 if len(cursor.word) > 1 else 2


def _object_name(cursor: Cursor, kind: ObjectKind) -> TableName:
    """Read the name; an operator or a cast has its signature for a name."""
    if kind in _NAMELESS:
        return TableName(_signature(cursor))
    if kind == "schema" and cursor.accept("AUTHORIZATION"):
        return TableName(cursor.name())
    if kind == "other" and cursor.accept("FOR"):  # USER MAPPING FOR user SERVER s, TRANSFORM FOR type
        return cursor.table_name()
    if kind == "statistics" and cursor.word in ("ON", "("):
        return TableName("")
    name = cursor.table_name()
    if kind == "role" and cursor.word[:1] == "@":  # MySQL: 'user'@'host'
        cursor.index += 1 if len(cursor.word) > 1 else 2
    return name


def _signature(cursor: Cursor) -> str:
    first = cursor.index
    if cursor.word == "(":
        cursor.group()
    else:
        while not cursor.at_end and cursor.word not in (
            "(",
            "USING",
            "FOR",
            "DEFAULT",
            "ADD",
            "OWNER",
            "SET",
            ",",
        ):
            cursor.index += 1
        if cursor.word == "(":
            cursor.group()
    return " ".join(cursor.text(first).split())


def _on_table(cursor: Cursor, kind: ObjectKind) -> TableName | None:
    if kind not in _ON_TABLE:
        return None
    word = "TO" if kind == "rule" else "ON"
    ahead = Cursor(cursor.statement, cursor.index, cursor.stop)
    ahead.skip_to((word,))
    if not ahead.accept(word):
        return None
    return ahead.subject()


def _uses(cursor: Cursor, kind: ObjectKind) -> tuple[TableName, ...]:
    return relations(cursor) if kind in ("view", "materialized view", "statistics") else ()


def _create_type(cursor: Cursor) -> AnyOperation:
    name = cursor.table_name()
    if not cursor.accept("AS", "ENUM"):
        return CreateObject(
            span=cursor.span, sql=cursor.sql, kind="type", name=name, detail=cursor.rest().replace(HOLE, "…")
        )
    group = cursor.group()
    cursor.finish()
    labels: tuple[str, ...] | Unknown = UNKNOWN
    if not group.holes(group.first, group.stop):
        labels = tuple(item.string() for item in group.items())
    return CreateEnum(span=cursor.span, sql=cursor.sql, name=name, labels=labels)


def alter_object(cursor: Cursor) -> Iterator[AnyOperation]:
    """Read ALTER of an object; the cursor stands behind ALTER."""
    while cursor.word in _BEFORE_KIND:
        _skip_before_kind(cursor)
    kind = accept_kind(cursor)
    if kind is None:
        raise cursor.failure()
    cursor.accept("IF", "EXISTS")
    name = _object_name(cursor, kind)
    if kind == "type" and (value := _alter_enum(cursor, name)) is not None:
        yield value
        return
    if cursor.word == "(":  # The arguments of a function.
        cursor.group()
    table = _on_table(cursor, kind)
    if table is not None:
        cursor.skip_to(("ON",))
        cursor.accept("ON")
        cursor.table_name()
    start = cursor.index
    to = _renamed(cursor, name)
    cursor.index = start
    detail = cursor.rest().replace(HOLE, "…")
    yield AlterObject(
        span=cursor.span, sql=cursor.sql, kind=kind, name=name, table=table, to=to, detail=detail
    )


def _renamed(cursor: Cursor, name: TableName) -> TableName | None:
    if cursor.accept("RENAME", "TO"):
        return TableName(cursor.name(), name.schema)
    if cursor.accept("SET", "SCHEMA"):
        return TableName(name.name, cursor.name())
    return None


def _alter_enum(cursor: Cursor, name: TableName) -> AnyOperation | None:
    if cursor.accept("ADD", "VALUE"):
        if_not_exists = cursor.accept("IF", "NOT", "EXISTS")
        value = cursor.string()
        side = cursor.accept_one(("BEFORE", "AFTER"))
        neighbour = cursor.string() if side else None
        cursor.finish()
        return AddEnumValue(
            span=cursor.span,
            sql=cursor.sql,
            name=name,
            value=value,
            before=neighbour if side == "BEFORE" else None,
            after=neighbour if side == "AFTER" else None,
            if_not_exists=if_not_exists,
        )
    if cursor.accept("RENAME", "VALUE"):
        value = cursor.string()
        cursor.expect("TO")
        to = cursor.string()
        cursor.finish()
        return RenameEnumValue(span=cursor.span, sql=cursor.sql, name=name, value=value, to=to)
    return None


def drop_object(cursor: Cursor) -> Iterator[AnyOperation]:
    """Read DROP of objects, one operation per name; the cursor stands behind DROP."""
    kind = accept_kind(cursor)
    if kind is None:
        raise cursor.failure()
    if_exists = cursor.accept("IF", "EXISTS")
    names = [_dropped_name(cursor, kind)]
    table = None
    if kind in _ON_TABLE and cursor.accept("ON"):
        table = cursor.subject()
    while cursor.accept(","):
        names.append(_dropped_name(cursor, kind))
    cascade = "CASCADE" in cursor.rest().upper().split()
    for name in names:
        yield DropObject(
            span=cursor.span,
            sql=cursor.sql,
            kind=kind,
            name=name,
            table=table,
            if_exists=if_exists,
            cascade=cascade,
        )


def _dropped_name(cursor: Cursor, kind: ObjectKind) -> TableName:
    name = _object_name(cursor, kind)
    if cursor.word == "(":
        cursor.group()
    return name
