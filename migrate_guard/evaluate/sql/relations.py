"""The tables that a query, a view or a function body names."""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.evaluate.sql.cursor import Cursor
from migrate_guard.operations import TableName
from migrate_guard.record import dataclass

_STARTS = frozenset("FROM JOIN INTO UPDATE USING".split())
_NOT_TABLES = frozenset("SELECT VALUES LATERAL UNNEST ROWS SET OUTFILE DUMPFILE STRICT".split())
_FROM_INSIDE = frozenset("EXTRACT SUBSTRING TRIM OVERLAY POSITION".split())
"""Functions whose own syntax has a FROM: `EXTRACT(year FROM x)`."""


def relations(cursor: Cursor) -> tuple[TableName, ...]:
    """Return the tables named in what is left, in order and once each, without CTEs and functions."""
    hidden = _cte_names(cursor)
    found: dict[TableName, None] = {}
    for name in _named(cursor):
        if name.schema or name.name not in hidden:
            found[name] = None
    return tuple(found)


def _cte_names(cursor: Cursor) -> set[str]:
    """Find what `WITH x [(…)] AS [MATERIALIZED] (` defines, at any depth."""
    names: set[str] = set()
    if not any(cursor.tokens[index].word == "WITH" for index in range(cursor.index, cursor.stop)):
        return names
    ahead = Cursor(cursor.statement, cursor.index, cursor.stop)
    while not ahead.at_end:
        if not ahead.at_name():
            ahead.index += 1
            continue
        start = ahead.index
        name = ahead.name()
        if ahead.word == "(" and _closes_before_as(ahead):
            ahead.group()
        if ahead.word == "AS" and _is_cte(ahead):
            names.add(name)
            continue
        ahead.index = start + 1
    return names


def _closes_before_as(ahead: Cursor) -> bool:
    """Tell whether a list of plain names in parentheses comes next; it keeps the search linear."""
    index = ahead.index + 1
    while index + 1 < ahead.stop and ahead.tokens[index].kind in ("word", "name"):
        if ahead.tokens[index + 1].word == ")":
            return True
        if ahead.tokens[index + 1].word != ",":
            return False
        index += 2
    return False


def _is_cte(ahead: Cursor) -> bool:
    words = [ahead.ahead(distance) for distance in (1, 2, 3)]
    return words[0] == "(" or words[:2] == ["MATERIALIZED", "("] or words == ["NOT", "MATERIALIZED", "("]


def _named(cursor: Cursor) -> Iterator[TableName]:
    """Go through the tokens once, with a level for each open parenthesis."""
    levels = [_Level("")]
    before = ""
    while not cursor.at_end:
        word = cursor.word
        _move(levels, word, before)
        if _starts_list(cursor, levels[-1], before):
            cursor.index += 1
            levels[-1].in_from = levels[-1].in_from or word == "FROM"
            yield from _table(cursor, levels)
            before = ""
            continue
        if word in _ENDS:
            levels[-1].in_from = False
        before = word
        cursor.index += 1


@dataclass(slots=True)
class _Level:
    """An open parenthesis: the word in front of it, and whether commas in it separate tables."""

    opener: str
    in_from: bool = False


def _move(levels: list[_Level], word: str, before: str) -> None:
    if word == "(":
        levels.append(_Level(before))
    elif word == ")" and len(levels) > 1:
        levels.pop()


def _starts_list(cursor: Cursor, level: _Level, before: str) -> bool:
    """Tell whether table names follow; `IS DISTINCT FROM`, `ON UPDATE` and `USING (a)` have none."""
    word = cursor.word
    if word == ",":
        return level.in_from
    if word not in _STARTS:
        return False
    if word == "FROM":
        return before != "DISTINCT" and level.opener not in _FROM_INSIDE
    if word == "UPDATE":
        return before not in _BEFORE_UPDATE
    return word != "USING" or cursor.ahead() != "("


def _table(cursor: Cursor, levels: list[_Level]) -> Iterator[TableName]:
    """Read one table name with its alias."""
    cursor.accept_one(("ONLY", "LATERAL"))
    while cursor.accept("("):
        levels.append(_Level("", in_from=True))
    if not cursor.at_name() or cursor.word in _NOT_TABLES or cursor.kind == "string":
        return
    name = cursor.table_name()
    if cursor.word == "(":
        return
    yield name
    cursor.accept("*")
    cursor.accept("AS")
    if cursor.at_name() and cursor.word not in _BEHIND_TABLE:
        cursor.name()


_ENDS = frozenset(
    """WHERE GROUP HAVING ORDER LIMIT OFFSET UNION INTERSECT EXCEPT SELECT WINDOW SET RETURNING VALUES FETCH
    FOR ;""".split()
)
_BEFORE_UPDATE = frozenset("ON FOR KEY DO BEFORE AFTER OR OF".split())
_BEHIND_TABLE = _ENDS | frozenset(
    "JOIN INNER LEFT RIGHT FULL CROSS NATURAL STRAIGHT_JOIN TABLESAMPLE BEGIN END RETURN LOOP ELSIF".split()
)
