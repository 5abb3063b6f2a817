"""The parts of a schema in the order in which every format shows them, and what is known of each."""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.dialect import Dialect
from migrate_guard.dialects.spelling import default_text, literal, qualified, type_text
from migrate_guard.operations import (
    UNKNOWN,
    Check,
    Column,
    Default,
    Identity,
    Index,
    IndexPart,
    TableName,
    Unknown,
)
from migrate_guard.schema import EnumType, NamedObject, Schema, Table
from migrate_guard.schema.text import without_parentheses
from migrate_guard.snapshot import Snapshot

VIEWS = frozenset({"view", "materialized view"})
SEQUENCE = "sequence"


def tables(schema: Schema) -> list[Table]:
    """Return the tables with all doubts about them, by name."""
    return sorted(schema.all_tables(), key=lambda table: _by_schema(table.name))


def enums(schema: Schema) -> list[EnumType]:
    """Return the enum types by name."""
    return sorted(schema.enums.values(), key=lambda enum: _by_schema(enum.name))


def views(schema: Schema) -> list[NamedObject]:
    """Return views and materialized views by name."""
    return _objects(one for one in schema.objects.values() if one.kind in VIEWS)


def sequences(schema: Schema) -> list[NamedObject]:
    """Return the sequences by name, those that belong to columns included."""
    return _objects(one for one in schema.objects.values() if one.kind == SEQUENCE)


def others(schema: Schema) -> list[NamedObject]:
    """Return all other named objects by kind and name."""
    shown = VIEWS | {SEQUENCE}
    return _objects(one for one in schema.objects.values() if one.kind not in shown)


def _objects(found: Iterator[NamedObject]) -> list[NamedObject]:
    return sorted(found, key=lambda one: (one.kind, *_by_schema(one.name), str(one.table or "")))


def _by_schema(name: TableName) -> tuple[str, str]:
    return name.schema, name.name


def checks(table: Table) -> tuple[Check, ...]:
    """Return the CHECK constraints; PostgreSQL's NOT NULL constraints are shown with their columns."""
    return tuple(check for check in table.checks if check.not_null is None)


def column_default(column: Column, table: Table, snapshot: Snapshot) -> str | Unknown | None:
    """Return a default as the server would show it; for a serial column that is its sequence's next value."""
    if column.serial:
        sequence = owned_sequence(column, table, snapshot.schema)
        if snapshot.dialect.family != "postgresql":
            return None
        if sequence is None:
            return UNKNOWN
        name = qualified(sequence.name, snapshot.dialect)
        return f"nextval({literal(name, snapshot.dialect)}::regclass)"
    return default_text(column.default)


def owned_sequence(column: Column, table: Table, schema: Schema) -> NamedObject | None:
    """Return the sequence that belongs to a column (PostgreSQL), `None` where it is not known."""
    for key in sorted(schema.dependents.get(schema.key(table.name), frozenset())):
        found = schema.objects[key]
        if found.kind == SEQUENCE and found.column == column.name:
            return found
    return None


def unknown_of(column: Column, dialect: Dialect) -> list[str]:
    """Return the attributes of a column that are not known, by their names in the JSON."""
    default = column.default
    found = {
        "type": type_text(column.type, dialect) is None,
        "nullable": column.nullable is UNKNOWN,
        "default": default is UNKNOWN or (isinstance(default, Default) and default.sql is UNKNOWN),
        "identity": column.identity is UNKNOWN,
        "computed": column.computed is UNKNOWN or getattr(column.computed, "sql", None) is UNKNOWN,
        "comment": column.comment is UNKNOWN,
    }
    return [name for name, unknown in found.items() if unknown]


def is_certain(column: Column, dialect: Dialect) -> bool:
    """Tell whether the column is there for certain and all of it is known."""
    return column.certain and not unknown_of(column, dialect)


def is_there(found: EnumType | NamedObject, schema: Schema) -> bool:
    """Tell whether an object is there for certain: nothing unread may have dropped or changed it."""
    return found.certain and not schema.doubt_count


def identity_words(column: Column) -> str | None:
    """Return `always` or `by default` for an identity column; `None` for others."""
    if not isinstance(column.identity, Identity):
        return None
    return "always" if column.identity.always else "by default"


def key_text(part: IndexPart) -> str:
    """Return one key of an index as a person reads it."""
    text = part.column if part.column is not None else f"({without_parentheses(part.expression or '')})"
    return with_sort(text, part)


def with_sort(text: str, part: IndexPart) -> str:
    """Return a key with what follows it: operator class and order, or first MySQL's prefix length."""
    return f"{text}{part.sort}" if part.sort.startswith("(") else f"{text} {part.sort}".rstrip()


def keys_text(index: Index) -> str:
    """Return the keys of an index, `?` where they are not known."""
    return "?" if isinstance(index.parts, Unknown) else ", ".join(map(key_text, index.parts))


def headline(snapshot: Snapshot) -> str:
    """Return which schema this is: environment, database, dialect and revisions."""
    parts = [snapshot.environment]
    if snapshot.database is not None:
        parts.append(f"database {snapshot.database}" if snapshot.database else "default database")
    return " · ".join([*parts, str(snapshot.dialect), standing(snapshot)])


def standing(snapshot: Snapshot) -> str:
    """Return after which revisions the schema stands."""
    if not snapshot.revisions:
        return "before the first revision"
    if len(snapshot.revisions) == 1:
        return f"at {snapshot.revisions[0]}"
    return f"at {', '.join(snapshot.revisions)}, joined as a merge would join them"
