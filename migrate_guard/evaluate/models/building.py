"""From the tables of the models to the schema that `metadata.create_all()` builds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from migrate_guard.evaluate.interpret.recorder import Recorder
from migrate_guard.evaluate.library.columns import ColumnValue
from migrate_guard.evaluate.library.constraints import ConstraintValue
from migrate_guard.evaluate.library.conventions import Convention
from migrate_guard.evaluate.library.defaults import SequenceValue, has_sequences
from migrate_guard.evaluate.library.indexes import IndexValue
from migrate_guard.evaluate.library.reading import Notes, Unreadable
from migrate_guard.evaluate.library.table_ddl import Shape, emit_create_table, read_shape
from migrate_guard.evaluate.library.tables import TableValue
from migrate_guard.evaluate.library.types import TypeValue, type_value
from migrate_guard.evaluate.models.references import complete_types, in_schema
from migrate_guard.evaluate.models.registry import Found, Registry
from migrate_guard.evaluate.models.result import Part
from migrate_guard.evaluate.values import Call, Machine, Thing, Value
from migrate_guard.operations import (
    UNKNOWN,
    CreateObject,
    Default,
    PrimaryKey,
    SqlType,
    TableName,
    Unknown,
)
from migrate_guard.record import replace
from migrate_guard.schema import Schema
from migrate_guard.schema.text import canonical
from migrate_guard.span import Span


def build(tables: Iterable[Found], models: Registry, machine: Machine, recorder: Recorder) -> Schema:
    """Return the schema with these tables; what is not known of one becomes a doubt of it, and a note.

    `machine` records into `recorder`, whose schema is empty at first.
    """
    chosen = list(tables)
    _attach(chosen, models)
    by_name = {found.table.name: found for found in chosen}
    if len(by_name) < len(chosen):
        _note_doubles(chosen, models)
    complete_types([found.table for found in chosen])
    for found in by_name.values():
        _create(found, models, machine)
    _create_loose_sequences(chosen, models, machine)
    schema = recorder.schema
    for found in by_name.values():
        table = schema.tables.get(schema.key(found.table.name))
        if table is not None and found.doubts:
            schema = schema.with_table(replace(table, certain=False, doubts=tuple(found.doubts)))
        if table is not None and found.mixed_key:
            schema = _with_open_key(schema, table.name)
    assumed = _assumed(schema, models)
    complete = not models.missing and not assumed
    if not complete or any(found.doubts for found in chosen) or _has_open_types(schema):
        schema = _with_open_end(schema)
    return replace(schema, complete=complete)


def _with_open_key(schema: Schema, name: TableName) -> Schema:
    """Return the schema in which the order of a table's primary key is open."""
    table = schema.tables[schema.key(name)]
    kept = tuple(
        replace(one, columns=UNKNOWN) if isinstance(one, PrimaryKey) else one for one in table.constraints
    )
    return schema.with_table(replace(table, constraints=kept))


def _with_open_end(schema: Schema) -> Schema:
    """Return the schema in which nothing is known to be absent, while each table is as certain as before."""
    schema = schema.with_doubt("not all of the models could be read")
    for table in tuple(schema.tables.values()):
        if not table.assumed:
            schema = schema.with_table(replace(table, doubts_before=schema.doubt_count))
    return schema


def _attach(tables: list[Found], models: Registry) -> None:
    """Put indexes and constraints that stand outside of a table's arguments into it, as making them does."""
    by_name = {found.table.name: found.table for found in tables}
    held = {id(item) for table in by_name.values() for item in table.items}
    for loose, columns in models.loose:
        owners = (loose.table, *(column.owner for column in columns))
        table = next((by_name[name] for name in owners if name in by_name), None)
        if table is not None and id(loose) not in held:
            table.items.append(loose)
            held.add(id(loose))


def _note_doubles(tables: list[Found], models: Registry) -> None:
    seen: dict[TableName, Found] = {}
    for found in tables:
        first = seen.setdefault(found.table.name, found)
        if first is not found:
            reason = f"it is declared twice, in {first.span} and {found.span}"
            models.doubt(first, reason)
            models.doubt(found, reason)


