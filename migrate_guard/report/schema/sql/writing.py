"""What every part of the DDL needs: the dialect's way to write names, literals and comments."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

from migrate_guard.dialect import Dialect
from migrate_guard.dialects.spelling import literal, qualified, quoted
from migrate_guard.operations import ConstraintName, TableName
from migrate_guard.record import dataclass
from migrate_guard.report.terminal import visible_line
from migrate_guard.schema import Schema
from migrate_guard.snapshot import Snapshot

_INDENT = "    "
K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Writing:
    """A snapshot that is being written as DDL."""

    snapshot: Snapshot

    @property
    def dialect(self) -> Dialect:
        """The dialect of the DDL."""
        return self.snapshot.dialect

    @property
    def schema(self) -> Schema:
        """The schema that is written."""
        return self.snapshot.schema

    def quote(self, name: str) -> str:
        """Return an identifier, quoted where it must be."""
        return quoted(name, self.dialect)

    def name(self, name: TableName) -> str:
        """Return the name of a table or another object."""
        return qualified(name, self.dialect)

    def literal(self, text: str) -> str:
        """Return a string literal."""
        return literal(text, self.dialect)

    def columns(self, names: Iterable[str]) -> str:
        """Return a list of columns in parentheses."""
        return f"({', '.join(map(self.quote, names))})"

    def constraint(self, name: ConstraintName) -> str:
        """Return `CONSTRAINT name ` or nothing: the server names what has no known name."""
        return f"CONSTRAINT {self.quote(name)} " if isinstance(name, str) else ""


def comment(text: str) -> str:
    """Return a line of comment, whatever the text holds."""
    return f"-- {visible_line(text)}"


@dataclass(frozen=True, slots=True)
class Item:
    """One item between the parentheses of CREATE TABLE, with remarks above it; `sql` is empty for none."""

    sql: str
    remarks: tuple[str, ...] = ()


def listed(items: Sequence[Item]) -> str:
    """Return items as indented lines, with commas between those that are SQL."""
    last = max((number for number, item in enumerate(items) if item.sql), default=-1)
    lines: list[str] = []
    for number, item in enumerate(items):
        lines += [_INDENT + comment(remark) for remark in item.remarks]
        if item.sql:
            lines.append(_INDENT + item.sql + ("," if number < last else ""))
    return "\n".join(lines)


def after_needs(items: Mapping[K, V], needs: Callable[[V], Iterable[K]]) -> list[V]:
    """Return items in their order, but each after those that it needs; what needs itself comes anywhere."""
    placed: dict[K, V] = {}
    seen: set[K] = set()
    for start in items:
        waiting = [start]
        while waiting:
            key = waiting[-1]
            first_visit = key not in seen
            seen.add(key)
            missing = [one for one in needs(items[key]) if one in items and one not in seen]
            if first_visit and missing:
                waiting += reversed(missing)
            else:
                placed.setdefault(key, items[key])
                waiting.pop()
    return list(placed.values())
