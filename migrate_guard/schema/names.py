"""The names that a server chooses or shortens by itself; part of the fourth stage of the pipeline.

PostgreSQL: `makeObjectName`, `ChooseRelationName` and `ChooseConstraintName` of its sources (versions 12
to 18); identifiers are cut to 63 bytes (manual, Lexical Structure, Identifiers and Key Words). MySQL:
manual 8.4, CREATE TABLE and FOREIGN KEY Constraints; MariaDB: knowledge base, CREATE TABLE. SQLite names
nothing. All of it is compared with real servers in the tests.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable

from migrate_guard.dialect import DialectName

POSTGRESQL_LIMIT = 63
Taken = Callable[[str], bool]


def clip(text: str, size: int) -> str:
    """Return the longest prefix of at most `size` bytes of UTF-8 that ends between characters."""
    return text.encode("utf-8", "surrogatepass")[: max(size, 0)].decode("utf-8", "ignore")


def fit(name: str, dialect: DialectName) -> str:
    """Return a name as the server keeps it: PostgreSQL cuts it to 63 bytes, the others do not cut."""
    if dialect != "postgresql" or len(name) * 4 <= POSTGRESQL_LIMIT:
        return name
    if name.isascii():
        return name[:POSTGRESQL_LIMIT]
    return clip(name, POSTGRESQL_LIMIT)


def object_name(first: str, second: str, label: str) -> str:
    """Return PostgreSQL's `first_second_label`, its longer part shortened until it fits into 63 bytes.

    An empty `second` or `label` leaves its underscore out.
    """
    room = POSTGRESQL_LIMIT - sum(_size(part) + 1 for part in (label,) if part) - (1 if second else 0)
    sizes = [_size(first), _size(second)]
    while sum(sizes) > room:
        sizes[0 if sizes[0] > sizes[1] else 1] -= 1
    parts = (clip(first, sizes[0]), clip(second, sizes[1]) if second else "", label)
    return "_".join(part for position, part in enumerate(parts) if part or position == 0)


def _size(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def choose_name(table: str, columns: Iterable[str], label: str, taken: Taken) -> str:
    """Return the first of `t_c_label`, `t_c_label1`, `t_c_label2`, … that is not taken (PostgreSQL)."""
    addition = clip("_".join(columns), POSTGRESQL_LIMIT)
    number = 0
    while True:
        name = object_name(table, addition, f"{label}{number or ''}")
        if not taken(name):
            return name
        number += 1


def index_columns(parts: Iterable[str]) -> tuple[str, ...]:
    """Return the names that PostgreSQL gives an index's columns: repeated ones get a number."""
    names: list[str] = []
    for part in parts:
        name, number = part, 0
        while name in names:
            number += 1
            name = clip(part, POSTGRESQL_LIMIT - len(str(number))) + str(number)
        names.append(name)
    return tuple(names)


def key_name(column: str, taken: Container[str]) -> str:
    """Return the name that MySQL gives an unnamed index or UNIQUE: its first column, then `_2`, `_3`, …

    `taken` holds the names of the table's other indexes in lower case.
    """
    if column.lower() not in taken and column.lower() != "primary":
        return column
    number = 2
    while f"{column}_{number}".lower() in taken:
        number += 1
    return f"{column}_{number}"


def numbered_name(prefix: str, existing: Iterable[str]) -> str:
    """Return `prefix` with the number after the highest one in use (`t_ibfk_3`, `CONSTRAINT_2`)."""
    used = (name[len(prefix) :] for name in existing if name.lower().startswith(prefix.lower()))
    return f"{prefix}{max((int(rest) for rest in used if rest.isascii() and rest.isdigit()), default=0) + 1}"
