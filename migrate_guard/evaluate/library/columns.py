"""`sa.Column`: a column with the constraints and indexes that are written on it.

Part of the library that gives SQLAlchemy's names their meaning (second stage).
"""

from __future__ import annotations

from dataclasses import field
from typing import Literal

from migrate_guard.evaluate.library.constraints import ConstraintValue, ForeignKeyValue
from migrate_guard.evaluate.library.defaults import (
    ComputedValue,
    DefaultValue,
    FetchedValue,
    IdentityValue,
    PythonDefault,
    SequenceValue,
    read_default,
)
from migrate_guard.evaluate.library.expressions import Clause
from migrate_guard.evaluate.library.naming import index_name
from migrate_guard.evaluate.library.reading import (
    Notes,
    Unreadable,
    certain_flag,
    depends,
    flag,
    shown,
    subject,
    text,
)
from migrate_guard.evaluate.library.types import TypeClass, TypeValue, type_value, with_schema
from migrate_guard.evaluate.values import Call, ClassValue, Machine, Thing, Undecided, Value
from migrate_guard.operations import (
    UNKNOWN,
    Check,
    Column,
    Computed,
    Constraint,
    Default,
    ForeignKey,
    Identity,
    Index,
    IndexPart,
    PrimaryKey,
    SqlType,
    TableName,
    Unique,
    Unknown,
)
from migrate_guard.record import dataclass, replace
from migrate_guard.span import Span

_ITEMS = (
    ConstraintValue, ForeignKeyValue, IdentityValue, ComputedValue, SequenceValue, DefaultValue, FetchedValue,
    PythonDefault,
)  # fmt: skip
_KEYWORDS = frozenset(
    """name type_ type autoincrement default doc key index unique info nullable onupdate primary_key
    server_default server_onupdate quote system comment insert_sentinel insert_default _proxies
    _constraints sort_order init repr default_factory compare kw_only hash use_existing_column active_history
    deferred deferred_group deferred_raiseload dataclass_metadata""".split()
)
_DIALECT_PREFIXES = (
    "postgresql_",
    "mysql_",
    "mariadb_",
    "sqlite_",
    "oracle_",
    "mssql_",
    "info_",
    "cockroachdb_",
)


@dataclass(slots=True, eq=False)
class ColumnValue(Clause):
    """A column object; a declarative class gives it its name later, and a table its owner.

    `home` are the items of the table object that it belongs to. `span` is where it is made; `mapped` tells
    `mapped_column()`, of which an annotation says more.
    """

    name: Value
    type: Value
    items: tuple[Value, ...] = ()
    options: dict[str, Value] = field(default_factory=dict)
    owner: TableName | None = None
    open: bool = False
    home: list[Value] | None = None
    span: Span | None = None
    mapped: bool = False

    def describe(self) -> str:
        return f"the column {self.name}" if isinstance(self.name, str) else "a Column()"

    def sql(self) -> str:
        return self.name if isinstance(self.name, str) else "?"

    def tables(self) -> tuple[TableName, ...]:
        return () if self.owner is None else (self.owner,)

    def attribute(self, name: str, machine: Machine) -> Value:
        if name in {"name", "key"}:
            return self.name
        if name in {"type", "primary_key", "nullable", "unique", "index"}:
            found = self.type if name == "type" else self.options.get(name, False)
            return Undecided(f"the {name} of {self.describe()}", data=True) if found is None else found
        return Clause.attribute(self, name, machine)

    def set_attribute(self, name: str, value: Value, machine: Machine) -> None:
        if name == "type":
            self.type = value
        elif name in {"autoincrement", "comment", "nullable", "server_default"}:
            self.options[name] = value

    @property
    def foreign_keys(self) -> tuple[ForeignKeyValue, ...]:
        """The foreign keys that are written on the column."""
        return tuple(item for item in self.items if isinstance(item, ForeignKeyValue))

    def is_primary(self) -> bool:
        """Tell whether the column is marked as part of the primary key."""
        value = self.options.get("primary_key", False)
        if isinstance(value, Thing):
            raise Unreadable(depends("primary_key", value))
        return bool(value)


