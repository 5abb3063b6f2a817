"""Connections, engines, transactions and dialects: where statements are sent.

Part of the library that gives SQLAlchemy's names their meaning (second stage).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from migrate_guard.evaluate.library.execution import execute
from migrate_guard.evaluate.library.reading import depends
from migrate_guard.evaluate.library.reflection import has_table
from migrate_guard.evaluate.values import Call, Machine, Method, Thing, Undecided, Value
from migrate_guard.operations import ControlTransaction, TableName
from migrate_guard.record import dataclass

ROWS = Undecided("rows of the database", data=True)
"""What a query gives."""

_EXECUTING = frozenset("execute scalar scalars exec_driver_sql stream stream_scalars exec".split())
_NOTHING = frozenset("close invalidate detach dispose info notify in_transaction".split())


@dataclass(slots=True, eq=False)
class BindValue(Thing):
    """The migration's connection, or an engine. `autocommit` is its isolation level; `engine` tells that
    it is an engine, whose connections are others than the migration's."""

    autocommit: bool = False
    engine: bool = False

    def describe(self) -> str:
        return "an Engine" if self.engine else "a Connection"

    def attribute(self, name: str, machine: Machine) -> Value:
        if name == "dialect":
            return DialectValue()
        if name == "engine":
            return BindValue(engine=True)
        if name in {"sync_connection", "sync_engine"}:
            return self
        if name == "connection" and not self.engine:
            return DriverValue()
        if name in {"name", "driver"}:
            return DialectValue().attribute(name, machine)
        if name in {"url", "info", "closed", "default_isolation_level", "invalidated"}:
            return Undecided(f"the {name} of the connection", data=True)
        return Method(self, name)

    def method(self, name: str, call: Call, machine: Machine) -> Value:
        if name in _EXECUTING:
            return self._execute(call, machine)
        if name in {"begin", "begin_nested", "begin_twophase", "commit", "rollback"}:
            return self._transaction(name, call, machine)
        if name == "execution_options":
            return self._options(call)
        if name in {"connect", "contextual_connect", "get_bind", "_contextual_connect"}:
            return BindValue(self.autocommit, engine=False)
        if name == "run_sync":
            return machine.invoke(
                call.get(0, "fn"), Call(call.span, (self, *call.positional[1:]), call.keywords)
            )
        if name == "has_table":
            return dialect_has_table(call.get(0, "table_name"), call.get(1, "schema"), machine)
        if name == "get_execution_options" or name in _NOTHING or name.startswith("get_"):
            return Undecided(f"{name}() of the connection", data=True)
        return machine.unresolved(f"{name}() of {self.describe()}", with_bind(call, self))

    def _execute(self, call: Call, machine: Machine) -> Value:
        if self.autocommit:
            machine.begin_autocommit()
        parameters = call.get(1, "parameters", dict(call.keywords) or None)
        execute(call.get(0, "statement", Undecided("the statement")), parameters, call, machine)
        if self.autocommit:
            machine.end_autocommit()
        return ROWS

    def _transaction(self, name: str, call: Call, machine: Machine) -> Value:
        if self.engine:
            return TransactionValue(BindValue(), "commit", owned=False)
        commands: dict[str, Literal["commit", "rollback", "savepoint", "begin"]] = {
            "commit": "commit", "rollback": "rollback", "begin_nested": "savepoint"
        }  # fmt: skip
        machine.emit(ControlTransaction, call, command=commands.get(name, "begin"))
        if name in {"commit", "rollback"}:
            return None
        return TransactionValue(self, "release" if name == "begin_nested" else "commit")

    def _options(self, call: Call) -> Value:
        level = call.keywords.get("isolation_level")
        if level is not None:
            self.autocommit = level == "AUTOCOMMIT"
        return self

    def enter(self, machine: Machine) -> Value:
        return self


class DriverValue(Thing):
    """The driver's own connection below the migration's, and the pool's proxy around it."""

    __slots__ = ()

    def describe(self) -> str:
        return "the driver's connection"

    def attribute(self, name: str, machine: Machine) -> Value:
        if name in {"dbapi_connection", "driver_connection", "connection"}:
            return self
        return Method(self, name)

    def method(self, name: str, call: Call, machine: Machine) -> Value:
        if name in {"commit", "rollback"}:
            machine.emit(ControlTransaction, call, command=name)
            return None
        if name == "cursor":
            return CursorValue()
        if name in _NOTHING:
            return Undecided(f"{name}() of {self.describe()}", data=True)
        return machine.unresolved(f"{name}() of {self.describe()}", with_bind(call, BindValue()))

    def set_attribute(self, name: str, value: Value, machine: Machine) -> None:
        if name == "autocommit" and value is True:
            machine.begin_autocommit()
        elif name == "autocommit" and value is False:
            machine.end_autocommit()


