"""`sa.Index`: an index as an object.

Part of the library that gives SQLAlchemy's names their meaning (second stage).
"""

from __future__ import annotations

from migrate_guard.evaluate.library.columns import ColumnValue
from migrate_guard.evaluate.library.constraints import if_created, index_parts, read_index
from migrate_guard.evaluate.library.expressions import Clause
from migrate_guard.evaluate.library.naming import index_name
from migrate_guard.evaluate.library.reading import Notes, Unreadable, certain_flag, text
from migrate_guard.evaluate.library.signature import Bound, Signature, bind
from migrate_guard.evaluate.values import Call, Machine, Thing, Undecided, Value
from migrate_guard.operations import (
    ConstraintName,
    CreateIndex,
    DropIndex,
    FinalName,
    Index,
    IndexPart,
    TableName,
    Unknown,
)
from migrate_guard.record import dataclass, replace

_INDEX = Signature("Index", ("name", "unique", "quote", "info", "_table"), positional=1, options=True)


@dataclass(slots=True, eq=False)
class IndexValue(Thing):
    """An index object; `table` is the table of its columns, where they belong to one."""

    given: Bound
    table: TableName | None = None

    def describe(self) -> str:
        return "an Index()"

    def read(self, table: TableName, machine: Machine, notes: Notes) -> Index:
        """Return the index as it is on a table."""
        keys = None if self.given.call.open else self.given.rest
        parts = index_parts(keys, notes)
        name = text(self.given["name"], "name of the index", notes)
        return read_index(
            default_name(name, table, parts, machine), table, parts, self.given, machine.dialect, notes
        )

    def read_own(self, table: TableName, machine: Machine, notes: Notes) -> Index:
        """Return the index as its own table object has it, which the project's MetaData does not concern."""
        found = self.read(table, machine, notes)
        return replace(found, name=FinalName(found.name)) if isinstance(found.name, str) else found

    def method(self, name: str, call: Call, machine: Machine) -> Value:
        if name == "ddl_if":
            return if_created(self, call, machine)
        if name not in {"create", "drop"}:
            return Undecided(f"{name}() of an Index()", data=True)
        if self.table is None:
            machine.opaque("the table of an Index() is not known", call)
            return None
        notes = Notes()
        index = self.read_own(self.table, machine, notes)
        first = certain_flag(call.get(1, "checkfirst", False), "checkfirst", notes)
        if name == "create":
            emit_create_index(index, self.given, first, call, machine, notes)
        else:
            emit_drop_index(index, self.given, first, call, machine, notes)
        return None


def default_name(
    name: ConstraintName, table: TableName, parts: tuple[IndexPart, ...] | Unknown, machine: Machine
) -> ConstraintName:
    """Return the name of an index; an unnamed one gets the name of SQLAlchemy's default convention."""
    if name is not None or isinstance(parts, Unknown) or not parts or parts[0].column is None:
        return name
    return index_name(table, parts[0].column, machine.dialect)


def index(call: Call, machine: Machine) -> Value:
    """Return what `sa.Index(…)` is."""
    try:
        given = bind(_INDEX, call)
    except Unreadable as problem:
        return Undecided(problem.reason)
    owners = [key.tables() for key in given.rest if isinstance(key, Clause)]
    made = IndexValue(given, next((tables[0] for tables in owners if tables), None))
    _attach(made)
    return made


def _attach(made: IndexValue) -> None:
    """Add an index to the table object of its columns, which creates it too, as SQLAlchemy does."""
    home = next((key.home for key in made.given.rest if isinstance(key, ColumnValue) and key.home), None)
    names = [item.given["name"] for item in home or () if isinstance(item, IndexValue)]
    if home is not None and made.given["name"] not in names:
        home.append(made)


def concurrently(given: Bound, machine: Machine, notes: Notes) -> bool:
    """Tell whether an index is built or dropped with PostgreSQL's CONCURRENTLY."""
    value = given.option("postgresql_concurrently", False)
    return machine.dialect.family == "postgresql" and certain_flag(value, "postgresql_concurrently", notes)


def emit_create_index(
    index: Index, given: Bound, if_not_exists: bool, call: Call, machine: Machine, notes: Notes
) -> None:
    """Record the building of an index."""
    algorithm, lock = given.option("mysql_algorithm"), given.option("mysql_lock")
    mysql = machine.dialect.family == "mysql"
    machine.emit(
        CreateIndex,
        call,
        index=index,
        concurrently=concurrently(given, machine, notes),
        if_not_exists=if_not_exists,
        algorithm=algorithm.upper() if mysql and isinstance(algorithm, str) else None,
        lock=lock.upper() if mysql and isinstance(lock, str) else None,
        unknowns=notes.unknowns(),
    )


def emit_drop_index(
    index: Index, given: Bound, if_exists: bool, call: Call, machine: Machine, notes: Notes
) -> None:
    """Record the dropping of an index whose table is known."""
    machine.emit(
        DropIndex,
        call,
        name=index.name,
        schema=index.table.schema,
        table=index.table,
        concurrently=concurrently(given, machine, notes),
        if_exists=if_exists,
        unknowns=notes.unknowns(),
    )
