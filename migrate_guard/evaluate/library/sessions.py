"""Sessions of the ORM: queries, and what changes rows.

Part of the library that gives SQLAlchemy's names their meaning (second stage).
"""

from __future__ import annotations

from dataclasses import field

from migrate_guard.evaluate.library.binds import ROWS, BindValue, TransactionValue, with_bind
from migrate_guard.evaluate.library.execution import execute
from migrate_guard.evaluate.library.reading import depends, items, shown
from migrate_guard.evaluate.library.statements import StatementValue, emit_statement
from migrate_guard.evaluate.library.tables import TableValue, table_of, written_columns
from migrate_guard.evaluate.values import Call, Machine, Method, Thing, Undecided, Value
from migrate_guard.operations import UNKNOWN, ControlTransaction, Delete, Insert, Update
from migrate_guard.record import dataclass, replace

_EXECUTING = frozenset("execute scalar scalars exec stream".split())
_NOTHING = frozenset(
    """commit flush refresh expire expire_all expunge expunge_all close begin prepare no_autoflush
    invalidate""".split()
)


@dataclass(slots=True, eq=False)
class SessionValue(Thing):
    """A session on the migration's connection.

    Its `commit()` leaves the transaction of the migration alone, since the connection had begun one
    before (SQLAlchemy 2.0, "Joining a Session into an External Transaction").
    """

    bind: Value = field(default_factory=BindValue)

    def describe(self) -> str:
        return "a Session"

    def attribute(self, name: str, machine: Machine) -> Value:
        if name == "bind":
            return self.bind
        if name in {"new", "dirty", "deleted", "info", "is_active", "no_autoflush"}:
            return Undecided(f"the {name} of a Session", data=True)
        return Method(self, name)

    def method(self, name: str, call: Call, machine: Machine) -> Value:
        if name in _EXECUTING:
            parameters = call.get(1, "params")
            statement = call.get(0, "statement")
            execute(
                statement.statement if isinstance(statement, QueryValue) else statement,
                parameters,
                call,
                machine,
            )
            return ROWS
        if name == "query":
            return query_of(call, machine)
        if name in {"connection", "get_bind"}:
            return self.bind
        if name == "get":
            emit_statement(StatementValue("select").reading(call.values()), None, call, machine)
            return RowValue(table_of(call.get(0, "entity"), machine), call)
        if name in {"add", "add_all", "merge", "bulk_save_objects", "delete"}:
            return self._objects(name, call, machine)
        if name in {"bulk_insert_mappings", "bulk_update_mappings"}:
            return _mappings(name, call, machine)
        if name in {"begin_nested", "rollback"}:
            return self._transaction(name, call, machine)
        if name in _NOTHING:
            return self if name == "begin" else None
        if name == "run_sync":
            rest = (self, *call.positional[1:])
            return machine.invoke(call.get(0, "fn"), Call(call.span, rest, call.keywords))
        return machine.unresolved(f"{name}() of a Session", with_bind(call, self))

    def _transaction(self, name: str, call: Call, machine: Machine) -> Value:
        nested = name == "begin_nested"
        machine.emit(ControlTransaction, call, command="savepoint" if nested else "rollback")
        return TransactionValue(BindValue(), "release") if nested else None

    def _objects(self, name: str, call: Call, machine: Machine) -> Value:
        given = call.get(0, "instance", call.get(0, "instances", call.get(0, "objects")))
        many = (given,) if name in {"add", "merge", "delete"} else items(given)
        for value in many if many is not None else (Undecided("the objects", data=True),):
            _write_object(name, value, call, machine)
        return given if name == "merge" else None

    def enter(self, machine: Machine) -> Value:
        return self


def _write_object(name: str, value: Value, call: Call, machine: Machine) -> None:
    table = value.table if isinstance(value, RowValue) else table_of(value, machine)
    if table is None:
        reason = f"the table of what {name}() is given is not known: {depends('it', value)}"
        data = isinstance(value, Undecided) and value.data
        machine.opaque(reason, call, () if data else None)
    elif name == "delete":
        machine.emit(Delete, call, table=table.name, where=UNKNOWN, unknowns=("it is one object",))
    elif isinstance(value, RowValue):
        machine.emit(Update, call, table=table.name, where=UNKNOWN, unknowns=("it is one object",))
    else:
        machine.emit(Insert, call, table=table.name, columns=written_columns(value), rows=1)


def _mappings(name: str, call: Call, machine: Machine) -> Value:
    table = table_of(call.get(0, "mapper"), machine)
    rows = items(call.get(1, "mappings"))
    if table is None:
        machine.opaque(depends(f"the table of {name}()", call.get(0, "mapper")), call)
    elif name == "bulk_insert_mappings":
        machine.emit(Insert, call, table=table.name, rows=None if rows is None else len(rows))
    else:
        machine.emit(
            Update, call, table=table.name, where=UNKNOWN, unknowns=("each row is named by its key",)
        )
    return None


