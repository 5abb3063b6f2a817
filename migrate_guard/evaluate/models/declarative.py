"""Mapping: from a class to its table, as SQLAlchemy's declarative extension does it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from migrate_guard.evaluate.interpret.objects import Outside
from migrate_guard.evaluate.library import canonical
from migrate_guard.evaluate.library.columns import ColumnValue
from migrate_guard.evaluate.library.constraints import ConstraintValue
from migrate_guard.evaluate.library.indexes import IndexValue
from migrate_guard.evaluate.library.metadata import MetaDataValue
from migrate_guard.evaluate.library.reading import shown
from migrate_guard.evaluate.library.tables import DeclarativeBase, TableValue
from migrate_guard.evaluate.models import flask, sqlmodel
from migrate_guard.evaluate.models.attributes import Columns, setting
from migrate_guard.evaluate.models.lineage import lineage, unread_base
from migrate_guard.evaluate.models.registry import Found, Model
from migrate_guard.evaluate.values import ClassValue, Method, Thing, Undecided, Value
from migrate_guard.operations import TableName
from migrate_guard.record import dataclass

if TYPE_CHECKING:
    from migrate_guard.evaluate.models.interpreter import ModelInterpreter

_BASE_CLASSES = frozenset({"DeclarativeBase", "DeclarativeBaseNoMeta"})
_ROOTS = _BASE_CLASSES | {"declarative_base", "flask_sqlalchemy", "flask_appbuilder", "sqlmodel"}
_MAKES_BASE = frozenset({"as_declarative", "registry.as_declarative_base"})
_SPEAKS_OF_TABLES = ("__tablename__", "__table_args__", "__table__", "Column(", "mapped_column(")


@dataclass(slots=True, eq=False)
class _Arguments:
    """What `__table_args__` says: items, options, the schema, and a reason if not all of it is known."""

    items: list[Value]
    options: dict[str, Value]
    doubt: str | None = None


def metadata_of(cls: ClassValue, interpreter: ModelInterpreter) -> MetaDataValue | None:
    """Return the MetaData that the tables of a class belong to, `None` if that is not known."""
    line = lineage(cls)
    root = _root(line)
    if root is not None and root.name in interpreter.models.shared:
        return interpreter.models.shared[root.name]
    key = flask.bind_key(line)
    if root is not None and isinstance(key, str) and root.application is not None:
        made: MetaDataValue = root.application.bind(key)
        return made
    own = (base.attributes.get("metadata") for base in line if isinstance(base, ClassValue))
    found = next((one for one in own if isinstance(one, MetaDataValue)), None)
    return found or (root.metadata if root is not None else None)


def _root(line: tuple[Value, ...]) -> DeclarativeBase | None:
    found = (one for one in line if isinstance(one, DeclarativeBase) and one.name in _ROOTS)
    return next(found, None)


def map_class(cls: ClassValue, interpreter: ModelInterpreter) -> None:
    """Put the table of a class that has just been defined into the registry, if it maps one."""
    line = lineage(cls)
    if _makes_base(cls, interpreter):
        _prepare_base(cls)
        return
    root = _root(line) or _mapped_by(cls, interpreter)
    if root is None and not _looks_mapped(cls, line):
        return
    if cls.attributes.get("__abstract__") is True:
        return
    if root is not None and root.name == "sqlmodel" and not _is_sqlmodel_table(cls, interpreter):
        return
    if any(isinstance(base, ClassValue) and "__versioned__" in base.attributes for base in line):
        interpreter.models.note("models with __versioned__ get tables of sqlalchemy_continuum", missing=True)
    given = cls.attributes.get("__table__")
    if given is not None:
        _map_to(cls, given, interpreter)
        return
    if root is not None and root.name == "sqlmodel":
        columns: Columns = sqlmodel.Fields(cls, line, interpreter)
    else:
        columns = Columns(cls, line, interpreter)
    columns.collect()
    _map(cls, line, root, columns, interpreter)


def _makes_base(cls: ClassValue, interpreter: ModelInterpreter) -> bool:
    """Tell whether a class is itself a declarative base and maps nothing."""
    if any(isinstance(one, DeclarativeBase) and one.name in _BASE_CLASSES for one in cls.bases):
        return True
    for found in _decorators(cls, interpreter):
        if isinstance(found, Outside) and canonical(found.dotted) in _MAKES_BASE:
            cls.bases = (*cls.bases, DeclarativeBase(MetaDataValue()))
            return True
    return False


def _decorators(cls: ClassValue, interpreter: ModelInterpreter) -> Iterator[Value]:
    body = interpreter.models.bodies[cls]
    for node in body.node.decorator_list:
        yield interpreter.evaluate(node.func if isinstance(node, ast.Call) else node, body.scope)


def _mapped_by(cls: ClassValue, interpreter: ModelInterpreter) -> DeclarativeBase | None:
    """Return the registry whose `@registry.mapped` is on a class; it becomes its last base."""
    for found in _decorators(cls, interpreter):
        if isinstance(found, Method) and found.name == "mapped" and isinstance(found.owner, DeclarativeBase):
            cls.bases = (*cls.bases, found.owner)
            return found.owner
    return None


def _prepare_base(cls: ClassValue) -> None:
    """Give a declarative base the MetaData that its classes share."""
    attributes = cls.attributes
    registry = attributes.get("registry")
    if isinstance(registry, DeclarativeBase) and registry.metadata is not None:
        attributes.setdefault("metadata", registry.metadata)
    attributes.setdefault("metadata", MetaDataValue())


def _looks_mapped(cls: ClassValue, line: tuple[Value, ...]) -> bool:
    """Tell whether a class whose base cannot be seen has what only a model has."""
    if not any(unread_base(one) for one in line):
        return False
    own = cls.attributes
    return "__tablename__" in own or any(isinstance(value, ColumnValue) for value in own.values())


def _is_sqlmodel_table(cls: ClassValue, interpreter: ModelInterpreter) -> bool:
    body = interpreter.models.bodies[cls]
    for keyword in body.node.keywords:
        if keyword.arg == "table":
            return interpreter.evaluate(keyword.value, body.scope) is True
    return False


def _map_to(cls: ClassValue, table: Value, interpreter: ModelInterpreter) -> None:
    """Map a class to the table object that it names itself."""
    if isinstance(table, TableValue):
        table.mapped = cls
        interpreter.models.mapped[cls] = Model(cls, table, own=True)
        return
    span = interpreter.models.bodies[cls].span
    interpreter.models.note(f"the table of {cls.dotted} is not known", span, missing=True)


def _map(
    cls: ClassValue,
    line: tuple[Value, ...],
    root: DeclarativeBase | None,
    columns: Columns,
    interpreter: ModelInterpreter,
) -> None:
    name, arguments = _name_and_arguments(cls, line, root, columns, interpreter)
    parent = next((interpreter.models.mapped[b] for b in line[1:] if b in interpreter.models.mapped), None)
    span = interpreter.models.bodies[cls].span
    if isinstance(name, str):
        table = _table(cls, name, arguments, columns, interpreter)
        found = interpreter.models.add(table, span)
        found.mixed_key = columns.mixed_key
        interpreter.models.mapped[cls] = Model(cls, table, own=True)
    elif parent is not None and name is None:
        interpreter.models.mapped[cls] = Model(cls, parent.table, own=False)
        known = interpreter.models.found(parent.table)
        if known is None:
            return
        found = known
        _share(cls, parent.table, columns)
    else:
        if name is not None or columns.found:
            what = f"its name is {name.describe()}" if isinstance(name, Thing) else "it has no name"
            interpreter.models.note(
                f"the table of the model {cls.name} is not known: {what}", span, missing=True
            )
        return
    for reason in (*columns.doubts, arguments.doubt, *_doubts(cls, line, interpreter)):
        if reason is not None:
            interpreter.models.doubt(found, reason, span)


def _name_and_arguments(
    cls: ClassValue,
    line: tuple[Value, ...],
    root: DeclarativeBase | None,
    columns: Columns,
    interpreter: ModelInterpreter,
) -> tuple[Value, _Arguments]:
    """Return the name of the class's own table, `None` if it has none, and its `__table_args__`."""
    name, _ = setting("__tablename__", cls, line, interpreter)
    given, owner = setting("__table_args__", cls, line, interpreter)
    arguments = _arguments(given)
    if root is not None and root.name == "flask_sqlalchemy" and flask.autonaming(root):
        if flask.names_itself(cls, line, interpreter):
            name = flask.snake_case(cls.name)
        inherits = any(base in interpreter.models.mapped for base in line[1:])
        if inherits and not flask.has_key(list(columns.found.values()), arguments.items):
            name = None
    if root is not None and root.name == "sqlmodel" and name is None:
        inherits = any(base in interpreter.models.mapped for base in line[1:])
        name = None if inherits else cls.name.lower()
    if name is None and owner is not cls:
        arguments = _arguments(None)
    return name, arguments


