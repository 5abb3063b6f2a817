"""The directives on columns: add, drop, alter.

Part of the library that gives Alembic's names their meaning (second stage).
"""

from __future__ import annotations

from migrate_guard.evaluate.library.columns import (
    ColumnValue,
    Parts,
    filled,
    fills_itself,
    read_column,
    type_checks,
)
from migrate_guard.evaluate.library.defaults import read_default
from migrate_guard.evaluate.library.directives.site import Site
from migrate_guard.evaluate.library.reading import (
    Unreadable,
    certain_flag,
    depends,
    plain_text,
    subject,
    text,
)
from migrate_guard.evaluate.library.types import TypeValue, read_type, type_value
from migrate_guard.evaluate.values import Thing, Value
from migrate_guard.operations import (
    DROP,
    AddColumn,
    AddConstraint,
    AlterColumn,
    Check,
    Computed,
    Constraint,
    Default,
    Drop,
    DropColumn,
    DropConstraint,
    ForeignKey,
    Identity,
    PrimaryKey,
    RenameColumn,
    SqlType,
    TableName,
    Unknown,
)
from migrate_guard.record import replace


def add_column(site: Site) -> Value:
    """Record `op.add_column(…)` with the constraints and indexes that Alembic creates after it."""
    table = site.table()
    value = site["column"]
    if not isinstance(value, ColumnValue):
        raise Unreadable(depends("the column", value))
    value.owner = value.owner or table
    parts = read_column(value, table, site.machine, site.notes)
    constraints = list(parts.all_constraints())
    if value.is_primary():
        _add_primary_key(site, value, parts, constraints)
    inline = _is_inline(site, constraints)
    if inline:
        constraints = [replace(one, name=None) if isinstance(one, ForeignKey) else one for one in constraints]
    site.emit(
        AddColumn,
        table=table,
        column=parts.column,
        constraints=tuple(constraints),
        indexes=tuple(parts.indexes),
        if_not_exists=certain_flag(site["if_not_exists"], "if_not_exists", site.notes),
        inline=inline,
    )
    return None


def _add_primary_key(site: Site, value: ColumnValue, parts: Parts, constraints: list[Constraint]) -> None:
    if fills_itself(value, parts, True, False, site.machine):
        parts.column = filled(parts.column, site.machine)
    if certain_flag(site["inline_primary_key"], "inline_primary_key", site.notes):
        constraints.insert(0, PrimaryKey(None, (parts.column.name,)))


def _is_inline(site: Site, constraints: list[Constraint]) -> bool:
    """Tell whether all that comes with the column is in the ADD COLUMN itself.

    Alembic writes the CHECKs of a column there, and, asked for, one foreign key, without its name, and the
    primary key.
    """
    references = certain_flag(site["inline_references"], "inline_references", site.notes)
    keys = [one for one in constraints if isinstance(one, ForeignKey)]
    others = [one for one in constraints if not isinstance(one, (PrimaryKey, Check, ForeignKey))]
    typed = [one for one in constraints if isinstance(one, Check) and one.of_type]
    return bool(constraints) and not others and not typed and (not keys or (references and len(keys) == 1))


def drop_column(site: Site) -> Value:
    """Record `op.drop_column(…)`."""
    table = site.table()
    if_exists = site["if_exists"]
    site.emit(
        DropColumn,
        table=table,
        column=_column_to_drop(site["column_name"]),
        if_exists=certain_flag(if_exists, "if_exists", site.notes),
    )
    return None


def _column_to_drop(value: Value) -> str:
    if isinstance(value, ColumnValue):
        raise Unreadable("the column to drop is a Column() where its name is wanted")
    return subject(value, "column")


def alter_column(site: Site) -> Value:
    """Record `op.alter_column(…)`: the change of attributes, then the new name."""
    table = site.table()
    column = subject(site["column_name"], "column")
    fields = _changes(site)
    existing = _existing(site)
    new_name = None if site["new_column_name"] is None else subject(site["new_column_name"], "new name")
    restates = site.machine.dialect.family == "mysql" and (
        new_name is not None
        or (_has_moment_type(site) and site.given.get("server_default", False) is not None)
    )
    changes = any(value is not None for value in fields.values())
    _drop_type_checks(site, table, column)
    if changes or (restates and (new_name is not None or existing)):
        site.emit(AlterColumn, table=table, column=column, restates=restates, **fields, **existing)
    _add_type_checks(site, table, column)
    if new_name is not None and new_name != column:
        site.emit(RenameColumn, table=table, column=column, to=new_name)
    return None