@dataclass(slots=True, eq=False)
class QueryValue(Thing):
    """`session.query(…)`: nothing is sent before a method asks for rows or changes them.

    `sa.inspect(query)` is the query itself.
    """

    statement: StatementValue
    table: TableValue | None

    def describe(self) -> str:
        return "a Query"

    def attribute(self, name: str, machine: Machine) -> Value:
        if name == "statement":
            return self.statement
        if name == "session":
            return SessionValue()
        if name in {"c", "column_descriptions"}:
            return Undecided(f"the {name} of a Query", data=True)
        return Method(self, name)

    def method(self, name: str, call: Call, machine: Machine) -> Value:
        if name in {"update", "delete"}:
            return self._write(name, call, machine)
        if name in _ASKING:
            return self._ask(name, call, machine)
        if name == "filter_by":
            return replace(self, statement=self.statement.method(name, call, machine))
        if name in {"filter", "where", "having"}:
            return replace(self, statement=self.statement.where(call))
        if name in {"subquery", "as_scalar", "scalar_subquery", "cte", "label", "exists", "selectable"}:
            return self.statement
        return replace(self, statement=self.statement.reading(call.values()))

    def _ask(self, name: str, call: Call, machine: Machine) -> Value:
        emit_statement(self.statement, None, call, machine)
        if name in {"first", "one", "one_or_none", "get"} and self.table is not None:
            return RowValue(self.table, call)
        return ROWS

    def _write(self, name: str, call: Call, machine: Machine) -> Value:
        if self.table is None:
            machine.opaque(f"the table of a Query that {name}s is not known", call)
            return ROWS
        kind = replace(self.statement, kind="update" if name == "update" else "delete", table=self.table.name)
        values = call.get(0, "values") if name == "update" else None
        made = kind if values is None else kind.with_values(Call(call.span, (values,)))
        emit_statement(made, None, call, machine)
        return ROWS

    def iterate(self, machine: Machine) -> None:
        return None

    def truth(self) -> bool | None:
        return None


_ASKING = frozenset(
    "all first one one_or_none scalar count get yield_per __iter__ scalars scalar_one values".split()
)


def query_of(call: Call, machine: Machine) -> Value:
    """Return what `session.query(…)` is."""
    first = call.get(0, "entities")
    table = table_of(first, machine)
    for value in call.positional:
        table_of(value, machine)
    made = StatementValue("select").reading(call.positional)
    if table is None and len(made.named) == 1:
        table = TableValue(made.named[0], open="only its name is known")
    unread = [value for value in call.positional if isinstance(value, Undecided) and not value.data]
    if unread and table is None:
        return QueryValue(replace(made, doubt=f"it depends on {shown(unread[0])}"), None)
    return QueryValue(made, table)


@dataclass(slots=True, eq=False)
class RowValue(Thing):
    """An object that a query gave; setting an attribute of it is an UPDATE of its row."""

    table: TableValue | None
    origin: Call

    def describe(self) -> str:
        return "a row of the database" if self.table is None else f"a row of {self.table.name}"

    def attribute(self, name: str, machine: Machine) -> Value:
        return Undecided(f"{name} of {self.describe()}", data=True)

    def subscript(self, key: Value, machine: Machine) -> Value:
        return Undecided(self.describe(), data=True)

    def operate(self, operator: str, other: Value, reflected: bool, machine: Machine) -> Value:
        return Undecided(self.describe(), data=True)

    def truth(self) -> bool | None:
        return None

    def set_attribute(self, name: str, value: Value, machine: Machine) -> None:
        if self.table is not None:
            fields = {"table": self.table.name, "columns": (name,), "where": UNKNOWN}
            machine.emit(Update, self.origin, unknowns=("it is one object",), **fields)


def session(call: Call, machine: Machine) -> Value:
    """Return what `Session(bind)` is; without a bind it is on the migration's connection or on another."""
    bind = call.get(0, "bind")
    return SessionValue(bind if isinstance(bind, BindValue) else BindValue())


class SessionMaker(Thing):
    """`sessionmaker(…)`, `scoped_session(…)`."""

    __slots__ = ()

    def describe(self) -> str:
        return "a sessionmaker"

    def call(self, call: Call, machine: Machine) -> Value:
        return SessionValue()

    def method(self, name: str, call: Call, machine: Machine) -> Value:
        if name in {"configure", "remove", "close_all"}:
            return None
        return SessionValue() if name == "begin" else SessionValue().method(name, call, machine)


def session_maker(call: Call, machine: Machine) -> Value:
    """Return what `sessionmaker(…)` is."""
    return SessionMaker()


def object_session(call: Call, machine: Machine) -> Value:
    """Return what `object_session(…)` is."""
    return SessionValue()
