"""Tables and their MetaData: `sa.Table`, `sa.table`, `op.create_table`'s result, declarative classes.

Part of the library that gives SQLAlchemy's names their meaning (second stage).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import TYPE_CHECKING

from migrate_guard.evaluate.library.columns import ColumnValue
from migrate_guard.evaluate.library.constraints import ConstraintValue
from migrate_guard.evaluate.library.expressions import Clause
from migrate_guard.evaluate.library.indexes import IndexValue
from migrate_guard.evaluate.library.naming import canonical
from migrate_guard.evaluate.library.reading import Notes, Unreadable, depends, shown
from migrate_guard.evaluate.values import Call, ClassValue, Machine, Method, Thing, Undecided, Value
from migrate_guard.operations import TableName
from migrate_guard.record import dataclass, replace
from migrate_guard.span import Span

if TYPE_CHECKING:
    from migrate_guard.evaluate.library.metadata import MetaDataValue

RELATIONSHIP = Undecided("a relationship", data=True)
"""What `relationship(…)` and its like are: attributes of a class that are no columns of its table."""


@dataclass(slots=True, eq=False)
class TableValue(Clause):
    """A table object. `items` are its columns, constraints and indexes.

    `open` is the reason why it may have more than `items`, `None` if they are all. `mapped` is the
    declarative class that it was made from; `span` is where `Table(…)` stands, `None` for other tables.
    """

    name: TableName
    items: list[Value] = field(default_factory=list)
    options: dict[str, Value] = field(default_factory=dict)
    metadata: MetaDataValue | None = None
    open: str | None = None
    mapped: ClassValue | None = None
    alias: str | None = None
    span: Span | None = None

    def describe(self) -> str:
        return f"the table {self.name}"

    def sql(self) -> str:
        return self.alias or str(self.name)

    def tables(self) -> tuple[TableName, ...]:
        return (self.name,)

    def truth(self) -> bool | None:
        return True

    def is_instance(self, dotted: str, machine: Machine) -> bool | None:
        return True if canonical(dotted) == "Table" and self.span is not None else None

    @property
    def columns(self) -> tuple[ColumnValue, ...]:
        """The columns that are known."""
        return tuple(item for item in self.items if isinstance(item, ColumnValue))

    def column(self, name: str) -> Value:
        """Return a column by its name; a table that is not wholly known has any column."""
        for item in self.columns:
            if item.name == name or item.options.get("key") == name:
                return item
        made = ColumnValue(name, None, owner=self.name)
        if self.open is None and self.mapped is None:
            self.open = f"{self.describe()} is asked for a column that it does not list"
        return made

    def attribute(self, name: str, machine: Machine) -> Value:
        if name in {"c", "columns", "__table__", "exported_columns"}:
            return ColumnsValue(self) if name != "__table__" else self
        if name in {"name", "key", "__tablename__", "fullname"}:
            return str(self.name) if name == "fullname" else self.name.name
        if name == "schema":
            return self.name.schema or None
        if name == "metadata" and self.metadata is not None:
            return self.metadata
        if name in {
            "indexes",
            "constraints",
            "foreign_keys",
            "primary_key",
            "info",
            "foreign_key_constraints",
        }:
            return Undecided(f"the {name} of {self.describe()}", data=True)
        return Method(self, name)

    def subscript(self, key: Value, machine: Machine) -> Value:
        return self.column(key) if isinstance(key, str) else Undecided(f"a column of {self.describe()}")

    def method(self, name: str, call: Call, machine: Machine) -> Value:
        from migrate_guard.evaluate.library.table_methods import call_table_method

        return call_table_method(self, name, call, machine)


@dataclass(slots=True, eq=False)
class ColumnsValue(Thing):
    """`table.c`."""

    table: TableValue

    def describe(self) -> str:
        return f"the columns of {self.table.describe()}"

    def attribute(self, name: str, machine: Machine) -> Value:
        if name in {"keys", "values", "items", "get", "contains_column"}:
            return Method(self, name)
        return self.table.column(name)

    def subscript(self, key: Value, machine: Machine) -> Value:
        return self.table.column(key) if isinstance(key, str) else Undecided(self.describe())

    def iterate(self, machine: Machine) -> Sequence[Value] | None:
        return None if self.table.open else self.table.columns

    def operate(self, operator: str, other: Value, reflected: bool, machine: Machine) -> Value:
        if operator in {"in", "not in"} and isinstance(other, str) and reflected and self.table.open is None:
            present = any(item.name == other for item in self.table.columns)
            return present is (operator == "in")
        return Undecided(self.describe(), data=True)

    def method(self, name: str, call: Call, machine: Machine) -> Value:
        known = self.table.columns
        names = [item.name for item in known]
        if self.table.open is None and name == "keys":
            return names
        if self.table.open is None and name == "values":
            return list(known)
        if self.table.open is None and name == "items":
            return list(zip(names, known, strict=True))
        if name == "get" and isinstance(call.get(0, "key"), str):
            return self.table.column(call.get(0, "key"))
        return Undecided(self.describe(), data=True)


def table_items(values: tuple[Value, ...], name: TableName, notes: Notes) -> list[Value]:
    """Return the items of a table and tell the columns whose they are; note what is not known.

    Alembic and SQLAlchemy pass over `None`.
    """
    found = [value for value in values if value is not None]
    for value in found:
        if isinstance(value, ColumnValue):
            value.owner = value.owner or name
            value.home = found if value.home is None else value.home
        elif not isinstance(value, (ConstraintValue, IndexValue)):
            notes.unknown(depends(f"an item of the table {name}", value))
    return found


def table(call: Call, machine: Machine) -> Value:
    """Return what `sa.table(…)` is: a name with columns, for statements only."""
    name, schema = call.get(0, "name"), call.keywords.get("schema")
    if not isinstance(name, str) or not isinstance(schema, str | None):
        return Undecided(f"the table {shown(name)}")
    notes = Notes()
    made = TableName(name, schema or "")
    items = table_items(call.positional[1:], made, notes)
    reasons = notes.unknowns()
    return TableValue(made, items, open="; ".join(reasons) if reasons or call.open else None)


def table_of_class(cls: ClassValue, machine: Machine) -> TableValue | None:
    """Return the table that a declarative class of the project maps, `None` if it maps none.

    Its columns get the names of the attributes that hold them.
    """
    found = cls.attributes.get("__table__")
    if isinstance(found, TableValue):
        found.mapped = found.mapped or cls
        return found
    name = cls.attributes.get("__tablename__")
    if not isinstance(name, str):
        return None
    attributes = _attributes(cls)
    schema = _declared_schema(attributes.get("__table_args__"))
    made = TableValue(TableName(name, schema or ""), mapped=cls)
    made.items = _declared_columns(attributes, made.name)
    made.items.extend(_declared_constraints(attributes.get("__table_args__")))
    for item in made.columns:
        item.home = made.items
    known = _inherits_what_is_known(cls, frozenset(attributes)) and not any(map(_hides, attributes.items()))
    made.open = None if known and schema is not None else f"{cls.dotted} is not wholly known"
    cls.attributes["__table__"] = made
    return made


_MIXINS: Mapping[tuple[str, str], frozenset[str]] = {
    ("builtins", "object"): frozenset(),
    ("abc", "ABC"): frozenset(),
    ("flask_appbuilder", "AuditMixin"): frozenset(
        {"created_on", "changed_on", "created_by_fk", "changed_by_fk"}
    ),
}
"""The columns of classes of other packages, by the package and the class: all that they add to a table."""


def _inherits_what_is_known(cls: ClassValue, listed: frozenset[str]) -> bool:
    """Tell whether no base of a class may add a column to its table that is not among those listed."""
    for base in cls.bases:
        if isinstance(base, ClassValue):
            if not _inherits_what_is_known(base, listed):
                return False
        elif not isinstance(base, DeclarativeBase):
            dotted = getattr(base, "dotted", "") if isinstance(base, Thing) else ""
            columns = _MIXINS.get((dotted.partition(".")[0], dotted.rpartition(".")[2]))
            if columns is None or not columns <= listed:
                return False
    return True


def _hides(attribute: tuple[str, Value]) -> bool:
    """Tell whether an attribute may be a column that could not be read."""
    return isinstance(attribute[1], Undecided) and not attribute[1].data


def _attributes(cls: ClassValue) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for base in reversed(cls.bases):
        if isinstance(base, ClassValue):
            found.update(_attributes(base))
    found.update(cls.attributes)
    return found


def _declared_columns(attributes: dict[str, Value], table: TableName) -> list[Value]:
    columns: list[Value] = []
    for name, value in attributes.items():
        if isinstance(value, ColumnValue):
            if value.name is None:
                value.name = name
            value.owner = table
            columns.append(value)
    return columns


def _declared_schema(arguments: Value) -> str | None:
    """Return the schema in `__table_args__`, `""` without one, `None` if it is not known."""
    if isinstance(arguments, (tuple, list)):
        arguments = arguments[-1] if arguments else None
    if isinstance(arguments, dict):
        schema = arguments.get("schema")
        return schema or "" if schema is None or isinstance(schema, str) else None
    return None if isinstance(arguments, Undecided) else ""


def _declared_constraints(arguments: Value) -> list[Value]:
    if not isinstance(arguments, (tuple, list)):
        return []
    return [value for value in arguments if isinstance(value, (ConstraintValue, IndexValue))]


@dataclass(slots=True, eq=False)
class DeclarativeBase(Thing):
    """`declarative_base()`, `DeclarativeBase`, `db.Model`: what declarative classes are made from.

    `metadata` is made when it is first asked for, unless it was given.
    `name` is SQLAlchemy's name of the class, or the package whose base it is. `made_from` is the class that
    `declarative_base(cls=…)` was given, `types` its `type_annotation_map`; `application` is the
    `SQLAlchemy()` of Flask-SQLAlchemy that it belongs to.
    """

    metadata: MetaDataValue | None = None
    name: str = "declarative_base"
    made_from: Value = None
    types: Value = None
    application: Value = None

    def describe(self) -> str:
        return "a declarative base"

    def attribute(self, name: str, machine: Machine) -> Value:
        if name == "metadata":
            return self.own_metadata()
        if name == "type_annotation_map" and self.types is not None:
            return self.types
        if name in {"registry", "_sa_registry"}:
            return self
        if name in {"generate_base", "mapped", "configure", "dispose"}:
            return Method(self, name)
        return Undecided(f"{name} of a declarative base", data=True)

    def own_metadata(self) -> MetaDataValue:
        """Return the MetaData of the classes that are made from it; one of its own unless one was given."""
        from migrate_guard.evaluate.library.metadata import MetaDataValue

        self.metadata = self.metadata or MetaDataValue(open="it belongs to a declarative base")
        return self.metadata

    def method(self, name: str, call: Call, machine: Machine) -> Value:
        if name == "generate_base":
            return replace(self, made_from=call.get(None, "cls"))
        return call.get(0, "cls") if name == "mapped" else None

    def call(self, call: Call, machine: Machine) -> Value:
        return Undecided("an object of a declarative base", data=True)


def metadata_of_class(cls: ClassValue) -> Value:
    """Return the MetaData of a declarative class that names none itself, `None` if it may have any.

    That of its `registry`, or of the declarative base that it is made from, as SQLAlchemy finds it.
    """
    registry = cls.attributes.get("registry")
    if registry is not None:
        return registry.own_metadata() if isinstance(registry, DeclarativeBase) else None
    for base in cls.bases:
        found = base.own_metadata() if isinstance(base, DeclarativeBase) else None
        found = metadata_of_class(base) if isinstance(base, ClassValue) else found
        if found is not None or not isinstance(base, (ClassValue, DeclarativeBase)):
            return found
    return None


def table_of(value: Value, machine: Machine) -> TableValue | None:
    """Return the table that a value stands for in a statement: a table, a class, an object of a class."""
    if isinstance(value, TableValue):
        return value
    if isinstance(value, ClassValue):
        return table_of_class(value, machine)
    cls = getattr(value, "cls", None) if isinstance(value, Thing) else None
    return table_of_class(cls, machine) if isinstance(cls, ClassValue) else None


def written_columns(value: Value) -> tuple[str, ...]:
    """Return the columns that a new object of a declarative class gives values to, as far as is known."""
    found: dict[str, None] = {}
    cls = getattr(value, "cls", None)
    mapped = _attributes(cls) if isinstance(cls, ClassValue) else {}
    for attribute in getattr(value, "attributes", {}):
        column = mapped.get(attribute)
        if isinstance(column, ColumnValue) and isinstance(column.name, str):
            found[column.name] = None
        elif isinstance(attribute, str) and column is not RELATIONSHIP:
            found[attribute] = None
    return tuple(found)


def require_table(value: Value, machine: Machine) -> TableValue:
    """Return the table that a value stands for; raise `Unreadable` if it is not known."""
    found = table_of(value, machine)
    if found is None:
        raise Unreadable(depends("the table", value))
    return found
