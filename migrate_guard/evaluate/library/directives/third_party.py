"""Directives that other packages add to Alembic, by name.

Part of the library that gives Alembic's names their meaning (second stage). `alembic_utils` adds
`create_entity`, `drop_entity` and `replace_entity`; `alembic-postgresql-enum` and
`alembic-autogenerate-enums` each add a `sync_enum_values` of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from migrate_guard.evaluate.library.directives.site import Site
from migrate_guard.evaluate.library.reading import (
    Unreadable,
    depends,
    items,
    schema_name,
    subject,
    subjects,
)
from migrate_guard.evaluate.library.signature import Signature, bind
from migrate_guard.evaluate.values import Call, Machine, Thing, Undecided, Value
from migrate_guard.operations import (
    AddEnumValue,
    AlterColumn,
    AlterObject,
    CreateEnum,
    DropObject,
    SqlType,
    TableName,
)
from migrate_guard.record import dataclass


@dataclass(slots=True, eq=False)
class EntityValue(Thing):
    """An object of `alembic_utils`: `kind` is its SQL keyword."""

    kind: str
    schema: Value
    signature: Value
    definition: Value
    table: Value = None

    def describe(self) -> str:
        return f"a {self.kind.lower()} of alembic_utils"

    def name(self) -> str:
        """Return its qualified name as SQL; raise `Unreadable` if it is not known."""
        signature = subject(self.signature, f"name of a {self.kind.lower()}")
        schema = self.schema if isinstance(self.schema, str) and self.kind != "EXTENSION" else ""
        if self.kind in {"TRIGGER", "POLICY"}:
            return signature
        return f'"{schema}".{_quoted(signature)}' if schema else _quoted(signature)


def _quoted(signature: str) -> str:
    name, bracket, rest = signature.partition("(")
    return f'"{name.strip()}"{bracket}{rest}' if '"' not in name else signature


_ENTITIES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "PGView": ("VIEW", ("schema", "signature", "definition")),
    "PGMaterializedView": ("MATERIALIZED VIEW", ("schema", "signature", "definition", "with_data")),
    "PGFunction": ("FUNCTION", ("schema", "signature", "definition")),
    "PGTrigger": ("TRIGGER", ("schema", "signature", "definition", "on_entity", "is_constraint")),
    "PGPolicy": ("POLICY", ("schema", "signature", "definition", "on_entity")),
    "PGExtension": ("EXTENSION", ("schema", "signature")),
}


def entity(name: str) -> Callable[[Call, Machine], Value] | None:
    """Return the constructor of an object of `alembic_utils`."""
    found = _ENTITIES.get(name)
    if found is None:
        return None
    kind, parameters = found

    def make(call: Call, machine: Machine) -> Value:
        try:
            given = bind(Signature(name, parameters, options=True), call)
        except Unreadable as problem:
            return Undecided(problem.reason)
        return EntityValue(kind, given["schema"], given["signature"], given["definition"], given["on_entity"])

    return make


def _entity_of(site: Site) -> EntityValue:
    found = site["target"]
    if not isinstance(found, EntityValue):
        raise Unreadable(depends("the entity", found))
    return found


def _creation(found: EntityValue, replaces: bool) -> str:
    """Return the SQL that creates an entity, as `alembic_utils` writes it."""
    name = found.name()
    definition = "" if found.kind == "EXTENSION" else subject(found.definition, "definition")
    replacing = "OR REPLACE " if replaces and found.kind in {"VIEW", "FUNCTION"} else ""
    if found.kind == "POLICY":
        return f"CREATE POLICY {name} ON {subject(found.table, 'table of the policy')} {definition}"
    if found.kind in {"VIEW", "MATERIALIZED VIEW"}:
        return f"CREATE {replacing}{found.kind} {name} AS {definition}"
    return f"CREATE {replacing}{found.kind} {name} {definition}".rstrip()


def create_entity(site: Site) -> Value:
    """Record `op.create_entity(…)` of `alembic_utils`."""
    site.machine.execute_sql(_creation(_entity_of(site), replaces=False), site.call)
    return None


def replace_entity(site: Site) -> Value:
    """Record `op.replace_entity(…)`: a materialized view, trigger or policy is dropped first."""
    found = _entity_of(site)
    if found.kind not in {"VIEW", "FUNCTION"}:
        _drop(found, site, cascade=False)
    site.machine.execute_sql(_creation(found, replaces=True), site.call)
    return None


def drop_entity(site: Site) -> Value:
    """Record `op.drop_entity(…)` of `alembic_utils`."""
    _drop(_entity_of(site), site, cascade=site.options.get("cascade") is True)
    return None


def _drop(found: EntityValue, site: Site, cascade: bool) -> None:
    on = f" ON {subject(found.table, 'table')}" if found.kind in {"TRIGGER", "POLICY"} else ""
    site.machine.execute_sql(
        f"DROP {found.kind} {found.name()}{on}{' CASCADE' if cascade else ''}", site.call
    )


@dataclass(slots=True, eq=False)
class ColumnReference(Thing):
    """`TableReference(…)` of `alembic_postgresql_enum`: a column that has the enum."""

    table: TableName
    column: str

    def describe(self) -> str:
        return "a TableReference()"


def table_reference(call: Call, machine: Machine) -> Value:
    """Return what `alembic_postgresql_enum.TableReference(…)` is."""
    parameters = ("table_schema", "table_name", "column_name", "column_type", "existing_server_default")
    try:
        given = bind(Signature("TableReference", parameters, options=True), call)
        table = TableName(subject(given["table_name"], "table"), schema_name(given["table_schema"]))
        return ColumnReference(table, subject(given["column_name"], "column"))
    except Unreadable as problem:
        return Undecided(problem.reason)


def sync_enum_values(site: Site) -> Value:
    """Record `op.sync_enum_values(…)`: a new enum type takes the place of the old one in each column."""
    name = TableName(subject(site["enum_name"], "enum"), schema_name(site["enum_schema"]))
    labels = subjects(site["new_values"], "labels of the enum")
    columns = items(site["affected_columns"])
    if columns and all(isinstance(column, str) for column in columns):
        _add_values(site, name, labels, columns)
        return None
    references = [_reference(column, name.schema) for column in columns or (None,)]
    site.tables.extend(reference.table for reference in references)
    old = TableName(f"{name.name}_old", name.schema)
    site.emit(AlterObject, kind="type", name=name, to=old)
    site.emit(CreateEnum, name=name, labels=labels)
    kind = SqlType("ENUM", enum=name, labels=labels)
    for reference in references:
        using = f"{reference.column}::text::{name}"
        site.emit(AlterColumn, table=reference.table, column=reference.column, type=kind, using=using)
    site.emit(DropObject, kind="type", name=old)
    return None


def _add_values(site: Site, name: TableName, old: tuple[str, ...], new: tuple[Value, ...]) -> None:
    """Record the other `sync_enum_values(schema, name, old, new)`: it adds what is new, and drops nothing."""
    for value in new:
        if value not in old:
            site.emit(AddEnumValue, name=name, value=value, if_not_exists=True)


def _reference(value: Value, schema: str) -> ColumnReference:
    pair = items(value)
    if pair is not None and len(pair) == 2 and isinstance(pair[0], str) and isinstance(pair[1], str):
        return ColumnReference(TableName(pair[0], schema), pair[1])
    if not isinstance(value, ColumnReference):
        raise Unreadable(depends("a column of the enum", value))
    return value


DIRECTIVES: tuple[tuple[Callable[[Site], Value], str, int], ...] = (
    (create_entity, "target", 1),
    (replace_entity, "target", 1),
    (drop_entity, "target", 1),
    (sync_enum_values, "enum_schema enum_name new_values affected_columns enum_values_to_rename", 4),
)
"""The functions of the directives, their parameters, and how many of these must be given."""
