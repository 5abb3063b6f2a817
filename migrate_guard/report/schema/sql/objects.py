"""Everything in the DDL that is neither a table nor a sequence: schemas, functions, views, triggers …"""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.report.schema import parts
from migrate_guard.report.schema.sql.writing import Writing, after_needs, comment
from migrate_guard.schema import NamedObject, Schema
from migrate_guard.schema.model import ObjectKey
from migrate_guard.schema.text import mentions

_BEFORE_TABLES = frozenset({"extension", "domain", "type", "collation"})
_MAYBE_BEFORE_TABLES = frozenset({"function", "procedure", "aggregate"})
_AFTER_TABLES = frozenset(
    {"view", "materialized view", "trigger", "event trigger", "policy", "rule", "statistics"}
)
_RUNNABLE = _BEFORE_TABLES | _MAYBE_BEFORE_TABLES | _AFTER_TABLES
_HOLE = "…"


def schemas(writing: Writing) -> Iterator[str]:
    """Go through the statements that create the schemas in which something lies."""
    schema = writing.schema
    named = [*schema.tables, *schema.enums, *(one.name for one in schema.objects.values())]
    names = {one.schema for one in named if one.schema}
    names |= {one.name.name for one in schema.objects.values() if one.kind == "schema"}
    for name in sorted(names):
        if writing.dialect.family == "sqlite":
            yield comment(f"{name} is the schema of an attached database")
        else:
            kind = "SCHEMA" if writing.dialect.family == "postgresql" else "DATABASE"
            yield f"CREATE {kind} IF NOT EXISTS {writing.quote(name)};"


def early_objects(writing: Writing) -> list[NamedObject]:
    """Return what tables may use, in the order of the history."""
    return [one for one in _others(writing) if not _needs_tables(one, writing)]


def late_objects(writing: Writing) -> list[NamedObject]:
    """Return what may use tables, in the order of the history."""
    found = [one for one in _others(writing) if _needs_tables(one, writing)]
    schema = writing.schema
    by_name = {_identity(one, schema): one for one in found}
    return after_needs(by_name, lambda one: [("view", schema.key(name)) for name in one.uses])


def _identity(found: NamedObject, schema: Schema) -> ObjectKey:
    """Return what tells an object apart; views of both kinds share one space of names."""
    kind, name = schema.object_key(found.kind, found.name, found.table)
    return ("view", name) if kind in parts.VIEWS else (kind, name)


def _others(writing: Writing) -> list[NamedObject]:
    found = [*parts.others(writing.schema), *parts.views(writing.schema)]
    return sorted((one for one in found if one.kind != "schema"), key=lambda one: _when(one, writing))


def _when(found: NamedObject, writing: Writing) -> tuple[int, int, int]:
    position = writing.snapshot.order.get(found.revision or "", -1)
    return position, *((found.created.line, found.created.column) if found.created is not None else (0, 0))


def _needs_tables(found: NamedObject, writing: Writing) -> bool:
    """Tell whether an object comes after the tables; a function does when its text names one of them."""
    if found.kind in _BEFORE_TABLES:
        return False
    if found.kind not in _MAYBE_BEFORE_TABLES:
        return True
    relations = [*writing.schema.tables, *(view.name for view in parts.views(writing.schema))]
    return any(mentions(found.detail, name.name) for name in relations)


def statement(found: NamedObject, writing: Writing) -> str:
    """Return the statement that creates an object, or a comment where that is not known."""
    reason = _obstacle(found)
    if reason is not None:
        return comment(f"left out, {reason}: {found.kind} {found.name}")
    remark = "" if found.certain else comment(f"possible: the {found.kind} {found.name}") + "\n"
    name = writing.quote(found.name.name) if found.table is not None else writing.name(found.name)
    exists = " IF NOT EXISTS" if found.kind == "extension" else ""
    gap = "" if found.detail.startswith("(") and found.kind != "view" else " "
    text = f"CREATE {found.kind.upper()}{exists} {name}{gap}{found.detail}".rstrip().rstrip(";")
    if writing.dialect.family == "mysql" and ";" in text:
        # The client must not end the statement inside the body (MySQL manual, Defining Stored Programs).
        return f"{remark}DELIMITER //\n{text} //\nDELIMITER ;"
    return f"{remark}{text};"


def _obstacle(found: NamedObject) -> str | None:
    if found.kind not in _RUNNABLE:
        return "only its name is kept"
    if found.kind == "extension":
        return None
    if not found.detail:
        return "its definition is not known"
    if _HOLE in found.detail:
        return "a part of its definition is not known"
    named = [*found.uses, *([] if found.table is None else [found.table])]
    renamed = [name for name in named if not mentions(found.detail, name.name)]
    return f"{renamed[0]} had another name when it was made" if renamed else None