def _arguments(given: Value) -> _Arguments:
    if given is None:
        return _Arguments([], {})
    if isinstance(given, dict):
        return _with_options([], given)
    if not isinstance(given, (tuple, list)):
        reason = given.describe() if isinstance(given, Thing) else repr(given)
        return _Arguments([], {}, f"its __table_args__ is {reason}")
    items = list(given)
    if items and isinstance(items[-1], dict):
        return _with_options(items[:-1], items[-1])
    return _with_options(items, {})


def _with_options(items: list[Value], options: dict[Value, Value]) -> _Arguments:
    kept = [one for one in items if isinstance(one, (ConstraintValue, IndexValue, ColumnValue))]
    known = {key: value for key, value in options.items() if isinstance(key, str)}
    strange = [one for one in items if one is not None and one not in kept]
    doubt = None
    if strange or len(known) != len(options):
        odd = ", ".join(map(shown, strange)) or "a key that is no text"
        doubt = f"in its __table_args__ is {odd}"
    return _Arguments(kept, known, doubt)


def _table(
    cls: ClassValue, name: str, arguments: _Arguments, columns: Columns, interpreter: ModelInterpreter
) -> TableValue:
    metadata = metadata_of(cls, interpreter)
    schema = arguments.options.pop("schema", None if metadata is None else metadata.schema)
    if isinstance(schema, Thing):
        arguments.doubt = f"its schema is {schema.describe()}"
        schema = None
    table = TableValue(
        TableName(name, schema or ""), options=arguments.options, metadata=metadata, mapped=cls
    )
    for attribute, column in columns.ordered():
        cls.attributes[attribute] = column
        if all(column.name != other.name for other in table.columns):
            table.items.append(column)
    table.items.extend(arguments.items)
    for column in table.columns:
        column.owner, column.home = table.name, table.items
    cls.attributes["__table__"] = table
    if metadata is not None:
        metadata.registered[table.name] = table
    return table


