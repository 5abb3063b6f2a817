"""What Flask-SQLAlchemy adds: names of tables made from names of classes, and a MetaData per bind key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrate_guard.evaluate.interpret.objects import Descriptor
from migrate_guard.evaluate.library.columns import ColumnValue
from migrate_guard.evaluate.library.constraints import ConstraintValue
from migrate_guard.evaluate.library.tables import DeclarativeBase
from migrate_guard.evaluate.values import ClassValue, Value
from migrate_guard.operations import PrimaryKey
from migrate_guard.pattern import pattern

if TYPE_CHECKING:
    from migrate_guard.evaluate.models.interpreter import ModelInterpreter

_WORD = pattern(r"((?<=[a-z0-9])[A-Z]|(?!^)[A-Z](?=[a-z]))")


def snake_case(name: str) -> str:
    """Return the table name that Flask-SQLAlchemy makes from a class name.

    Flask-SQLAlchemy 3.1, `model.camel_to_snake_case`.
    """
    return _WORD.sub(r"_\1", name).lower().lstrip("_")


def names_itself(cls: ClassValue, line: tuple[Value, ...], interpreter: ModelInterpreter) -> bool:
    """Tell whether a model gets its table's name from the name of its class.

    Flask-SQLAlchemy 3.1, `model.should_set_tablename`: unless the class, an abstract base, a mixin or a
    `@declared_attr` names it.
    """
    for base in line:
        if not isinstance(base, ClassValue) or "__tablename__" not in base.attributes:
            continue
        if isinstance(base.attributes["__tablename__"], Descriptor):
            return False
        return base is not cls and base in interpreter.models.mapped
    return True


def has_key(columns: list[ColumnValue], items: list[Value]) -> bool:
    """Tell whether a class declares a primary key, without which it shares the table of its base."""
    if any(column.options.get("primary_key") for column in columns):
        return True
    return any(isinstance(one, ConstraintValue) and isinstance(one.constraint, PrimaryKey) for one in items)


def bind_key(line: tuple[Value, ...]) -> Value:
    """Return the `__bind_key__` of a model, `None` for the default database."""
    found = (base.attributes.get("__bind_key__") for base in line if isinstance(base, ClassValue))
    return next((key for key in found if key is not None), None)


def autonaming(root: DeclarativeBase) -> bool:
    """Tell whether an application lets Flask-SQLAlchemy name tables."""
    given = getattr(root.application, "given", None)
    return given is None or given.get(None, "disable_autonaming", False) is not True
