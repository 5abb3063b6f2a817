"""The tables that UPDATE and DELETE name before SET, WHERE or USING, with their aliases and joins."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import field

from migrate_guard.evaluate.sql.cursor import Cursor
from migrate_guard.operations import UNKNOWN, TableName, Unknown
from migrate_guard.record import dataclass

_JOINS = frozenset("JOIN INNER LEFT RIGHT OUTER CROSS NATURAL FULL STRAIGHT_JOIN ,".split())
_BEHIND = _JOINS | frozenset(
    "ON USING SET WHERE FROM ORDER LIMIT RETURNING PARTITION USE FORCE IGNORE FOR".split()
)


@dataclass(slots=True)
class Targets:
    """Tables in order with their aliases; `condition` is the text of the joins' conditions."""

    tables: list[TableName] = field(default_factory=list)
    aliases: dict[str, TableName] = field(default_factory=dict)
    condition: str | Unknown | None = None

    @property
    def first(self) -> TableName:
        """The table that is written when nothing says otherwise."""
        return self.tables[0]

    def find(self, qualifier: str) -> TableName:
        """Return the table that a column's qualifier means."""
        if not qualifier:
            return self.first
        named = self.aliases.get(qualifier)
        if named is not None:
            return named
        return next((table for table in self.tables if table.name == qualifier), self.first)

    def find_table(self, name: TableName) -> TableName:
        """Return the table that a name in a list means, which may be an alias."""
        return name if name.schema else self.aliases.get(name.name, name)


def read_targets(cursor: Cursor, ends: Collection[str]) -> Targets:
    """Read a list of tables with aliases and joins up to one of the words `ends`."""
    targets = Targets()
    _read_table(cursor, targets)
    while not cursor.at_end and (cursor.word not in ends or cursor.at("USING", "(")):
        if cursor.accept("ON"):
            _note_condition(cursor, targets, ends)
        elif cursor.accept("USING"):
            targets.condition = cursor.text(cursor.index - 1, cursor.index + 3)
            cursor.group()
        elif cursor.accept_one(_JOINS):
            if cursor.word not in _JOINS:
                _read_table(cursor, targets)
        elif cursor.accept_one(("PARTITION", "USE", "FORCE", "IGNORE", "INDEX", "KEY")) or cursor.word == "(":
            if cursor.word == "(":
                cursor.group()
        else:
            raise cursor.failure()
    if not targets.tables:
        raise cursor.failure()
    return targets


def _note_condition(cursor: Cursor, targets: Targets, ends: Collection[str]) -> None:
    first = cursor.index
    cursor.skip_to(_JOINS | frozenset(ends))
    condition = UNKNOWN if cursor.holes(first) else cursor.text(first)
    if isinstance(targets.condition, str) and isinstance(condition, str):
        condition = f"{targets.condition} AND {condition}"
    targets.condition = condition


def _read_table(cursor: Cursor, targets: Targets) -> None:
    cursor.accept_one(("ONLY", "LATERAL"))
    if cursor.word == "(":
        cursor.group()
        table = None
    else:
        table = cursor.table_name()
        targets.tables.append(table)
        cursor.accept(".", "*")
        cursor.accept("*")
    cursor.accept("AS")
    if cursor.at_name() and cursor.word not in _BEHIND:
        alias = cursor.name()
        if table is not None:
            targets.aliases[alias] = table
