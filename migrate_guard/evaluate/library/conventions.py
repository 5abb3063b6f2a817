"""Naming conventions of a MetaData: the names that SQLAlchemy gives to constraints and indexes.

Part of the library that gives SQLAlchemy's names their meaning (second stage).
"""

from __future__ import annotations

from collections.abc import Mapping

from migrate_guard.dialect import Dialect
from migrate_guard.evaluate.values import Value
from migrate_guard.operations import UNKNOWN, Constraint, Index, TableName, Unknown
from migrate_guard.record import dataclass
from migrate_guard.schema.conventions import Convention as Templates
from migrate_guard.schema.conventions import named, named_index

_KINDS = ("pk", "uq", "fk", "ck", "ix")


@dataclass(slots=True, eq=False)
class Convention:
    """The templates by kind of constraint; `UNKNOWN` for a convention that is not known."""

    templates: Templates | Unknown

    def named(self, constraint: Constraint, table: TableName, dialect: Dialect) -> Constraint:
        """Return a constraint under the name that the convention gives it."""
        return named(constraint, table, self.templates, dialect.name)

    def named_index(self, index: Index, dialect: Dialect) -> Index:
        """Return an index under the name that the convention gives it."""
        return named_index(index, self.templates, dialect.name)


def read_convention(value: Value) -> Convention | None:
    """Return the convention that `naming_convention=` gives a MetaData; SQLAlchemy's own counts as none.

    What is not known of a template is `UNKNOWN`; a class as a key may give a template for any kind that has
    none under its short name.
    """
    if value is None or value == {}:
        return None
    if not isinstance(value, Mapping):
        return Convention(UNKNOWN)
    texts = {key: text for key, text in value.items() if isinstance(key, str)}
    found: dict[str, str | Unknown] = {
        key: text if isinstance(text, str) else UNKNOWN for key, text in texts.items()
    }
    if len(texts) != len(value):
        found.update({kind: UNKNOWN for kind in _KINDS if kind not in found})
    return Convention(found)
