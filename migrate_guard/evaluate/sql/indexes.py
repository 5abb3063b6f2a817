"""Indexes in raw SQL: CREATE, DROP and ALTER INDEX, and the keys that MySQL writes inside a table."""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.evaluate.sql.cursor import Cursor
from migrate_guard.evaluate.sql.expressions import read_text
from migrate_guard.operations import (
    UNKNOWN,
    AlterObject,
    AnyOperation,
    CreateIndex,
    DropIndex,
    Index,
    IndexPart,
    RenameIndex,
    TableName,
    Unknown,
)
from migrate_guard.record import dataclass

_SORTS = frozenset("ASC DESC NULLS COLLATE WITH".split())
_CASCADE = ("CASCADE", "RESTRICT")


@dataclass(slots=True)
class IndexOptions:
    """What stands behind the keys of an index, and in MySQL in front of them too."""

    method: str | None = None
    include: tuple[str, ...] = ()
    nulls_not_distinct: bool = False
    where: str | Unknown | None = None
    algorithm: str | None = None
    lock: str | None = None


def create_index(cursor: Cursor) -> Iterator[AnyOperation]:
    """Read `CREATE [UNIQUE] INDEX …`; the cursor stands behind CREATE."""
    _note_table(cursor)
    cursor.accept("OR", "REPLACE")
    unique = cursor.accept("UNIQUE")
    kind = cursor.accept_one(("FULLTEXT", "SPATIAL", "VECTOR"))
    cursor.accept_one(("ONLINE", "OFFLINE"))
    cursor.expect("INDEX")
    concurrently = cursor.accept("CONCURRENTLY")
    if_not_exists = cursor.accept("IF", "NOT", "EXISTS")
    options = IndexOptions(method=kind.lower() or None)
    name = _index_name(cursor, options)
    cursor.expect("ON")
    cursor.accept("ONLY")
    table = cursor.table_name()
    if name is not None and cursor.family == "sqlite":
        # There the schema stands before the index (https://www.sqlite.org/lang_createindex.html).
        table = TableName(table.name, table.schema or name.schema)
    index = read_index(cursor, table, None if name is None else name.name, unique, options)
    cursor.finish()
    yield CreateIndex(
        span=cursor.span,
        sql=cursor.sql,
        index=index,
        concurrently=concurrently,
        if_not_exists=if_not_exists,
        algorithm=options.algorithm,
        lock=options.lock,
    )


def _index_name(cursor: Cursor, options: IndexOptions) -> TableName | None:
    name = None if cursor.word == "ON" else cursor.table_name()
    _read_options(cursor, options)
    return name


def _note_table(cursor: Cursor) -> None:
    """Find the table first, so that a form that cannot be read is at least known to touch only it."""
    ahead = Cursor(cursor.statement, cursor.index, cursor.stop)
    if ahead.skip_to(("ON",)):
        ahead.accept("ON")
        ahead.accept("ONLY")
        if ahead.at_name():
            ahead.subject()


def read_index(
    cursor: Cursor, table: TableName, name: str | None, unique: bool, options: IndexOptions
) -> Index:
    """Read the keys and options of an index, from `USING` or the opening parenthesis on."""
    _read_options(cursor, options)
    parts = _parts(cursor.group())
    _read_options(cursor, options)
    return Index(
        name=name,
        table=table,
        parts=parts,
        unique=unique,
        method=options.method,
        where=options.where,
        include=options.include,
        nulls_not_distinct=options.nulls_not_distinct,
    )


def _parts(group: Cursor) -> tuple[IndexPart, ...] | Unknown:
    if group.holes(group.first, group.stop):
        return UNKNOWN
    return tuple(_part(item) for item in group.items())


def _part(item: Cursor) -> IndexPart:
    first = item.index
    prefix = item.ahead() == "(" and item.ahead(3) == ")" and item.tokens[first + 2].kind == "number"
    behind = item.ahead()
    if item.at_name() and (behind in ("", ")") or prefix or _is_sort(item, behind)):
        column = item.name()
        return IndexPart(column=column, sort=item.rest())
    while not item.at_end and item.word not in _SORTS and not _at_operator_class(item, first):
        item.skip()
    return IndexPart(expression=item.text(first), sort=item.rest())