class CursorValue(Thing):
    """A cursor of the driver's connection."""

    __slots__ = ()

    def describe(self) -> str:
        return "a cursor"

    def method(self, name: str, call: Call, machine: Machine) -> Value:
        if name in {"execute", "executemany", "copy_expert", "copy"}:
            execute(call.get(0, "sql", Undecided("the statement")), call.get(1, "vars"), call, machine)
            return ROWS
        if name in _NOTHING or name.startswith("fetch"):
            return ROWS
        return machine.unresolved(f"{name}() of {self.describe()}", with_bind(call, BindValue()))

    def enter(self, machine: Machine) -> Value:
        return self


def with_bind(call: Call, bind: Thing) -> Call:
    """Return a call that shows that it is made on a connection."""
    return Call(call.span, (*call.positional, bind), call.keywords, call.open, call.statement)


@dataclass(slots=True, eq=False)
class TransactionValue(Thing):
    """What `connection.begin()` gives; `end` is what `.commit()` on it does.

    `owned` tells that it belongs to the migration's own connection.
    """

    bind: BindValue
    end: Literal["commit", "release"]
    owned: bool = True

    def describe(self) -> str:
        return "a Transaction"

    def method(self, name: str, call: Call, machine: Machine) -> Value:
        if name in {"commit", "rollback"} and self.owned:
            machine.emit(ControlTransaction, call, command=self.end if name == "commit" else "rollback")
            return None
        return Undecided(f"{name}() of a Transaction", data=True)

    def enter(self, machine: Machine) -> Value:
        return self if self.owned else self.bind


_WORDS = {
    "pgdialect": "postgresql",
    "postgresql": "postgresql",
    "psycopg": "postgresql",
    "mysql": "mysql",
    "mariadb": "mysql",
    "sqlite": "sqlite",
    "oracle": "oracle",
    "mssql": "mssql",
}
"""Parts of the names of SQLAlchemy's dialect classes, and the families that they speak of."""


class DialectValue(Thing):
    """The dialect of the connection; its name is the one that the revision is evaluated for."""

    __slots__ = ()

    def describe(self) -> str:
        return "the dialect"

    def attribute(self, name: str, machine: Machine) -> Value:
        if name == "name":
            return str(machine.dialect.name)
        if name == "is_mariadb":
            return machine.dialect.name == "mariadb"
        if name == "default_schema_name":
            return machine.schema.default_schema or Undecided("the name of the default schema", data=True)
        if name in {"type_descriptor", "has_table", "identifier_preparer", "has_index"}:
            return self if name == "identifier_preparer" else Method(self, name)
        if name in {"quote", "quote_identifier", "format_table"}:
            return Method(self, name)
        return Undecided(f"the {name} of the dialect", data=True)

    def is_instance(self, dotted: str, machine: Machine) -> bool | None:
        named = family_of(dotted)
        return None if named is None else named == machine.dialect.family

    def method(self, name: str, call: Call, machine: Machine) -> Value:
        if name == "type_descriptor":
            return call.get(0, "typeobj")
        if name == "has_table":
            return dialect_has_table(call.get(1, "table_name"), call.get(2, "schema"), machine)
        if name in {"quote", "quote_identifier"} and isinstance(call.get(0, "value"), str):
            return quote(call.get(0, "value"), machine.dialect.family)
        return Undecided(f"{name}() of the dialect", data=True)


def family_of(dotted: str) -> str | None:
    """Return the family that the name of a dialect's class speaks of, `None` if it is no such name."""
    text = dotted.lower()
    if "dialect" not in text.rpartition(".")[2]:
        return None
    return next((family for word, family in _WORDS.items() if word in text), None)


@dataclass(slots=True, eq=False)
class MadeDialectValue(Thing):
    """A dialect object that the script makes itself, of the family that its class names."""

    family: str

    def describe(self) -> str:
        return f"a dialect of {self.family}"

    def attribute(self, name: str, machine: Machine) -> Value:
        if name == "name":
            return self.family
        if name == "identifier_preparer":
            return self
        return Method(self, name)

    def method(self, name: str, call: Call, machine: Machine) -> Value:
        if name in {"quote", "quote_identifier"} and isinstance(call.get(0, "value"), str):
            return quote(call.get(0, "value"), self.family)
        return Undecided(f"{name}() of {self.describe()}", data=True)


def dialect_class(dotted: str) -> Callable[[Call, Machine], Value] | None:
    """Return what calling a class of `sqlalchemy.dialects` gives, `None` if that is no dialect."""
    family = family_of(dotted) if dotted.startswith("sqlalchemy.dialects.") else None
    return None if family is None else lambda call, machine: MadeDialectValue(family)


def quote(name: str, family: str) -> str:
    """Return an identifier in quotes; SQLAlchemy leaves them out where it can, which reads the same."""
    mark = "`" if family == "mysql" else '"'
    return f"{mark}{name.replace(mark, mark * 2)}{mark}"


def dialect_has_table(name: Value, schema: Value, machine: Machine) -> Value:
    """Return whether a table exists, for any way of asking."""
    if isinstance(name, str) and isinstance(schema, str | None):
        return has_table(TableName(name, schema or ""), machine)
    return Undecided(depends("the table", name if not isinstance(name, str) else schema), data=True)