def _share(cls: ClassValue, table: TableValue, columns: Columns) -> None:
    """Add the columns of a class to the table of the class that it derives from."""
    for attribute, column in columns.ordered():
        same = next((other for other in table.columns if other.name == column.name), None)
        if same is None:
            column.owner, column.home = table.name, table.items
            table.items.append(column)
        cls.attributes[attribute] = same or column


def _doubts(cls: ClassValue, line: tuple[Value, ...], interpreter: ModelInterpreter) -> list[str]:
    """Return the reasons why a class may get columns or arguments that its source does not show."""
    found = [f"it derives from {name}, which is not read" for name in map(unread_base, line) if name]
    if cls.attributes.get("__abstract__") is not None and isinstance(
        cls.attributes["__abstract__"], Undecided
    ):
        found.append("whether it is abstract is not known")
    for base in line:
        if isinstance(base, ClassValue) and base is not cls and _changes_subclasses(base, interpreter):
            found.append(f"{base.name}.__init_subclass__ may change it")
    found += [f"it is only defined if {condition}" for condition in interpreter.conditions()]
    return found


def _changes_subclasses(base: ClassValue, interpreter: ModelInterpreter) -> bool:
    body = interpreter.models.bodies.get(base)
    if body is None:
        return False
    for statement in body.node.body:
        if isinstance(statement, ast.FunctionDef) and statement.name == "__init_subclass__":
            text = ast.unparse(statement)
            return any(word in text for word in _SPEAKS_OF_TABLES)
    return False


def attribute_set(cls: ClassValue, name: str, value: Value, interpreter: ModelInterpreter) -> None:
    """Add a column that is put on a mapped class after its definition."""
    model = interpreter.models.mapped.get(cls)
    known = None if model is None else interpreter.models.found(model.table)
    if model is None or known is None:
        return
    if isinstance(value, ColumnValue) and value.owner is None:
        value.name = name if value.name is None else value.name
        value.owner, value.home = model.table.name, model.table.items
        model.table.items.append(value)
        if interpreter.conditions():
            _doubt_attribute(known, name, interpreter)
    elif isinstance(value, Undecided) and not value.data:
        _doubt_attribute(known, name, interpreter)


def _doubt_attribute(known: Found, name: str, interpreter: ModelInterpreter) -> None:
    interpreter.models.doubt(known, f"{name} is set on its class after the definition")