def mapped_column(call: Call, machine: Machine) -> Value:
    """Return what `mapped_column(…)` is."""
    made = column(call, machine)
    if isinstance(made, ColumnValue):
        made.mapped = True
    return made


def column(call: Call, machine: Machine) -> Value:
    """Return what `sa.Column(…)` is."""
    unexpected = [
        name for name in call.keywords if name not in _KEYWORDS and not name.startswith(_DIALECT_PREFIXES)
    ]
    if unexpected:
        return Undecided(f"a Column(), which takes no argument {unexpected[0]}")
    arguments = list(call.positional)
    name = call.keywords.get("name")
    if name is None and arguments and not _is_type_or_item(arguments[0]):
        name = arguments.pop(0)
    kind = call.keywords.get("type_", call.keywords.get("type"))
    if kind is None and arguments and not isinstance(arguments[0], _ITEMS):
        kind = arguments.pop(0)
    return ColumnValue(name, kind, tuple(arguments), dict(call.keywords), open=call.open, span=call.span)


def _is_type_or_item(value: Value) -> bool:
    return isinstance(value, (TypeValue, TypeClass, ClassValue, *_ITEMS))


def light_column(call: Call, machine: Machine) -> Value:
    """Return what `sa.column(…)` is: a name, in SQL as in a `sa.table(…)`."""
    return ColumnValue(call.get(0, "text", call.get(0, "name")), call.get(1, "type_"), open=call.open)


@dataclass(slots=True)
class Parts:
    """What a column becomes in a table: itself, and the elements that are written on it."""

    column: Column
    checks: list[Constraint] = field(default_factory=list)
    constraints: list[Constraint] = field(default_factory=list)
    indexes: list[Index] = field(default_factory=list)
    type: TypeValue = field(default_factory=lambda: TypeValue(None))

    def all_constraints(self) -> tuple[Constraint, ...]:
        """Return the constraints in the order in which they are written into DDL."""
        return (*self.checks, *self.constraints)


def read_column(value: ColumnValue, table: TableName, machine: Machine, notes: Notes) -> Parts:
    """Return the parts of a column in a table; raise `Unreadable` if its name is not known."""
    name = subject(value.name, "name of a column")
    if value.open:
        notes.unknown(f"a * or ** argument of the column {name}")
    kind = with_schema(type_value(value.type, machine), table.schema)
    notes.add(kind.unknowns)
    parts = Parts(_element(value, name, kind, machine, notes), type=kind)
    _read_items(value, name, parts, notes)
    _read_unique_and_index(value, name, table, parts, machine, notes)
    parts.constraints.extend(key.on_column(name, notes) for key in value.foreign_keys)
    parts.constraints.extend(type_checks(name, kind))
    return parts


def _element(value: ColumnValue, name: str, kind: TypeValue, machine: Machine, notes: Notes) -> Column:
    default, identity, computed = _server_default(value, machine, notes)
    given = kind.sql
    if given is None and value.foreign_keys:
        given = notes.unknown(f"the column {name} has the type of the column that it refers to")
    return Column(
        name=name,
        type=given,
        nullable=_nullable(value, identity, notes),
        default=default,
        identity=identity if machine.dialect.family == "postgresql" else None,
        computed=computed,
        comment=text(value.options.get("comment"), "comment of a column", notes),
        autoincrement=_autoincrement(value, notes),
        python_default=_python_default(value),
    )


def _python_default(value: ColumnValue) -> bool:
    if any(isinstance(item, PythonDefault) for item in value.items):
        return True
    given = [value.options.get(name) for name in ("default", "insert_default", "default_factory")]
    return any(one is not None and not isinstance(one, SequenceValue) for one in given)


def _server_default(
    value: ColumnValue, machine: Machine, notes: Notes
) -> tuple[Default | Unknown | None, Identity | None, Computed | None]:
    given = [item for item in value.items if isinstance(item, (IdentityValue, ComputedValue, DefaultValue))]
    found = [read_default(item, notes, machine) for item in [value.options.get("server_default"), *given]]
    default = next((item for item in found if isinstance(item, (Default, Unknown))), None)
    identity = next((item for item in found if isinstance(item, Identity)), None)
    computed = next((item for item in found if isinstance(item, Computed)), None)
    return default, identity, computed