def _changes(site: Site) -> dict[str, object]:
    """Return the attributes that change; those that are `None` do not."""
    default = _default(site, site.given.get("server_default", False))
    was = _default(site, site.given.get("existing_server_default", False))
    using = site.options.get("postgresql_using")
    fields: dict[str, object] = {
        "type": read_type(site["type_"], site.machine, site.notes),
        "nullable": _nullable(site, "nullable"),
        "comment": _comment(site, site.given.get("comment", False)),
        "autoincrement": _autoincrement(site, "autoincrement"),
    }
    if site.machine.dialect.family == "postgresql":
        fields["using"] = _using(site, using)
    if isinstance(default, Identity) or (default is DROP and isinstance(was, Identity)):
        fields["identity"] = default
    elif isinstance(default, Computed) or (default is DROP and isinstance(was, Computed)):
        fields["computed"] = default
    else:
        fields["default"] = default
    return fields


def _existing(site: Site) -> dict[str, object]:
    """Return what the script says of the column as it is before."""
    was = _default(site, site.given.get("existing_server_default", False))
    return {
        "existing_type": read_type(site["existing_type"], site.machine, site.notes),
        "existing_nullable": _nullable(site, "existing_nullable"),
        "existing_default": None if isinstance(was, (Identity, Computed)) else was,
        "existing_comment": text(site["existing_comment"], "existing_comment", site.notes),
        "existing_autoincrement": _autoincrement(site, "existing_autoincrement"),
    }


def _default(site: Site, value: Value) -> Default | Identity | Computed | Unknown | Drop | None:
    """Return a server default; `False` is Alembic's sign for "not given", `None` takes it away."""
    if value is False:
        return None
    found = read_default(value, site.notes, site.machine)
    return DROP if found is None else found


def _nullable(site: Site, name: str) -> bool | Unknown | None:
    value = site[name]
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Thing):
        return site.notes.unknown(depends(name, value))
    return bool(value)


def _autoincrement(site: Site, name: str) -> bool | None:
    value = site.options.get(name)
    if isinstance(value, Thing):
        site.notes.unknown(depends(name, value))
        return None
    return None if value is None else bool(value)


def _comment(site: Site, value: Value) -> str | Unknown | Drop | None:
    if value is False:
        return None
    return DROP if value is None else text(value, "comment", site.notes)


def _using(site: Site, value: Value) -> str | None:
    if value is None:
        return None
    found = getattr(value, "sql", None)
    return found() if callable(found) else plain_text(value, "postgresql_using", site.notes)


def _has_moment_type(site: Site) -> bool:
    """Tell whether the column holds a date with a time, for which Alembic writes CHANGE on MySQL."""
    value = site["type_"] if site["type_"] is not None else site["existing_type"]
    if value is None:
        return False
    kind = type_value(value, site.machine).sql
    return isinstance(kind, SqlType) and kind.name in {"DATETIME", "TIMESTAMP"}


def _kind(site: Site, name: str) -> TypeValue:
    return type_value(site[name], site.machine)


def _acts_on_checks(site: Site) -> bool:
    """Tell whether a CHECK can be added and dropped: SQLite can do so by rebuilding the table only."""
    return site.machine.dialect.family != "sqlite" or site.batch is not None


def _drop_type_checks(site: Site, table: TableName, column: str) -> None:
    """Record the dropping of the CHECK that the old type brought along; MySQL's dialect leaves it."""
    if site["type_"] is None or site["existing_type"] is None or site.machine.dialect.family == "mysql":
        return
    for check in type_checks(column, _kind(site, "existing_type")):
        if _acts_on_checks(site):
            site.emit(DropConstraint, table=table, name=check.name, kind="check")


def _add_type_checks(site: Site, table: TableName, column: str) -> None:
    if site["type_"] is None:
        return
    for check in type_checks(column, _kind(site, "type_")):
        if _acts_on_checks(site):
            site.emit(AddConstraint, table=table, constraint=check)
