"""Put constraints and indexes on a table as each server does: their names, what they imply and merge.

Part of the replay.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from migrate_guard.operations import (
    UNKNOWN,
    AnyOperation,
    Check,
    Column,
    Constraint,
    ConstraintName,
    CreateTable,
    Exclude,
    ForeignKey,
    Index,
    IndexPart,
    PrimaryKey,
    TableName,
    Unique,
    Unknown,
)
from migrate_guard.pattern import pattern
from migrate_guard.record import replace
from migrate_guard.schema.conventions import named, named_index
from migrate_guard.schema.model import Schema, Table
from migrate_guard.schema.names import choose_name, fit, index_columns, key_name, numbered_name
from migrate_guard.schema.text import identifiers, with_fitting_names

_CALL = pattern(r"\s*\(*\s*([a-z_][a-z0-9_]*)\s*\(")
_WITH = pattern(r"\bwith\b", re.IGNORECASE)


def is_mysql(schema: Schema) -> bool:
    """Tell whether the schema is one of MySQL or MariaDB."""
    return schema.dialect in ("mysql", "mariadb")


def relation_taken(schema: Schema, table: Table, name: str) -> bool:
    """Tell whether an index of that name would clash (PostgreSQL: any relation of the schema)."""
    key = schema.key(TableName(name, table.name.schema))
    if key in schema.tables or key in schema.index_tables:
        return True
    if table.index(name) is not None or table.constraint(name) is not None:
        return True
    return any((kind, key) in schema.objects for kind in ("view", "materialized view", "sequence"))


def constraint_taken(schema: Schema, table: Table, name: str) -> bool:
    """Tell whether a chosen constraint name would clash (PostgreSQL: any constraint of the schema)."""
    named = TableName(name, table.name.schema)
    return bool(schema.linked("constraint", named)) or table.constraint(name) is not None


def _index_names(table: Table) -> frozenset[str]:
    """Return the names of all indexes of a table in lower case, those behind constraints included."""
    names = [i.name for i in table.indexes]
    names += [c.name for c in table.constraints if isinstance(c, (PrimaryKey, Unique, Exclude))]
    return frozenset(name.lower() for name in names if isinstance(name, str))


def _fitted(columns: tuple[str, ...] | Unknown, schema: Schema) -> tuple[str, ...] | Unknown:
    return columns if isinstance(columns, Unknown) else tuple(fit(c, schema.dialect) for c in columns)


def _cut(sql: str | Unknown, schema: Schema) -> str | Unknown:
    return sql if isinstance(sql, Unknown) else with_fitting_names(sql, schema.dialect)


def _normal(constraint: Constraint, schema: Schema, table: Table) -> Constraint:
    """Return the constraint with names as the server keeps them and the columns that it leaves out."""
    name = constraint.name
    name = fit(name, schema.dialect) if isinstance(name, str) else name
    if isinstance(constraint, (Check, Exclude)):
        return replace(constraint, name=name, sql=_cut(constraint.sql, schema))
    columns = _fitted(constraint.columns, schema)
    if isinstance(constraint, ForeignKey):
        targets = _fitted(constraint.target_columns, schema) or _key_of_target(constraint, schema, table)
        return replace(constraint, name=name, columns=columns, target_columns=targets)
    return replace(constraint, name=name, columns=columns)


def _key_of_target(key: ForeignKey, schema: Schema, table: Table) -> tuple[str, ...] | Unknown:
    if isinstance(key.target, Unknown):
        return UNKNOWN
    same = schema.key(key.target) == schema.key(table.name)
    target = table if same else schema.tables.get(schema.key(key.target))
    primary = None if target is None else target.primary_key
    return () if primary is None else primary.columns


def by_convention(
    schema: Schema, operation: AnyOperation, table: TableName, constraints: Iterable[Constraint]
) -> tuple[Constraint, ...]:
    """Return the constraints of a directive as SQLAlchemy's naming convention names them."""
    if not has_convention(schema, operation):
        return tuple(constraints)
    return tuple(named(constraint, table, schema.naming, schema.dialect) for constraint in constraints)


