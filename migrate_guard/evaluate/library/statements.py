"""SELECT, INSERT, UPDATE and DELETE as SQLAlchemy's objects.

Part of the library that gives SQLAlchemy's names their meaning (second stage).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Literal

from migrate_guard.evaluate.library.constraints import column_name
from migrate_guard.evaluate.library.expressions import Clause, Expression, build, joined, literal, unique
from migrate_guard.evaluate.library.reading import Notes, depends, items
from migrate_guard.evaluate.values import Call, ClassValue, Machine, Method, Thing, Value
from migrate_guard.operations import UNKNOWN, Delete, Insert, Query, TableName, Unknown, Update
from migrate_guard.record import dataclass, replace

if TYPE_CHECKING:
    from migrate_guard.evaluate.library.tables import TableValue

Kind = Literal["select", "insert", "update", "delete"]


@dataclass(slots=True, eq=False)
class StatementValue(Clause):
    """A statement that is being built; nothing happens before it is executed.

    `table` is what it writes to. `named` are the tables that it reads, `called` the functions, and
    `conditions` the parts of its WHERE. `doubt` is why it may have more conditions than these.
    """

    kind: Kind
    table: TableName | None = None
    columns: tuple[str, ...] = ()
    conditions: tuple[Clause, ...] = ()
    rows: int | None = None
    from_select: bool = False
    named: tuple[TableName, ...] = ()
    called: tuple[str, ...] = ()
    doubt: str | None = None

    def describe(self) -> str:
        return f"a {self.kind}()"

    def sql(self) -> str:
        source = ", ".join(str(table) for table in self.named)
        where = f" WHERE {joined(' AND ', self.conditions).sql()}" if self.conditions else ""
        return f"(SELECT … FROM {source}{where})"  # noqa: S608 - text for people, never sent anywhere

    def tables(self) -> tuple[TableName, ...]:
        return self.named

    def calls(self) -> tuple[str, ...]:
        return self.called

    def attribute(self, name: str, machine: Machine) -> Value:
        if name in {"c", "columns", "selected_columns", "exported_columns", "excluded", "inserted"}:
            return AnyColumns(self)
        return Method(self, name)

    def method(self, name: str, call: Call, machine: Machine) -> Value:
        if name in {"where", "filter", "having"}:
            return self.where(call)
        if name == "filter_by":
            made = tuple(build(f"{key} = ", literal(value)) for key, value in call.keywords.items())
            return replace(self, conditions=(*self.conditions, *made))
        if self.kind in {"insert", "update"} and name in {"values", "ordered_values"}:
            return self.with_values(call)
        if name == "from_select":
            return self._from_select(call)
        return self.reading(call.values())

    def merge(self, other: Value) -> Value | None:
        if not isinstance(other, StatementValue) or (other.kind, other.table) != (self.kind, self.table):
            return None
        shared = tuple(one for one in self.conditions if one in other.conditions)
        return replace(
            self,
            conditions=shared,
            columns=unique([*self.columns, *other.columns]),
            rows=self.rows if self.rows == other.rows else None,
            from_select=self.from_select or other.from_select,
            named=unique([*self.named, *other.named]),
            called=unique([*self.called, *other.called]),
            doubt=self.doubt or other.doubt or "which conditions it has",
        )

    def where(self, call: Call) -> StatementValue:
        """Return the statement with further conditions."""
        made = tuple(literal(value) for value in call.positional if isinstance(value, (Clause, bool)))
        unread = [value for value in call.positional if not isinstance(value, (Clause, bool))]
        doubt = depends("the condition", unread[0]) if unread else None
        if call.open:
            doubt = "a * argument of where()"
        found = replace(self, conditions=(*self.conditions, *made), doubt=self.doubt or doubt)
        return found.reading(made) if self.kind == "select" else found

    def reading(self, values: Iterable[Value]) -> StatementValue:
        """Return the statement with what further parts of it read."""
        tables, calls = list(self.named), list(self.called)
        for value in values:
            for part in items(value) or (value,):
                tables.extend(_tables(part))
                calls.extend(part.calls() if isinstance(part, Clause) else ())
        return replace(self, named=unique(tables), called=unique(calls))

    def with_values(self, call: Call) -> StatementValue:
        """Return the statement with the columns that it writes."""
        given = call.positional[0] if call.positional else dict(call.keywords)
        many = items(given) or ()
        is_rows = bool(many) and isinstance(many[0], (dict, tuple, list))
        row = many[0] if is_rows and self.kind == "insert" else _pairs(many) if many else given
        names = [column_name(key) for key in row] if isinstance(row, dict) else []
        columns = unique([*self.columns, *(name for name in names if name is not None)])
        counted = None if self.kind != "insert" or isinstance(given, Thing) else len(many) if is_rows else 1
        return replace(self, columns=columns, rows=counted)

    def _from_select(self, call: Call) -> StatementValue:
        names = [column_name(name) for name in items(call.get(0, "names")) or ()]
        found = self.reading(call.values())
        columns = tuple(name for name in names if name is not None)
        return replace(found, columns=columns, from_select=True, rows=None)


def _pairs(values: tuple[Value, ...]) -> dict[Value, Value]:
    pairs = [items(value) for value in values]
    return {pair[0]: pair[1] for pair in pairs if pair is not None and len(pair) == 2}


@dataclass(slots=True, eq=False)
class AnyColumns(Thing):
    """`.c` of a subquery, and `excluded`: whatever column is asked for."""

    statement: StatementValue

    def describe(self) -> str:
        return f"the columns of {self.statement.describe()}"

    def attribute(self, name: str, machine: Machine) -> Value:
        return Expression(name, self.statement.named)

    def subscript(self, key: Value, machine: Machine) -> Value:
        return Expression(key if isinstance(key, str) else "?", self.statement.named)


def _tables(value: Value) -> tuple[TableName, ...]:
    if isinstance(value, Clause):
        return value.tables()
    if isinstance(value, ClassValue):
        mapped = value.attributes.get("__table__")
        name = value.attributes.get("__tablename__")
        if isinstance(mapped, Clause):
            return mapped.tables()
        return (TableName(name),) if isinstance(name, str) else ()
    return ()


def select(call: Call, machine: Machine) -> Value:
    """Return what `sa.select(…)` is, with the columns as arguments or in a list."""
    return StatementValue("select").reading(call.values())


def select_from(table: TableValue, call: Call, machine: Machine) -> Value:
    """Return what `table.select(…)` is."""
    return StatementValue("select", named=(table.name,)).reading(call.values())


def insert_into(table: TableValue, call: Call, machine: Machine) -> Value:
    """Return what `table.insert(…)` is."""
    made = StatementValue("insert", table.name, named=(table.name,))
    values = call.get(0, "values")
    return made if values is None else made.with_values(Call(call.span, (values,)))


def update_of(table: TableValue, call: Call, machine: Machine) -> Value:
    """Return what `table.update(…)` is."""
    made = _conditioned(StatementValue("update", table.name, named=(table.name,)), call)
    values = call.get(1, "values")
    return made if values is None else made.with_values(Call(call.span, (values,)))


def delete_from(table: TableValue, call: Call, machine: Machine) -> Value:
    """Return what `table.delete(…)` is."""
    return _conditioned(StatementValue("delete", table.name, named=(table.name,)), call)


def _conditioned(made: StatementValue, call: Call) -> StatementValue:
    condition = call.get(0, "whereclause")
    return made if condition is None else made.where(Call(call.span, (condition,)))


_HARMLESS = frozenset(
    """now count max min sum avg coalesce lower upper length char_length concat nullif greatest least
    current_timestamp current_date current_time localtimestamp localtime current_user session_user user
    version current_database current_schema database schema setval nextval currval lastval set_config
    current_setting to_regclass exists pg_advisory_lock pg_advisory_xact_lock pg_try_advisory_lock
    pg_advisory_unlock random gen_random_uuid uuid_generate_v4 array_agg json_agg jsonb_agg row_number cast
    sqlite_version last_insert_rowid get_lock release_lock to_char to_date date extract unnest
    generate_series any all distinct pg_sleep pg_get_serial_sequence pg_backend_pid found_rows""".split()
)
"""Functions that change neither schema nor rows of a table."""


def emit_statement(statement: StatementValue, parameters: Value, call: Call, machine: Machine) -> None:
    """Record what executing a statement does."""
    notes = Notes()
    if statement.kind == "select" or statement.table is None:
        _emit_query(statement, call, machine)
        return
    where = _where(statement, notes)
    common: Mapping[str, object] = {"table": statement.table, "unknowns": notes.unknowns()}
    if statement.kind == "delete":
        machine.emit(Delete, call, where=where, **common)
    elif statement.kind == "update":
        columns = statement.columns or _parameter_names(parameters)
        machine.emit(Update, call, where=where, columns=columns, **common)
    else:
        machine.emit(
            Insert,
            call,
            columns=statement.columns or _parameter_names(parameters),
            rows=_row_count(statement, parameters),
            from_select=statement.from_select,
            **common,
        )


def _emit_query(statement: StatementValue, call: Call, machine: Machine) -> None:
    unknown = [name for name in statement.called if name not in _HARMLESS]
    if unknown and not statement.named:
        machine.opaque(f"what the SQL function {unknown[0]}() does is not known", call)
        return
    machine.emit(Query, call, tables=statement.named)


def _where(statement: StatementValue, notes: Notes) -> str | Unknown | None:
    if statement.doubt is not None:
        notes.unknown(statement.doubt)
        return UNKNOWN
    return joined(" AND ", statement.conditions).sql() if statement.conditions else None


def _row_count(statement: StatementValue, parameters: Value) -> int | None:
    if statement.from_select:
        return None
    many = items(parameters)
    if many is not None:
        return len(many)
    return statement.rows if parameters is None else (1 if isinstance(parameters, dict) else None)


def _parameter_names(parameters: Value) -> tuple[str, ...]:
    many = items(parameters)
    row = many[0] if many else parameters
    return tuple(key for key in row if isinstance(key, str)) if isinstance(row, dict) else ()
