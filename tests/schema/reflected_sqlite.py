"""What SQLite's own catalog has and the inspector does not show.

That are the order and the expressions of indexes, the collations of columns, and all but one of several
foreign keys on the same columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import sqlalchemy as sa

from migrate_guard.operations import ForeignKey, Index, IndexPart, SqlType, TableName
from tests.schema.types import parse

_LISTED = "SELECT name, \"unique\" FROM pragma_index_list(:table) WHERE origin = 'c' ORDER BY name"
_KEYS = 'SELECT name, "desc", coll FROM pragma_index_xinfo(:index) WHERE key ORDER BY seqno'
_SQL = "SELECT sql FROM sqlite_master WHERE type = 'index' AND name = :index"
_TYPES = "SELECT name, upper(type) FROM pragma_table_info(:table)"
_TABLE = "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :table"
_COLUMN = re.compile(
    r"""\s*(?:"([^"]+)"|\[([^\]]+)\]|`([^`]+)`|(\w+)).*?\bCOLLATE\s+["`]?(\w+)""", re.IGNORECASE | re.DOTALL
)

_FOREIGN_KEY = re.compile(
    r"""(?:CONSTRAINT\s+"?(?P<name>\w+)"?\s+)?FOREIGN\s+KEY\s*\((?P<columns>[^)]*)\)\s*"""
    r"""REFERENCES\s+"?(?P<target>\w+)"?\s*\((?P<targets>[^)]*)\)(?P<rest>.*)""",
    re.IGNORECASE | re.DOTALL,
)
_ACTION = r"\bON\s+%s\s+(CASCADE|SET\s+NULL|SET\s+DEFAULT|RESTRICT|NO\s+ACTION)"


def sqlite_foreign_keys(inspector: sa.Inspector, table: str) -> list[ForeignKey]:
    """Return the foreign keys that stand as constraints of their own in the table's definition.

    Of several on the same columns, SQLAlchemy's inspector returns the first only.
    """
    connection = inspector.bind
    assert isinstance(connection, sa.Connection)
    definitions, _ = _split(str(connection.execute(sa.text(_TABLE), {"table": table}).scalar_one()))
    return [_foreign_key(match) for match in filter(None, map(_FOREIGN_KEY.match, definitions))]


def _foreign_key(match: re.Match[str]) -> ForeignKey:
    def action(event: str) -> str | None:
        found = re.search(_ACTION % event, match["rest"], re.IGNORECASE)
        return None if found is None else " ".join(found.group(1).upper().split())

    def names(text: str) -> tuple[str, ...]:
        return tuple(name.strip().strip('"') for name in text.split(","))

    return ForeignKey(
        match["name"],
        names(match["columns"]),
        TableName(match["target"]),
        names(match["targets"]),
        ondelete=action("DELETE"),
        onupdate=action("UPDATE"),
    )


def sqlite_collations(inspector: sa.Inspector, table: str) -> dict[str, str]:
    """Return the collations that columns were given, by the column's name."""
    connection = inspector.bind
    assert isinstance(connection, sa.Connection)
    sql = str(connection.execute(sa.text(_TABLE), {"table": table}).scalar_one())
    definitions, _ = _split(sql)
    found = filter(None, map(_COLUMN.match, definitions))
    return {next(filter(None, match.groups()[:4])): match.group(5).upper() for match in found}


def sqlite_types(inspector: sa.Inspector, table: str) -> dict[str, SqlType]:
    """Return the types of columns whose names SQLAlchemy does not know, as they were declared.

    The inspector gives them the type of their affinity: NUMERIC for BINARY.
    """
    connection = inspector.bind
    assert isinstance(connection, sa.Connection)
    declared = connection.execute(sa.text(_TYPES), {"table": table}).all()
    known = connection.dialect.ischema_names  # type: ignore[attr-defined]  # SQLite's dialect has it
    return {name: parse(kind) for name, kind in declared if kind and kind.partition("(")[0] not in known}


def sqlite_indexes(inspector: sa.Inspector, table: TableName) -> list[Index]:
    """Return the indexes that statements created, not those of constraints."""
    connection = inspector.bind
    assert isinstance(connection, sa.Connection)
    found: list[Index] = []
    collations = sqlite_collations(inspector, table.name)
    for name, unique in connection.execute(sa.text(_LISTED), {"table": table.name}).all():
        sql = str(connection.execute(sa.text(_SQL), {"index": name}).scalar_one())
        texts, where = _split(sql)
        keys = connection.execute(sa.text(_KEYS), {"index": name}).all()
        parts = tuple(
            _part(column, descending, collation, collations.get(column, "BINARY"), text)
            for (column, descending, collation), text in zip(keys, texts, strict=True)
        )
        found.append(Index(name, table, parts, unique=bool(unique), where=where))
    return found


def _part(column: str | None, descending: int, collation: str, of_column: str, text: str) -> IndexPart:
    """Return a key of an index; its collation is that of its column unless it has its own."""
    words = [f"COLLATE {collation}"] if collation != of_column else []
    words += ["DESC"] if descending else []
    if column is not None:
        return IndexPart(column=column, sort=" ".join(words))
    last = text.rpartition(" ")
    return IndexPart(expression=last[0] if last[2].upper() in ("ASC", "DESC") else text, sort=" ".join(words))


def _split(sql: str) -> tuple[list[str], str | None]:
    """Return the keys of a CREATE INDEX as they were written, and its predicate."""
    start = sql.index("(")
    ends = list(_ends(sql, start))
    bounds = [start, *ends]
    keys = [sql[left + 1 : right].strip() for left, right in zip(bounds, ends, strict=False)]
    rest = sql[ends[-1] + 1 :].strip()
    return keys, rest[len("WHERE") :].strip() if rest else None


def _ends(sql: str, start: int) -> Iterator[int]:
    """Go through the positions of the commas between the keys and of the last parenthesis."""
    depth = 0
    for position, sign in enumerate(sql[start:], start):
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if depth == 0 or (sign == "," and depth == 1):
            yield position
        if depth == 0:
            return