def indexes_by_convention(
    schema: Schema, operation: AnyOperation, indexes: Iterable[Index]
) -> tuple[Index, ...]:
    """Return the indexes of a directive as SQLAlchemy's naming convention names them."""
    if not has_convention(schema, operation):
        return tuple(indexes)
    return tuple(named_index(index, schema.naming, schema.dialect) for index in indexes)


def has_convention(schema: Schema, operation: AnyOperation) -> bool:
    """Tell whether a naming convention, known or not, applies to what an operation makes."""
    own_names = isinstance(operation, CreateTable) and operation.own_names
    return schema.naming is not None and operation.sql is None and not own_names


def with_constraint(schema: Schema, table: Table, constraint: Constraint) -> Table:
    """Return the table with one more constraint, named and with what it implies."""
    made = _normal(constraint, schema, table)
    if isinstance(made, (Unique, PrimaryKey)) and made.using_index is not None:
        table, made = _using_index(table, made, made.using_index)
    if isinstance(made, PrimaryKey):
        kept = tuple(c for c in table.constraints if not isinstance(c, PrimaryKey))
        table = replace(table, constraints=kept)
    if made.name is None or (isinstance(made, PrimaryKey) and is_mysql(schema)):
        # MySQL calls every primary key PRIMARY, whatever the script calls it (manual, CREATE TABLE).
        made = replace(made, name=chosen_name(schema, table, made))
    elif not isinstance(made, Exclude) and made.given == "":
        chosen = chosen_name(schema, table, made)
        made = replace(made, given=chosen if isinstance(chosen, str) else None)
    known_name = isinstance(made.name, str)
    others = tuple(c for c in table.constraints if not (known_name and c.name == made.name))
    table = replace(table, constraints=(*others, made))
    if isinstance(made, ForeignKey) and is_mysql(schema):
        table = _with_serving_index(table, made, constraint.name)
    elif isinstance(made, (PrimaryKey, Unique)) and not isinstance(made.columns, Unknown):
        table = _without_served(table, made.columns)
    if isinstance(made, PrimaryKey) and schema.dialect == "sqlite":
        # A key implies no NOT NULL there, "due to a bug" (lang_createtable.html, 3.5).
        return table
    return with_implied_not_null(table, made)


def _using_index(
    table: Table, constraint: Unique | PrimaryKey, index_name: str
) -> tuple[Table, Unique | PrimaryKey]:
    """Turn an index into the one behind a constraint: it takes the constraint's name.

    PostgreSQL 18 manual, ALTER TABLE, ADD table_constraint_using_index.
    """
    index = table.index(index_name)
    if index is None:
        return table, replace(
            constraint, name=constraint.name or index_name, columns=constraint.columns or UNKNOWN
        )
    rest = tuple(i for i in table.indexes if i is not index)
    made = replace(constraint, name=constraint.name or index_name, columns=index.columns)
    return replace(table, indexes=rest), made


def with_implied_not_null(table: Table, constraint: Constraint) -> Table:
    """Return the table with the columns NOT NULL that a constraint makes so."""
    names: Sequence[str] = ()
    if isinstance(constraint, PrimaryKey) and not isinstance(constraint.columns, Unknown):
        names = constraint.columns
    elif isinstance(constraint, Check) and constraint.not_null is not None and constraint.validated:
        names = (constraint.not_null,)
    changed = {
        name: replace(table.columns[name], nullable=False)
        for name in names
        if name in table.columns and table.columns[name].nullable is not False
    }
    return replace(table, columns={**table.columns, **changed}) if changed else table


def chosen_name(schema: Schema, table: Table, constraint: Constraint) -> ConstraintName:
    """Return the name that the server gives an unnamed constraint, `None` if it gives none."""
    if schema.dialect == "postgresql":
        return _postgresql_name(schema, table, constraint)
    if is_mysql(schema):
        return _mysql_name(schema, table, constraint)
    return None