def _create(found: Found, models: Registry, machine: Machine) -> None:
    """Record the creation of one table."""
    table, notes = found.table, Notes()
    items = [item for item in table.items if _is_known(item, found, models)]
    convention = Convention(UNKNOWN) if table.metadata is None else table.metadata.convention
    unsettled = None if table.metadata is None else models.unsettled.get(table.metadata)
    if unsettled is not None and not table.name.schema:
        models.doubt(found, unsettled)
    for item in items:
        if isinstance(item, ColumnValue):
            item.type = _certain_type(item, machine)
    shape = read_shape(table.name, tuple(items), machine, notes, convention)
    if isinstance(shape.columns, Unknown):
        models.doubt(found, "; ".join(notes.unknowns()) or "not all of its columns are known")
        shape.columns = ()
    default = None if table.metadata is None else table.metadata.schema
    if default:
        shape.constraints = tuple(in_schema(one, default) for one in shape.constraints)
    for reason in notes.unknowns():
        models.note(f"in the table {table.name}, {reason}", found.span)
    _open_rewritten(shape, models)
    made = (*shape.constraints, *shape.indexes)
    models.named.update(one.name for one in made if isinstance(one.name, str))
    call = Call(found.span)
    _create_sequences(table, call, machine)
    emit_create_table(table.name, _without_repeats(shape), _options(table), False, call, machine, Notes())


def _open_rewritten(shape: Shape, models: Registry) -> None:
    """Leave the defaults open that call a function which the project writes in its own way."""
    if isinstance(shape.columns, Unknown):
        return
    made = []
    for column in shape.columns:
        default = column.default
        written = default.sql if isinstance(default, Default) else None
        text = canonical(written) if isinstance(written, str) else ""
        hit = any(f"{name}(" in text for name in models.rewritten)
        made.append(replace(column, default=UNKNOWN) if hit else column)
    shape.columns = tuple(made)


def _certain_type(column: ColumnValue, machine: Machine) -> Value:
    """Return the type of a column, `UNKNOWN` where a length or anything else in it is not known."""
    if column.type is None:
        return None
    try:
        found = type_value(column.type, machine)
    except Unreadable as problem:
        return TypeValue(UNKNOWN, (problem.reason,))
    sql = found.sql
    named = isinstance(sql, SqlType) and (sql.name == "CUSTOM" or sql.enum is not None)
    return replace(found, sql=UNKNOWN) if found.unknowns and not named else found


def _is_known(item: object, found: Found, models: Registry) -> bool:
    if isinstance(item, (ConstraintValue, IndexValue)):
        return True
    if not isinstance(item, ColumnValue):
        what = item.describe() if isinstance(item, Thing) else repr(item)
        models.doubt(found, f"an item of it is {what}")
        return False
    if not isinstance(item.name, str):
        models.doubt(found, "the name of a column is not known", item.span)
        return False
    if isinstance(item.options.get("primary_key"), Thing):
        models.doubt(found, f"whether {item.name} is in the primary key is not known", item.span)
        item.options["primary_key"] = False
    if item.options.get("key") not in (None, item.name):
        models.doubt(found, f"the column {item.name} has another key", item.span)
    return True


def _without_repeats(shape: Shape) -> Shape:
    """Return a shape in which an index that two classes declare is there once."""
    shape.indexes = tuple(dict.fromkeys(shape.indexes))
    shape.constraints = tuple(dict.fromkeys(shape.constraints))
    return shape


def _options(table: TableValue) -> Mapping[str, object]:
    return table.options


def _create_sequences(table: TableValue, call: Call, machine: Machine) -> None:
    """Record the sequences that columns of a table name, which are created with it."""
    if not has_sequences(machine):
        return
    for column in table.columns:
        for value in (*column.items, column.options.get("default")):
            if isinstance(value, SequenceValue) and not value.optional:
                machine.emit(CreateObject, call, kind="sequence", name=value.name, if_not_exists=True)


def _create_loose_sequences(tables: list[Found], models: Registry, machine: Machine) -> None:
    """Record the sequences of the MetaData that the tables are in."""
    kept = {id(found.table.metadata) for found in tables}
    if has_sequences(machine):
        for value, metadata, span in models.sequences:
            if id(metadata) in kept:
                machine.emit(CreateObject, Call(span), kind="sequence", name=value.name, if_not_exists=True)


def _assumed(schema: Schema, models: Registry) -> bool:
    """Tell whether a foreign key points to a table that is in no model, and note it."""
    found = [table for table in schema.tables.values() if table.assumed]
    for table in found:
        for owner, _ in schema.referring(table.name):
            models.note(f"{owner.name} refers to the table {table.name}, which no model maps", owner.created)
    return bool(found)


def _has_open_types(schema: Schema) -> bool:
    """Tell whether there is a column whose type may be an enum that is not here."""
    columns = (column for table in schema.tables.values() for column in table.columns.values())
    return any(isinstance(column.type, Unknown) for column in columns)


def places(tables: Iterable[Found], schema: Schema) -> dict[Part, Span]:
    """Return where each table and column of a schema is declared."""
    found: dict[Part, Span] = {}
    for one in tables:
        name = schema.key(one.table.name)
        found.setdefault((name, None), one.span)
        for column in one.table.columns:
            if isinstance(column.name, str):
                found.setdefault((name, column.name), column.span or one.span)
    return found
