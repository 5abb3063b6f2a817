"""The schema that a real database has, read by SQLAlchemy's inspector, in our model."""

from __future__ import annotations

import warnings
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from migrate_guard.dialect import DialectName
from migrate_guard.operations import (
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
)
from migrate_guard.schema import EnumType, NamedObject, Schema, Table, empty_schema
from tests.schema.reflected_sqlite import (
    sqlite_collations,
    sqlite_foreign_keys,
    sqlite_indexes,
    sqlite_types,
)
from tests.schema.types import sql_type

_PARTITIONS = sa.text(
    "SELECT c.relname, p.relname FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid"
    " JOIN pg_class p ON p.oid = inhparent WHERE c.relispartition AND c.relkind = 'r'"
)

_SEQUENCES = sa.text(
    "SELECT s.relname, t.relname FROM pg_class s LEFT JOIN pg_depend d ON d.objid = s.oid"
    " AND d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass"
    " AND d.deptype IN ('a', 'i')"
    " LEFT JOIN pg_class t ON t.oid = d.refobjid"
    " WHERE s.relkind = 'S' AND s.relnamespace = current_schema()::regnamespace ORDER BY s.relname"
)


def reflect(connection: sa.Connection, dialect: DialectName) -> Schema:
    """Return the default schema of a database."""
    inspector = sa.inspect(connection)
    schema = empty_schema(dialect)
    for name in inspector.get_table_names():
        schema = schema.with_table(_table(inspector, name, connection.dialect))
    if dialect != "postgresql":
        return schema
    for child, parent in connection.execute(_PARTITIONS):
        schema = schema.with_table(replace(schema.tables[TableName(child)], partition_of=TableName(parent)))
    for enum in inspector.get_enums():  # type: ignore[attr-defined]  # PostgreSQL's inspector has it
        key = TableName(enum["name"])
        schema = replace(schema, enums=schema.enums.with_item(key, EnumType(key, tuple(enum["labels"]))))
    for sequence, owner in connection.execute(_SEQUENCES):
        table = None if owner is None else TableName(owner)
        schema = schema.with_object(NamedObject("sequence", TableName(sequence), table))
    return schema


def _table(inspector: sa.Inspector, name: str, dialect: sa.Dialect) -> Table:
    table = TableName(name)
    columns = {c["name"]: _column(dict(c), dialect) for c in inspector.get_columns(name)}
    for column, declared in (sqlite_types(inspector, name) if dialect.name == "sqlite" else {}).items():
        columns[column] = replace(columns[column], type=declared)
    for column, collation in (sqlite_collations(inspector, name) if dialect.name == "sqlite" else {}).items():
        kind = columns[column].type
        assert isinstance(kind, SqlType)
        columns[column] = replace(columns[column], type=replace(kind, collation=collation))
    comment = inspector.get_table_comment(name)["text"] if dialect.supports_comments else None
    return Table(
        table,
        columns=columns,
        constraints=tuple(_constraints(inspector, name, dialect)),
        indexes=tuple(_indexes(inspector, table, dialect)),
        comment=comment,
    )


def _column(given: dict[str, Any], dialect: sa.Dialect) -> Column:
    default = given.get("default")
    serial = dialect.name == "postgresql" and str(default).startswith("nextval(")
    serial = serial or (dialect.name in ("mysql", "mariadb") and given.get("autoincrement") is True)
    computed, identity = given.get("computed"), given.get("identity")
    return Column(
        given["name"],
        sql_type(given["type"], dialect),
        nullable=given["nullable"],
        default=None if default is None or serial else Default(str(default)),
        identity=None if identity is None else Identity(always=identity["always"]),
        computed=None if computed is None else Computed(computed["sqltext"], computed.get("persisted")),
        comment=given.get("comment"),
        serial=serial,
    )


def _constraints(inspector: sa.Inspector, name: str, dialect: sa.Dialect) -> list[Constraint]:
    found: list[Constraint] = []
    mysql = dialect.name in ("mysql", "mariadb")
    key = inspector.get_pk_constraint(name)
    if key["constrained_columns"]:
        found.append(PrimaryKey("PRIMARY" if mysql else key["name"], tuple(key["constrained_columns"])))
    found += _foreign_keys(inspector, name, dialect)
    found += [Check(c["name"], c["sqltext"]) for c in inspector.get_check_constraints(name)]
    if not mysql:
        found += [Unique(u["name"], tuple(u["column_names"])) for u in inspector.get_unique_constraints(name)]
    return found


def _foreign_keys(inspector: sa.Inspector, name: str, dialect: sa.Dialect) -> list[ForeignKey]:
    with warnings.catch_warnings():
        # Of several foreign keys on the same columns of SQLite, it passes over all but one with a warning.
        warnings.filterwarnings("ignore", "WARNING: SQL-parsed foreign key constraint", sa.exc.SAWarning)
        listed = inspector.get_foreign_keys(name)
    found: list[ForeignKey] = []
    for foreign in listed:
        options = foreign.get("options", {})
        found.append(
            ForeignKey(
                foreign["name"],
                tuple(foreign["constrained_columns"]),
                TableName(foreign["referred_table"], foreign["referred_schema"] or ""),
                tuple(foreign["referred_columns"]),
                ondelete=options.get("ondelete"),
                onupdate=options.get("onupdate"),
                deferrable=bool(options.get("deferrable")),
            )
        )
    if dialect.name == "sqlite":
        seen = {(key.columns, key.target, key.target_columns): key.name for key in found}
        for key in sqlite_foreign_keys(inspector, name):
            first = seen.get((key.columns, key.target, key.target_columns), key.name)
            if first != key.name:
                found.append(key)
    return found


def _indexes(inspector: sa.Inspector, table: TableName, dialect: sa.Dialect) -> list[Index]:
    if dialect.name == "sqlite":
        return sqlite_indexes(inspector, table)
    return [
        _index(dict(given), table, dialect)
        for given in inspector.get_indexes(table.name)
        if not given.get("duplicates_constraint")
    ]


def _index(given: dict[str, Any], table: TableName, dialect: sa.Dialect) -> Index:
    names = given.get("expressions") or given["column_names"]
    sorting, options = given.get("column_sorting", {}), given.get("dialect_options", {})
    where = options.get(f"{dialect.name}_where")
    return Index(
        given["name"],
        table,
        tuple(
            IndexPart(
                column=name if plain is not None else None,
                expression=name if plain is None else None,
                sort=_sort(sorting.get(name, ()), options.get("postgresql_ops", {}).get(name)),
            )
            for name, plain in zip(names, given["column_names"], strict=True)
        ),
        unique=bool(given["unique"]),
        method=options.get(f"{dialect.name}_using"),
        where=None if where is None else str(where),
        include=tuple(options.get("postgresql_include") or ()),
    )


def _sort(sorting: tuple[str, ...], operator_class: str | None) -> str:
    """Return what follows a key: `desc` and `nulls_last` are the inspector's words."""
    words = [word.replace("_", " ").upper() for word in sorting]
    return " ".join([operator_class, *words] if operator_class else words)