def _postgresql_name(schema: Schema, table: Table, constraint: Constraint) -> ConstraintName:
    def free(columns: Iterable[str], label: str, relation: bool) -> str:
        return choose_name(
            table.name.name,
            columns,
            label,
            lambda name: (
                constraint_taken(schema, table, name) or (relation and relation_taken(schema, table, name))
            ),
        )

    if isinstance(constraint, PrimaryKey):
        return free((), "pkey", True)
    if isinstance(constraint, Check):
        if constraint.not_null is not None:
            return free((constraint.not_null,), "not_null", False)
        if isinstance(constraint.sql, Unknown):
            return UNKNOWN
        named = identifiers(constraint.sql, table.columns)
        return free(named if len(named) == 1 else (), "check", False)
    if isinstance(constraint, Exclude):
        columns = _excluded_columns(constraint, table)
        return UNKNOWN if columns is None else free(columns, "excl", True)
    if isinstance(constraint.columns, Unknown):
        return UNKNOWN
    if isinstance(constraint, Unique):
        return free(index_columns(constraint.columns), "key", True)
    return free(constraint.columns, "fkey", False)


def _excluded_columns(constraint: Exclude, table: Table) -> tuple[str, ...] | None:
    """Return the columns of an EXCLUDE, `None` where its elements are more than plain columns."""
    if isinstance(constraint.sql, Unknown):
        return None
    columns = identifiers(constraint.sql, table.columns)
    return columns if len(columns) == len(_WITH.findall(constraint.sql)) else None


def _mysql_name(schema: Schema, table: Table, constraint: Constraint) -> ConstraintName:
    named = [c.name for c in table.constraints if isinstance(c.name, str)]
    if isinstance(constraint, PrimaryKey):
        return "PRIMARY"
    if isinstance(constraint, Check):
        if schema.dialect == "mysql":
            return numbered_name(f"{table.name.name}_chk_", named)
        return numbered_name("CONSTRAINT_", named)
    if isinstance(constraint, Exclude) or isinstance(constraint.columns, Unknown) or not constraint.columns:
        return UNKNOWN
    if isinstance(constraint, Unique):
        return key_name(constraint.columns[0], _index_names(table))
    return numbered_name(f"{table.name.name}_ibfk_", named)


def _with_serving_index(table: Table, key: ForeignKey, given: ConstraintName) -> Table:
    """Return the table with the index that MySQL makes for a foreign key where none can serve it.

    MySQL 8.4 manual, FOREIGN KEY Constraints: the columns must be the first ones, in the same order. An
    index that it made for an earlier key gives way, unless it has more columns (`foreign_key_prefix`).
    """
    if isinstance(key.columns, Unknown) or not key.columns or serves(table, key.columns):
        return table
    made = Index(given, table.name, tuple(_parts(key.columns)), implied=True)
    table = replace(table, indexes=tuple(index for index in table.indexes if not _gives_way(index, made)))
    if not isinstance(given, str):
        made = replace(made, name=key_name(key.columns[0], _index_names(table)))
    return replace(table, indexes=(*table.indexes, made))


def _without_served(table: Table, columns: tuple[str, ...]) -> Table:
    """Return the table without the indexes that MySQL made for keys which a new constraint can serve.

    MySQL 8.4 manual, FOREIGN KEY Constraints: such an index may be dropped silently later.
    """
    kept = tuple(i for i in table.indexes if not (i.implied and columns[: len(i.columns)] == i.columns))
    return table if len(kept) == len(table.indexes) else replace(table, indexes=kept)


def _parts(columns: Iterable[str]) -> Iterable[IndexPart]:
    return (IndexPart(column=column) for column in columns)


def serves(table: Table, columns: tuple[str, ...]) -> bool:
    """Tell whether an index of the table starts with these columns; an implied one must have more."""
    listed: list[tuple[str, ...] | Unknown] = [
        _leading(index) for index in table.indexes if not index.implied or len(index.columns) > len(columns)
    ]
    listed += [c.columns for c in table.constraints if isinstance(c, (PrimaryKey, Unique))]
    return any(not isinstance(own, Unknown) and own[: len(columns)] == columns for own in listed)


def _leading(index: Index) -> tuple[str, ...]:
    """Return the plain columns before the first expression of an index."""
    names: list[str] = []
    if not isinstance(index.parts, Unknown):
        for part in index.parts:
            if part.column is None:
                break
            names.append(part.column)
    return tuple(names)


