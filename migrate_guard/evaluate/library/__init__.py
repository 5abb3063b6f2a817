"""What the names of SQLAlchemy, Alembic and a few packages around them mean to the interpreter.

Part of evaluation (second stage of the pipeline). Nothing of these packages is imported: each name is a
function over values here. The values are not changed once they are made, unless their docstring says so;
they are not `frozen`, since that and `eq` would cost a start of the command 1.4 ms for each class. The
interpreter asks `constant` for what a name is, `lookup` for what calling
it gives, and `table_of_class` and `type_of_class` for what a class of the project is to SQLAlchemy.
"""

from __future__ import annotations

from collections.abc import Callable

from migrate_guard.evaluate.library.binds import BindValue, dialect_class
from migrate_guard.evaluate.library.core import FUNCTIONS, base
from migrate_guard.evaluate.library.directives import DIRECTIVES, OP, OpValue, call_directive
from migrate_guard.evaluate.library.directives.batch import BatchValue
from migrate_guard.evaluate.library.directives.third_party import entity, table_reference
from migrate_guard.evaluate.library.expressions import FunctionName
from migrate_guard.evaluate.library.friends import (
    FLASK_APPBUILDER,
    SQLMODEL,
    FlaskSqlalchemyValue,
    friend_function,
    friend_type,
)
from migrate_guard.evaluate.library.inspector import InspectorValue
from migrate_guard.evaluate.library.migration_context import ContextValue, ImplValue
from migrate_guard.evaluate.library.naming import canonical
from migrate_guard.evaluate.library.project_types import TYPE_BASES, TypeBase, inherited_method, type_of_class
from migrate_guard.evaluate.library.sessions import QueryValue, SessionValue
from migrate_guard.evaluate.library.standard import type_class
from migrate_guard.evaluate.library.tables import RELATIONSHIP, metadata_of_class, table_of_class
from migrate_guard.evaluate.values import Call, Machine, Method, Value

Function = Callable[[Call, Machine], Value]

_CONTEXT = ContextValue()
_CONNECTED = (
    BindValue,
    OpValue,
    BatchValue,
    ContextValue,
    ImplValue,
    SessionValue,
    QueryValue,
    InspectorValue,
)


def lookup(dotted: str) -> Function | None:
    """Return what calling a name of another package does, `None` if that is not known here."""
    name = canonical(dotted)
    if name is not None:
        return _sqlalchemy_function(name) or dialect_class(dotted)
    root, _, rest = dotted.partition(".")
    last = dotted.rpartition(".")[2]
    if root == "alembic":
        return _alembic_function(rest)
    if root == "alembic_utils":
        return entity(last)
    if root == "alembic_postgresql_enum" and last in {"TableReference", "ColumnType"}:
        return table_reference if last == "TableReference" else None
    kind = friend_type(root, last)
    found = friend_function(root, last) if kind is None else kind.call
    if found is None and root == "sqlmodel":
        return _sqlalchemy_function(canonical(f"sqlalchemy.{rest}") or "")
    return found


def _sqlalchemy_function(name: str) -> Function | None:
    found = FUNCTIONS.get(name)
    if found is not None:
        return found
    kind = type_class(name)
    if kind is not None:
        return kind.call
    if name.startswith("func."):
        return FunctionName(tuple(name.split(".")[1:])).call
    return None


def _alembic_function(rest: str) -> Function | None:
    module, _, last = rest.rpartition(".")
    if module == "op":
        return lambda call, machine: call_directive(last, call, machine)
    if module == "context":
        return lambda call, machine: _CONTEXT.method(last, call, machine)
    if last == "Operations" and module.startswith("operations"):
        return lambda call, machine: OP
    return None


def constant(dotted: str) -> Value | None:
    """Return what a name of another package is before it is called, `None` if that is not known here."""
    name = canonical(dotted)
    if name is not None:
        return _sqlalchemy_constant(name)
    root, _, rest = dotted.partition(".")
    if root == "alembic":
        return _alembic_constant(rest)
    if root == "sqlmodel" and rest in {"SQLModel", "main.SQLModel"}:
        return SQLMODEL
    last = dotted.rpartition(".")[2]
    if root == "flask_appbuilder" and last in {"Model", "Base"}:
        return FLASK_APPBUILDER
    found = friend_type(root, last)
    if found is None and root == "sqlmodel":
        return _sqlalchemy_constant(canonical(f"sqlalchemy.{rest}") or "")
    return found


def _sqlalchemy_constant(name: str) -> Value | None:
    if name == "func":
        return FunctionName()
    if name.startswith("func."):
        return FunctionName(tuple(name.split(".")[1:]))
    if name in TYPE_BASES:
        return TypeBase(name)
    return base(name) or type_class(name)


def _alembic_constant(rest: str) -> Value | None:
    if rest == "op":
        return OP
    if rest == "context":
        return _CONTEXT
    module, _, last = rest.rpartition(".")
    if module == "op":
        return OP.attribute(last, _NO_MACHINE) if last in DIRECTIVES else None
    return None


_NO_MACHINE: Machine = None  # type: ignore[assignment]  # attributes of `op` do not ask the machine


def open_session() -> Value:
    """Return a session of the ORM that the application has opened."""
    return SessionValue()


def is_connection(value: Value) -> bool:
    """Tell whether a value leads to the migration's connection: `op`, a bind, a session, their methods."""
    return isinstance(value.owner if isinstance(value, Method) else value, _CONNECTED)


def is_directive_owner(value: Value) -> bool:
    """Tell whether a value is `op` or a batch, whose methods are directives."""
    return isinstance(value, (OpValue, BatchValue))


__all__ = [
    "RELATIONSHIP",
    "FlaskSqlalchemyValue",
    "canonical",
    "constant",
    "inherited_method",
    "is_connection",
    "is_directive_owner",
    "lookup",
    "metadata_of_class",
    "open_session",
    "table_of_class",
    "type_of_class",
]
