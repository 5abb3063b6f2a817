"""Alembic's migration context and `alembic.context`.

Part of the library that gives Alembic's names their meaning (second stage).
"""

from __future__ import annotations

from migrate_guard.evaluate.library.binds import BindValue, DialectValue
from migrate_guard.evaluate.library.execution import execute
from migrate_guard.evaluate.values import Call, Machine, Method, Thing, Undecided, Value
from migrate_guard.record import dataclass


class AutocommitBlock(Thing):
    """`context.autocommit_block()`: what is inside runs outside the migration's transaction."""

    __slots__ = ()

    def describe(self) -> str:
        return "an autocommit_block()"

    def enter(self, machine: Machine) -> Value:
        machine.begin_autocommit()
        return None

    def leave(self, machine: Machine) -> None:
        machine.end_autocommit()


@dataclass(slots=True, eq=False)
class Transparent(Thing):
    """A `with` block that changes nothing about how operations are judged."""

    name: str

    def describe(self) -> str:
        return self.name

    def enter(self, machine: Machine) -> Value:
        return Undecided(f"what `with {self.name}` gives", data=True)


class ContextValue(Thing):
    """`op.get_context()`, also where `alembic.context` stands for it.

    A revision is judged as `alembic upgrade` runs it, not as `--sql` writes it, and as where `env.py` leaves
    Alembic's version table in the default schema.
    """

    __slots__ = ()

    def describe(self) -> str:
        return "the migration context"

    def attribute(self, name: str, machine: Machine) -> Value:
        if name in {"connection", "bind"}:
            return BindValue()
        if name == "dialect":
            return DialectValue()
        if name == "as_sql":
            return False
        if name == "impl":
            return ImplValue()
        if name == "version_table_schema":
            return None
        if name in {"opts", "config", "script", "version_table"}:
            return Undecided(f"the {name} of the migration context", data=True)
        if name in {"migration_context", "environment_context"}:
            return self
        return Method(self, name)

    def method(self, name: str, call: Call, machine: Machine) -> Value:
        if name == "autocommit_block":
            return AutocommitBlock()
        if name in {"get_bind", "get_context"}:
            return BindValue() if name == "get_bind" else self
        if name in {"is_offline_mode", "is_transactional_ddl"}:
            return False if name == "is_offline_mode" else Undecided("is_transactional_ddl()", data=True)
        if name == "execute":
            execute(call.get(0, "sql"), None, call, machine)
            return None
        if name == "begin_transaction":
            return Transparent("begin_transaction()")
        if name.startswith("get_"):
            return Undecided(f"{name}() of the migration context", data=True)
        return machine.unresolved(f"{name}() of {self.describe()}", call)


class ImplValue(Thing):
    """Alembic's implementation for the dialect: `op.get_context().impl`."""

    __slots__ = ()

    def describe(self) -> str:
        return "the dialect implementation"

    def attribute(self, name: str, machine: Machine) -> Value:
        if name in {"connection", "bind"}:
            return BindValue()
        if name == "dialect":
            return DialectValue()
        if name == "as_sql":
            return False
        if name == "transactional_ddl":
            return machine.dialect.family == "postgresql"
        return Method(self, name)

    def method(self, name: str, call: Call, machine: Machine) -> Value:
        if name in {"execute", "_exec"}:
            execute(call.get(0, "sql"), None, call, machine)
            return None
        machine.opaque(f"{name}() of the dialect implementation is not followed", call)
        return Undecided(f"{name}() of the dialect implementation")