def with_index(schema: Schema, table: Table, index: Index) -> Table:
    """Return the table with one more index, named as the server does where the script does not."""
    made = _cut_index(replace(index, table=table.name), schema)
    if isinstance(made.name, str):
        made = replace(made, name=fit(made.name, schema.dialect))
    elif made.name is None:
        made = replace(made, name=_index_name(schema, table, made))
    kept = tuple(i for i in table.indexes if not _gives_way(i, made))
    return replace(table, indexes=(*kept, made))


def _cut_index(index: Index, schema: Schema) -> Index:
    """Return the index with the names in it as the server keeps them."""
    if schema.dialect != "postgresql":
        return index
    parts = index.parts
    if not isinstance(parts, Unknown):
        parts = tuple(
            replace(part, column=fit(part.column, schema.dialect))
            if part.column is not None
            else replace(part, expression=with_fitting_names(part.expression or "", schema.dialect))
            for part in parts
        )
    where = None if index.where is None else _cut(index.where, schema)
    include = tuple(fit(name, schema.dialect) for name in index.include)
    return replace(index, parts=parts, where=where, include=include)


def _gives_way(old: Index, new: Index) -> bool:
    """Tell whether an index goes away: of the same name, or implied for a key that the new one serves."""
    if isinstance(new.name, str) and old.name == new.name:
        return True
    return old.implied and _leading(new)[: len(old.columns)] == old.columns


def _index_name(schema: Schema, table: Table, index: Index) -> ConstraintName:
    if isinstance(index.parts, Unknown):
        return UNKNOWN
    columns = [part.column or _expression_name(part.expression or "") for part in index.parts]
    names = [column for column in (*columns, *index.include) if column is not None]
    if len(names) != len(index.parts) + len(index.include) or not names:
        return UNKNOWN
    if schema.dialect == "postgresql":
        return choose_name(
            table.name.name, index_columns(names), "idx", lambda n: relation_taken(schema, table, n)
        )
    return key_name(names[0], _index_names(table)) if is_mysql(schema) else None


def _expression_name(expression: str) -> str | None:
    """Return what PostgreSQL calls an indexed function call (`FigureIndexColname`), else `None`."""
    match = _CALL.match(expression)
    return None if match is None else match.group(1)


def merged(constraints: Sequence[Constraint]) -> tuple[Constraint, ...]:
    """Return the constraints of one CREATE TABLE as PostgreSQL keeps them.

    A UNIQUE over the columns of the primary key, or of a UNIQUE before it, is not built a second time;
    its name goes to the other if that has none (`transformIndexConstraints`).
    """
    primary = [c for c in constraints if isinstance(c, PrimaryKey)]
    kept: list[PrimaryKey | Unique] = list(primary)
    for unique in (c for c in constraints if isinstance(c, Unique)):
        twin = next((k for k in kept if _same_index(k, unique)), None)
        if twin is None:
            kept.append(unique)
        elif twin.name is None:
            kept[kept.index(twin)] = replace(twin, name=unique.name)
    # Its checks are made with the table, its keys right after, its foreign keys last (`DefineRelation`).
    checks = [c for c in constraints if isinstance(c, Check)]
    others = [c for c in constraints if not isinstance(c, (Check, PrimaryKey, Unique))]
    return (*checks, *kept, *others)


def _same_index(one: PrimaryKey | Unique, other: Unique) -> bool:
    if isinstance(one.columns, Unknown) or one.columns != other.columns:
        return False
    distinct = one.nulls_not_distinct if isinstance(one, Unique) else False
    deferrable = one.deferrable if isinstance(one, Unique) else False
    return distinct == other.nulls_not_distinct and deferrable == other.deferrable


def column_names(columns: Iterable[Column], schema: Schema) -> dict[str, Column]:
    """Return the columns by the names under which the server keeps them."""
    return {
        short: column if short == column.name else replace(column, name=short)
        for column in columns
        for short in (fit(column.name, schema.dialect),)
    }
