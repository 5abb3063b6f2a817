"""Compare the constraints and indexes of two tables; part of the comparison."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from migrate_guard.operations import (
    UNKNOWN,
    Check,
    Constraint,
    ConstraintName,
    Exclude,
    ForeignKey,
    Index,
    IndexPart,
    PrimaryKey,
    Unique,
    Unknown,
)
from migrate_guard.record import dataclass
from migrate_guard.schema.compare.difference import Difference
from migrate_guard.schema.compare.table import text_of
from migrate_guard.schema.model import Schema, Table
from migrate_guard.schema.replay.elements import is_mysql
from migrate_guard.schema.text import canonical

_NO_ACTION = "NO ACTION"


@dataclass(frozen=True, slots=True)
class _Element:
    """A constraint or index as facts that can be compared one by one."""

    kind: str
    name: ConstraintName
    facts: tuple[tuple[str, str | Unknown | None], ...]

    def __str__(self) -> str:
        return self.name if isinstance(self.name, str) else str(dict(self.facts).get("columns"))

    def differs(self, other: _Element) -> list[tuple[str, str | None, str | None]]:
        """Return the aspects in which both are known and not equal."""
        return [
            (aspect, value, against)
            for aspect, value, against in self._beside(other)
            if not isinstance(value, Unknown) and not isinstance(against, Unknown) and value != against
        ]

    def unknown(self, other: _Element) -> list[tuple[str, str | None, str | None]]:
        """Return the aspects that only one of the two knows."""
        names = (self.name, other.name)
        return [
            (aspect, text_of(value), text_of(against))
            for aspect, value, against in (("name", *names), *self._beside(other))
            if isinstance(value, Unknown) is not isinstance(against, Unknown)
        ]

    def _beside(self, other: _Element) -> Iterator[tuple[str, str | Unknown | None, str | Unknown | None]]:
        theirs = dict(other.facts)
        return ((aspect, value, theirs.get(aspect)) for aspect, value in self.facts)


def element_differences(left: Table, right: Table, schema: Schema) -> Iterator[Difference]:
    """Go through the constraints and indexes in which two tables differ.

    They are matched by name first, then by content: the same key under two names differs in its name.
    """
    mine, theirs = list(_elements(left, schema)), list(_elements(right, schema))
    certain = left.certain and right.certain
    for one, other in (*_pairs(mine, theirs, _same_name), *_pairs(mine, theirs, _same_content)):
        if isinstance(one.name, str) and isinstance(other.name, str) and one.name != other.name:
            yield Difference(one.kind, left.name, str(one), "name", one.name, other.name, certain)
        elif (one.name is None) != (other.name is None) and UNKNOWN not in (one.name, other.name):
            yield Difference(one.kind, left.name, str(one), "name", _known(one), _known(other), certain)
        for aspect, value, against in one.differs(other):
            yield Difference(one.kind, left.name, str(one), aspect, value, against, certain)
        for aspect, value, against in one.unknown(other):
            yield Difference(one.kind, left.name, str(one), aspect, value, against, certain, unknown=True)
    for one in mine:
        yield Difference(one.kind, left.name, str(one), "", str(one), None, certain and right.known)
    for other in theirs:
        yield Difference(other.kind, left.name, str(other), "", None, str(other), certain and left.known)


def _known(element: _Element) -> str | None:
    return element.name if isinstance(element.name, str) else None


def _same_name(one: _Element, other: _Element) -> bool:
    if one.kind == other.kind == "primary key":
        return True
    return one.kind == other.kind and isinstance(one.name, str) and one.name == other.name


def _same_content(one: _Element, other: _Element) -> bool:
    return one.kind == other.kind and not one.differs(other)


def _pairs(
    left: list[_Element], right: list[_Element], matches: Callable[[_Element, _Element], bool]
) -> list[tuple[_Element, _Element]]:
    """Take the matching elements out of both lists and return them in pairs."""
    found: list[tuple[_Element, _Element]] = []
    for one in tuple(left):
        other = next((o for o in right if matches(one, o)), None)
        if other is not None:
            found.append((one, other))
            left.remove(one)
            right.remove(other)
    return found


def _elements(table: Table, schema: Schema) -> Iterator[_Element]:
    for constraint in table.constraints:
        if not (isinstance(constraint, Check) and constraint.not_null is not None):
            yield _of_constraint(constraint, schema)
    for index in table.indexes:
        yield _of_index(index, schema)


def _listed(columns: tuple[str, ...] | Unknown) -> str | Unknown:
    return columns if isinstance(columns, Unknown) else ", ".join(columns)


def _sql(sql: str | Unknown | None) -> str | Unknown | None:
    return canonical(sql) if isinstance(sql, str) else sql


def _flag(value: bool | Unknown) -> str | Unknown:
    return value if isinstance(value, Unknown) else str(value).lower()


def _of_constraint(constraint: Constraint, schema: Schema) -> _Element:
    if isinstance(constraint, PrimaryKey):
        return _Element("primary key", constraint.name, (("columns", _listed(constraint.columns)),))
    if isinstance(constraint, Unique):
        facts: tuple[tuple[str, str | Unknown | None], ...] = (
            ("columns", _listed(constraint.columns)),
            ("nulls not distinct", _flag(constraint.nulls_not_distinct)),
        )
        return _Element("unique", constraint.name, facts)
    if isinstance(constraint, ForeignKey):
        return _of_foreign_key(constraint, schema)
    kind = "exclude" if isinstance(constraint, Exclude) else "check"
    return _Element(kind, constraint.name, (("expression", _sql(constraint.sql)),))


def _of_foreign_key(constraint: ForeignKey, schema: Schema) -> _Element:
    target = (
        constraint.target if isinstance(constraint.target, Unknown) else str(schema.key(constraint.target))
    )
    return _Element(
        "foreign key",
        constraint.name,
        (
            ("columns", _listed(constraint.columns)),
            ("target", target),
            ("target columns", _listed(constraint.target_columns) or UNKNOWN),
            ("on delete", _action(constraint.ondelete, schema)),
            ("on update", _action(constraint.onupdate, schema)),
            ("deferrable", _flag(constraint.deferrable)),
            ("validated", _flag(constraint.validated)),
        ),
    )


def _action(action: str | None, schema: Schema) -> str:
    """Return the action of a key; for InnoDB, RESTRICT and NO ACTION are the same (MySQL manual)."""
    text = (action or _NO_ACTION).upper()
    return _NO_ACTION if text == "RESTRICT" and is_mysql(schema) else text


def _of_index(index: Index, schema: Schema) -> _Element:
    parts = index.parts if isinstance(index.parts, Unknown) else ", ".join(map(_part, index.parts))
    if is_mysql(schema) and index.unique is True:
        return _Element("unique", index.name, (("columns", parts), ("nulls not distinct", "false")))
    method = (index.method or "btree").lower()
    facts: tuple[tuple[str, str | Unknown | None], ...] = (
        ("columns", parts),
        ("unique", _flag(index.unique)),
        ("method", method),
        ("where", _sql(index.where)),
        ("include", ", ".join(index.include)),
        ("nulls not distinct", _flag(index.nulls_not_distinct)),
        ("valid", _flag(index.valid)),
    )
    return _Element("index", index.name, facts)


def _part(part: IndexPart) -> str:
    text = part.column if part.column is not None else canonical(part.expression or "")
    sort = " ".join(word for word in part.sort.upper().split() if word != "ASC")
    return f"{text} {sort}".strip()
