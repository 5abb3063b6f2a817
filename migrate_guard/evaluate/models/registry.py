"""What is found while models are read: classes, tables, and doubts about them; changed as reading goes on."""

from __future__ import annotations

import ast
from dataclasses import field

from migrate_guard.evaluate.interpret.scope import Scope
from migrate_guard.evaluate.library.columns import ColumnValue
from migrate_guard.evaluate.library.constraints import ConstraintValue
from migrate_guard.evaluate.library.defaults import SequenceValue
from migrate_guard.evaluate.library.friends import FlaskSqlalchemyValue
from migrate_guard.evaluate.library.indexes import IndexValue
from migrate_guard.evaluate.library.metadata import MetaDataValue
from migrate_guard.evaluate.library.tables import TableValue
from migrate_guard.evaluate.models.result import Note
from migrate_guard.evaluate.values import ClassValue
from migrate_guard.record import dataclass
from migrate_guard.span import Span


@dataclass(slots=True, eq=False)
class Model:
    """A mapped class; `own` tells that the table is its own and not that of a class it derives from."""

    cls: ClassValue
    table: TableValue
    own: bool


@dataclass(slots=True, eq=False)
class Found:
    """A table with where it is declared and the reasons why not all of it is known.

    `mixed_key` tells that its primary key has columns of several classes, which SQLAlchemy 1.4 puts in the
    order in which they are made, and SQLAlchemy 2 with those of the class itself first.
    """

    table: TableValue
    span: Span
    doubts: list[str] = field(default_factory=list)
    mixed_key: bool = False


@dataclass(slots=True, eq=False)
class Body:
    """The `class` statement that made a class, and the scope in which its body was executed."""

    node: ast.ClassDef
    scope: Scope
    span: Span


class Registry:
    """All models of a project as far as they were read.

    `missing` tells that there may be tables that are not here. `loose` are indexes and constraints that are
    not among a table's arguments, with the columns they are made of. `shared` are the MetaData of libraries
    that have one for a whole process, `unsettled` those whose schema is not known. `rewritten` are the
    functions of SQL, such as `now`, of which the project tells a dialect how to write them. `named` are the
    names of constraints and indexes that no server has to choose, `sequences` those that belong to a MetaData
    and no column.
    """

    def __init__(self) -> None:
        self.bodies: dict[ClassValue, Body] = {}
        self.mapped: dict[ClassValue, Model] = {}
        self.tables: list[Found] = []
        self.applications: list[FlaskSqlalchemyValue] = []
        self.loose: list[tuple[IndexValue | ConstraintValue, tuple[ColumnValue, ...]]] = []
        self.shared = {name: MetaDataValue() for name in ("sqlmodel", "flask_appbuilder")}
        self.unsettled: dict[MetaDataValue, str] = {}
        self.rewritten: set[str] = set()
        self.sequences: list[tuple[SequenceValue, MetaDataValue, Span]] = []
        self.named: set[str] = set()
        self.missing = False
        self.notes: list[Note] = []

    def note(self, text: str, span: Span | None = None, missing: bool = False) -> None:
        """Note what was not understood; `missing` tells that a table may be missing for it."""
        self.missing = self.missing or missing
        made = Note(text, span)
        if made not in self.notes:
            self.notes.append(made)

    def add(self, table: TableValue, span: Span) -> Found:
        """Add a table."""
        found = Found(table, span)
        self.tables.append(found)
        if table.open is not None:
            self.doubt(found, table.open, span)
        return found

    def found(self, table: TableValue) -> Found | None:
        """Return what is known of a table object, `None` for one that is no table of a model."""
        return next((found for found in self.tables if found.table is table), None)

    def doubt(self, found: Found, reason: str, span: Span | None = None) -> None:
        """Note a reason why not all of a table is known."""
        if reason not in found.doubts:
            found.doubts.append(reason)
            self.note(f"the table {found.table.name} is not all known: {reason}", span or found.span)