def _nullable(value: ColumnValue, identity: Identity | None, notes: Notes) -> bool | Unknown:
    given = value.options.get("nullable")
    if given is None:
        return not value.is_primary() and identity is None
    return flag(given, f"nullable of the column {value.name}", notes)


def _autoincrement(value: ColumnValue, notes: Notes) -> bool | Literal["auto"]:
    given = value.options.get("autoincrement", "auto")
    if isinstance(given, str):
        return "auto"
    return certain_flag(given, "autoincrement", notes)


def _read_items(value: ColumnValue, name: str, parts: Parts, notes: Notes) -> None:
    for item in value.items:
        if isinstance(item, ConstraintValue):
            notes.add(item.unknowns)
            parts.checks.append(_with_column(item.constraint, name))
        elif not isinstance(item, _ITEMS) and item is not None:
            notes.unknown(f"the column {name} is given {shown(item)}")


def _with_column(constraint: Constraint, name: str) -> Constraint:
    if isinstance(constraint, (PrimaryKey, Unique, ForeignKey)) and constraint.columns == ():
        return replace(constraint, columns=(name,))
    return constraint


def _read_unique_and_index(
    value: ColumnValue, name: str, table: TableName, parts: Parts, machine: Machine, notes: Notes
) -> None:
    unique = flag(value.options.get("unique", False), f"unique of the column {name}", notes)
    index = flag(value.options.get("index", False), f"index of the column {name}", notes)
    if index is True:
        made = index_name(table, name, machine.dialect)
        parts.indexes.append(Index(made, table, (IndexPart(name),), unique=unique))
    elif unique is True:
        parts.constraints.append(Unique(None, (name,)))


def type_checks(column_name: str, kind: TypeValue) -> tuple[Check, ...]:
    """Return the CHECK that a Boolean or an Enum brings along on the dialect."""
    sql = kind.sql
    if not isinstance(sql, SqlType) or not sql.check:
        return ()
    if sql.labels is None:
        condition: str | Unknown = f"{column_name} IN (0, 1)"
    elif isinstance(sql.labels, Unknown):
        condition = UNKNOWN
    else:
        labels = ", ".join("'" + label.replace("'", "''") + "'" for label in sql.labels)
        condition = f"{column_name} IN ({labels})"
    return (Check(kind.check_name, condition, of_type=True),)


INTEGERS = frozenset("INTEGER BIGINT SMALLINT TINYINT MEDIUMINT".split())


def fills_itself(value: ColumnValue, parts: Parts, alone: bool, refers: bool, machine: Machine) -> bool:
    """Tell whether a column of the primary key gets its values from a sequence or AUTO_INCREMENT.

    This is SQLAlchemy's `autoincrement_column`: of a single integer key without default and foreign key,
    or where `autoincrement=True` asks for it. SQLite's rowid needs no such mark. `refers` tells that a
    foreign key of the table is on the column.
    """
    if machine.dialect.family == "sqlite" or parts.column.identity is not None:
        return False
    wanted = value.options.get("autoincrement", "auto")
    kind = parts.column.type
    if not isinstance(kind, SqlType) or kind.name not in INTEGERS or wanted is False:
        return False
    sequence = any(isinstance(item, SequenceValue) and not item.optional for item in _sequences(value))
    if sequence and machine.dialect.family == "postgresql":
        return False
    if wanted is True:
        return parts.column.default is None or machine.dialect.family == "postgresql"
    if parts.column.default is not None or parts.column.python_default or not alone:
        return False
    return wanted == "ignore_fk" or not (refers or value.foreign_keys)


def filled(column: Column, machine: Machine) -> Column:
    """Return a column that fills itself; PostgreSQL's SERIAL takes the place of a default."""
    default = None if machine.dialect.family == "postgresql" else column.default
    return replace(column, serial=True, default=default)


def _sequences(value: ColumnValue) -> tuple[Value, ...]:
    return (*value.items, value.options.get("default"))