def _is_sort(item: Cursor, behind: str) -> bool:
    """Tell whether what follows a name is a sort order or an operator class, not an operator."""
    return behind in _SORTS or behind[:1].isalpha() or behind[:1] == "_"


def _at_operator_class(item: Cursor, first: int) -> bool:
    """Tell whether a word right behind a closing parenthesis, as in `lower(a) text_pattern_ops`."""
    return item.index > first and item.kind == "word" and item.tokens[item.index - 1].word == ")"


def _read_options(cursor: Cursor, options: IndexOptions) -> None:
    while not cursor.at_end and _read_option(cursor, options):
        pass


def _read_option(cursor: Cursor, options: IndexOptions) -> bool:
    if cursor.accept("USING"):
        options.method = cursor.name().lower()
    elif cursor.accept("INCLUDE"):
        options.include = cursor.names()
    elif cursor.accept("NULLS", "NOT", "DISTINCT"):
        options.nulls_not_distinct = True
    elif cursor.accept("WHERE"):
        options.where = read_text(cursor)
    elif cursor.at("ALGORITHM") or cursor.at("LOCK"):
        read_online_option(cursor, options)
    else:
        return _skip_option(cursor)
    return True


def _skip_option(cursor: Cursor) -> bool:
    if cursor.accept("WITH", "PARSER") or cursor.accept_one(("TABLESPACE", "COMMENT")):
        cursor.index += 1
    elif cursor.at("WITH", "("):
        cursor.index += 1
        cursor.group()
    elif cursor.accept_one(("KEY_BLOCK_SIZE", "ENGINE_ATTRIBUTE", "WAIT", "CLUSTERING", "M", "DISTANCE")):
        cursor.accept("=")
        cursor.index += 1
    else:
        words = (
            ("NULLS", "DISTINCT"),
            ("NOT", "IGNORED"),
            ("VISIBLE",),
            ("INVISIBLE",),
            ("IGNORED",),
            ("NOWAIT",),
        )
        return any(cursor.accept(*pair) for pair in words)
    return True


def read_online_option(cursor: Cursor, options: IndexOptions) -> None:
    """Read MySQL's `ALGORITHM [=] x` or `LOCK [=] x`."""
    option = cursor.accept_one(("ALGORITHM", "LOCK"))
    cursor.accept("=")
    value = cursor.name().upper()
    if option == "LOCK":
        options.lock = value
    else:
        options.algorithm = value


def drop_index(cursor: Cursor) -> Iterator[AnyOperation]:
    """Read `DROP INDEX …`, one operation per index; the cursor stands behind INDEX."""
    concurrently = cursor.accept("CONCURRENTLY")
    if_exists = cursor.accept("IF", "EXISTS")
    names = [cursor.table_name()]
    while cursor.accept(","):
        names.append(cursor.table_name())
    table = None
    if cursor.accept("ON"):
        table = cursor.subject()
    cascade = cursor.accept_one(_CASCADE) == "CASCADE"
    _read_options(cursor, IndexOptions())
    cursor.finish()
    for name in names:
        yield DropIndex(
            span=cursor.span,
            sql=cursor.sql,
            name=name.name,
            schema=name.schema,
            table=table,
            concurrently=concurrently,
            if_exists=if_exists,
            cascade=cascade,
        )


def alter_index(cursor: Cursor) -> Iterator[AnyOperation]:
    """Read `ALTER INDEX …`; the cursor stands behind INDEX."""
    cursor.accept("IF", "EXISTS")
    name = cursor.table_name()
    if cursor.accept("RENAME", "TO"):
        to = cursor.name()
        cursor.finish()
        yield RenameIndex(span=cursor.span, sql=cursor.sql, name=name.name, to=to, schema=name.schema)
        return
    yield AlterObject(span=cursor.span, sql=cursor.sql, kind="other", name=name, detail=cursor.rest())
